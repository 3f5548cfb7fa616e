"""Writes a film in one pass: copies it block by block, reads each block back, and hashes it."""

from __future__ import annotations

import hashlib
import os
import struct
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from threading import Event, Thread
from typing import BinaryIO

from post.errors import SourceError
from provenance.manifest.bmff_layout import BLOCK_BYTES, PlacedBox
from provenance.manifest.request import FlatHash, Progress

# Bytes between two writes to the disk during the copy. One fsync of 200 MB at the end took half as long as
# hashing them.
_SYNC_BYTES = 32 << 20


def write_film(source: BinaryIO, out: BinaryIO, boxes: Sequence[PlacedBox], progress: Progress) -> FlatHash:
    """Writes the boxes of a film, and returns their flat hash, of the bytes as read back from `out`.

    source, out: unbuffered; `out` is open for reading and writing. Raises SourceError if the source ends
    early, OSError if `out` cannot be written or reads back otherwise, and what `progress` raises.
    """
    digest, total = hashlib.sha256(), boxes[-1].at + boxes[-1].size
    block = memoryview(bytearray(BLOCK_BYTES))
    unsynced = 0
    with _sync_in_background(out) as sync:
        for box in boxes:
            if box.covered:
                digest.update(struct.pack(">Q", box.at))
            at = box.at
            for data in _blocks(source, box, block):
                write_all(out, at, data)
                back = _read_back(out, at, len(data))
                if back != data:
                    raise OSError(None, "what was written reads back otherwise")
                if box.covered:
                    digest.update(back)
                at += len(data)
                unsynced += len(data)
                if unsynced >= _SYNC_BYTES:
                    sync.set()
                    unsynced = 0
                progress(at, total)
    return FlatHash(digest.digest(), tuple((box.at, box.size) for box in boxes if box.covered))


def write_all(out: BinaryIO, at: int, data: bytes | memoryview) -> None:
    """Writes all of `data` at a place of an unbuffered file, which may take less at a time."""
    out.seek(at)
    left = memoryview(data)
    while left:
        left = left[out.write(left) :]


def _blocks(source: BinaryIO, box: PlacedBox, block: memoryview) -> Iterator[memoryview]:
    """Yields the bytes of a box. block: where they are read to; each yield overwrites the last."""
    if box.data:
        data = memoryview(box.data)
        yield from (data[at : at + BLOCK_BYTES] for at in range(0, box.size, BLOCK_BYTES))
        return
    source.seek(box.source_at)
    left = box.size
    while left:
        count = source.readinto(block[: min(left, BLOCK_BYTES)])  # type: ignore[attr-defined]  # BinaryIO leaves it out
        if not count:
            raise SourceError(
                "the film grew shorter while it was being signed",
                where=str(getattr(source, "name", "")),
                expected=f"{left} more bytes",
                fix="let nothing else write to it",
            )
        yield block[:count]
        left -= count


def _read_back(out: BinaryIO, at: int, size: int) -> bytearray:
    back = bytearray(size)
    room = memoryview(back)
    out.seek(at)
    while room:
        count = out.readinto(room)  # type: ignore[attr-defined]  # BinaryIO leaves it out
        if not count:
            raise OSError(None, "what was written cannot be read back")
        room = room[count:]
    return back


@contextmanager
def _sync_in_background(out: BinaryIO) -> Iterator[Event]:
    """Starts a thread that writes a file to the disk each time the event is set.

    Leaving with an exception does not wait for the thread, which has a file handle of its own. An error that
    it met is raised at the end: the system reports a failed write only once.
    """
    requested, done = Event(), Event()
    failed: list[OSError] = []
    handle = os.dup(out.fileno())

    def sync() -> None:
        try:
            while requested.wait() and not done.is_set():
                requested.clear()
                os.fsync(handle)
        except OSError as exc:
            failed.append(exc)
        finally:
            os.close(handle)

    thread = Thread(target=sync, name="sync", daemon=True)
    thread.start()
    try:
        yield requested
        done.set()
        requested.set()
        thread.join()
    finally:
        done.set()
        requested.set()
    if failed:
        raise failed[0]
