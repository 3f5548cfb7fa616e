"""Finds where a manifest store goes in a film, and which bytes its hash covers.

The store is written after `ftyp`. All later boxes move down, so chunk offsets are made larger. The hash is flat: it
is taken over each outermost box that is not left out, its offset in the file first and then its bytes.
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
from provenance.formats.bmff import C2PA_USERTYPE, Box, Layout, read_layout, read_payload, walk
from provenance.formats.c2pa_box import build_store_box, read_c2pa_box
from provenance.formats.mp4_tags import XMP_USERTYPE
from provenance.manifest.request import FlatHash, Progress, ignore_progress

HASH_LABEL = "c2pa.hash.bmff.v3"
BLOCK_BYTES = 1 << 19  # with its copy, this fits into the cache of a core
# The index of nine hours of film at 24 frames a second, with sound.
MAX_INDEX = 32 << 20
# Boxes that hold file offsets other than those of chunks; the SDK can change some of them.
_OTHER_PLACES = frozenset(("saio", "iloc", "cmov"))
_FRAGMENTED = frozenset(("moof", "mfra", "styp", "sidx"))
_OFFSET_TYPES = {"stco": ">u4", "co64": ">u8"}
# The boxes that the standard leaves out of the hash (18.7.2), besides the manifest's own.
_LEFT_OUT = ("ftyp", "mfra")


class Unsuited(Exception):  # noqa: N818  not an error: the SDK copies the film instead
    """Says why a film cannot be signed in one pass."""


@dataclass(frozen=True)
class PlacedBox:
    """One outermost box of a film to be written.

    at, size: its place in the new file, in bytes; covered: whether the hash covers it; source_at: where its
    bytes are in the source; data: its bytes, if they differ from those of the source.
    """

    kind: str
    at: int
    size: int
    covered: bool
    source_at: int = 0
    data: bytes = b""


def wrap_store(store: bytes) -> bytes:
    """Returns the uuid box of a manifest store (A.5.1)."""
    return build_store_box(store)


def read_store(source: BinaryIO, found: Layout) -> bytes:
    """Returns the manifest store in a film's uuid box; b"" if the film has no such box, or several."""
    boxes = [box for box in found.boxes if box.c2pa]
    if len(boxes) != 1:
        return b""
    held = read_c2pa_box(source, boxes[0])
    return read_payload(source, boxes[0])[held.store_at - boxes[0].payload :]


def build_hash_assertion(digest: bytes) -> dict[str, Any]:
    """Returns the hash assertion's data. digest: sha256, 32 bytes."""
    return {**build_hash_parameters(), "hash": list(digest)}


def build_hash_parameters() -> dict[str, Any]:
    """Returns the part of a hash assertion's data that is the same for every film.

    It leaves out of the hash the three boxes that the standard says: the manifest's own, `ftyp` and `mfra`.
    """
    manifest = {"xpath": "/uuid", "data": [{"offset": 8, "value": list(C2PA_USERTYPE)}]}
    return {
        "exclusions": [manifest, *({"xpath": f"/{kind}"} for kind in _LEFT_OUT)],
        "alg": "sha256",
        "name": "jumbf manifest",
    }


def covered_boxes(found: Layout) -> tuple[Box, ...]:
    """Returns the outermost boxes that the hash covers, in file order."""
    return tuple(box for box in found.boxes if not box.c2pa and box.kind not in _LEFT_OUT)


def hash_covered(source: BinaryIO, progress: Progress = ignore_progress) -> FlatHash:
    """Returns the flat hash of a film as it is in the file.

    Raises SourceError if its boxes do not fill the file, and what `progress` raises.
    """
    found = read_layout(source)
    if found.rest or any(box.missing for box in found.boxes):
        raise SourceError("the film is cut short", where=str(getattr(source, "name", "")))
    digest, total = hashlib.sha256(), source.seek(0, 2)
    for box in covered_boxes(found):
        digest.update(struct.pack(">Q", box.start))
        source.seek(box.start)
        for at in range(box.start, box.stop, BLOCK_BYTES):
            digest.update(source.read(min(BLOCK_BYTES, box.stop - at)))
            progress(at, total)
    return FlatHash(digest.digest(), covered_extents(found))


def covered_extents(found: Layout) -> tuple[tuple[int, int], ...]:
    """Returns (start, size) in bytes of each box that the hash covers."""
    return tuple((box.start, box.size) for box in covered_boxes(found))


