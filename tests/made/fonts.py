"""Makes small TrueType fonts, whole or hostile, from nothing: OpenType 1.9, the tables that HarfBuzz reads."""

from __future__ import annotations

import struct
from collections.abc import Mapping, Sequence

SQUARE = ((0, 0), (0, 500), (500, 500), (500, 0))
Contours = Sequence[Sequence[tuple[int, int]]]


def outline(contours: Contours) -> bytes:
    """Returns a simple glyph of straight lines."""
    points = [point for contour in contours for point in contour]
    ends, at = b"", -1
    for contour in contours:
        at += len(contour)
        ends += struct.pack(">H", at)
    steps = zip(points, [(0, 0), *points], strict=False)
    moved = [(x - a, y - b) for (x, y), (a, b) in steps]
    return (
        struct.pack(">hhhhh", len(contours), 0, 0, max(x for x, _ in points), max(y for _, y in points))
        + ends
        + struct.pack(">H", 0)
        + b"\1" * len(points)
        + b"".join(struct.pack(">h", x) for x, _ in moved)
        + b"".join(struct.pack(">h", y) for _, y in moved)
    )


def composite(parts: Sequence[int]) -> bytes:
    """Returns a glyph made of other glyphs, each by its number."""
    more, words = 0x20, 0x1 | 0x2
    rows = [
        struct.pack(">HHhh", words | (more if place < len(parts) - 1 else 0), glyph, 0, 0)
        for place, glyph in enumerate(parts)
    ]
    return struct.pack(">hhhhh", -1, 0, 0, 500, 500) + b"".join(rows)


def sfnt(tables: Mapping[bytes, bytes]) -> bytes:
    """Returns a font file of these tables."""
    at = 12 + 16 * len(tables)
    head, body = b"\0\1\0\0" + struct.pack(">HHHH", len(tables), 0, 0, 0), b""
    for tag, table in sorted(tables.items()):
        head += struct.pack(">4sIII", tag, 0, at + len(body), len(table))
        body += table + b"\0" * (-len(table) % 4)
    return head + body


def font(
    glyphs: Sequence[bytes],
    text: str = "Salt ",
    em: int = 1000,
    axes: int = 0,
    more: Mapping[bytes, bytes] | None = None,
) -> bytes:
    """Returns a font whose every letter of `text` is glyph 1. axes: how many it can be varied on; more: tables."""
    places = [0]
    for glyph in glyphs:
        places.append(places[-1] + len(glyph) + len(glyph) % 2)
    segments = [(ord(letter), 1) for letter in sorted(set(text))]
    groups = b"".join(struct.pack(">III", code, code, glyph) for code, glyph in segments)
    cmap = struct.pack(">HHIIII", 12, 0, 16 + len(groups), 0, len(segments), 0)[:16] + groups
    tables = {
        b"head": struct.pack(
            ">HHIIIHHQQhhhhHHhhh", 1, 0, 0, 0, 0x5F0F3CF5, 0, em, 0, 0, 0, 0, em, em, 0, 8, 2, 1, 0
        ),
        b"hhea": struct.pack(">HHhhhHhhhhhhhhhhhH", 1, 0, 800, -200, 0, 500, *[0] * 11, len(glyphs)),
        b"maxp": struct.pack(">IH", 0x10000, len(glyphs)) + b"\0" * 26,
        b"hmtx": struct.pack(">Hh", 500, 0) * len(glyphs),
        b"cmap": struct.pack(">HHHHI", 0, 1, 3, 10, 12) + cmap,
        b"loca": b"".join(struct.pack(">I", place) for place in places),
        b"glyf": b"".join(glyph + b"\0" * (len(glyph) % 2) for glyph in glyphs),
    }
    if axes:
        axis = struct.pack(">4siiiHH", b"wght", 100 << 16, 400 << 16, 900 << 16, 0, 256)
        tables[b"fvar"] = struct.pack(">HHHHHHHH", 1, 0, 16, 2, axes, 20, 0, 4 + 4 * axes) + axis * axes
    return sfnt(tables | dict(more or {}))


def coloured(text: str) -> bytes:
    """Returns a font whose letters are drawn by colour layers alone: their own glyph has no outline (COLR, CPAL 0)."""
    layers = struct.pack(">HHIIH", 0, 1, 14, 20, 1) + struct.pack(">HHH", 1, 0, 1) + struct.pack(">HH", 2, 0)
    palette = struct.pack(">HHHHIH", 0, 1, 1, 1, 14, 0) + b"\0\0\xff\xff"
    return font([b"", b"", outline([SQUARE])], text, more={b"COLR": layers, b"CPAL": palette})


def looping() -> bytes:
    """Returns a font whose letter is made of itself."""
    return font([b"", composite([1])])


def multiplying(levels: int = 20, parts: int = 50) -> bytes:
    """Returns a font whose letter is made of `parts` of the next glyph, and so on: parts ** levels outlines."""
    nested = [composite([number + 1] * parts) for number in range(1, levels)]
    return font([b"", *nested, outline([SQUARE])])


def crowded(contours: int, em: int = 1000) -> bytes:
    """Returns a font whose letter has that many squares one over the other."""
    return font([b"", outline([SQUARE] * contours)], em=em)
