"""Makes steady noise of a given spectrum: no part of it is like another, and any part is the same whoever asks."""

from __future__ import annotations

import numpy as np

from post.values.array import Array


def make_noise(factors: Array, first: int, stop: int, seed: int) -> Array:
    """Returns samples first..stop-1, from 0 on, of an endless noise, (stop - first, channels) float32.

    factors: (bins, channels, channels) complex, what turns unlike noises into this one, bin by bin; seed: 0 to
    2**128 - 1. Blocks of random phases and amplitudes overlap by half, each as loud as the window's square, so that
    the power is the same everywhere.
    """
    size = 2 * (len(factors) - 1)
    hop = size // 2
    rise = np.sin(np.pi * (np.arange(size) + 0.5) / size).astype(np.float32)
    start, end = first // hop - 1, -(-stop // hop)
    made = np.zeros(((end - start + 1) * hop, factors.shape[1]), np.float32)
    for number in range(start, end):
        block = np.fft.irfft(_coefficients(factors, seed, number), size, axis=0)
        at = (number - start) * hop
        made[at : at + size] += (block * rise[:, None]).astype(np.float32)
    skipped = first - start * hop
    return made[skipped : skipped + stop - first]


def _coefficients(factors: Array, seed: int, number: int) -> Array:
    """Returns the spectrum of one block, (bins, channels). Its noise depends on nothing but the seed and its number."""
    bits = np.random.Philox(key=seed, counter=[0, 0, 0, number + 1])
    drawn = np.random.Generator(bits).standard_normal((2, *factors.shape[:2]), dtype=np.float32)
    unlike = (drawn[0] + 1j * drawn[1]) * np.float32(np.sqrt(0.5))
    return np.asarray(np.einsum("bij,bj->bi", factors, unlike))
