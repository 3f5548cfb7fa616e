"""A gain that changes in time: one for all channels, straight between the edges of cells."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from post.sound.dynamics.cells import cell_samples
from post.sound.pcm import split_blocks
from post.values.array import Array

TOGETHER = 6000  # places


@dataclass(frozen=True, slots=True)
class GainCurve:
    """Gain at the edges of cells: edges[i], a factor, is that of the first sample of cell i. fixed: a factor of all."""

    edges: Array
    rate_hz: int
    fixed: float = 1.0

    def apply(self, pcm: Array, first: int) -> Array:
        """Returns samples with their gain, in their dtype. first: the place of the first one in the whole sound.

        Each sample depends on its place alone, not on the block that it comes in. Where the gain is 1, the result is
        the array that was given.
        """
        cell = cell_samples(self.rate_hz)
        low, high = first // cell, -(-(first + len(pcm)) // cell)
        edges = self.edges[low : high + 1]
        fixed = np.float32(self.fixed)
        if not len(pcm) or (edges == 1).all():
            return pcm if self.fixed == 1 else (pcm * fixed).astype(pcm.dtype, copy=False)
        steps = np.diff(edges)
        gain = edges[:-1, None] + steps[:, None] * (np.arange(cell, dtype=np.float32) / np.float32(cell))
        heard = gain.reshape(-1)[first - low * cell :][: len(pcm)] * fixed
        return np.asarray((pcm * heard[:, None]).astype(pcm.dtype, copy=False))

    def mean_powers(self, places: Array) -> Array:
        """Returns the mean of the gain's square between each two of `places`, rising samples: (len(places) - 1,)."""
        at = np.asarray(places) / cell_samples(self.rate_hz)
        powers = np.zeros(max(0, len(at) - 1))
        for first, stop in split_blocks(len(powers), TOGETHER):
            low, high = int(at[first]), math.ceil(at[stop])
            gain = self.edges[low : high + 1].astype(np.float64)
            # The exact mean square of a straight line from a to b.
            squares = (gain[:-1] ** 2 + gain[:-1] * gain[1:] + gain[1:] ** 2) / 3
            sums = np.concatenate([[0.0], np.cumsum(squares)])
            inside = at[first : stop + 1]
            powers[first:stop] = np.diff(np.interp(inside - low, np.arange(len(sums)), sums)) / np.diff(
                inside
            )
        return np.asarray(powers * self.fixed**2)
