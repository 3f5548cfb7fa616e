"""Reads and builds the uuid box of C2PA in an ISO file: a manifest store, or a segment's place in a Merkle tree.

    uuid header, usertype (16 bytes), version and flags (4), purpose and a zero byte,
    offset of the first Merkle box (8 bytes, with a store only), the store or the Merkle map

Source: C2PA 2.4, A.5.1 (manifest store), A.5.4 (Merkle).
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import BinaryIO

from provenance.formats.bmff import C2PA_USERTYPE, Box

MERKLE = b"merkle"
# Purposes of a box that holds a manifest store.
STORES = frozenset({b"manifest", b"original", b"update"})
_USERTYPE, _FULL_BOX, _OFFSET = 16, 4, 8
_MAX_PURPOSE = 32


@dataclass(frozen=True, slots=True)
class C2paBox:
    """What a C2PA box opens with. flags: its version and flags, 4 bytes; purpose: None where it has no end;
    offset: the 8 bytes behind the purpose; store_at: where a manifest store starts, in bytes from the
    beginning of the file; stop: where the box ends."""

    flags: bytes
    purpose: bytes | None
    offset: bytes
    store_at: int
    stop: int


def read_c2pa_box(source: BinaryIO, box: Box) -> C2paBox:
    """Returns what a C2PA box of a file opens with."""
    start = box.payload + _USERTYPE
    source.seek(start)
    head = source.read(max(0, min(box.stop - start, _FULL_BOX + _MAX_PURPOSE)))
    purpose, end, rest = head[_FULL_BOX:].partition(b"\0")
    store_at = start + _FULL_BOX + len(purpose) + 1 + _OFFSET
    return C2paBox(head[:_FULL_BOX], purpose if end else None, rest[:_OFFSET], store_at, box.stop)


def build_store_box(store: bytes) -> bytes:
    """Returns the box of a manifest store, in a file without Merkle boxes."""
    return _build(b"manifest", bytes(_OFFSET) + store)


def build_merkle_box(place: bytes) -> bytes:
    """Returns the box that says where in the tree a segment is. place: CBOR."""
    return _build(MERKLE, place)


def _build(purpose: bytes, data: bytes) -> bytes:
    inner = C2PA_USERTYPE + bytes(_FULL_BOX) + purpose + b"\0" + data
    return struct.pack(">I4s", 8 + len(inner), b"uuid") + inner
