"""Convolves long sound with a long answer, in blocks: both are cut into partitions, and their spectra are multiplied.

Source: uniformly partitioned overlap-save convolution; F. Wefers, "Partitioned convolution algorithms for real-time
auralization", 2015, chapter 5.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator

import numpy as np

from post.sound.pcm import split_blocks
from post.values.array import Array

# Transforms of 16384 keep every array under 128 KiB, which an allocator gives again without asking the system for new
# pages. A long answer has fewer and longer partitions.
PARTITION, LONG_PARTITION, MOST_PARTITIONS = 1 << 13, 1 << 15, 4


def convolve(pcm: Array, answers: Array) -> Iterator[tuple[int, Array]]:
    """Yields (first sample, (outputs, samples)), float32, of sound after its answers, as far as the sound goes.

    pcm: (samples, inputs) float32; answers: (inputs, outputs, taps) float32: what each output hears of each input.
    Samples that are not yielded are silent.
    """
    taps = answers.shape[2]
    size = PARTITION if taps <= MOST_PARTITIONS * PARTITION else LONG_PARTITION
    parts = [_spectra(answers[:, :, first:stop], 2 * size) for first, stop in split_blocks(taps, size)]
    heard = deque[Array | None]([None] * len(parts), maxlen=len(parts))
    window = np.zeros((pcm.shape[1], 2 * size), np.float32)
    for first, stop in split_blocks(len(pcm), size):
        window[:, :size] = window[:, size:]
        window[:, size : size + stop - first] = pcm[first:stop].T
        window[:, size + stop - first :] = 0
        heard.appendleft(_spectra(window, 2 * size) if window.any() else None)
        both = [(now, part) for now, part in zip(heard, parts, strict=True) if now is not None]
        if both:
            yield first, _summed(both)[:, size : size + stop - first]


def _spectra(pcm: Array, size: int) -> Array:
    """Returns the spectra of the last axis, padded to `size` samples, complex64: one transform at a time."""
    spectra = np.empty((*pcm.shape[:-1], size // 2 + 1), np.complex64)
    for row in np.ndindex(*pcm.shape[:-1]):
        spectra[row] = np.fft.rfft(pcm[row], size)
    return spectra


def _summed(both: list[tuple[Array, Array]]) -> Array:
    """Returns the sound of spectra times those of their partitions, added up: (outputs, samples) float32."""
    outputs = both[0][1].shape[1]
    bins = both[0][0].shape[1]
    total, product = np.zeros(bins, np.complex64), np.empty(bins, np.complex64)
    made = np.empty((outputs, 2 * (bins - 1)), np.float32)
    for output in range(outputs):
        total[:] = 0
        for now, part in both:
            for given, answer in zip(now, part[:, output], strict=True):
                total += np.multiply(given, answer, out=product)
        made[output] = np.fft.irfft(total, made.shape[1])
    return made
