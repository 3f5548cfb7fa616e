"""A look-ahead true-peak limiter for finished sound: no delay, the same length, one gain for all channels."""

from __future__ import annotations

import numpy as np

from post.sound.pcm import gain_factor, to_decibels
from post.sound.true_peak import peak_envelope
from post.values.array import Array

# 5 ms each way: two peaks of 50 Hz fit in the window, so bass is turned down without distortion.
LOOK_S = 0.005
RELEASE_S = 0.08
MARGIN_DB = 0.01  # the aim lies this far below the ceiling wherever the limiter reduces
NOTHING_DB = 0.001
PASSES = 6


def limit(pcm: Array, rate_hz: int, ceiling_dbtp: float) -> tuple[Array, float]:
    """Returns the sound with no true peak above the ceiling, and the largest reduction in dB.

    pcm: (samples, channels) float, any level. The result has its length and dtype; it is the same array where
    nothing was above the ceiling.
    """
    if not len(pcm):
        return pcm, 0.0
    held, reduction_db = pcm, np.zeros(len(pcm), np.float32)
    for _ in range(PASSES):
        peaks = peak_envelope(held)
        if to_decibels(max(float(peaks.max()), 1e-30)) <= ceiling_dbtp:
            return held, float(reduction_db.max())
        # A changing gain alters the waveform between samples a little: peaks still above are limited again.
        down_db = _reduction(peaks, rate_hz, ceiling_dbtp)
        reduction_db += down_db
        held = (held * (10 ** (-down_db / 20))[:, None]).astype(pcm.dtype, copy=False)
    rest_db = max(0.0, to_decibels(float(peak_envelope(held).max())) - ceiling_dbtp + MARGIN_DB)
    return (held * gain_factor(-rest_db)).astype(pcm.dtype, copy=False), float(reduction_db.max()) + rest_db


def _reduction(peaks: Array, rate_hz: int, ceiling_dbtp: float) -> Array:
    """Returns the reduction in dB, (samples,) float32: at each peak at least what it needs, smooth around it."""
    aim = gain_factor(ceiling_dbtp - MARGIN_DB)
    needed = 20 * np.log10(np.maximum(peaks / aim, 1.0))
    needed[peaks <= gain_factor(ceiling_dbtp)] = 0
    reach = 2 * max(1, round(LOOK_S * rate_hz / 2))  # even, so that both boxes have a middle sample
    held = _released(_highest(needed, reach), RELEASE_S * rate_hz)
    # Two boxes of reach + 1 average over +-reach, where every value is at least what the middle needs.
    for _ in range(2):
        held = _mean(held, reach // 2)
    return np.where(held > NOTHING_DB, held, 0).astype(np.float32)


def _highest(values: Array, reach: int) -> Array:
    """Returns the highest of each value and the `reach` values on both sides of it.

    Source: M. van Herk 1992: running maxima, forward and backward, in blocks as long as the window; two of them
    cover any window. (SciPy has it, but importing SciPy takes longer than limiting a film.)
    """
    window = 2 * reach + 1
    short = -(len(values) + 2 * reach) % window
    blocks = np.pad(values, (reach, reach + short), mode="edge").reshape(-1, window)
    forward = np.maximum.accumulate(blocks, axis=1).reshape(-1)
    backward = np.maximum.accumulate(blocks[:, ::-1], axis=1)[:, ::-1].reshape(-1)
    return np.asarray(np.maximum(backward[: len(values)], forward[window - 1 :][: len(values)]))


def _mean(values: Array, reach: int) -> Array:
    """Returns the mean of each value and the `reach` values on both sides; values at the ends are repeated."""
    window = 2 * reach + 1
    sums = np.cumsum(np.pad(values, (reach + 1, reach), mode="edge"))
    return np.asarray((sums[window:] - sums[:-window]) / window)


def _released(held_db: Array, samples: float) -> Array:
    """Returns the larger of each value and the exponentially decayed earlier ones.

    max over k <= n of held[k] * exp(-(n - k) / samples): a running maximum once in the log domain.
    """
    age = np.arange(len(held_db)) / samples
    with np.errstate(divide="ignore"):
        return np.asarray(np.exp(np.maximum.accumulate(np.log(held_db) + age) - age))
