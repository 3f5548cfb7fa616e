"""The text tags of an MP4 or QuickTime file, and the box that holds its XMP.

Source: ISO/IEC 14496-12, 8.11; QuickTime File Format, metadata; XMP Specification Part 3, 1.1.5.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from provenance.formats.bmff import Box, inside, layout, payload, walk

XMP_USERTYPE = bytes.fromhex("be7acfcb97a942e89c71999491e3afac")
TEXT_LIMIT = 4 << 20


def tags(film: Path) -> tuple[tuple[str, str], ...]:
    """An MP4's text tags as (key, value). Source: ISO/IEC 14496-12 8.11; QuickTime File Format, metadata."""
    found: list[tuple[str, str]] = []
    with film.open("rb") as source:
        for movie in layout(source).of("moov"):
            keys: list[str] = []
            for box in walk(source, movie):
                if box.kind == "keys":
                    keys = _keys(payload(source, box, TEXT_LIMIT))
                elif box.kind == "ilst":
                    found += _items(source, box, keys)
                elif box.path == f"/moov/udta/{box.kind}" and box.kind in ("AIGC", "aigc"):
                    found.append((box.kind, payload(source, box, TEXT_LIMIT).decode("utf-8", "replace")))
    return tuple(found)


def _keys(table: bytes) -> list[str]:
    """The names of a `keys` box: (size, name space, name) each."""
    names, at = [], 8
    while at + 8 <= len(table):
        (size,) = struct.unpack_from(">I", table, at)
        if size < 8:
            break
        names.append(table[at + 8 : at + size].decode("utf-8", "replace"))
        at += size
    return names


def _items(source: Any, listed: Box, keys: list[str]) -> Iterator[tuple[str, str]]:
    """An item's kind is its name, or its number in the `keys` box."""
    for item in inside(source, listed):
        number = int.from_bytes(item.kind.encode("latin-1"), "big")
        name = keys[number - 1] if 0 < number <= len(keys) else item.kind
        for data in inside(source, item):
            if data.kind == "data":
                yield name, payload(source, data, TEXT_LIMIT)[8:].decode("utf-8", "replace")
