"""A mix with its gain: its samples are made when they are read."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from post.sound.dynamics.gain_curve import GainCurve
from post.sound.scratch import block_spans
from post.values.array import Array


@dataclass(frozen=True, slots=True)
class Master:
    """Sound ready for its encoder: a mix, and the gain of each of its samples.

    mix: (samples, channels) float, in memory or in a file (post.sound.scratch).
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
        for a, b in block_spans(self.mix, first, stop):
            yield self.read(a, b)

    def pcm(self) -> Array:
        """Returns the whole sound at once."""
        return self.read(0, len(self))


def pcm_blocks(mix: Array) -> Iterator[Array]:
    """Yields the samples of a mix in order, in blocks."""
    for first, stop in block_spans(mix):
        yield np.asarray(mix[first:stop])
