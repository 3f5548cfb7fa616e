"""Lets go of long sound on the way: what lies in a file need not stay in memory once it was read or written."""

from __future__ import annotations

import mmap
from collections.abc import Iterator

from post.sound.pcm import split_blocks
from post.values.array import Array

BLOCK = 1 << 16
LET_GO = 1 << 28  # bytes of a file that may be in memory before it is let go of


def let_go(pcm: Array) -> None:
    """Takes sound that lies in a file (np.memmap) out of this process's memory. The file keeps it."""
    held: object = pcm
    while held is not None and not isinstance(held, mmap.mmap):
        held = getattr(held, "base", None)
    if held is not None and hasattr(mmap, "MADV_DONTNEED"):
        held.madvise(mmap.MADV_DONTNEED)


def block_spans(pcm: Array, first: int = 0, stop: int | None = None) -> Iterator[tuple[int, int]]:
    """Yields (first, stop) of the blocks in which sound is read, and lets go of it on the way."""
    start, end, passed = first, len(pcm) if stop is None else stop, 0
    for a, b in split_blocks(end - start, BLOCK):
        yield start + a, start + b
        passed += (b - a) * pcm.strides[0]
        if passed > LET_GO:
            let_go(pcm)
            passed = 0
    let_go(pcm)
