"""Builds boxes of ISO files (and of JUMBF, which has the same) for tests."""

from __future__ import annotations

import struct
from pathlib import Path

from provenance.formats.bmff import Box, read_layout

# C2PA 2.4, A.5 and 11.1.4.1; written here again, so that a change of the product's own is noticed.
C2PA_USERTYPE = bytes.fromhex("d8fec3d61b0e483c92975828877ec481")
TYPE_TAIL = bytes.fromhex("00110010800000aa00389b71")


def box(kind: str | bytes, data: bytes = b"") -> bytes:
    """Returns a box with a header of 8 bytes."""
    return struct.pack(">I4s", len(data) + 8, _kind(kind)) + data


def wide_box(kind: str | bytes, data: bytes) -> bytes:
    """Returns a box that states its size in eight bytes."""
    return struct.pack(">I4sQ", 1, _kind(kind), len(data) + 16) + data


def superbox(kind: bytes, label: bytes, *inner: bytes) -> bytes:
    """Returns a JUMBF superbox of C2PA: its description, then other boxes. kind: four letters, as in b"c2ma"."""
    return box("jumb", box("jumd", kind + TYPE_TAIL + b"\x03" + label + b"\0") + b"".join(inner))


def uuid_box(purpose: bytes, data: bytes) -> bytes:
    """Returns a C2PA box without an offset to others. data: a manifest store, or anything else."""
    return box("uuid", C2PA_USERTYPE + bytes(4) + purpose + b"\0" + bytes(8) + data)


def first_box(path: Path, kind: str) -> Box:
    """Returns the first box of a kind at the top level of a file."""
    with path.open("rb") as source:
        return read_layout(source).of(kind)[0]


def _kind(kind: str | bytes) -> bytes:
    return kind.encode("latin-1") if isinstance(kind, str) else kind
