"""True peaks of sound, cell by cell: a cell is a third of a millisecond, shorter than any peak that is heard apart."""

from __future__ import annotations

import numpy as np

from post.sound.pcm import split_blocks
from post.values.array import Array

CELLS_A_SECOND = 3000
OVERSAMPLING = 4  # BS.1770-5 Annex 2
BLOCK = 1 << 14  # samples at once: what is oversampled stays in the processor's cache (64k take 1.8 times as long)


def cell_samples(rate_hz: int) -> int:
    """Returns how many samples a cell has."""
    return max(1, round(rate_hz / CELLS_A_SECOND))


class PeakCells:
    """Finds the true peak of every cell of sound that comes in blocks; their sizes change nothing.

    A cell's peak is the highest level of the waveform in any channel, from its first sample up to the next cell's.
    Sound is taken as silent before its first sample and after its last.
    """

    def __init__(self, rate_hz: int, channels: int) -> None:
        import soxr  # here, so that a picture worker that imports this package stays small

        # The "HQ" filter passes 0.91 of the band flat and is 120 dB down at the images.
        self._stream = soxr.ResampleStream(1, OVERSAMPLING, channels, dtype="float32", quality="HQ")
        cell = cell_samples(rate_hz)
        self._between, self._at = _Maxima(cell * OVERSAMPLING, channels), _Maxima(cell, channels)
        self._channels = channels
        self._any = False

    def add(self, pcm: Array) -> None:
        """Adds samples, (samples, channels) float."""
        for first, stop in split_blocks(len(pcm), BLOCK):
            part = np.ascontiguousarray(pcm[first:stop], np.float32)
            self._at.add(part)
            self._between.add(self._stream.resample_chunk(part))
            self._any = True

    def read(self) -> Array:
        """Returns the peak of every cell, (cells,) float32, the last one maybe of less than a cell. It ends the sound."""
        if not self._any:
            return np.zeros(0, np.float32)
        self._between.add(self._stream.resample_chunk(np.zeros((0, self._channels), np.float32), last=True))
        highest = self._at.read()
        # A filter that gives back a little more or less than the whole may not add a cell.
        between = self._between.read()[: len(highest)]
        np.maximum(highest[: len(between)], between, out=highest[: len(between)])
        return highest


class _Maxima:
    """The largest magnitude in every `size` samples of any channel."""

    def __init__(self, size: int, channels: int) -> None:
        self._size = size
        self._rest = np.zeros((0, channels), np.float32)
        self._found: list[Array] = []

    def add(self, block: Array) -> None:
        joined = np.concatenate([self._rest, block]) if len(self._rest) else block
        whole = len(joined) // self._size
        self._rest = joined[whole * self._size :].copy()
        if whole:
            rows = np.abs(joined[: whole * self._size]).reshape(whole, -1)
            self._found.append(rows.max(axis=1))

    def read(self) -> Array:
        rest = [np.abs(self._rest).max(keepdims=True).reshape(1)] if len(self._rest) else []
        return np.concatenate([np.zeros(0, np.float32), *self._found, *rest])


def peak_cells(pcm: Array, rate_hz: int) -> Array:
    """Returns the true peak of every cell of sound, (cells,) float32. pcm: (samples, channels) float."""
    cells = PeakCells(rate_hz, pcm.shape[1])
    cells.add(pcm)
    return cells.read()
