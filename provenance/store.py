"""The manifest store as it lies in a file, whatever the kind of file. Source: C2PA 2.4, A.3 and A.5.

The SDK tells what it made of a store and never hands out its bytes; signatures, time-stamps and stapled
revocation answers can only be judged from them.
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import BinaryIO

from post.errors import SourceError
from provenance.boxes import layout

LIMIT = 64 << 20
_HEAD = 4  # version and flags of the uuid box
_USERTYPE = 16
_OFFSET = 8
_MAX_CHUNKS = 100_000


def store(path: Path, kind: str) -> tuple[bytes, ...]:
    """The manifest stores of a file of a media type: one, or one and its updates; () where none is found.

    Raises SourceError where the file cannot be walked or a store is larger than 64 MiB.
    """
    with path.open("rb") as source:
        return stores_in(source, kind)


def stores_in(source: BinaryIO, kind: str) -> tuple[bytes, ...]:
    """As `store`, of an open file."""
    find = _PLACES.get(kind)
    return tuple(part for part in find(source) if part) if find else ()


def _in_boxes(source: BinaryIO) -> Iterator[bytes]:
    for box in layout(source).boxes:
        if not box.c2pa:
            continue
        source.seek(box.payload + _USERTYPE + _HEAD)
        purpose, end, _ = source.read(32).partition(b"\0")
        if end and purpose != b"merkle":
            start = box.payload + _USERTYPE + _HEAD + len(purpose) + 1 + _OFFSET
            yield _read(source, start, box.stop - start)


def _in_segments(source: BinaryIO) -> Iterator[bytes]:
    """JPEG: APP11 segments of JUMBF, each repeating the box's header (ISO/IEC 18477-3, B.1)."""
    parts: dict[bytes, bytearray] = {}
    for body in _segments(source):
        if body[:2] == b"JP" and body[12:16] == b"jumb":
            held = parts.setdefault(body[2:4], bytearray())
            held += body[16:] if held else body[8:]
            _check_size(len(held))
    yield from (bytes(part) for part in parts.values() if b"c2pa" in part[:64])


def _segments(source: BinaryIO) -> Iterator[bytes]:
    """The payloads of a JPEG's APP11 segments, up to the picture."""
    source.seek(2)
    for _ in range(_MAX_CHUNKS):
        head = source.read(4)
        if len(head) < 4 or head[0] != 0xFF or head[1] == 0xDA:
            return
        size = int.from_bytes(head[2:], "big") - 2
        if head[1] == 0xEB:
            yield source.read(max(0, size))
        else:
            source.seek(max(0, size), 1)


def _in_chunks(source: BinaryIO) -> Iterator[bytes]:
    source.seek(8)
    for _ in range(_MAX_CHUNKS):
        head = source.read(8)
        if len(head) < 8:
            return
        size, kind = struct.unpack(">I4s", head)
        if kind == b"caBX":
            yield _read(source, source.tell(), size)
            return
        source.seek(size + 4, 1)


def _in_riff(source: BinaryIO) -> Iterator[bytes]:
    source.seek(12)
    for _ in range(_MAX_CHUNKS):
        head = source.read(8)
        if len(head) < 8:
            return
        kind, size = struct.unpack("<4sI", head)
        if kind == b"C2PA":
            yield _read(source, source.tell(), size)
            return
        source.seek(size + size % 2, 1)


def _in_id3(source: BinaryIO) -> Iterator[bytes]:
    """MP3: a GEOB frame of ID3v2 (its sizes plain in 2.3, seven bits a byte in 2.4)."""
    source.seek(0)
    head = source.read(10)
    if len(head) < 10 or head[:3] != b"ID3":
        return
    stop = 10 + _seven(head[6:10])
    while source.tell() + 10 < stop:
        frame = source.read(10)
        if len(frame) < 10:
            return
        size = _seven(frame[4:8]) if head[3] == 4 else int.from_bytes(frame[4:8], "big")
        start = source.tell()
        if size == 0 or start + size > stop:
            return
        if frame[:4] == b"GEOB":
            body = _read(source, start, size)
            at = body.find(b"jumb")
            if b"c2pa" in body[:64] and at >= 4:
                yield body[at - 4 :]
        source.seek(start + size)


def _seven(data: bytes) -> int:
    return sum((byte & 127) << shift for byte, shift in zip(data, (21, 14, 7, 0), strict=True))


def _read(source: BinaryIO, start: int, size: int) -> bytes:
    _check_size(size)
    source.seek(start)
    return source.read(max(0, size))


def _check_size(size: int) -> None:
    if size > LIMIT:
        raise SourceError(
            "a manifest store is too large", where="manifest", expected=f"at most {LIMIT} bytes", got=size
        )


_BOXED = ("video/mp4", "video/quicktime", "audio/mp4", "image/heic", "image/avif")
_PLACES: dict[str, Callable[[BinaryIO], Iterator[bytes]]] = {
    **dict.fromkeys(_BOXED, _in_boxes),
    **dict.fromkeys(("audio/wav", "video/avi", "image/webp"), _in_riff),
    "image/jpeg": _in_segments,
    "image/png": _in_chunks,
    "audio/mpeg": _in_id3,
}
