"""Rounds stems to 24 bits so that their sum is the mix, to the last bit.

Each stem is rounded to what brings the sum of all stems so far to its nearest step: rounded by themselves, six stems
could differ from the mix by 3 steps. No sample of a stem is off by more than one step, and silence stays silence.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

import numpy as np

from post.sound.pcm import gain_factor, split_blocks, to_decibels
from post.values.array import Array

STEPS = 1 << 23  # from 0 to full scale
BLOCK = 1 << 16


def is_heard(sound: Array) -> bool:
    """Returns whether anything of a sound is left at 24 bits."""
    return any(
        float(np.abs(sound[first:stop]).max()) * STEPS >= 0.5
        for first, stop in split_blocks(len(sound), BLOCK)
    )


def common_gain_db(stems: Sequence[Array]) -> float:
    """Returns the gain for all stems and their sum, in whole dB, at which none goes over full scale: 0 or below it."""
    highest = 0.0
    for first, stop in split_blocks(len(stems[0]), BLOCK) if stems else ():
        parts = [stem[first:stop].astype(np.float64) for stem in stems]
        highest = max(highest, *(float(np.abs(part).max()) for part in (*parts, np.sum(parts, axis=0))))
    limit = (STEPS - 1 - len(stems)) / STEPS
    return 0.0 if highest <= limit else -float(math.ceil(to_decibels(highest / limit)))


def quantised(stems: Sequence[Array], number: int, gain_db: float) -> Iterator[Array]:
    """Yields a stem in blocks of (samples, channels) int32, at 24 bits. number: which, or -1 for the sum of all."""
    factor = gain_factor(gain_db) * STEPS
    for first, stop in split_blocks(len(stems[0]), BLOCK):
        parts = [stem[first:stop].astype(np.float64) for stem in stems[: number + 1 or None]]
        whole = np.rint(_sum(parts) * factor)
        before = np.rint(_sum(parts[:-1]) * factor) if number > 0 else np.zeros_like(whole)
        yield (whole - before).astype(np.int32)


def packed(blocks: Iterator[Array]) -> Iterator[bytes]:
    """Yields blocks of int32 as PCM of 24 bits, little-endian, channels interleaved."""
    for block in blocks:
        whole = np.ascontiguousarray(block, "<i4")
        yield whole.view(np.uint8).reshape(-1, 4)[:, :3].tobytes()


def _sum(parts: Sequence[Array]) -> Array:
    total = np.array(parts[0])
    for part in parts[1:]:
        total += part
    return total
