"""Finds the bytes of a film that its signature does not cover, where anything can be hidden.

Which boxes are left out is read from the hash assertion and never assumed: many signers leave out `free`
and `skip`, ours does not. Source: C2PA 2.4, 18.7 (BMFF-based hash), A.5 (uuid box).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from provenance.blocks import hashing
from provenance.coverage.jumbf import find_unsigned
from provenance.crjson.manifest import as_count, as_list, read_range
from provenance.formats.bmff import Box, Layout, read_layout, read_payload, walk
from provenance.formats.c2pa_box import MERKLE, STORES, C2paBox, read_c2pa_box

# The standard itself leaves `ftyp` out (18.7.2): a reader needs it to know the format.
_ALWAYS_OUT = "/ftyp"
_MAX_BRANDS = 32


@dataclass(frozen=True, slots=True)
class UnhashedBytes:
    """A box, or a part of one, that the hash leaves out. bytes: how many bytes of payload that is."""

    box: str
    bytes: int


def find_unhashed(film: Path, assertions: Mapping[str, Any]) -> tuple[UnhashedBytes, ...]:
    """Returns the bytes of an MP4 that the active manifest's hash leaves out; boxes without payload are ignored.

    assertions: of the active manifest, as crJSON gives them. Raises SourceError if the boxes cannot be parsed.
    """
    exclusions, tree = _hash_of(assertions)
    with film.open("rb") as source:
        found = read_layout(source)
        left_out = [
            *_boxes(source, found, exclusions),
            *_ftyps(source, found, assertions),
            *_in_manifest_boxes(source, found, tree),
        ]
    if found.rest:
        left_out.append(UnhashedBytes("(after the last box)", found.rest))
    return tuple(item for item in left_out if item.bytes)


def find_unhashed_in_stores(stores: Sequence[bytes]) -> tuple[UnhashedBytes, ...]:
    """Returns the bytes of a file's manifest stores that nothing covers, in a file of any kind.

    Raises SourceError if their boxes cannot be parsed.
    """
    return tuple(
        UnhashedBytes(f"manifest store ({part.place})", part.bytes) for part in find_unsigned(stores)
    )


def _hash_of(assertions: Mapping[str, Any]) -> tuple[list[Mapping[str, Any]], bool]:
    """Returns the exclusions of the BMFF hash assertion, and whether it has a Merkle tree."""
    for label, data in assertions.items():
        if label.startswith("c2pa.hash.bmff") and isinstance(data, Mapping):
            rows = data.get("exclusions")
            return [row for row in as_list(rows) if isinstance(row, Mapping)], bool(data.get("merkle"))
    return [], False


def _boxes(source: BinaryIO, found: Layout, exclusions: list[Mapping[str, Any]]) -> Iterator[UnhashedBytes]:
    wanted = {str(row.get("xpath", "")): row for row in exclusions}
    deep = {path.split("/")[1] for path in wanted if path.count("/") > 1}
    for top in found.boxes:
        inner = walk(source, top) if top.kind in deep else ()
        for box in (top, *inner):
            row = wanted.get(box.path)
            if row is None or box.path == _ALWAYS_OUT or box.c2pa or not _fits(source, box, row):
                continue
            yield UnhashedBytes(box.path, _bytes_out(box, row))


def _fits(source: BinaryIO, box: Box, row: Mapping[str, Any]) -> bool:
    """Says whether an exclusion is about this very box (18.7.2.3: offsets count from the start of the box)."""
    if row.get("length") not in (None, box.size):
        return False
    for wanted in row.get("data") or ():
        value = bytes(as_list(wanted["value"]))  # of a number, bytes() would be as many zeros
        source.seek(box.start + as_count(wanted["offset"]))
        if source.read(len(value)) != value:
            return False
    return True


def _bytes_out(box: Box, row: Mapping[str, Any]) -> int:
    """Counts the bytes of a box that an exclusion leaves out: all, or its subsets; a length of 0 is to the end."""
    parts = row.get("subset")
    if not parts:
        return box.payload_bytes
    lengths = (read_range(part, "offset") for part in parts)
    return sum(length or max(0, box.size - offset) for offset, length in lengths)


def _in_manifest_boxes(source: BinaryIO, found: Layout, tree: bool) -> Iterator[UnhashedBytes]:
    """Yields the bytes in C2PA boxes beside manifest stores, and in the stores beside manifests.

    tree: whether the hash has a Merkle tree, which covers the boxes that are a part of it.
    """
    purposes = STORES | {MERKLE} if tree else STORES
    stores: list[bytes] = []
    for box in found.boxes:
        if not box.c2pa:
            continue
        held = read_c2pa_box(source, box)
        if held.purpose not in purposes:
            name = (held.purpose or b"")[:16]
            yield UnhashedBytes(f"{box.path} ({name!r})", box.payload_bytes)
            continue
        yield UnhashedBytes(f"{box.path} (version and flags)", _nonzero(held.flags))
        if held.purpose == MERKLE:
            continue
        # A.5.1: where the first merkle box is, 0 where there is none.
        yield UnhashedBytes(f"{box.path} (offset)", 0 if tree else _nonzero(held.offset))
        store, behind = _read_store(source, held)
        yield UnhashedBytes(f"{box.path} (after the manifest)", behind)
        stores.append(store)
    for part in find_unsigned(stores):
        yield UnhashedBytes(f"/uuid ({part.place})", part.bytes)


def _nonzero(data: bytes) -> int:
    return len(data) - data.count(0)


def _read_store(source: BinaryIO, held: C2paBox) -> tuple[bytes, int]:
    """Returns the manifest store in a C2PA box, and how many bytes follow it there."""
    size = max(0, held.stop - held.store_at)
    whole = read_payload(source, Box("jumb", "/uuid/jumb", held.store_at, size, 0))
    stated = int.from_bytes(whole[:4], "big")
    return (whole[:stated], len(whole) - stated) if 8 <= stated < len(whole) else (whole, 0)


def _ftyps(source: BinaryIO, found: Layout, assertions: Mapping[str, Any]) -> Iterator[UnhashedBytes]:
    """Yields what the `ftyp` boxes hold beyond brands. The standard leaves every `ftyp` out of the hash.

    A reader needs the first one. Our blocks assertion states its content; in another signer's film only its form can
    be checked.
    """
    boxes = found.of("ftyp")
    for box in boxes[1:]:
        yield UnhashedBytes(f"{_ALWAYS_OUT} (another)", box.payload_bytes)
    signed = assertions.get(hashing.LABEL)
    then = hashing.parse_boxes(signed) if isinstance(signed, Mapping) else None
    for box in boxes[:1]:
        if then is None and not _holds_only_brands(source, box):
            yield UnhashedBytes(f"{_ALWAYS_OUT} (more than brands)", box.payload_bytes)
        elif then is not None and then.get(_ALWAYS_OUT) != hashing.hash_payload(source, box):
            yield UnhashedBytes(f"{_ALWAYS_OUT} (not the one that was signed)", box.payload_bytes)


def _holds_only_brands(source: BinaryIO, box: Box) -> bool:
    """Says whether a box holds a brand, a version, and at most 32 brands (14496-12, 4.3)."""
    if box.payload_bytes not in range(8, 8 + 4 * _MAX_BRANDS + 1, 4):
        return False
    data = read_payload(source, box)
    return all(0x20 <= letter < 0x7F for letter in data[:4] + data[8:])
