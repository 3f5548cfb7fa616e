"""Bytes of a film that its signature does not cover, where anything may hide.

Which boxes are left out is read from the hash assertion itself and never assumed: many signers leave
out `free` and `skip`, ours does not. Source: C2PA 2.4, 18.7 (BMFF-based hash), A.5.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from provenance.boxes import Box, Layout, layout, walk
from provenance.cose import SIGNATURE, unsigned_bytes

# The standard itself leaves `ftyp` out (18.7.2): a reader needs it to find out what it reads.
_ALWAYS_OUT = "/ftyp"
# A.5.1: what a C2PA box may say it holds; merkle boxes are covered by the hash assertion's own tree.
_PURPOSES = frozenset({b"manifest", b"original", b"update"})
_FULL_BOX = 4


@dataclass(frozen=True, slots=True)
class Unhashed:
    """A box left out of the hash, and how many payload bytes it holds."""

    box: str
    bytes: int


def unhashed(film: Path, assertions: Mapping[str, Any]) -> tuple[Unhashed, ...]:
    """What of an MP4's bytes the active manifest's hash leaves out, boxes without payload aside.

    assertions: of the active manifest. Raises SourceError where the boxes cannot be walked.
    """
    exclusions, tree = _hash_of(assertions)
    with film.open("rb") as source:
        found = layout(source)
        left_out = [*_boxes(source, found, exclusions), *_in_manifest_boxes(source, found, tree)]
    if found.rest:
        left_out.append(Unhashed("(after the last box)", found.rest))
    return tuple(item for item in left_out if item.bytes)


def _hash_of(assertions: Mapping[str, Any]) -> tuple[list[Mapping[str, Any]], bool]:
    """The exclusions of the BMFF hash assertion, and whether it has a Merkle tree."""
    for label, data in assertions.items():
        if label.startswith("c2pa.hash.bmff") and isinstance(data, Mapping):
            rows = data.get("exclusions")
            kept = [row for row in rows if isinstance(row, Mapping)] if isinstance(rows, list) else []
            return kept, bool(data.get("merkle"))
    return [], False


def _boxes(source: BinaryIO, found: Layout, exclusions: list[Mapping[str, Any]]) -> Iterator[Unhashed]:
    wanted = {str(row.get("xpath", "")): row for row in exclusions}
    deep = {path.split("/")[1] for path in wanted if path.count("/") > 1}
    for top in found.boxes:
        inner = walk(source, top) if top.kind in deep else ()
        for box in (top, *inner):
            row = wanted.get(box.path)
            if row is None or box.path == _ALWAYS_OUT or box.c2pa or not _fits(source, box, row):
                continue
            yield Unhashed(box.path, _bytes_out(box, row))


def _fits(source: BinaryIO, box: Box, row: Mapping[str, Any]) -> bool:
    """Whether a box has the bytes an exclusion asks for (18.7.2.3: offsets count from the box's start)."""
    if row.get("length") not in (None, box.size):
        return False
    for wanted in row.get("data") or ():
        value = bytes(wanted["value"])
        source.seek(box.start + int(wanted["offset"]))
        if source.read(len(value)) != value:
            return False
    return True


def _bytes_out(box: Box, row: Mapping[str, Any]) -> int:
    """An exclusion may leave out only stretches of a box; a length of 0 means to its end."""
    parts = row.get("subset")
    if not parts:
        return box.payload_bytes
    lengths = ((int(part["offset"]), int(part["length"])) for part in parts)
    return sum(length or max(0, box.size - offset) for offset, length in lengths)


def _in_manifest_boxes(source: BinaryIO, found: Layout, tree: bool) -> Iterator[Unhashed]:
    """What lies in the boxes of the manifest itself and is none of it."""
    purposes = _PURPOSES | {b"merkle"} if tree else _PURPOSES
    for box in found.boxes:
        if not box.c2pa:
            continue
        source.seek(box.payload + 16 + _FULL_BOX)
        purpose, end, _ = source.read(32).partition(b"\0")
        if not end or purpose not in purposes:
            yield Unhashed(f"{box.path} ({purpose[:16]!r})", box.payload_bytes)
        elif purpose != b"merkle":
            yield from _around_store(source, box, box.payload + 16 + _FULL_BOX + len(purpose) + 1 + 8)


def _around_store(source: BinaryIO, box: Box, start: int) -> Iterator[Unhashed]:
    """What lies behind the manifest store in its box, and in its signature without being signed.

    start: of the store, after its purpose and the 8 bytes of an offset (A.5.1).
    """
    source.seek(start)
    head = source.read(8)
    size = int(struct.unpack(">I4s", head)[0]) if len(head) == 8 else 0
    yield Unhashed(f"{box.path} (after the manifest)", max(0, box.stop - start - size))
    store = Box("jumb", f"{box.path}/jumb", start, min(size, box.stop - start), 8)
    yield Unhashed(f"{box.path} ({SIGNATURE} padding)", unsigned_bytes(source, store))
