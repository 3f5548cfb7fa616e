"""Bytes of a film that its signature does not cover, where anything may hide.

Which boxes are left out is read from the hash assertion itself and never assumed: many signers leave
out `free` and `skip`, ours does not. Source: C2PA 2.4, 18.7 (BMFF-based hash), A.5.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from provenance.blocks import hashing
from provenance.coverage.jumbf import loose
from provenance.formats.bmff import Box, Layout, layout, payload, walk

# The standard itself leaves `ftyp` out (18.7.2): a reader needs it to find out what it reads.
_ALWAYS_OUT = "/ftyp"
# A.5.1: what a C2PA box may say it holds; merkle boxes are covered by the hash assertion's own tree.
_PURPOSES = frozenset({b"manifest", b"original", b"update"})
_MOST_BRANDS = 32
_USERTYPE, _FULL_BOX, _OFFSET = 16, 4, 8


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
        left_out = [
            *_boxes(source, found, exclusions),
            *_ftyps(source, found, assertions),
            *_in_manifest_boxes(source, found, tree),
        ]
    if found.rest:
        left_out.append(Unhashed("(after the last box)", found.rest))
    return tuple(item for item in left_out if item.bytes)


def in_stores(stores: Sequence[bytes]) -> tuple[Unhashed, ...]:
    """What of a file's manifest stores nothing vouches for, whatever kind of file they lie in.

    Raises SourceError where their boxes make no sense.
    """
    return tuple(Unhashed(f"manifest store ({part.place})", part.bytes) for part in loose(stores))


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
    stores: list[bytes] = []
    for box in found.boxes:
        if not box.c2pa:
            continue
        head, purpose, offset = _opening(source, box)
        if purpose not in purposes:
            yield Unhashed(f"{box.path} ({purpose[:16]!r})", box.payload_bytes)
            continue
        yield Unhashed(f"{box.path} (version and flags)", len(head) - head.count(0))
        if purpose == b"merkle":
            continue
        # A.5.1: where the first merkle box is, 0 where there is none.
        yield Unhashed(f"{box.path} (offset)", 0 if tree else len(offset) - offset.count(0))
        store, behind = _store(source, box)
        yield Unhashed(f"{box.path} (after the manifest)", behind)
        stores.append(store)
    for part in loose(stores):
        yield Unhashed(f"/uuid ({part.place})", part.bytes)


def _opening(source: BinaryIO, box: Box) -> tuple[bytes, bytes, bytes]:
    """What a C2PA box opens with: version and flags, its purpose (b"" for none), an offset."""
    source.seek(box.payload + _USERTYPE)
    head = source.read(min(box.stop - source.tell(), _FULL_BOX + 32))
    purpose, end, rest = head[_FULL_BOX:].partition(b"\0")
    return head[:_FULL_BOX], purpose if end else b"", rest[:_OFFSET]


def _store(source: BinaryIO, box: Box) -> tuple[bytes, int]:
    """The manifest store in a C2PA box, and how many bytes lie behind it."""
    _, purpose, _ = _opening(source, box)
    start = box.payload + _USERTYPE + _FULL_BOX + len(purpose) + 1 + _OFFSET
    whole = payload(source, Box("jumb", f"{box.path}/jumb", start, max(0, box.stop - start), 0))
    size = int.from_bytes(whole[:4], "big")
    return (whole[:size], len(whole) - size) if 8 <= size < len(whole) else (whole, 0)


def _ftyps(source: BinaryIO, found: Layout, assertions: Mapping[str, Any]) -> Iterator[Unhashed]:
    """The standard leaves every `ftyp` out of the hash. A reader needs the first; what it was, our own
    assertion says, and of another signer's at least its shape can be told."""
    boxes = found.of("ftyp")
    for box in boxes[1:]:
        yield Unhashed(f"{_ALWAYS_OUT} (another)", box.payload_bytes)
    signed = assertions.get(hashing.LABEL)
    then = hashing.boxes_of(signed) if isinstance(signed, Mapping) else None
    for box in boxes[:1]:
        if then is None and not _brands(source, box):
            yield Unhashed(f"{_ALWAYS_OUT} (more than brands)", box.payload_bytes)
        elif then is not None and then.get(_ALWAYS_OUT) != hashing.digest_of(source, box):
            yield Unhashed(f"{_ALWAYS_OUT} (not the one that was signed)", box.payload_bytes)


def _brands(source: BinaryIO, box: Box) -> bool:
    """Whether a box holds a brand, a version, and brands (14496-12, 4.3), no more than real files have."""
    if box.payload_bytes not in range(8, 8 + 4 * _MOST_BRANDS + 1, 4):
        return False
    told = payload(source, box)
    return all(0x20 <= letter < 0x7F for letter in told[:4] + told[8:])
