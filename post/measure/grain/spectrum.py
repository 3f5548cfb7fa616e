"""Measures the spectrum of grain: how coarse it is, in each direction of the picture.

Blocks are too short to show a spectrum as it is: a window smears it, and the surface that was fitted to each
block took its slowest part. Both are known exactly, and undone.
"""

from __future__ import annotations

from functools import cache

import numpy as np

from post.values.array import Array

NODES = 9  # frequencies a side: 0, 1/16, ... 1/2 cycles a pixel
FLOOR_DB = -30.0  # below white; what windows of this size tell from nothing
SURVIVES = 0.6  # of white noise's power, at a frequency where the surface is said to leave it alone

Table = tuple[tuple[float, ...], ...]


def block_power(rest: Array) -> Array:
    """Returns the power spectrum of each of n blocks, (n, side, side) -> (n, side / 2 + 1, side / 2 + 1).

    By frequency down, then across, 0..1/2 cycles a pixel; the two diagonals are one. White noise of
    variance v reads v everywhere.
    """
    side, half = rest.shape[1], rest.shape[1] // 2
    spectrum = np.fft.rfft2(rest * _window(side))
    power = spectrum.real**2 + spectrum.imag**2
    mirrored = power[:, (-np.arange(half + 1)) % side]
    return np.asarray((power[:, : half + 1] + mirrored) / 2, np.float32)


def table_of(power: Array, survival: Array) -> Table:
    """Returns (NODES, NODES) decibels over white noise of the same strength, rounded to tenths.

    power: (m, m), the mean of `block_power`; survival: the same of white noise of variance 1, what of
    it the fitted surface left.
    """
    true = _unsmeared(_refilled(power, survival))
    step = (len(true) - 1) // (NODES - 1)
    decibels = 10 * np.log10(np.maximum(true, 10 ** (FLOOR_DB / 10)))
    return tuple(tuple(round(float(each), 1) for each in row) for row in decibels[::step, ::step])


def _refilled(power: Array, survival: Array) -> Array:
    """Restores the power that the surface took; where it took nearly all, uses the nearest value that is left."""
    out, known = power / np.maximum(survival, SURVIVES), survival > SURVIVES
    for y, x in zip(*np.nonzero(~known), strict=True):
        near = known[: y + 2, : x + 2]
        out[y, x] = out[: y + 2, : x + 2][near].mean() if near.any() else np.nan
    return np.where(np.isnan(out), out[2, 2], out)


def _unsmeared(power: Array) -> Array:
    """Returns a spectrum with the effect of its window removed, scaled to a mean of 1.

    A window multiplies the autocorrelation by its own. Beyond half a block that is next to nothing, and
    grain of such reach is not told from slow light: it fades out there.
    """
    half = len(power) - 1
    series = _cosines(half)
    by_lag = series @ power @ series.T  # the autocorrelation
    near = np.clip(2 - 2 * np.arange(half + 1) / half, 0, 1)
    undo = near**2 * (3 - 2 * near) / _window_reach(2 * half)
    undone = by_lag * np.outer(undo, undo)
    return np.asarray(series @ undone @ series.T / undone[0, 0])


@cache
def _cosines(half: int) -> Array:
    """Returns (half + 1, half + 1): the Fourier series of even functions, frequencies by lags; each lag but the first
    and the last counts twice."""
    grid = np.arange(half + 1)
    twice = np.where((grid == 0) | (grid == half), 1.0, 2.0)
    return np.asarray(np.cos(np.pi * np.outer(grid, grid) / half) * twice)


@cache
def _window(side: int) -> Array:
    """Returns a Hann window over a block, mean square 1 / side**2, float32."""
    one = np.hanning(side + 2)[1:-1]
    both = np.outer(one, one)
    return np.asarray(both / np.sqrt((both**2).sum()), np.float32)


@cache
def _window_reach(side: int) -> Array:
    """Returns the autocorrelation of the window along one axis, lags 0..side/2, wrapped as by an FFT."""
    one = np.hanning(side + 2)[1:-1]
    power = np.abs(np.fft.fft(one)) ** 2
    reach = np.fft.ifft(power).real[: side // 2 + 1]
    return np.asarray(reach / reach[0])
