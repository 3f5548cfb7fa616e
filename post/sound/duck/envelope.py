"""How a bed goes down before a phrase of the voice, stays down, and comes back after it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from post.sound.runs import join_runs
from post.values.array import Array
from post.values.time import Span

# Words with less between them are one phrase, and a bed does not come up between them. It is the sum of the two ramps:
# after one phrase the bed is back before it goes down for the next.
PHRASE_GAP_S = 1.0
DOWN_S, UP_S = 0.3, 0.7
STEEPEST_DB_S = 95.0  # 1 dB in 10 ms is the most that issue 14 allows; a filter adds some

Corners = tuple[tuple[float, float], ...]


@dataclass(frozen=True, slots=True)
class Ducked:
    """One phrase under which a bed stands lower. gain_db: by how much, at most 0; dipped: its speech band gives way."""

    span: Span
    gain_db: float
    dipped: bool


def find_phrases(voice: Sequence[Span], rate_hz: int) -> tuple[Span, ...]:
    """Returns the phrases of a voice: its spans of samples, those less than PHRASE_GAP_S apart as one."""
    return tuple(join_runs(sorted(voice, key=lambda span: span.first), round(PHRASE_GAP_S * rate_hz) - 1))


class Envelope:
    """The gain of a bed over time, in straight lines in dB, and how far its speech band has given way."""

    def __init__(self, phrases: Sequence[Ducked], dip_db: float, rate_hz: int) -> None:
        """phrases: in order; dip_db: at the middle of the speech band, 0 or more."""
        self._gain = _corners([(each.span, each.gain_db) for each in phrases], phrases, dip_db, rate_hz)
        shares = [(each.span, -1.0 if each.dipped else 0.0) for each in phrases]
        self._share = _corners(shares, phrases, dip_db, rate_hz)

    def gain_db(self, first: int, stop: int) -> Array:
        """Returns the gain of samples first..stop-1 in dB, (samples,) float64."""
        return _read(self._gain, np.arange(first, stop))

    def share(self, first: int, stop: int) -> Array:
        """Returns how far the speech band has given way, 0 to 1, (samples,) float64."""
        return -_read(self._share, np.arange(first, stop))

    def steady(self, first: int, stop: int) -> tuple[float, float] | None:
        """Returns the gain in dB and the share of samples first..stop-1, None where they change within them."""
        ends = np.array([first, stop - 1])
        gains, shares = _read(self._gain, ends), -_read(self._share, ends)
        turns = any(first < at < stop - 1 for corners in (self._gain, self._share) for at, _ in corners)
        if turns or gains[0] != gains[1] or shares[0] != shares[1]:
            return None
        return float(gains[0]), float(shares[0])

    def curve(self, length: int) -> tuple[tuple[int, float], ...]:
        """Returns the corners of the gain within 0..length, (sample, dB), straight in dB between them."""
        if not any(db for _, db in self._gain):
            return ()
        ends = (
            (0.0, float(self.gain_db(0, 1)[0])),
            (length - 1.0, float(self.gain_db(length - 1, length)[0])),
        )
        inside = [corner for corner in self._gain if 0 < corner[0] < length - 1]
        return tuple((round(at), round(db, 4)) for at, db in (ends[0], *inside, ends[1]))


def ramps_s(gain_db: float, dip_db: float) -> tuple[float, float]:
    """Returns how long a bed takes to go down, and to come back, in seconds; no part is steeper than STEEPEST_DB_S.

    The steepest part of the dip is where it is deepest: there, its crossfade changes by as many dB a second as
    this says, over the length of the ramp.
    """
    dip_slope = 20 / np.log(10) * (10 ** (dip_db / 20) - 1)
    least = float(abs(gain_db) + dip_slope) / STEEPEST_DB_S
    return max(DOWN_S, least), max(UP_S, least)


def _corners(
    values: Sequence[tuple[Span, float]], phrases: Sequence[Ducked], dip_db: float, rate_hz: int
) -> Corners:
    """Returns the corners of a line that has each value over its span and 0 away from it, in order."""
    made = list[tuple[float, float]]()
    for (span, value), phrase in zip(values, phrases, strict=True):
        down, up = (
            seconds * rate_hz for seconds in ramps_s(phrase.gain_db, dip_db if phrase.dipped else 0.0)
        )
        rising = [(span.first - down, 0.0), (float(span.first), value)]
        if made and rising[0][0] < made[-1][0]:
            # Two ramps cross in the gap: the line turns where they meet.
            meeting = _meeting(made[-2:], rising)
            made, rising = [*made[:-1], meeting], rising[1:]
        made += [*rising, (float(span.stop), value), (span.stop + up, 0.0)]
    return tuple(made)


def _meeting(
    falling: Sequence[tuple[float, float]], rising: Sequence[tuple[float, float]]
) -> tuple[float, float]:
    """Returns where the line back to 0 meets the next line away from it."""
    (a, deep), (b, _) = falling
    (c, _), (d, deeper) = rising
    up, down = -deep / (b - a), deeper / (d - c)
    at = (c + b) / 2 if up == down else (deep - up * a + down * c) / (down - up)
    at = min(max(at, a), d)
    return at, deep + up * (at - a)


def _read(corners: Corners, at: Array) -> Array:
    if not corners:
        return np.zeros(len(at))
    places, values = zip(*corners, strict=True)  # the first and the last value are 0
    return np.asarray(np.interp(at, places, values))
