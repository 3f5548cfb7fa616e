"""Draws placed glyphs as ink: how much of each pixel they cover, and the colours of those that have any."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import uharfbuzz as hb

from post.errors import JobError
from post.picture.type.colour import UPRIGHT, GlyphPicture, Matrix, Tile, paint_layers, paint_png
from post.picture.type.face import UNITS, FontSpec, Typeface
from post.picture.type.shape import Glyph, Line
from post.values.array import Array
from post.watchdog import watched

# HarfBuzz adds up the area of outlines: exact for one, but up to 0.26 off in a pixel where two
# overlap (variable fonts, joined letters). Drawn 4 times finer and averaged, that is under 0.1.
FINE = 4
TILE = 1000  # pixels: a tile's finer drawing takes 16 MB, whatever the size of the sheet
MOST_INK = 36_000_000  # pixels: a frame of 8K has 33 million
EDGE = 1  # pixels round a glyph's extents, which are rounded to 1/64 px


@dataclass(frozen=True, slots=True)
class Ink:
    """coverage: (height, width) float32, 0..1, of all glyphs; left, top: of its first pixel, from the block's corner.

    picture: None, or what is in colours of its own: (height, width, 4) float32, premultiplied, display-encoded
    R'G'B'. What covers more than its alpha is drawn in the text's colour.
    """

    coverage: Array
    left: int
    top: int
    picture: Array | None = None


@dataclass(frozen=True, slots=True)
class PlacedLine:
    """A line and its position. left: pixels from the block's left edge; baseline: whole pixels from its top.

    Of a column: its middle, and its top.
    """

    line: Line
    left: float
    baseline: int


@dataclass(frozen=True, slots=True)
class _Set:
    """A glyph on the sheet. x, y: its origin in 1/64 px, y up; box: left, bottom, right, top in pixels."""

    face: Typeface
    id: int
    x: int
    y: int
    box: Tile
    kind: str = "outline"  # or "layers", "png"
    turn: Matrix = UPRIGHT


def draw(faces: Sequence[Typeface], rows: Sequence[PlacedLine]) -> Ink:
    """Returns the coverage of all rows. Glyphs of one tile are filled as one outline, so joined letters show no
    seam.

    Raises JobError for letters that reach further than any frame.
    """
    # All tiles as one: their number is the font's choice.
    with watched(faces[0].name, MOST_INK * 4):
        return _draw(faces, rows)


def _draw(faces: Sequence[Typeface], rows: Sequence[PlacedLine]) -> Ink:
    glyphs = [made for row in rows for glyph in row.line.glyphs if (made := _set(faces, row, glyph))]
    if not glyphs:
        return Ink(np.zeros((0, 0), np.float32), 0, 0)
    left, bottom = (min(g.box[side] for g in glyphs) for side in (0, 1))
    right, top = (max(g.box[side] for g in glyphs) for side in (2, 3))
    if (right - left) * (top - bottom) > MOST_INK:
        raise _too_far(faces[0].cut, right - left, top - bottom)
    plain = [glyph for glyph in glyphs if glyph.kind == "outline"]
    coloured = [glyph for glyph in glyphs if glyph.kind != "outline"]
    sheet = np.zeros((top - bottom, right - left), np.float32)
    picture = np.zeros((*sheet.shape, 4), np.float32) if coloured else None
    for x in range(left, right, TILE):
        for y in range(bottom, top, TILE):
            tile = (x, y, min(x + TILE, right), min(y + TILE, top))
            # The sheet's rows count downwards, HarfBuzz's upwards.
            meeting = list(_meeting(plain, tile))
            if meeting:
                sheet[top - tile[3] : top - y, x - left : tile[2] - left] = _fill(meeting, tile)
            for glyph in _meeting(coloured, tile):
                assert picture is not None
                _lay(glyph, tile, (left, top), sheet, picture)
    return _cropped(sheet, left, -top, picture)


def _lay(glyph: _Set, tile: Tile, corner: tuple[int, int], sheet: Array, picture: Array) -> None:
    """Lays a glyph in colour over the sheet and its picture, as far as it is in a tile. corner: the sheet's left and
    top."""
    left, bottom, right, top = (
        fold(a, b) for fold, a, b in zip((max, max, min, min), glyph.box, tile, strict=True)
    )
    part = left, bottom, right, top
    made = _coloured(glyph, part)
    where = np.s_[corner[1] - top : corner[1] - bottom, left - corner[0] : right - corner[0]]
    under = 1 - made.alpha
    sheet[where] = made.alpha + under * sheet[where]
    own = np.concatenate([made.rgb, made.own[..., None]], -1)
    picture[where] = own + under[..., None] * picture[where]


def _coloured(glyph: _Set, tile: Tile) -> GlyphPicture:
    font = glyph.face.font
    if glyph.kind == "layers":
        return paint_layers(font, glyph.id, (glyph.x, glyph.y), tile, UNITS, glyph.turn)
    made = paint_png(font, glyph.id, _png_box(glyph), tile)
    if made is None:
        raise JobError(
            "a picture in the font cannot be read",
            where=f"{glyph.face.cut.place}.font",
            expected="PNG pictures",
            got=f"glyph {glyph.id} of {glyph.face.name}",
            fix="use another font",
        )
    return made


def _png_box(glyph: _Set) -> tuple[float, float, float, float]:
    """Returns left, bottom, right and top of a glyph's picture, in pixels."""
    extents = glyph.face.font.get_glyph_extents(glyph.id)
    left, top = glyph.x + extents.x_bearing, glyph.y + extents.y_bearing
    return left / UNITS, (top + extents.height) / UNITS, (left + extents.width) / UNITS, top / UNITS


