"""Long sound lies in a file while it is worked on: an hour of stereo has 1.4 GB."""

from __future__ import annotations

import mmap
from collections.abc import Iterator
from tempfile import TemporaryFile

import numpy as np

from post.sound.pcm import split_blocks
from post.values.array import Array

BLOCK = 1 << 16
IN_MEMORY = 1 << 26  # bytes: 3 minutes of stereo at 48 kHz
LET_GO = 1 << 28  # bytes of a file that may be in memory before it is let go of


def silent_pcm(length: int, channels: int) -> Array:
    """Returns silence, (length, channels) float32, to be written into: in memory, or in a temporary file without a name
    if it is long."""
    if length * channels * 4 <= IN_MEMORY:
        return np.zeros((length, channels), np.float32)
    with TemporaryFile() as file:
        file.truncate(length * channels * 4)
        return np.memmap(file, np.float32, "r+", shape=(length, channels))


def let_go(pcm: Array) -> None:
    """Takes what was read and written of long sound out of this process's memory. Its file keeps it."""
    held = getattr(pcm, "_mmap", None)
    if held is not None and hasattr(mmap, "MADV_DONTNEED"):
        held.madvise(mmap.MADV_DONTNEED)


def block_spans(pcm: Array, first: int = 0, stop: int | None = None) -> Iterator[tuple[int, int]]:
    """Yields (first, stop) of the blocks in which sound is worked on, and lets go of it on the way."""
    start, end, passed = first, len(pcm) if stop is None else stop, 0
    for a, b in split_blocks(end - start, BLOCK):
        yield start + a, start + b
        passed += (b - a) * pcm.strides[0]
        if passed > LET_GO:
            let_go(pcm)
            passed = 0
    let_go(pcm)
