"""The manifest store as it lies in a file, whatever the kind of file. Source: C2PA 2.4, A.3 and A.5.

The SDK tells what it made of a store and never hands out its bytes; signatures, time-stamps and stapled
revocation answers can only be judged from them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from itertools import islice
from pathlib import Path
from typing import BinaryIO, Literal

from post.errors import SourceError
from provenance.formats.bmff import layout

LIMIT = 64 << 20
_HEAD = 4  # version and flags of the uuid box
_USERTYPE = 16
_OFFSET = 8
_MAX_CHUNKS = 100_000


@dataclass(frozen=True, slots=True)
class Chunked:
    """A kind of file made of chunks side by side: where they start, where in a chunk's first eight bytes its
    kind and its size stand, what a manifest is called, and how many bytes stand behind what a chunk holds."""

    start: int
    kind: slice
    size: slice
    order: Literal["big", "little"]
    manifest: bytes
    behind: int = 0
    even: bool = False


# RIFF (Microsoft MCI, 1991), each chunk on an even byte; PNG (ISO/IEC 15948), 5.3, with a checksum.
_RIFF = Chunked(12, slice(0, 4), slice(4, 8), "little", b"C2PA", even=True)
_PNG = Chunked(8, slice(4, 8), slice(0, 4), "big", b"caBX", behind=4)
CHUNKED = {"audio/wav": _RIFF, "video/avi": _RIFF, "image/webp": _RIFF, "image/png": _PNG}


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


def chunks(source: BinaryIO, form: Chunked) -> Iterator[tuple[bytes, int]]:
    """The kind and size of each chunk; while one is looked at, the file stands at what it holds."""
    at = form.start
    while True:
        source.seek(at)
        head = source.read(8)
        if len(head) < 8:
            return
        size = int.from_bytes(head[form.size], form.order)
        yield head[form.kind], size
        at += 8 + size + form.behind + (size % 2 if form.even else 0)


def _in_chunks(source: BinaryIO, form: Chunked) -> Iterator[bytes]:
    for kind, size in islice(chunks(source, form), _MAX_CHUNKS):
        if kind == form.manifest:
            yield _read(source, source.tell(), size)
            return


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


BOXED = ("video/mp4", "video/quicktime", "audio/mp4", "image/heic", "image/avif")
_PLACES: dict[str, Callable[[BinaryIO], Iterator[bytes]]] = {
    **dict.fromkeys(BOXED, _in_boxes),
    **{kind: partial(_in_chunks, form=form) for kind, form in CHUNKED.items()},
    "image/jpeg": _in_segments,
    "audio/mpeg": _in_id3,
}
