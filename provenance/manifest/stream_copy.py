"""A film written in one pass: copied block by block, and each block read back and hashed where it lies."""

from __future__ import annotations

import hashlib
import os
import struct
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from threading import Event, Thread
from typing import BinaryIO

from post.errors import SourceError
from provenance.manifest.bmff_layout import BLOCK_BYTES, Piece
from provenance.manifest.request import Hashed, Progress

# Written out to the disk behind the copying: an fsync of 200 MB at the end took half as long as hashing them.
_SYNC_BYTES = 32 << 20


def write_film(source: BinaryIO, out: BinaryIO, pieces: Sequence[Piece], progress: Progress) -> Hashed:
    """Writes the pieces of a film; comes back with their flat hash, of the bytes as read from `out`.

    source, out: unbuffered, `out` open for both. Raises SourceError where the source ends early, OSError
    where it cannot be written, and what `progress` raised.
    """
    digest, total = hashlib.sha256(), pieces[-1].at + pieces[-1].size
    block = memoryview(bytearray(BLOCK_BYTES))
    unsynced = 0
    with _synced_behind(out) as sync:
        for piece in pieces:
            if piece.covered:
                digest.update(struct.pack(">Q", piece.at))
            at = piece.at
            for data in _blocks(source, piece, block):
                write_all(out, at, data)
                back = _read_back(out, at, len(data))
                if back != data:
                    raise OSError(None, "what was written reads back otherwise")
                if piece.covered:
                    digest.update(back)
                at += len(data)
                unsynced += len(data)
                if unsynced >= _SYNC_BYTES:
                    sync.set()
                    unsynced = 0
                progress(at, total)
    boxes = tuple((piece.at, piece.size) for piece in pieces if piece.covered)
    return Hashed(digest.digest(), boxes)


def _blocks(source: BinaryIO, piece: Piece, block: memoryview) -> Iterator[memoryview]:
    if piece.data:
        data = memoryview(piece.data)
        yield from (data[at : at + BLOCK_BYTES] for at in range(0, piece.size, BLOCK_BYTES))
        return
    source.seek(piece.source_at)
    left = piece.size
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


def write_all(out: BinaryIO, at: int, data: bytes | memoryview) -> None:
    """Writes all of it to an unbuffered file: a disk about to run full takes a part."""
    out.seek(at)
    left = memoryview(data)
    while left:
        left = left[out.write(left) :]


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
def _synced_behind(out: BinaryIO) -> Iterator[Event]:
    """Sets a thread to writing to the disk whenever told. Whoever leaves early does not wait for it: it
    works on a handle of its own. What it meets is raised at the end: the system tells of an error once."""
    told, done = Event(), Event()
    failed: list[OSError] = []
    handle = os.dup(out.fileno())

    def syncing() -> None:
        try:
            while told.wait() and not done.is_set():
                told.clear()
                os.fsync(handle)
        except OSError as exc:
            failed.append(exc)
        finally:
            os.close(handle)

    thread = Thread(target=syncing, name="sync", daemon=True)
    thread.start()
    try:
        yield told
        done.set()
        told.set()
        thread.join()
    finally:
        done.set()
        told.set()
    if failed:
        raise failed[0]
