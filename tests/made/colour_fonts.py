"""Makes small fonts whose glyph 1 is in colour, by each table that has colours: OpenType 1.9, COLR, CBDT, sbix, SVG."""

from __future__ import annotations

import io
import struct

from PIL import Image

from tests.made.fonts import SQUARE, font, outline

RED, BLUE, TEXT = 0, 1, 0xFFFF  # entries of the palette; the text's own colour
_PALETTE = struct.pack(">HHHHIH", 0, 2, 1, 2, 14, 0) + b"\0\0\xff\xff" + b"\xff\0\0\xff"  # BGRA


def layered(text: str, colours: tuple[int, ...] = (RED,)) -> bytes:
    """Returns a font of COLR version 0: squares of 500 units in the lower left, one on the other."""
    count = len(colours)
    layers = struct.pack(">HHIIH", 0, 1, 14, 20, count) + struct.pack(">HHH", 1, 0, count)
    layers += b"".join(struct.pack(">HH", 2, colour) for colour in colours)
    return font([b"", b"", outline([SQUARE])], text, more={b"COLR": layers, b"CPAL": _PALETTE})


def graded(text: str) -> bytes:
    """Returns a font of COLR version 1: the square, from red on its left to blue on its right."""
    line = (
        struct.pack(">BH", 0, 2)
        + struct.pack(">hHh", 0, RED, 1 << 14)
        + struct.pack(">hHh", 1 << 14, BLUE, 1 << 14)
    )
    gradient = b"\4" + (16).to_bytes(3, "big") + struct.pack(">hhhhhh", 0, 0, 500, 0, 0, 500) + line
    paint = b"\x0a" + (6).to_bytes(3, "big") + struct.pack(">H", 2) + gradient
    glyphs = struct.pack(">IHI", 1, 1, 10) + paint
    head = struct.pack(">HHIIHIIIII", 1, 0, 0, 0, 0, 34, 0, 0, 0, 0)
    return font([b"", b"", outline([SQUARE])], text, more={b"COLR": head + glyphs, b"CPAL": _PALETTE})


def two_halves(side: int = 64) -> bytes:
    """Returns a PNG: its left half red, its right half blue at half opacity."""
    image = Image.new("RGBA", (side, side), (255, 0, 0, 255))
    image.paste((0, 0, 255, 128), (side // 2, 0, side, side))
    held = io.BytesIO()
    image.save(held, "PNG")
    return held.getvalue()


def sbix(text: str, png: bytes, side: int = 64) -> bytes:
    """Returns a font of one strike whose em is as high as the picture."""
    data = struct.pack(">hh4s", 0, 0, b"png ") + png
    offsets = struct.pack(">III", 16, 16, 16 + len(data))
    strike = struct.pack(">HH", side, 72) + offsets + data
    return font([b"", b""], text, more={b"sbix": struct.pack(">HHII", 1, 1, 1, 12) + strike})


def cbdt(text: str, png: bytes, side: int = 64) -> bytes:
    """Returns a font of one strike whose em is as high as the picture, which stands on the baseline."""
    image = struct.pack(">BBbbB", side, side, 0, side, side) + struct.pack(">I", len(png)) + png
    index = struct.pack(">HHI", 1, 17, 4) + struct.pack(">II", 0, len(image))
    array = struct.pack(">HHI", 1, 1, 8)
    lines = struct.pack(">bbBbbbbbbbbb", side, 0, side, 0, 0, 0, 0, 0, 0, 0, 0, 0)
    size = struct.pack(">IIII", 56, 8 + len(index), 1, 0) + 2 * lines
    size += struct.pack(">HHBBBb", 1, 1, side, side, 32, 1)
    located = struct.pack(">HHI", 3, 0, 1) + size + array + index
    return font([b"", b""], text, more={b"CBLC": located, b"CBDT": struct.pack(">HH", 3, 0) + image})


def svg(text: str) -> bytes:
    """Returns a font whose glyph is an SVG document and has no outline."""
    page = b"<svg xmlns='http://www.w3.org/2000/svg'><g id='glyph1'><rect width='9' height='9'/></g></svg>"
    table = struct.pack(">HII", 0, 10, 0) + struct.pack(">HHHII", 1, 1, 1, 14, len(page)) + page
    return font([b"", b""], text, more={b"SVG ": table})
