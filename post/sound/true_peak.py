"""True peak: the highest level of the waveform, between samples too. BS.1770-5 Annex 2, by 4x oversampling.

Most of the sound is not oversampled: a bound from its samples shows that it stays under what was found already, or
under the level that was asked for. The result is the same as without the bound.
"""

from __future__ import annotations

from functools import cache

import numpy as np

from post.sound.pcm import split_blocks, to_decibels
from post.values.array import Array

OVERSAMPLING = 4
REACH = 16  # samples that a value between samples depends on, on each side
# A Kaiser window of this beta keeps the band flat within 0.03 dB up to 0.9 of half the rate; its images are 50 dB down.
# (The filter that BS.1770-5 prints reaches over 6 samples.)
KAISER_BETA = 5.0
GROUP = REACH  # samples that are oversampled or left together
WINDOW = GROUP + 2 * REACH  # samples that a group's waveform depends on
# Groups in one matrix product: few enough that BLAS takes one thread, as more would cost more CPU time than they save.
ROWS = 112
BATCH = 10 * ROWS  # groups that are oversampled together
BLOCK = 2000 * GROUP  # samples that are worked on together
SLACK = 1e-5  # more than the rounding of 32 bits


class TruePeak:
    """Finds the true peak of sound that comes in blocks. The blocks' sizes do not change the result."""

    def __init__(self, channels: int) -> None:
        self._held = np.zeros((channels, 2 * REACH), np.float32)  # silence comes before the sound
        self._highest = 0.0

    def add(self, pcm: Array) -> None:
        """Takes the next samples: (samples, channels) float, finite."""
        for first, stop in split_blocks(len(pcm), BLOCK):
            self._held = np.concatenate([self._held, pcm[first:stop].T.astype(np.float32)], axis=1)
            if self._held.shape[1] >= BLOCK + 2 * REACH:
                self._highest = _highest_in(self._held[:, : BLOCK + 2 * REACH], self._highest)
                self._held = self._held[:, BLOCK:]

    def dbtp(self) -> float | None:
        """Returns the true peak of all samples so far, in dBTP; None for digital silence or no samples."""
        highest = _highest_in(_closed(self._held), self._highest)
        return to_decibels(highest) if highest > 0 else None


def true_peak_dbtp(pcm: Array) -> float | None:
    """Returns the largest true peak of any channel, in dBTP; None for digital silence or no samples.

    pcm: (samples, channels) float, taken as silent before its first sample and after its last.
    """
    meter = TruePeak(pcm.shape[1])
    meter.add(pcm)
    return meter.dbtp()


def sample_peak(pcm: Array) -> float:
    """Returns the largest magnitude of any sample; 0 where there are none."""
    if not pcm.size:
        return 0.0
    return float(max(pcm.max(), -pcm.min()))


