"""Joins sound at edits so that none of them clicks: fades that are as long as the signal asks."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from post.values.array import Array

REACH_S = 0.1  # of the sound beside an edit that is looked at
LONGEST_S = 0.04  # a fade: half a period of 12 Hz; a longer one is heard as a fade
TIMES = (1, 2, 4, 8)  # the shortest fade, and how much longer it may become
# What a fade adds may be this much louder than what sounds around it, in a band. More is heard as a click or a thump.
ACCEPTED_DB, ALIKE_DB = 3.0, 1.0
FLOOR = 1e-12  # power of what nobody hears, -120 dB
STEPS_A_WINDOW = 4
# Sound that begins with silence, or ends with it, needs no fade there.
SILENT_S, NEAR_S, SILENT = 0.00025, 0.005, 0.01


class HeardBand(NamedTuple):
    """A band in which a join is compared with its surroundings, in windows this long."""

    window_s: float
    low_hz: float
    high_hz: float


BANDS = (
    HeardBand(0.02, 150, 1000),
    HeardBand(0.005, 1000, 4000),
    HeardBand(0.002, 4000, np.inf),
)  # thumps, clicks, ticks
# A seam has no fade: its tick is heard alone where a recording of a low rate has nothing.
SEAM_BANDS = (*BANDS, HeardBand(0.002, 8000, 16000), HeardBand(0.002, 16000, np.inf))


@dataclass(frozen=True, slots=True)
class Edge:
    """One end of an event, in channels of the bus, at its gain.

    at: sample of the bus at which it starts or ends; opens: it starts there; inside: the samples next to the edge
    in the event, in order of time; outside: those of its source beyond it, which a crossfade may use; shortest: the
    shortest fade in samples; meets: another sound may start or end at the same sample, and the two cross over.
    """

    at: int
    opens: bool
    inside: Array
    outside: Array
    shortest: int
    meets: bool

    @property
    def raw(self) -> tuple[int, Array]:
        """Where its samples start, counted from the edge, and the samples."""
        if self.opens:
            return -len(self.outside), np.concatenate([self.outside, self.inside])
        return -len(self.inside), np.concatenate([self.inside, self.outside])


@dataclass(frozen=True, slots=True)
class Fade:
    """When an edge fades, in samples counted from the edge: from the first, up to, without, the last."""

    first: int
    stop: int


def faded(edges: Sequence[Edge], rate_hz: int) -> Iterator[tuple[Edge, int, Array]]:
    """Yields what is to be added to the bus of each edge, as (edge, first sample, samples), for all edges of a film.

    Two edges that meet cross over, where their sources have sound beyond the edit; all others fade on their own side.
    """
    for group in _met(edges):
        first, sides = _join(group, rate_hz)
        yield from ((edge, first, side) for edge, side in zip(group, sides, strict=True))


def seam_clicks(pcm: Array, shortest: int, rate_hz: int) -> bool:
    """Returns whether sound that is repeated, (samples, channels), would click where its end meets its start.

    Sound that was made to be repeated joins by itself.
    """
    reach = min(round(REACH_S * rate_hz), len(pcm) // 2)
    if not reach:
        return False
    nothing = pcm[:0]
    end = Edge(0, opens=False, inside=pcm[-reach:], outside=nothing, shortest=shortest, meets=True)
    start = Edge(0, opens=True, inside=pcm[:reach], outside=nothing, shortest=shortest, meets=True)
    first, sides = _laid((end, start), [Fade(0, 0)] * 2)
    return _Surroundings((end, start), rate_hz).excess_db(first, sides.sum(axis=0), SEAM_BANDS) > ACCEPTED_DB


def _met(edges: Sequence[Edge]) -> Iterator[tuple[Edge, ...]]:
    """Yields the edges, those that meet together: the end of the one, then the start of the other."""
    closing = {edge.at: edge for edge in edges if edge.meets and not edge.opens}
    opening = {edge.at: edge for edge in edges if edge.meets and edge.opens}
    pairs = [(closing[at], opening[at]) for at in sorted(closing.keys() & opening.keys())]
    paired = {id(edge) for pair in pairs for edge in pair}
    yield from pairs
    yield from ((edge,) for edge in edges if id(edge) not in paired)


def _join(group: tuple[Edge, ...], rate_hz: int) -> tuple[int, Array]:
    """Returns the sound around one edit with the shortest fade that is not heard.

    It is the first sample, and (edges, samples, channels): the sides of the edit, which are to be added up.
    """
    at = group[0].at
    if len(group) == 1 and _starts_silent(group[0], rate_hz):
        first, sides = _laid(group, [Fade(0, 0)])
        return at + first, sides
    reference, tried = _Surroundings(group, rate_hz), list[tuple[float, int, Array]]()
    for length in _lengths(group, rate_hz):
        first, sides = _laid(group, _fades(group, length))
        excess = reference.excess_db(first, sides.sum(axis=0))
        if excess <= ACCEPTED_DB:
            return at + first, sides
        tried.append((excess, first, sides))
    accepted = max(ACCEPTED_DB, min(excess for excess, _, _ in tried) + ALIKE_DB)
    _, first, sides = next(each for each in tried if each[0] <= accepted)
    return at + first, sides


def _starts_silent(edge: Edge, rate_hz: int) -> bool:
    sound = np.abs(edge.inside if edge.opens else edge.inside[::-1])
    end, near = (max(1, round(seconds * rate_hz)) for seconds in (SILENT_S, NEAR_S))
    return bool(sound[:end].max(initial=0.0) <= SILENT * sound[:near].max(initial=0.0))


def _lengths(group: Iterable[Edge], rate_hz: int) -> list[int]:
    """Returns the lengths of fades to try, in samples, shortest first."""
    shortest = max(edge.shortest for edge in group)
    most = max(shortest, round(LONGEST_S * rate_hz))
    room = max(1, min(len(edge.inside) for edge in group))
    return sorted({min(shortest * times, most, room) for times in TIMES})


def _fades(group: tuple[Edge, ...], length: int) -> list[Fade]:
    """Returns when each edge fades: both at once around the edit, as far as their sources reach."""
    if len(group) == 1:
        return [Fade(0, length) if group[0].opens else Fade(-length, 0)]
    going, coming = group
    beyond, before = len(going.outside), len(coming.outside)
    if beyond + before < length:
        return [Fade(beyond - length, beyond), Fade(-before, length - before)]
    first = min(max(-(length // 2), -before), beyond - length)
    return [Fade(first, first + length)] * 2


def _laid(group: tuple[Edge, ...], fades: list[Fade]) -> tuple[int, Array]:
    """Returns the edges with these fades: where they start, counted from the edit, and (edges, samples, channels)."""
    raws = [edge.raw for edge in group]
    first = min(start for start, _ in raws)
    stop = max(start + len(raw) for start, raw in raws)
    gains = np.zeros((len(group), stop - first))
    sound = np.zeros((len(group), stop - first, raws[0][1].shape[1]))
    for row, (edge, fade, (start, raw)) in enumerate(zip(group, fades, raws, strict=True)):
        sound[row, start - first : start - first + len(raw)] = raw
        gains[row] = _gain(np.arange(first, stop), fade, edge.opens)
    if len(group) == 2 and fades[0] == fades[1]:
        crossing = slice(fades[0].first - first, fades[0].stop - first)
        gains[:, crossing] /= _bump(gains[:, crossing], sound[:, crossing])
    return first, gains[:, :, None] * sound


def _gain(places: Array, fade: Fade, opens: bool) -> Array:
    """Returns the gain of an edge at each place. It has no corner at its ends, and two that cross keep the power."""
    length = fade.stop - fade.first
    run = np.clip((places + 0.5 - fade.first) / length, 0, 1) if length else (places >= fade.first) * 1.0
    run = run if opens else 1 - run
    return np.asarray(np.sin(np.pi / 2 * np.sin(np.pi / 2 * run) ** 2))


def _bump(gains: Array, sound: Array) -> Array:
    """Returns by how much two sounds are too loud where they cross: like sounds add up, unlike ones add their power."""
    going, coming = sound
    power = np.sqrt(np.sum(going**2) * np.sum(coming**2))
    alike = float(np.clip(np.sum(going * coming) / power, 0, 1)) if power else 0.0
    return np.asarray(np.sqrt(np.sum(gains**2, axis=0) + 2 * alike * gains[0] * gains[1]))


class _Surroundings:
    """The sound beside an edit, as its sources have it: what a join is compared with."""

    def __init__(self, group: tuple[Edge, ...], rate_hz: int) -> None:
        self._rate_hz = rate_hz
        self._raws = [edge.raw for edge in group]
        self._alone = group[0].opens if len(group) == 1 else None
        self._powers = dict[HeardBand, list[Array]]()  # of each raw, measured once

    def excess_db(self, first: int, joined: Array, bands: Sequence[HeardBand] = BANDS) -> float:
        """Returns by how much a join is louder than what its sources have there or around, in the worst band."""
        return max(self._excess_db(first, joined, band) for band in bands)

    def _excess_db(self, first: int, joined: Array, band: HeardBand) -> float:
        size = max(8, round(band.window_s * self._rate_hz))
        step = max(1, size // STEPS_A_WINDOW)
        # Beside an edge alone there is silence; the other ends of the sound are no edits, and no window crosses them.
        before, after = (size * (self._alone is side) for side in (True, False))
        found = _powers(np.pad(joined, ((before, after), (0, 0))), size, step, band, self._rate_hz)
        places = first - before + step * np.arange(len(found))
        around = np.full(len(found), FLOOR)
        for (start, _), own in zip(self._raws, self._own_powers(band, size, step), strict=True):
            if len(own):
                nearest = np.clip((places - start + step // 2) // step, 0, len(own) - 1)
                around = np.maximum(around, np.maximum(own[nearest], own.mean()))
        return float(10 * np.log10(np.max((found + FLOOR) / around, initial=FLOOR)))

    def _own_powers(self, band: HeardBand, size: int, step: int) -> list[Array]:
        if band not in self._powers:
            self._powers[band] = [_powers(raw, size, step, band, self._rate_hz) for _, raw in self._raws]
        return self._powers[band]


def _powers(pcm: Array, size: int, step: int, band: HeardBand, rate_hz: int) -> Array:
    """Returns the power in a band of each window of `size` samples, every `step` samples. Shorter sound has none."""
    if len(pcm) < size:
        return np.zeros(0)
    window = np.hanning(size + 2)[1:-1]
    windows = np.lib.stride_tricks.sliding_window_view(pcm, size, axis=0)[::step]
    hz = np.fft.rfftfreq(size, 1 / rate_hz)
    inside = slice(*np.searchsorted(hz, (band.low_hz, band.high_hz)))
    lines = np.fft.rfft(windows * window, axis=2)[:, :, inside]
    power = (np.square(lines.real) + np.square(lines.imag)).sum(axis=(1, 2))
    return np.asarray(2 * power / (size * np.sum(window**2)))
