"""Subtracts a quadratic surface from each block, so that light and slow texture are not taken for grain."""

from __future__ import annotations

from functools import cache

import numpy as np

from post.measure.grain.spectrum import block_power
from post.values.array import Array

SURFACE = 6  # modes of a quadratic surface
MEDIAN_OF_FOUR = 0.839  # of the sum of four squared normal values, over its mean: chi-squared


def subtract_surface(blocks: Array) -> tuple[Array, float]:
    """Returns the residual of a quadratic surface fitted to each block, (n, side, side), and by how much its
    squares are to be multiplied.

    The surface takes the slowest part of the grain with it: 3 % of sigma for a film's grain, much more
    than its 6 degrees of freedom in 1024. What it took is judged by the next four modes, the cubic ones,
    in the median of the blocks (light that moves is in some), and given back.
    """
    side = blocks.shape[1]
    flat = blocks.reshape(len(blocks), side * side)
    slow = flat @ _modes(side)
    rest = flat - slow[:, :SURFACE] @ _modes(side)[:, :SURFACE].T
    cubic, left = (slow[:, SURFACE:] ** 2).sum(1), (rest**2).sum(1)
    some = left > 0
    rest = rest.reshape(blocks.shape)
    if not some.any():
        return rest, 1.0
    share = float(np.median(cubic[some] / left[some])) / MEDIAN_OF_FOUR
    return rest, 1 + share * SURFACE / (slow.shape[1] - SURFACE)


@cache
def survival(side: int) -> Array:
    """Returns the power that the surface leaves of white noise of variance 1, as `block_power` computes it."""
    modes = _modes(side)[:, :SURFACE].T.reshape(SURFACE, side, side)
    every = np.eye(side * side, dtype=np.float32).reshape(-1, side, side)
    left = every - np.einsum("mp,mij->pij", modes.reshape(SURFACE, -1), modes)
    return np.asarray(block_power(left).sum(0, dtype=np.float64))


@cache
def _modes(side: int) -> Array:
    """Returns an orthonormal basis of surfaces over a block, (side * side, 10) float32: SURFACE quadratic ones,
    then the cubic ones."""
    y, x = (np.mgrid[0:side, 0:side] / side - 0.5).reshape(2, -1)
    powers = [(i, n - i) for n in range(4) for i in range(n + 1)]
    return np.linalg.qr(np.stack([x**i * y**j for i, j in powers], 1))[0].astype(np.float32)
