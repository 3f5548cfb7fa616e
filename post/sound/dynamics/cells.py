"""True peaks of sound, cell by cell: a cell is a third of a millisecond, shorter than any peak that is heard apart."""

from __future__ import annotations

import numpy as np

from post.sound.pcm import to_decibels
from post.sound.true_peak import REACH, highest_of, peaks_after
from post.values.array import Array

CELLS_A_SECOND = 3000
TOGETHER = 2000  # cells that are worked on together


def cell_samples(rate_hz: int) -> int:
    """Returns how many samples a cell has."""
    return max(1, round(rate_hz / CELLS_A_SECOND))


class PeakCells:
    """Finds the true peak of every cell of sound that comes in blocks; their sizes change nothing.

    A cell's peak is the highest level of the waveform in any channel, from its first sample up to the next cell's.
    Sound is taken as silent before its first sample and after its last. above: where the waveform stays at or below
    this magnitude, a cell may have the peak of its samples alone; the largest of all is exact in any case.
    """

    def __init__(self, rate_hz: int, channels: int, above: float = 0.0) -> None:
        self._cell, self._above = cell_samples(rate_hz), above
        # The waveform begins before the first sample, and ends after the last.
        self._around = -(-REACH // self._cell)
        self._held = np.zeros((channels, REACH + self._around * self._cell), np.float32)
        self._found: list[Array] = []
        self._samples, self._highest = 0, 0.0
        self._before = 0.0  # the highest level from the last sample of a cell up to the first one of the next

    def add(self, pcm: Array) -> None:
        """Adds samples, (samples, channels) float."""
        self._samples += len(pcm)
        held = np.empty((len(self._held), self._held.shape[1] + len(pcm)), np.float32)
        held[:, : self._held.shape[1]] = self._held
        held[:, self._held.shape[1] :] = pcm.T
        size, first = TOGETHER * self._cell, 0
        while first + size + 2 * REACH <= held.shape[1]:
            self._find(held[:, first : first + size + 2 * REACH])
            first += size
        self._held = held[:, first:].copy()

    def read(self) -> Array:
        """Returns the peak of every cell, (cells,) float32, the last one maybe of fewer samples. It ends the sound."""
        count = -(-self._samples // self._cell)
        rest = (count + 2 * self._around) * self._cell - sum(map(len, self._found)) * self._cell
        last = np.zeros((len(self._held), rest + 2 * REACH), np.float32)
        last[:, : self._held.shape[1]] = self._held
        self._find(last)
        cells = np.concatenate(self._found)
        if not count:
            return np.zeros(0, np.float32)
        inside = cells[self._around : self._around + count].copy()
        inside[0] = cells[: self._around + 1].max()
        inside[-1] = max(inside[-1], cells[self._around + count :].max())
        return inside

    def _find(self, x: Array) -> None:
        """x: (channels, samples) of whole cells, with REACH samples at either end that serve as context alone."""
        after = peaks_after(x, min(self._above, self._highest))
        cells = highest_of(after, self._cell)
        # What lies between two cells belongs to both.
        cells[1:] = np.maximum(cells[1:], after[self._cell - 1 : -1 : self._cell])
        cells[:1] = np.maximum(cells[:1], self._before)
        self._before = after[-1] if len(after) else self._before
        self._highest = max(self._highest, float(cells.max(initial=0)))
        self._found.append(cells)


def peak_cells(pcm: Array, rate_hz: int) -> Array:
    """Returns the true peak of every cell of sound, (cells,) float32. pcm: (samples, channels) float."""
    cells = PeakCells(rate_hz, pcm.shape[1])
    cells.add(pcm)
    return cells.read()


def peak_dbtp(cells: Array) -> float | None:
    """Returns the largest peak of all cells in dBTP; None for silence."""
    highest = float(cells.max(initial=0))
    return to_decibels(highest) if highest > 0 else None
