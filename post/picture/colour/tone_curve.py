"""Tone curves: a few knots, and a monotone curve through them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

import numpy as np

from post.errors import JobError
from post.values.array import Array

STRAIGHT = "0:0, 1:1"
KNOTS = "knots `in:out` joined by commas; `in` rises from 0 to 1, `out` never falls: `0:0, 0.25:0.2, 1:1`"
MOST_KNOTS = 16
# The lowest and highest output of a knot: half the range beyond black and beyond white.
LOWEST, HIGHEST = -0.5, 1.5


@dataclass(frozen=True, slots=True)
class ToneCurve:
    """A monotone curve through knots, and straight beyond the first and the last.

    Source: F. N. Fritsch and J. Butland, "A Method for Constructing Local Monotone Piecewise Cubic
    Interpolants", SIAM J. Sci. Stat. Comput. 5 (1984): a brighter input never comes out darker, and nothing
    swings beyond the knots.
    """

    knots: tuple[tuple[float, float], ...]

    @property
    def straight(self) -> bool:
        """Returns whether the curve changes nothing."""
        return all(x == y for x, y in self.knots)

    def __call__(self, value: Array) -> Array:
        """Returns the curve at `value`: any shape, float64; both may leave 0..1."""
        x, y = np.array(self.knots).T
        slope = _slopes(x, y)
        at = np.clip(np.searchsorted(x, value, side="right") - 1, 0, len(x) - 2)
        width = (x[1:] - x[:-1])[at]
        share = np.clip((value - x[at]) / width, 0.0, 1.0)
        rest, square = 1 - share, share * share
        inside = (
            y[at] * (1 + 2 * share) * rest * rest
            + slope[at] * width * share * rest * rest
            + y[at + 1] * square * (3 - 2 * share)
            - slope[at + 1] * width * square * rest
        )
        below, above = np.minimum(value - x[0], 0.0), np.maximum(value - x[-1], 0.0)
        return np.asarray(inside + slope[0] * below + slope[-1] * above)


@lru_cache(maxsize=64)
def read_curve(text: str, where: str) -> ToneCurve:
    """Returns the curve through knots written as text. Raises JobError where the text is not knots."""
    try:
        knots = tuple(_knot(part) for part in text.split(","))
    except ValueError as fault:
        raise _fault("not a curve", where, text) from fault
    if not 2 <= len(knots) <= MOST_KNOTS:
        raise _fault(f"a curve of 2 to {MOST_KNOTS} knots", where, text)
    if any(b[0] <= a[0] or b[1] < a[1] for a, b in pairwise(knots)):
        raise _fault("knots out of order", where, text)
    if not (knots[0][0] >= 0 and knots[-1][0] <= 1 and knots[0][1] >= LOWEST and knots[-1][1] <= HIGHEST):
        raise _fault(f"knots out of range (in 0 to 1, out {LOWEST} to {HIGHEST})", where, text)
    return ToneCurve(knots)


def blend_by_luma(luma: Array, shadows: float, mids: float, highlights: float) -> Array:
    """Returns a value by luma: `shadows` in black, `mids` in mid grey, `highlights` in white, a smooth curve between.

    luma: any shape, clipped to 0..1. The result stays within the range of the three values.
    """
    share = np.clip(luma, 0.0, 1.0)
    low, high = _smooth(np.minimum(share * 2, 1.0)), _smooth(np.maximum(share * 2 - 1, 0.0))
    return np.asarray(shadows + (mids - shadows) * low + (highlights - mids) * high)


def _smooth(share: Array) -> Array:
    return np.asarray(share * share * (3 - 2 * share))


def _knot(text: str) -> tuple[float, float]:
    across, up = text.split(":")
    knot = float(across), float(up)
    if not np.isfinite(knot).all():
        raise ValueError(text)
    return knot


def _slopes(x: Array, y: Array) -> Array:
    """Returns the curve's slope at every knot."""
    width, chord = np.diff(x), np.diff(y) / np.diff(x)
    if len(chord) == 1:
        return np.repeat(chord, 2)
    slope = np.zeros(len(x))
    before, after = chord[:-1], chord[1:]
    rising = before * after > 0
    # A harmonic mean, weighted by the widths: 0 at a knot where a flat part begins.
    a, b = 2 * width[1:] + width[:-1], width[1:] + 2 * width[:-1]
    slope[1:-1][rising] = (a + b)[rising] / (a[rising] / before[rising] + b[rising] / after[rising])
    slope[0] = _end_slope(width[0], width[1], chord[0], chord[1])
    slope[-1] = _end_slope(width[-1], width[-2], chord[-1], chord[-2])
    return slope


def _end_slope(width: float, next_width: float, chord: float, next_chord: float) -> float:
    """Returns the slope at an end: of the parabola through its three knots, limited so that it stays monotone."""
    slope = ((2 * width + next_width) * chord - width * next_chord) / (width + next_width)
    return float(np.clip(slope, 0.0, 3 * chord))


def _fault(what: str, where: str, text: str) -> JobError:
    return JobError(what, where=where, expected=KNOTS, got=repr(text))
