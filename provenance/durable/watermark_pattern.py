"""Draws the watermark's pattern from a key and an identifier: one tile of waves, repeated over the picture.

A wave is one bin of the tile's Fourier transform. The key gives each wave its phase and its use: pilot waves are the
same for every identifier and show where the pattern is; the others carry the identifier's coded bits, a bit of 1 by
the opposite phase. Without the key the tile is noise.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

import numpy as np

from post.values.array import Array
from post.values.watermark_geometry import FASTEST_WAVE, SLOWEST_WAVE, TILE
from provenance.durable import watermark_ecc

PILOT_SHARE = 0.46  # of the waves
# The soft binding's name. It is also hashed with the key, so that nothing else derived from the key gives these waves.
ALGORITHM = "org.answerprint.mark.1"


@dataclass(frozen=True, slots=True, repr=False)
class Waves:
    """A key's waves.

    down, across: bins of the tile's spectrum, (n,) int, across >= 0; phases: (n,) complex64 of size 1; bit: the coded
    bit that each carries, (n,) int, -1 for a pilot.
    """

    down: Array
    across: Array
    phases: Array
    bit: Array


def make_waves(key: bytes) -> Waves:
    """Returns the waves of a key."""
    down, across = _band()
    count = len(down)
    stream = hashlib.shake_256(ALGORITHM.encode() + key).digest(12 * count)
    order = np.argsort(np.frombuffer(stream[: 8 * count], "<u8"), kind="stable")
    turns = np.frombuffer(stream[8 * count :], "<u4") / 2.0**32
    pilots = round(count * PILOT_SHARE)
    bit = np.full(count, -1)
    bit[order[pilots:]] = np.arange(count - pilots) % watermark_ecc.LENGTH
    return Waves(down, across, np.exp(2j * np.pi * turns).astype(np.complex64), bit)


def make_tile(key: bytes, identifier: int) -> Array:
    """Returns the pattern of an identifier: (TILE, TILE) float32, mean 0, variance 1, without a seam when repeated."""
    waves = make_waves(key)
    signs = np.append(watermark_ecc.encode(identifier), np.float32(1))  # the last one is bit -1
    spectrum = np.zeros((TILE, TILE // 2 + 1), np.complex128)
    spectrum[waves.down, waves.across] = waves.phases * signs[waves.bit]
    # A real picture's spectrum is symmetric: a bin of column 0 has its mirror image in column 0 too.
    upright = waves.across == 0
    spectrum[-waves.down[upright], 0] = spectrum[waves.down[upright], 0].conj()
    drawn = np.fft.irfft2(spectrum)
    return np.asarray(drawn / drawn.std(), np.float32)


def _band() -> tuple[Array, Array]:
    """Returns the bins of all waves, down and across, one of each mirrored pair."""
    down, across = np.mgrid[-FASTEST_WAVE : FASTEST_WAVE + 1, 0 : FASTEST_WAVE + 1]
    radius = np.hypot(down, across)
    one_of_each = (across > 0) | (down > 0)
    chosen = (radius >= SLOWEST_WAVE) & (radius <= FASTEST_WAVE) & one_of_each
    return down[chosen], across[chosen]
