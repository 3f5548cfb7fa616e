"""Where a manifest store goes in a film, and which bytes its hash covers.

The store lies behind `ftyp`; everything after it moves down, and chunk offsets with it. The hash is
flat: over each outermost box that is not left out, its place in the file and then the box itself.
Sources: C2PA 2.4, 18.7 (BMFF-based hash, version 3), A.5.1 (the uuid box); ISO/IEC 14496-12:2022, 8.7.5.
"""

from __future__ import annotations

import hashlib
import io
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, BinaryIO

import numpy as np

from post.errors import SourceError
from provenance.formats.bmff import C2PA_USERTYPE, Box, Layout, layout, payload, walk
from provenance.formats.mp4_tags import XMP_USERTYPE
from provenance.manifest.request import Hashed, Progress, quiet

HASH_LABEL = "c2pa.hash.bmff.v3"
BLOCK_BYTES = 1 << 19  # with its copy, within the cache of a core
# The index of nine hours of film at 24 frames a second, with sound.
MAX_INDEX = 32 << 20
# Boxes with places in the file other than chunk offsets; the SDK moves some of them.
_OTHER_PLACES = frozenset(("saio", "iloc", "cmov"))
_FRAGMENTED = frozenset(("moof", "mfra", "styp", "sidx"))
_WIDTH = {"stco": ">u4", "co64": ">u8"}
_PURPOSE = b"\0\0\0\0manifest\0" + bytes(8)  # version and flags; what it holds; no Merkle box


class Unsuited(Exception):  # noqa: N818  no error: the SDK copies the film instead
    """Why a film cannot be signed in one pass."""


@dataclass(frozen=True)
class Piece:
    """One outermost box of a film to be written. at, size: where it will lie; source_at: where its bytes
    lie in the source; data: its bytes, where they are not the source's."""

    kind: str
    at: int
    size: int
    covered: bool
    source_at: int = 0
    data: bytes = b""


def box_of(store: bytes) -> bytes:
    """The uuid box of a manifest store (A.5.1)."""
    inner = C2PA_USERTYPE + _PURPOSE + store
    return struct.pack(">I4s", 8 + len(inner), b"uuid") + inner


def store_of(source: BinaryIO, found: Layout) -> bytes:
    """The manifest store as it lies in a film's uuid box; b"" where there is none."""
    boxes = [box for box in found.boxes if box.c2pa]
    return payload(source, boxes[0])[16 + len(_PURPOSE) :] if len(boxes) == 1 else b""


def hash_assertion(digest: bytes) -> dict[str, Any]:
    """The hash assertion's data."""
    return {**binding(), "hash": list(digest)}


def binding() -> dict[str, Any]:
    """What every hash assertion says. The three boxes left out are those the standard names (18.7.2)."""
    manifest = {"xpath": "/uuid", "data": [{"offset": 8, "value": list(C2PA_USERTYPE)}]}
    return {
        "exclusions": [manifest, {"xpath": "/ftyp"}, {"xpath": "/mfra"}],
        "alg": "sha256",
        "name": "jumbf manifest",
    }


def covered(found: Layout) -> tuple[Box, ...]:
    """The outermost boxes that the hash covers."""
    return tuple(box for box in found.boxes if not box.c2pa and box.kind not in ("ftyp", "mfra"))


def hashed(source: BinaryIO, progress: Progress = quiet) -> Hashed:
    """A film hashed as it lies there.

    Raises SourceError where its boxes do not fill the file.
    """
    found = layout(source)
    if found.rest or any(box.missing for box in found.boxes):
        raise SourceError("the film is cut short", where=str(getattr(source, "name", "")))
    digest, total = hashlib.sha256(), source.seek(0, 2)
    for box in covered(found):
        digest.update(struct.pack(">Q", box.start))
        source.seek(box.start)
        for at in range(box.start, box.stop, BLOCK_BYTES):
            digest.update(source.read(min(BLOCK_BYTES, box.stop - at)))
            progress(at, total)
    return Hashed(digest.digest(), extents(found))


def extents(found: Layout) -> tuple[tuple[int, int], ...]:
    """(start, size) of each box the hash covers."""
    return tuple((box.start, box.size) for box in covered(found))


