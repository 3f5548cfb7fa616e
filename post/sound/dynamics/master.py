"""A mix with its gain: what a limiter does to its loudness is known before any sample is changed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from post.sound.dynamics.gain_curve import GainCurve
from post.sound.pcm import split_blocks
from post.values.array import Array

BLOCK = 1 << 16


@dataclass(frozen=True, slots=True)
class Master:
    """Sound ready for its encoder: a mix, and the gain of each of its samples. Samples are made when they are read.

    mix: (samples, channels) float, in memory or in a file (np.memmap).
    """

    mix: Array
    curve: GainCurve

    def __len__(self) -> int:
        return len(self.mix)

    def read(self, first: int, stop: int) -> Array:
        """Returns samples first..stop-1, (samples, channels): the same whatever else is read."""
        return self.curve.apply(np.asarray(self.mix[first:stop]), first)

    def blocks(self, first: int = 0, stop: int | None = None) -> Iterator[Array]:
        """Yields the samples in order, in blocks."""
        end = len(self.mix) if stop is None else stop
        for a, b in split_blocks(end - first, BLOCK):
            yield self.read(first + a, first + b)

    def pcm(self) -> Array:
        """Returns the whole sound at once."""
        return self.read(0, len(self))


def pcm_blocks(mix: Array) -> Iterator[Array]:
    """Yields an array of samples in blocks."""
    return (np.asarray(mix[first:stop]) for first, stop in split_blocks(len(mix), BLOCK))
