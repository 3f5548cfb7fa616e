"""Takes a DC offset out of sound."""

from __future__ import annotations

import numpy as np

from post.sound.pcm import to_decibels
from post.sound.runs import runs_of
from post.values.array import Array

BLOCK_S = 0.25  # five periods of 20 Hz
ABREAST = 8  # samples are added up side by side, which is faster
FEWEST = 4  # blocks: a second
LEAST = 0.001  # -60 dBFS
SPREAD = 0.25  # of the offset: half of the blocks lie this near to it, else it is no steady offset
SILENT_S = 0.01  # zeros that were laid before a sound that starts late, and hold no offset


def without_offset(pcm: Array, rate_hz: int) -> tuple[Array, str]:
    """Returns sound without a steady DC offset above -60 dBFS, and what was done; the same array and "" if it has none.

    pcm: (samples, channels) float. Its offset is the median of means of 250 ms. It is subtracted as it is, so that
    nothing rings or fades; runs of zeros stay zeros.
    """
    offsets = _offsets(pcm, rate_hz)
    if not offsets.any():
        return pcm, ""
    mended = pcm - offsets.astype(pcm.dtype)
    mended[_zeros(pcm, round(SILENT_S * rate_hz))] = 0
    return mended, f"DC offset of {to_decibels(float(np.abs(offsets).max())):.0f} dBFS taken out"


def _offsets(pcm: Array, rate_hz: int) -> Array:
    """Returns the offset of each channel, 0 where it has none worth mending."""
    none = np.zeros(pcm.shape[1])
    size = round(BLOCK_S * rate_hz / ABREAST) * ABREAST
    whole = len(pcm) // size
    if whole < FEWEST:
        return none
    abreast = pcm[: whole * size].reshape(whole, size // ABREAST, -1).sum(axis=1)
    means = abreast.reshape(whole, ABREAST, -1).sum(axis=1, dtype=np.float64) / size
    found = none.copy()
    for channel, own in enumerate(means.T):
        heard = own[own != 0]  # a block of nothing but zeros is silence
        if len(heard) < FEWEST:
            continue
        middle = float(np.median(heard))
        if abs(middle) > LEAST and np.median(np.abs(heard - middle)) < SPREAD * abs(middle):
            found[channel] = middle
    return found


def _zeros(pcm: Array, shortest: int) -> Array:
    """Returns which samples lie in a run of zeros of that length or more, (samples,) bool."""
    inside = np.zeros(len(pcm), np.bool_)
    for run in runs_of(np.logical_not(np.asarray(pcm.any(axis=1)))):
        inside[run.first : run.stop] = len(run) >= shortest
    return inside
