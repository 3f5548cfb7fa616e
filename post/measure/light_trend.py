"""Computes how light changes over a shot from comparisons of pairs of frames."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

import numpy as np

from post.values.array import Array
from post.values.srgb import srgb_light_of

Light = TypeVar("Light", float, Array)


@dataclass(frozen=True, slots=True)
class Rise(Generic[Light]):
    """The change from one anchor to a later one, in log light: a number, or one for each channel. weight: its
    reliability."""

    earlier: int
    later: int
    by: Light
    weight: float


def log_light(signal: Array, least: float) -> Array:
    """Returns the natural log of light by the sRGB curve, and not less than the log of `least`."""
    return np.asarray(np.log(np.maximum(srgb_light_of(signal), least)), np.float32)


def trimmed_mean(values: Array, trim: float) -> tuple[float, float]:
    """Returns mean and standard deviation of the values without the lowest and the highest share `trim`."""
    low, high = (int(share * (len(values) - 1)) for share in (trim, 1 - trim))
    kept = np.partition(values, (low, high))[low : high + 1]
    return float(kept.mean(dtype=np.float64)), float(kept.std())


def solve_levels(rises: Sequence[Rise[Light]], numbers: Array) -> Array:
    """Returns the level at each anchor (`numbers`, rising) by least squares over the rises; the first is 0."""
    rows = np.zeros((len(rises) + 1, len(numbers)))
    wanted = np.zeros((len(rises) + 1, *np.shape(rises[0].by)))
    rows[-1, 0] = 1.0
    for row, rise in enumerate(rises):
        earlier, later = np.searchsorted(numbers, (rise.earlier, rise.later))
        rows[row, earlier], rows[row, later] = -rise.weight, rise.weight
        wanted[row] = rise.by * rise.weight
    return np.asarray(np.linalg.lstsq(rows, wanted)[0])


def slow_course(course: Array, frames: int) -> Array:
    """Returns (n, channels): at each frame, the line fitted to the `frames` frames around it."""
    width = min(frames | 1, (len(course) - 1) | 1)
    if width < 3:
        return course.copy()
    half, at = width // 2, np.arange(len(course))
    fitted = np.empty_like(course)
    # In the middle of evenly spaced points the fitted line is at their mean.
    sums = np.cumsum(np.vstack([np.zeros((1, course.shape[1])), course]), axis=0)
    fitted[half : len(course) - half] = (sums[width:] - sums[:-width]) / width
    for end, edge in ((slice(None, width), slice(None, half)), (slice(-width, None), slice(-half, None))):
        slope, level = np.polyfit(at[end], course[end], 1)
        fitted[edge] = at[edge, None] * slope + level
    return fitted
