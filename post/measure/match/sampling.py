"""Samples pixels of a shot: without bars, and evenly over the picture."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from post.values.array import Array

# Black in a bar is no brighter than this, with a codec's noise on it, in all but so few of a line's pixels.
BLACK, LEAST_LIT = 4 / 255, 0.02
GOLDEN = (5**0.5 - 1) / 2


def without_bars(rgb: Array) -> Array:
    """Returns the part of a (height, width, 3) picture within black bars; the whole of an all-black picture."""
    lit = (rgb > BLACK).any(2)
    rows, columns = (np.flatnonzero(lit.mean(axis) > LEAST_LIT) for axis in (1, 0))
    if not len(rows) or not len(columns):
        return rgb
    return rgb[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]


def sample_pixels(frames: Sequence[Array], most: int) -> list[Array]:
    """Returns, for each frame (height, width, 3), flat indices of its sampled pixels, (n,) intp; about `most`, or
    every one if there are fewer. A frame gives by its area, and other columns than the frame before."""
    sizes = [rgb.shape[:2] for rgb in frames]
    areas = np.array([height * width for height, width in sizes])
    counts = np.ceil(areas * min(1.0, most / areas.sum())).astype(int)
    starts = np.cumsum(counts) - counts
    return [
        _evenly(height, width, int(count), int(start))
        for (height, width), count, start in zip(sizes, counts, starts, strict=True)
    ]


def _evenly(height: int, width: int, count: int, start: int) -> Array:
    """Returns (count,) intp: a Fibonacci lattice, whose points lie evenly in both directions for any width (a
    stride along the raster meets the same few columns in every row where it nearly divides it).

    Source: H. Niederreiter, "Random Number Generation and Quasi-Monte Carlo Methods", SIAM 1992, 5.1.
    """
    if count >= height * width:
        return np.arange(height * width)
    n = np.arange(count)
    rows = ((n + 0.5) / count * height).astype(np.intp)
    columns = ((start + n) * GOLDEN % 1 * width).astype(np.intp)
    return rows * width + columns
