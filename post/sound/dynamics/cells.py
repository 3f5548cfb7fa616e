"""True peaks of sound, cell by cell: a cell is a third of a millisecond, shorter than any peak that is heard apart."""

from __future__ import annotations

import numpy as np

from post.sound.pcm import to_decibels
from post.sound.true_peak import REACH, peak_envelope
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
        self._held = np.zeros((REACH + self._around * self._cell, channels), np.float32)
        self._found: list[Array] = []
        self._samples, self._highest = 0, 0.0

    def add(self, pcm: Array) -> None:
        """Adds samples, (samples, channels) float."""
        self._samples += len(pcm)
        held = np.concatenate([self._held, pcm.astype(np.float32, copy=False)])
        size, first = TOGETHER * self._cell, 0
        while first + size + 2 * REACH <= len(held):
            self._find(held[first : first + size + 2 * REACH])
            first += size
        self._held = held[first:].copy()

    def read(self) -> Array:
        """Returns the peak of every cell, (cells,) float32, the last one maybe of fewer samples. It ends the sound."""
        count = -(-self._samples // self._cell)
        rest = (count + 2 * self._around) * self._cell - sum(map(len, self._found)) * self._cell
        self._find(np.pad(self._held, ((0, rest + 2 * REACH - len(self._held)), (0, 0))))
        cells = np.concatenate(self._found)
        if not count:
            return np.zeros(0, np.float32)
        inside = cells[self._around : self._around + count].copy()
        inside[0] = cells[: self._around + 1].max()
        inside[-1] = max(inside[-1], cells[self._around + count :].max())
        return inside

    def _find(self, pcm: Array) -> None:
        """pcm: with REACH samples at either end that serve as context alone."""
        envelope = peak_envelope(pcm, min(self._above, self._highest))[REACH : len(pcm) - REACH]
        cells = envelope.reshape(-1, self._cell).max(axis=1)
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
