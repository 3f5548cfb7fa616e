"""Samples a film for what stands still in it: runs of frames, and their mean, in which what moves fades."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

import numpy as np

from post.measure.attention.type_lines import SIDE
from post.qc.film_reader import limited
from post.values import Picture
from post.values.array import Array

STEP = Fraction(1, 4)  # seconds between samples
RUN = 4  # samples of a window
MOST_WINDOWS = 240  # of a longer film, windows are spread


@dataclass(frozen=True, eq=False)
class SampledRun:
    """A run of sampled frames. numbers: on the grid; lumas: (height, width) uint8 each, upright, in square pixels."""

    numbers: tuple[int, ...]
    lumas: tuple[Array, ...]

    @cached_property
    def mean(self) -> Array:
        """The mean of the frames: (height, width) uint8."""
        if len(self.lumas) == 1:
            return self.lumas[0]
        total = np.zeros(self.lumas[0].shape, np.uint16)
        for luma in self.lumas:
            total += luma
        return ((total + len(self.lumas) // 2) // len(self.lumas)).astype(np.uint8)

    @cached_property
    def small(self) -> Array:
        """The mean at the size that places are searched at: (height, width) uint8."""
        return limited(self.mean, SIDE)


def window_numbers(picture: Picture) -> list[tuple[int, ...]]:
    """Returns the frames of each window: every quarter of a second, the first and the last frame among them."""
    last = picture.length - 1
    if picture.stands_still:
        return [(0,)]
    count = int(picture.grid.seconds(picture.length) / STEP) + 1
    numbers = sorted({min(picture.grid.frames(STEP * at), last) for at in range(count)} | {last})
    runs = [tuple(numbers[at : at + RUN]) for at in range(0, len(numbers), RUN)]
    if len(runs) <= MOST_WINDOWS:
        return runs
    chosen = np.linspace(0, len(runs) - 1, MOST_WINDOWS).round().astype(int)
    return [runs[at] for at in sorted({int(each) for each in chosen})]