def opening(source: BinaryIO) -> bytes:
    """A film's `ftyp`: enough for the SDK to sign a hash it is given.

    Raises Unsuited where the film does not open with one.
    """
    boxes = layout(source).boxes
    if not boxes or boxes[0].kind != "ftyp":
        raise Unsuited("the film does not open with ftyp")
    source.seek(0)
    return source.read(boxes[0].size)


def xmp_of(source: BinaryIO) -> bytes:
    """The box of a film's XMP; b"" where it has none.

    Raises Unsuited where it has several, or one that cannot change its size without moving the media.
    """
    boxes = layout(source).boxes
    found = [box for box in boxes if box.usertype == XMP_USERTYPE]
    if not found:
        return b""
    if len(found) > 1 or any(box.kind == "mdat" and box.start > found[0].start for box in boxes):
        raise Unsuited("its XMP lies before its media, or in several places")
    source.seek(found[0].start)
    return source.read(found[0].size)


def pieces(source: BinaryIO, added: bytes, xmp: bytes = b"") -> tuple[Piece, ...]:
    """A film as it will lie with boxes added behind its `ftyp`.

    added: these boxes, each of its final size; xmp: a box to write instead of its own.
    Raises Unsuited where its offsets cannot be moved.
    """
    try:
        found = layout(source)
        _check_suited(found)
        return tuple(_pieces(source, found, added, xmp))
    except SourceError as exc:
        raise Unsuited(str(exc)) from exc


def _pieces(source: BinaryIO, found: Layout, added: bytes, xmp: bytes) -> Iterator[Piece]:
    first, *others = found.boxes
    yield Piece("ftyp", 0, first.size, covered=False)
    for box in layout(io.BytesIO(added)).boxes:
        data = added[box.start : box.stop]
        yield Piece("uuid", first.stop + box.start, box.size, covered=not box.c2pa, data=data)
    at = first.stop + len(added)
    for box in others:
        data = _moved(source, box, len(added)) if box.kind == "moov" else b""
        if box.usertype == XMP_USERTYPE:
            data = xmp
        size = len(data) or box.size
        yield Piece(box.kind, at, size, covered=True, source_at=box.start, data=data)
        at += size


def _check_suited(found: Layout) -> None:
    kinds = [box.kind for box in found.boxes]
    reasons = (
        (not kinds or kinds[0] != "ftyp", "the film does not open with ftyp"),
        (kinds.count("moov") != 1, "the film has no single index (moov)"),
        (bool(_FRAGMENTED & set(kinds)), "the film is fragmented"),
        ("meta" in kinds, "items lie outside its tracks (meta)"),
        (found.rest > 0 or any(box.missing for box in found.boxes), "its boxes do not fill the file"),
    )
    for unsuited, why in reasons:
        if unsuited:
            raise Unsuited(why)


def _moved(source: BinaryIO, moov: Box, by: int) -> bytes:
    """A film's index, all chunk offsets `by` bytes further on."""
    source.seek(moov.start)
    if moov.size > MAX_INDEX:
        raise Unsuited(f"its index is over {MAX_INDEX >> 20} MiB")
    index = bytearray(source.read(moov.size))
    view = io.BytesIO(bytes(index))
    for box in walk(view, layout(view).boxes[0]):
        if box.kind in _OTHER_PLACES:
            raise Unsuited(f"places in the file in {box.path}")
        if box.kind in _WIDTH:
            index[box.payload : box.stop] = _shifted(payload(view, box), _WIDTH[box.kind], by)
    return bytes(index)


def _shifted(table: bytes, kind: str, by: int) -> bytes:
    """A chunk offset table, moved (14496-12, 8.7.5: version and flags, count, offsets)."""
    width = np.dtype(kind).itemsize
    count = int.from_bytes(table[4:8], "big")
    if len(table) < 8 + count * width:
        raise Unsuited("a table of chunk offsets is cut short")
    offsets = np.frombuffer(table, kind, count, 8).astype(np.uint64)
    if count and int(offsets.max()) + by > np.iinfo(np.dtype(kind)).max:
        raise Unsuited("chunk offsets outgrow their 32 bits")
    moved: bytes = (offsets + np.uint64(by)).astype(kind).tobytes()
    return table[:8] + moved + table[8 + count * width :]