def read_ftyp(source: BinaryIO) -> bytes:
    """Returns a film's `ftyp` box, which is all that the SDK needs in order to sign a given hash.

    Raises Unsuited if the film does not begin with one.
    """
    boxes = read_layout(source).boxes
    if not boxes or boxes[0].kind != "ftyp":
        raise Unsuited("the film does not open with ftyp")
    source.seek(0)
    return source.read(boxes[0].size)


def read_xmp_box(source: BinaryIO) -> bytes:
    """Returns the box of a film's XMP; b"" if it has none.

    Raises Unsuited if it has several, or one whose size cannot change without moving the media.
    """
    boxes = read_layout(source).boxes
    found = [box for box in boxes if box.usertype == XMP_USERTYPE]
    if not found:
        return b""
    if len(found) > 1 or any(box.kind == "mdat" and box.start > found[0].start for box in boxes):
        raise Unsuited("its XMP is in front of its media, or in several boxes")
    source.seek(found[0].start)
    return source.read(found[0].size)


def place_boxes(source: BinaryIO, added: bytes, xmp: bytes = b"") -> tuple[PlacedBox, ...]:
    """Returns the boxes of a film and the added ones after its `ftyp`, in the order of the new file.

    added: the boxes to add, each in its final size; xmp: a box to write in place of the film's own XMP.
    Raises Unsuited if the film's offsets cannot be changed.
    """
    try:
        found = read_layout(source)
        _check_suited(found)
        return tuple(_place(source, found, added, xmp))
    except SourceError as exc:
        raise Unsuited(str(exc)) from exc


def _place(source: BinaryIO, found: Layout, added: bytes, xmp: bytes) -> Iterator[PlacedBox]:
    first, *others = found.boxes
    yield PlacedBox("ftyp", 0, first.size, covered=False)
    for box in read_layout(io.BytesIO(added)).boxes:
        data = added[box.start : box.stop]
        yield PlacedBox("uuid", first.stop + box.start, box.size, covered=not box.c2pa, data=data)
    at = first.stop + len(added)
    for box in others:
        data = _moved_index(source, box, len(added)) if box.kind == "moov" else b""
        if box.usertype == XMP_USERTYPE:
            data = xmp
        size = len(data) or box.size
        yield PlacedBox(box.kind, at, size, covered=True, source_at=box.start, data=data)
        at += size


def _check_suited(found: Layout) -> None:
    kinds = [box.kind for box in found.boxes]
    reasons = (
        (not kinds or kinds[0] != "ftyp", "the film does not open with ftyp"),
        (kinds.count("moov") != 1, "the film has no single index (moov)"),
        (bool(_FRAGMENTED & set(kinds)), "the film is fragmented"),
        ("meta" in kinds, "items are outside its tracks (meta)"),
        (found.rest > 0 or any(box.missing for box in found.boxes), "its boxes do not fill the file"),
    )
    for unsuited, why in reasons:
        if unsuited:
            raise Unsuited(why)


def _moved_index(source: BinaryIO, moov: Box, by: int) -> bytes:
    """Returns a film's index with every chunk offset `by` bytes larger."""
    source.seek(moov.start)
    if moov.size > MAX_INDEX:
        raise Unsuited(f"its index is over {MAX_INDEX >> 20} MiB")
    index = bytearray(source.read(moov.size))
    view = io.BytesIO(bytes(index))
    for box in walk(view, read_layout(view).boxes[0]):
        if box.kind in _OTHER_PLACES:
            raise Unsuited(f"file offsets in {box.path}")
        if box.kind in _OFFSET_TYPES:
            index[box.payload : box.stop] = _shift(read_payload(view, box), _OFFSET_TYPES[box.kind], by)
    return bytes(index)


def _shift(table: bytes, kind: str, by: int) -> bytes:
    """Returns a chunk offset table with every offset `by` larger (14496-12, 8.7.5: version, count, offsets)."""
    width = np.dtype(kind).itemsize
    count = int.from_bytes(table[4:8], "big")
    if len(table) < 8 + count * width:
        raise Unsuited("a table of chunk offsets is cut short")
    offsets = np.frombuffer(table, kind, count, 8).astype(np.uint64)
    if count and int(offsets.max()) + by > np.iinfo(np.dtype(kind)).max:
        raise Unsuited("the moved chunk offsets do not fit in 32 bits")
    moved: bytes = (offsets + np.uint64(by)).astype(kind).tobytes()
    return table[:8] + moved + table[8 + count * width :]
