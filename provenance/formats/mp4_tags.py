"""Reads the text tags of an MP4 or QuickTime file, and names the box that holds its XMP.

Source: ISO/IEC 14496-12, 8.11; QuickTime File Format, metadata; XMP Specification Part 3, 1.1.5.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from provenance.formats.bmff import Box, read_children, read_layout, read_payload, walk

# XMP Specification Part 3, 1.1.5: the type of the uuid box that holds a packet.
XMP_USERTYPE = bytes.fromhex("be7acfcb97a942e89c71999491e3afac")
TEXT_LIMIT = 4 << 20  # bytes of one tag


@dataclass(frozen=True, slots=True)
class PlacedTag:
    """A text tag. box: the path of the box that it stands in, such as /moov/udta/meta/ilst."""

    key: str
    value: str
    box: str


def read_tags(film: Path) -> tuple[tuple[str, str], ...]:
    """Returns an MP4's text tags as (key, value), in file order.

    Raises SourceError if its boxes cannot be parsed, or a tag is larger than 4 MiB.
    """
    return tuple((each.key, each.value) for each in read_placed_tags(film))


def read_placed_tags(film: Path) -> tuple[PlacedTag, ...]:
    """Returns an MP4's text tags with the places that they stand in, in file order. Raises what `read_tags` does."""
    found: list[PlacedTag] = []
    with film.open("rb") as source:
        for movie in read_layout(source).of("moov"):
            keys: list[str] = []
            for box in walk(source, movie):
                if box.kind == "keys":
                    keys = _keys(read_payload(source, box, TEXT_LIMIT))
                elif box.kind == "ilst":
                    found += (PlacedTag(*each, box.path) for each in _items(source, box, keys))
                elif box.path == f"/moov/udta/{box.kind}" and box.kind in ("AIGC", "aigc"):
                    text = read_payload(source, box, TEXT_LIMIT).decode("utf-8", "replace")
                    found.append(PlacedTag(box.kind, text, box.path))
    return tuple(found)


def _keys(table: bytes) -> list[str]:
    """Returns the names in a `keys` box, which holds (size, name space, name) for each."""
    names, at = [], 8
    while at + 8 <= len(table):
        (size,) = struct.unpack_from(">I", table, at)
        if size < 8:
            break
        names.append(table[at + 8 : at + size].decode("utf-8", "replace"))
        at += size
    return names


def _items(source: Any, listed: Box, keys: list[str]) -> Iterator[tuple[str, str]]:
    """Yields (key, value) of each item of an `ilst`. An item's kind is its name, or its number in `keys`."""
    for item in read_children(source, listed):
        number = int.from_bytes(item.kind.encode("latin-1"), "big")
        name = keys[number - 1] if 0 < number <= len(keys) else item.kind
        for data in read_children(source, item):
            if data.kind == "data":
                yield name, read_payload(source, data, TEXT_LIMIT)[8:].decode("utf-8", "replace")
