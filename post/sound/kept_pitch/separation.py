"""Splits sound into what sounds on (tones) and what strikes (clicks, consonants), block by block."""

from __future__ import annotations

import numpy as np

from post.sound.varispeed import Fetch
from post.values.array import Array

WINDOW_S = 0.043  # a window of the spectrum: 2048 samples at 44.1 and 48 kHz
OVERLAP = 4  # windows over each sample
TONE_S, STRIKE_HZ = 0.11, 260  # how far medians look along time and along frequency
BLOCK = 128  # hops in a block that is split at once
KEPT = 24  # blocks: half a minute of stereo, 25 MB


def window_samples(rate_hz: int) -> int:
    """Returns the power of two that is nearest to WINDOW_S, in samples."""
    return int(2 ** round(np.log2(WINDOW_S * rate_hz)))


class SplitSound:
    """A source whose tones and strikes can be read apart. Their sum is the source.

    Spectra lie on one grid of source samples, so that a sample has one value, whichever range it is read in.
    Source: Fitzgerald, "Harmonic/percussive separation using median filtering", DAFx 2010.
    """

    def __init__(self, fetch: Fetch, rate_hz: int) -> None:
        self._fetch = fetch
        self.rate_hz = rate_hz
        self.channels = int(fetch(0, 1).shape[1])
        self._size = window_samples(rate_hz)
        self._hop = self._size // OVERLAP
        self._window = np.hanning(self._size + 1)[:-1]
        self._along = 2 * round(TONE_S * rate_hz / self._hop / 2) + 1
        self._across = 2 * round(STRIKE_HZ * self._size / rate_hz / 2) + 1
        self._blocks: dict[int, Array] = {}

    def read(self, first: int, stop: int) -> Array:
        """Returns samples first..stop-1 of tones and strikes, (2, stop - first, channels) float32."""
        length = BLOCK * self._hop
        numbers = range(first // length, (stop - 1) // length + 1)
        parts = [
            self._block(each)[:, max(0, first - each * length) : min(length, stop - each * length)]
            for each in numbers
        ]
        return np.concatenate(parts, axis=1)

    def _block(self, number: int) -> Array:
        if number not in self._blocks:
            while len(self._blocks) >= KEPT:
                del self._blocks[next(iter(self._blocks))]
            self._blocks[number] = self._split(number)
        return self._blocks[number]

    def _split(self, number: int) -> Array:
        hop, size = self._hop, self._size
        margin = OVERLAP // 2 + self._along // 2
        frames = np.arange(BLOCK + 1 + 2 * margin) * hop
        first = number * BLOCK * hop - margin * hop - size // 2
        pcm = np.asarray(self._fetch(first, first + int(frames[-1]) + size), np.float64)
        windows = np.lib.stride_tricks.sliding_window_view(pcm, size, axis=0)[::hop]
        spectrum = np.fft.rfft(windows * self._window, axis=2)  # (frames, channels, bins)
        strength = np.abs(spectrum).sum(axis=1).astype(np.float32)
        tones, strikes = _medians(strength.T, self._along).T, _medians(strength, self._across)
        spectrum *= (tones > strikes)[:, None]
        kept = np.fft.irfft(spectrum, size, axis=2) * (self._window / 1.5)
        sum_ = np.zeros_like(pcm)
        for frame, at in zip(kept, frames, strict=True):
            sum_[at : at + size] += frame.T
        start = margin * hop + size // 2
        block = slice(start, start + BLOCK * hop)
        return np.stack([sum_[block], pcm[block] - sum_[block]]).astype(np.float32)


def _medians(rows: Array, width: int) -> Array:
    """Returns the median of `width` neighbours, an odd number, in each row; rows go on as they end."""
    padded = np.pad(rows, ((0, 0), (width // 2, width // 2)), mode="edge")
    around = np.lib.stride_tricks.sliding_window_view(padded, width, axis=1)
    return np.partition(around, width // 2, axis=2)[:, :, width // 2]
