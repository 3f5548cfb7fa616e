"""The keyed pattern: one tile of waves, some to be found by, the others carrying the identifier's bits.

A wave is one bin of the tile's Fourier transform. The key gives each its phase and says what it is for; an
identifier's coded bits turn phases half round. Without the key the tile is noise.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

import numpy as np

from post.values.array import Array
from provenance.durable import watermark_ecc

TILE = 256  # cells; a cell is a pixel of a film of 720 lines
# Waves to a tile. Slower ones drown in the picture, faster ones are lost below 0.4 of the size.
SLOWEST, FASTEST = 12, 44
FOUND_BY = 0.46  # share of the waves that are the same for every identifier
# The soft binding's name, and what keeps these waves apart from anything else made of the key.
ALGORITHM = "org.answerprint.mark.1"


@dataclass(frozen=True, slots=True, repr=False)
class Waves:
    """A key's waves. down, across: bins, (n,) int, across >= 0; phases: (n,) complex64 of size 1;
    bit: the coded bit each carries, -1 for those that are found by."""

    down: Array
    across: Array
    phases: Array
    bit: Array


def waves(key: bytes) -> Waves:
    """The waves of a key."""
    down, across = _band()
    count = len(down)
    stream = hashlib.shake_256(ALGORITHM.encode() + key).digest(12 * count)
    order = np.argsort(np.frombuffer(stream[: 8 * count], "<u8"), kind="stable")
    turns = np.frombuffer(stream[8 * count :], "<u4") / 2.0**32
    found_by = round(count * FOUND_BY)
    bit = np.full(count, -1)
    bit[order[found_by:]] = np.arange(count - found_by) % watermark_ecc.LENGTH
    return Waves(down, across, np.exp(2j * np.pi * turns).astype(np.complex64), bit)


def tile(key: bytes, identifier: int) -> Array:
    """The pattern of an identifier: (TILE, TILE) float32, mean 0, variance 1, a torus."""
    mine = waves(key)
    signs = np.append(watermark_ecc.encode(identifier), np.float32(1))  # the last one is bit -1
    spectrum = np.zeros((TILE, TILE // 2 + 1), np.complex128)
    spectrum[mine.down, mine.across] = mine.phases * signs[mine.bit]
    # A wave that does not go across is its own mirror image.
    upright = mine.across == 0
    spectrum[-mine.down[upright], 0] = spectrum[mine.down[upright], 0].conj()
    drawn = np.fft.irfft2(spectrum)
    return np.asarray(drawn / drawn.std(), np.float32)


def _band() -> tuple[Array, Array]:
    down, across = np.mgrid[-FASTEST : FASTEST + 1, 0 : FASTEST + 1]
    radius = np.hypot(down, across)
    one_of_each = (across > 0) | (down > 0)
    kept = (radius >= SLOWEST) & (radius <= FASTEST) & one_of_each
    return down[kept], across[kept]