def peaks_after(x: Array, above: float = 0.0) -> Array:
    """Returns the highest level of the waveform, in any channel, from each sample up to the next: (samples,) float32.

    x: (channels, samples) float32, of which REACH samples at either end serve as context alone; above: where the
    waveform stays at or below this magnitude, the result may be that of the samples alone: the higher it is, the less
    work there is.
    """
    size = x.shape[1] - 2 * REACH
    if size % GROUP:
        whole = np.zeros((len(x), -(-size // GROUP) * GROUP + 2 * REACH), np.float32)
        whole[:, : x.shape[1]] = x
        x = whole
    magnitudes = np.abs(x)
    peaks = _highest(magnitudes[:, REACH:-REACH]).reshape(-1, GROUP)
    for channel, bounds in zip(x, _bounds(magnitudes), strict=True):
        chosen = np.flatnonzero(bounds > above)
        for low, high in split_blocks(len(chosen), BATCH):
            some = chosen[low:high]
            peaks[some] = np.maximum(peaks[some], _between(channel, some))
    return peaks.reshape(-1)[:size]


def _highest(rows: Array) -> Array:
    """Returns the highest of each column. It goes row by row: `max(axis=...)` is 15 times slower for so few rows."""
    highest: Array = rows[0].copy()
    for row in rows[1:]:
        np.maximum(highest, row, out=highest)
    return highest


def highest_of(values: Array, count: int) -> Array:
    """Returns the highest of each `count` values in a row: (..., n) to (..., n / count).

    It halves them as often as it can: `max(axis=...)` takes twice as long for 16.
    """
    while count % 2 == 0:
        values, count = np.maximum(values[..., ::2], values[..., 1::2]), count // 2
    return values if count == 1 else np.asarray(values.reshape(*values.shape[:-1], -1, count).max(axis=-1))


def _closed(held: Array) -> Array:
    """Returns samples followed by enough silence that the waveform has ended, and that groups are whole."""
    most = held.shape[1] + 2 * REACH
    return np.pad(held, ((0, 0), (0, -(-most // GROUP) * GROUP - held.shape[1])))


def _highest_in(x: Array, found: float) -> float:
    """Returns the highest magnitude of a waveform, or `found` where that is higher.

    x: (channels, samples) float32, of which REACH samples at either end serve as context alone.
    """
    found = max(found, sample_peak(x))
    for channel, bounds in zip(x, _bounds(np.abs(x)), strict=True):
        chosen = np.argsort(-bounds, kind="stable")[: np.count_nonzero(bounds > found)]
        for low, high in split_blocks(len(chosen), BATCH):
            if bounds[chosen[low]] > found:
                found = max(found, float(_between(channel, chosen[low:high]).max()))
    return found


def _bounds(magnitudes: Array) -> Array:
    """Returns a level that the waveform of each group stays under, (channels, groups).

    The waveform is a weighted sum of samples: it stays under their highest times the sum of the weights' magnitudes.
    """
    highest = highest_of(magnitudes, GROUP)
    near = np.maximum(np.maximum(highest[:, :-2], highest[:, 1:-1]), highest[:, 2:])
    most = np.abs(_interpolators()).sum(axis=1).max()
    return np.asarray(near * np.float32(most * (1 + SLACK)))


def _between(channel: Array, groups: Array) -> Array:
    """Returns the highest magnitude after each sample and before the next, of some groups: (groups, GROUP) float32.

    channel: (samples,) float32, whole groups, REACH of them before the first group and after the last.
    """
    rows, parts = np.zeros((-(-len(groups) // ROWS), ROWS, WINDOW), np.float32), channel.reshape(-1, GROUP)
    windows = rows.reshape(-1, WINDOW)[: len(groups)]
    for part in range(WINDOW // GROUP):
        windows[:, part * GROUP : (part + 1) * GROUP] = parts[groups + part]
    waveform = (rows @ _products()).reshape(-1, OVERSAMPLING - 1, GROUP)[: len(groups)]
    np.abs(waveform, out=waveform)
    return np.asarray(np.maximum(np.maximum(waveform[:, 0], waveform[:, 1]), waveform[:, 2]))


@cache
def _interpolators() -> Array:
    """Returns the weights of samples n - REACH + 1 to n + REACH in the waveform at n + 1/4, 2/4 and 3/4."""
    away = np.arange(1, OVERSAMPLING)[:, None] / OVERSAMPLING - np.arange(1 - REACH, REACH + 1)
    window = np.i0(KAISER_BETA * np.sqrt(1 - np.square(away / REACH)))
    weights = np.sinc(away) * window
    return np.asarray(weights / weights.sum(axis=1, keepdims=True))


@cache
def _products() -> Array:
    """Returns the matrix of a group's waveform: WINDOW samples by (OVERSAMPLING - 1) * GROUP values, float32."""
    matrix = np.zeros((WINDOW, OVERSAMPLING - 1, GROUP), np.float32)
    for sample in range(GROUP):
        matrix[sample + 1 : sample + 1 + 2 * REACH, :, sample] = _interpolators().T
    return matrix.reshape(WINDOW, -1)
