"""Finds the manifest stores in a file of any kind.

The SDK says what it found in a store and never returns its bytes. Signatures, time-stamps and stapled
revocation answers can only be judged from these bytes. Source: C2PA 2.4, A.3 and A.5.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from itertools import islice
from pathlib import Path
from typing import BinaryIO, Literal

from post.errors import SourceError
from provenance.formats.bmff import read_layout
from provenance.formats.c2pa_box import MERKLE, read_c2pa_box
from provenance.formats.media_type import BMFF_TYPES

LIMIT = 64 << 20  # bytes of one store
_MAX_CHUNKS = 100_000


@dataclass(frozen=True, slots=True)
class ChunkFormat:
    """A kind of file made of chunks side by side.

    start: where the first chunk is, in bytes; kind, size: where these stand in a chunk's first eight bytes;
    order: of the bytes of a size; manifest: the kind of the chunk that holds a manifest store; behind: bytes
    that follow what a chunk holds; even: whether each chunk starts at an even byte.
    """

    start: int
    kind: slice
    size: slice
    order: Literal["big", "little"]
    manifest: bytes
    behind: int = 0
    even: bool = False


# RIFF (Microsoft MCI, 1991), each chunk on an even byte; PNG (ISO/IEC 15948), 5.3, with a checksum.
_RIFF = ChunkFormat(12, slice(0, 4), slice(4, 8), "little", b"C2PA", even=True)
_PNG = ChunkFormat(8, slice(4, 8), slice(0, 4), "big", b"caBX", behind=4)
CHUNKED = {"audio/wav": _RIFF, "video/avi": _RIFF, "image/webp": _RIFF, "image/png": _PNG}


def read_stores(path: Path, kind: str) -> tuple[bytes, ...]:
    """Returns the manifest stores of a file: one, or one and its updates; () where there is none.

    kind: the media type of the file. Raises SourceError if the file cannot be parsed or a store is larger
    than 64 MiB.
    """
    with path.open("rb") as source:
        return find_stores(source, kind)


def find_stores(source: BinaryIO, kind: str) -> tuple[bytes, ...]:
    """Returns the manifest stores of an open file, as `read_stores` does."""
    find = _FINDERS.get(kind)
    return tuple(store for store in find(source) if store) if find else ()


def iterate_chunks(source: BinaryIO, form: ChunkFormat) -> Iterator[tuple[bytes, int]]:
    """Yields (kind, bytes) of each chunk. At each, the file stands at what the chunk holds."""
    at = form.start
    while True:
        source.seek(at)
        head = source.read(8)
        if len(head) < 8:
            return
        size = int.from_bytes(head[form.size], form.order)
        yield head[form.kind], size
        at += 8 + size + form.behind + (size % 2 if form.even else 0)


def _in_boxes(source: BinaryIO) -> Iterator[bytes]:
    """ISO files: uuid boxes."""
    for box in read_layout(source).boxes:
        if not box.c2pa:
            continue
        found = read_c2pa_box(source, box)
        if found.purpose is not None and found.purpose != MERKLE:
            yield _read(source, found.store_at, found.stop - found.store_at)


def _in_segments(source: BinaryIO) -> Iterator[bytes]:
    """JPEG: APP11 segments of JUMBF, each repeating the box's header (ISO/IEC 18477-3, B.1)."""
    parts: dict[bytes, bytearray] = {}
    for body in _segments(source):
        if body[:2] == b"JP" and body[12:16] == b"jumb":
            store = parts.setdefault(body[2:4], bytearray())
            store += body[16:] if store else body[8:]
            _check_size(len(store))
    yield from (bytes(part) for part in parts.values() if b"c2pa" in part[:64])


def _segments(source: BinaryIO) -> Iterator[bytes]:
    """Yields the payloads of a JPEG's APP11 segments, up to the picture."""
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


def _in_chunks(source: BinaryIO, form: ChunkFormat) -> Iterator[bytes]:
    """RIFF and PNG: one chunk."""
    for kind, size in islice(iterate_chunks(source, form), _MAX_CHUNKS):
        if kind == form.manifest:
            yield _read(source, source.tell(), size)
            return


def _in_id3(source: BinaryIO) -> Iterator[bytes]:
    """MP3: a GEOB frame of ID3v2 (sizes are plain in 2.3, and have seven bits a byte in 2.4)."""
    source.seek(0)
    head = source.read(10)
    if len(head) < 10 or head[:3] != b"ID3":
        return
    stop = 10 + _seven_bits(head[6:10])
    while source.tell() + 10 < stop:
        frame = source.read(10)
        if len(frame) < 10:
            return
        size = _seven_bits(frame[4:8]) if head[3] == 4 else int.from_bytes(frame[4:8], "big")
        start = source.tell()
        if size == 0 or start + size > stop:
            return
        if frame[:4] == b"GEOB":
            body = _read(source, start, size)
            at = body.find(b"jumb")
            if b"c2pa" in body[:64] and at >= 4:
                yield body[at - 4 :]
        source.seek(start + size)


def _seven_bits(data: bytes) -> int:
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


_FINDERS: dict[str, Callable[[BinaryIO], Iterator[bytes]]] = {
    **dict.fromkeys(BMFF_TYPES, _in_boxes),
    **{kind: partial(_in_chunks, form=form) for kind, form in CHUNKED.items()},
    "image/jpeg": _in_segments,
    "audio/mpeg": _in_id3,
}
