"""Checks the head of a font before HarfBuzz opens it: its format, and that its tables are there.

HarfBuzz reads a font whose tables are cut off as a font without letters, and draws nothing.
Source: OpenType 1.9, "Organization of an OpenType font"; the same head has the collection.
"""

from __future__ import annotations

import struct
from pathlib import Path
from typing import Any, BinaryIO

FONTS = (b"\0\1\0\0", b"OTTO", b"true")
COLLECTION = b"ttcf"
# Compressed: HarfBuzz does not read them, and a few kB of them can unpack to gigabytes.
COMPRESSED = (b"wOFF", b"wOF2")
MOST_TABLES = 128  # OpenType, AAT and Graphite together define 90
MOST_FONTS = 256  # Noto Sans CJK has 45 in one file
MOST_AXES = 64  # the most of any published font is 18


def font_fault(path: Path) -> str:
    """Returns what is wrong with a font's head; "" if nothing is. Raises OSError where it cannot be read."""
    with path.open("rb") as file:
        size = path.stat().st_size
        kind = file.read(4)
        if kind in COMPRESSED:
            return "a web font, which is compressed"
        if kind == COLLECTION:
            _, fonts, first = _read(file, ">III")
            if fonts > MOST_FONTS:
                return f"a collection of {fonts} fonts"
            file.seek(first)
            kind = file.read(4)
        if kind not in FONTS:
            return "another format"
        return _tables_fault(file, size)


def _tables_fault(file: BinaryIO, size: int) -> str:
    (count,) = _read(file, ">H6x")
    if count > MOST_TABLES:
        return f"{count} tables"
    tables = [_read(file, ">4s4xII") for _ in range(count)]
    if any(at + length > size for _, at, length in tables):
        return "a font that is cut short"
    for tag, at, _ in tables:
        if tag == b"fvar":
            file.seek(at + 8)
            (axes,) = _read(file, ">H")
            return f"{axes} axes" if axes > MOST_AXES else ""
    return ""


def _read(file: BinaryIO, form: str) -> tuple[Any, ...]:
    """Returns what the head holds; zeros behind the end of the file, which no table and no axis has."""
    return struct.unpack(form, file.read(struct.calcsize(form)).ljust(struct.calcsize(form), b"\0"))
