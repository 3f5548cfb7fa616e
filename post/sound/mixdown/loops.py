"""Repeats sound without a seam: as it is where it was made for that, else crossed over where it is most like itself."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from post.sound.crossings import crossing_gains
from post.sound.edits import seam_clicks
from post.sound.pcm import split_blocks
from post.values.array import Array

CROSSED_S = 0.25  # the longest crossing
SEARCHED_S = 1.0  # of the end, for the place that goes on as the start does: a beat of 60 a minute
COMPARED_S = 0.5
SHARE = 4  # of the sound, one part at most is compared, and one searched
# Sound that fades in and out at its ends would dip at every turn. It is steady where most of its windows are as loud.
WINDOW_S, STEADY_DB, DIP_DB, NEAR_DB = 0.1, 6.0, 6.0, 1.5
LEAST_WINDOWS = 10
AT_ONCE = 64  # windows
# A jump 40 dB below the sound's own largest is none. Four loops that were made as such have 40 to 47 dB, pieces cut out
# of them 0 to 23 dB.
UNHEARD, JUMP, BLOCK = 0.01, 8, 1 << 18
SMOOTHED_S = 0.005


class LoopPart(NamedTuple):
    """The part of a sound that is repeated, in samples: the first round starts at 0, all others at `first`."""

    first: int
    stop: int


@dataclass(frozen=True, slots=True)
class Loop:
    """Sound that goes on for ever. pcm: (samples, channels); part: what of it is repeated; crossed: the sound where a
    round goes over into the next, from `part.stop` of the one and `part.first` of the other on."""

    pcm: Array
    part: LoopPart
    crossed: Array

    def read(self, first: int, stop: int) -> Array:
        """Returns samples first..stop-1, (stop - first, channels). Before 0 it is silent."""
        at, pieces = first, [self.pcm[:0]]
        while at < stop:
            pieces.append(self._from(at)[: stop - at])
            at += len(pieces[-1])
        return pieces[1] if len(pieces) == 2 else np.concatenate(pieces)

    def _from(self, at: int) -> Array:
        """Returns the longest piece from a sample on that lies in one place."""
        if at < 0:
            return np.zeros((-at, self.pcm.shape[1]), self.pcm.dtype)
        if at < self.part.stop:
            return self.pcm[at : self.part.stop]
        turn = (at - self.part.stop) % (self.part.stop - self.part.first)
        if turn < len(self.crossed):
            return self.crossed[turn:]
        return self.pcm[self.part.first + turn : self.part.stop]


def close_loop(pcm: Array, shortest: int, rate_hz: int) -> Loop:
    """Returns sound that is repeated. pcm: one round; shortest: the event's shortest fade, in samples, 0 for none.

    Sound that joins by itself, and all sound without a shortest fade, is repeated as it is. Other sound crosses over
    from near its end to its start, for up to CROSSED_S, where within SEARCHED_S both go on most alike, by a curve that
    keeps its level (post.sound.crossings). Steady sound that fades in and out is repeated between its fades.
    """
    whole = LoopPart(0, len(pcm))
    inner = _without_fades(pcm, rate_hz)
    if not shortest or (inner == whole and _joins(pcm, shortest, rate_hz)):
        return Loop(pcm, whole, pcm[:0])
    length = inner.stop - inner.first
    over, compared = (min(round(seconds * rate_hz), length // SHARE) for seconds in (CROSSED_S, COMPARED_S))
    if over < 1:
        return Loop(pcm, whole, pcm[:0])
    first = inner.stop - compared - min(round(SEARCHED_S * rate_hz), length // SHARE)
    start = pcm[inner.first : inner.first + compared]
    stop = first + _most_alike(pcm[first : inner.stop], start, rate_hz)
    going, coming = pcm[stop : stop + over], start[:over]
    fall, rise = crossing_gains(going, coming)
    crossed = going * fall[:, None] + coming * rise[:, None]
    return Loop(pcm, LoopPart(inner.first, stop), crossed.astype(pcm.dtype))


def _joins(pcm: Array, shortest: int, rate_hz: int) -> bool:
    """Returns whether sound was made to be repeated: it has no jump where its end meets its start.

    A jump within steady sound, such as noise, is none if nothing is heard of it. One within a beat is a beat too early.
    """
    seam = np.concatenate([pcm[-JUMP:], pcm[:JUMP]])
    jump = np.abs(np.diff(seam, 2, axis=0)[JUMP - 2 : JUMP]).max(initial=0.0)
    parts = (np.diff(pcm[a : b + 2], 2, axis=0) for a, b in split_blocks(len(pcm), BLOCK))
    return any(jump <= UNHEARD * np.abs(part).max(initial=0.0) for part in parts) or (
        _is_steady(_levels_db(pcm, rate_hz)) and not seam_clicks(pcm, shortest, rate_hz)
    )


def _most_alike(end: Array, start: Array, rate_hz: int) -> int:
    """Returns where in `end` the sound is most like `start`; both (samples, channels), the start shorter.

    Likeness is that of the waves, which keeps low tones in phase; of their slopes, for high ones; and of their
    loudness, which keeps a beat in time. On four pieces cut out of loops with a beat, all three together were within
    0.5 ms of it; waves or slopes alone were too, loudness alone was 125 ms off in one.
    """
    slopes = [np.diff(sound, axis=0, prepend=sound[:1]) for sound in (end, start)]
    loud = [_smoothed(np.abs(slope).sum(axis=1), max(1, round(SMOOTHED_S * rate_hz))) for slope in slopes]
    beats = [(each - loud[1].mean())[:, None] for each in loud]
    return int(np.argmax(_correlation(end, start) + _correlation(*slopes) + _correlation(*beats)))


def _smoothed(row: Array, size: int) -> Array:
    return np.convolve(row, np.ones(size) / size, "same")


def _correlation(end: Array, start: Array) -> Array:
    """Returns the coefficient of correlation of `start` with every part of `end` that is as long."""
    size = 1 << (len(end) + len(start)).bit_length()
    spectra = np.fft.rfft(end.T, size) * np.conj(np.fft.rfft(start.T, size))
    places = len(end) - len(start) + 1
    products = np.fft.irfft(spectra.sum(axis=0), size)[:places]
    powers = np.concatenate([[0.0], np.cumsum(np.sum(np.square(end, dtype=np.float64), axis=1))])
    power = powers[len(start) :] - powers[: -len(start)]
    # Where the end is next to silent, any noise may be like the start.
    floor = 1e-6 * float(power.max()) + 1e-30
    own = float(np.sum(np.square(start, dtype=np.float64))) + 1e-30
    return np.asarray(products / np.sqrt(np.maximum(power, floor) * own))


def _levels_db(pcm: Array, rate_hz: int) -> Array:
    """Returns the level of each whole window."""
    size = round(WINDOW_S * rate_hz)
    whole = len(pcm) // size * size
    power = np.zeros(whole // size)
    for first, stop in split_blocks(len(power), AT_ONCE):
        windows = pcm[first * size : stop * size].reshape(stop - first, -1).astype(np.float64)
        power[first:stop] = np.einsum("ws,ws->w", windows, windows) / windows.shape[1]
    return np.asarray(10 * np.log10(power + 1e-12))


def _is_steady(level: Array) -> bool:
    """level: of the windows, in dB."""
    if len(level) < LEAST_WINDOWS:
        return True
    low, high = np.percentile(level, (25, 90))
    return bool(high - low <= STEADY_DB)


def _without_fades(pcm: Array, rate_hz: int) -> LoopPart:
    """Returns the part of steady sound between its fades at both ends; all of it where it is not steady or has none."""
    level, whole = _levels_db(pcm, rate_hz), LoopPart(0, len(pcm))
    if len(level) < LEAST_WINDOWS or not _is_steady(level):
        return whole
    middle = float(np.median(level))
    if min(level[0], level[-1]) > middle - DIP_DB:
        return whole
    size, loud = round(WINDOW_S * rate_hz), np.flatnonzero(level >= middle - NEAR_DB)
    return LoopPart(int(loud[0]) * size, (int(loud[-1]) + 1) * size)