def _too_far(cut: FontSpec, width: int, height: int) -> JobError:
    return JobError(
        "its letters reach further than any frame",
        where=f"{cut.place}.font",
        expected=f"at most {MOST_INK // 1_000_000} million pixels in all",
        got=f"{width}x{height} pixels at a size of {cut.size_px:g}",
        fix="use another font, or a smaller size",
    )


def _cropped(sheet: Array, left: int, top: int, picture: Array | None) -> Ink:
    """Returns the sheet cropped to the pixels that have ink."""
    rows, columns = np.flatnonzero(sheet.any(1)), np.flatnonzero(sheet.any(0))
    if not rows.size:
        return Ink(np.zeros((0, 0), np.float32), 0, 0)
    inked = np.s_[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    return Ink(
        sheet[inked], left + int(columns[0]), top + int(rows[0]), None if picture is None else picture[inked]
    )


def _set(faces: Sequence[Typeface], row: PlacedLine, glyph: Glyph) -> _Set | None:
    """Returns a glyph at its place; None for one without ink (a space)."""
    face = faces[glyph.face]
    font = face.font
    extents = font.get_glyph_extents(glyph.id)
    if extents is None or not extents.width or not extents.height:
        return None
    x, y = round(row.left * UNITS) + glyph.x, glyph.y - row.baseline * UNITS
    left, bottom, right, top = _turned(extents, glyph.turn)
    box = (
        (x + left) // UNITS - EDGE,
        (y + bottom) // UNITS - EDGE,
        -(-(x + right) // UNITS) + EDGE,
        -(-(y + top) // UNITS) + EDGE,
    )
    return _Set(face, glyph.id, x, y, box, face.kind_of(glyph.id), glyph.turn)


def _turned(extents: hb.GlyphExtents, turn: Matrix) -> Tile:
    """Returns left, bottom, right and top of a glyph's box in 1/64 px, turned about its origin."""
    left, top = extents.x_bearing, extents.y_bearing
    right, bottom = left + extents.width, top + extents.height
    if turn == UPRIGHT:
        return left, bottom, right, top
    corners = [
        (turn[0] * x + turn[2] * y, turn[1] * x + turn[3] * y) for x in (left, right) for y in (bottom, top)
    ]
    across, down = zip(*corners, strict=True)
    return math.floor(min(across)), math.floor(min(down)), math.ceil(max(across)), math.ceil(max(down))


def _fill(glyphs: Sequence[_Set], tile: Tile) -> Array:
    left, bottom, right, top = (edge * FINE for edge in tile)
    raster = hb.RasterDraw()
    raster.scale_factor = (UNITS / FINE, UNITS / FINE)
    for glyph in glyphs:
        raster.transform = (*glyph.turn, glyph.x, glyph.y)
        raster.draw_glyph(glyph.face.font, glyph.id)
    # Without given extents, HarfBuzz 15 cuts off what is beyond 4096 and reports no error.
    raster.extents = hb.RasterExtents(left, bottom, right - left, top - bottom, right - left)
    image = raster.render()
    codes = np.frombuffer(image.buffer, np.uint8).reshape(tile[3] - tile[1], FINE, tile[2] - tile[0], FINE)
    share: Array = codes.sum((1, 3), dtype=np.uint16)[::-1].astype(np.float32) / np.float32(255 * FINE * FINE)
    return share


def _meeting(glyphs: Sequence[_Set], tile: Tile) -> Iterator[_Set]:
    left, bottom, right, top = tile
    return (
        g for g in glyphs if g.box[0] < right and g.box[2] > left and g.box[1] < top and g.box[3] > bottom
    )
