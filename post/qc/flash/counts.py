"""Counts the flash changes of the last second in each cell, of those that much around it makes together.

A picture that moves changes its cells too, but each in its own moment and its own direction; WCAG asks for flashes that
occur concurrently. So a change counts where most of what changes around it, in the same moment, changes the same way,
or where nearly all around it changes at once, as a pattern does that reverses.
"""

from __future__ import annotations

from collections import deque
from fractions import Fraction
from math import ceil

import cv2
import numpy as np

from post.qc.flash.light import CellGrid
from post.values.array import Array

AROUND = 5  # what is around a cell is this part of a field wide: 2 degrees
# The share of what is around a cell that has to change, and of the changes those that go one way; or the share that
# has to change with one frame, either way. A corner of a flash has 0.29 of what is around it.
LEAST_DENSE, ONE_WAY, ALL_AT_ONCE = 0.25, 0.8, 0.8
MOMENT = 2  # frames before and after, which a fade may take longer in one cell than in the next


class SecondCount:
    """Counts for each cell how often it changed in the last second."""

    def __init__(self, grid: CellGrid, rate: Fraction) -> None:
        """rate: frames a second."""
        self.counts = np.zeros((grid.rows, grid.columns), np.uint16)
        self._recent, self._frames = deque[Array | None](), ceil(rate)

    def add(self, changed: Array | None) -> None:
        """Takes the cells that changed with the next frame, bool; None for none."""
        self._recent.append(changed)
        if changed is not None:
            self.counts += changed
        if len(self._recent) > self._frames:
            left = self._recent.popleft()
            if left is not None:
                self.counts -= left


class TogetherCount(SecondCount):
    """Counts the changes that much around a cell makes with it. It lags behind by MOMENT frames."""

    def __init__(self, grid: CellGrid, rate: Fraction) -> None:
        super().__init__(grid, rate)
        self._side = side_of(grid)
        self._moment = deque[_FrameChanges | None]([None] * MOMENT, 2 * MOMENT + 1)

    def add(self, changes: Array | None) -> None:
        """Takes the changes that cells complete with the next frame, int8 of 1, -1 and 0; None for none."""
        there = changes is not None and changes.any()
        self._moment.append(_FrameChanges(changes, self._side) if changes is not None and there else None)
        if len(self._moment) > 2 * MOMENT:
            super().add(self._together())

    def _together(self) -> Array | None:
        """Returns which changes of the moment's middle frame count, bool; None for none."""
        middle = self._moment[MOMENT]
        if middle is None:
            return None
        size = self._side**2
        kept = middle.all >= ALL_AT_ONCE * size
        for reach in range(MOMENT + 1):
            near = [self._moment[at] for at in range(MOMENT - reach, MOMENT + reach + 1)]
            one_way = np.sum([each.balance for each in near if each], axis=0)
            every = np.sum([each.all for each in near if each], axis=0)
            kept |= (np.abs(one_way) >= ONE_WAY * every) & (every >= LEAST_DENSE * size)
        counted = np.asarray(kept & (middle.changes != 0))
        return counted if counted.any() else None


def side_of(grid: CellGrid) -> int:
    """Returns how many cells along what is around a cell."""
    return 2 * (max(3, grid.field[0] // AROUND) // 2) + 1


class _FrameChanges:
    """The changes of one frame, and what is around each cell: all of them, and those one way less those the other."""

    def __init__(self, changes: Array, side: int) -> None:
        def around(values: Array) -> Array:
            return np.asarray(
                cv2.boxFilter(
                    values, cv2.CV_32F, (side, side), normalize=False, borderType=cv2.BORDER_CONSTANT
                )
            )

        self.changes = changes
        self.balance, self.all = (
            around(changes.astype(np.float32)),
            around(np.abs(changes).astype(np.float32)),
        )
