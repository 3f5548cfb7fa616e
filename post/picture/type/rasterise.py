"""Draws placed glyphs as coverage (ink)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import uharfbuzz as hb

from post.errors import JobError
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
    """coverage: (height, width) float32, 0..1; left, top: of its first pixel, from the block's corner."""

    coverage: Array
    left: int
    top: int


@dataclass(frozen=True, slots=True)
class PlacedLine:
    """A line and its position. left: pixels from the block's left edge; baseline: whole pixels from its top."""

    line: Line
    left: float
    baseline: int


@dataclass(frozen=True, slots=True)
class _Set:
    """A glyph on the sheet. x, y: its origin in 1/64 px, y up; box: left, bottom, right, top in pixels."""

    font: hb.Font
    id: int
    x: int
    y: int
    box: tuple[int, int, int, int]


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
    sheet = np.zeros((top - bottom, right - left), np.float32)
    for x in range(left, right, TILE):
        for y in range(bottom, top, TILE):
            tile = (x, y, min(x + TILE, right), min(y + TILE, top))
            # The sheet's rows count downwards, HarfBuzz's upwards.
            sheet[top - tile[3] : top - y, x - left : tile[2] - left] = _fill(glyphs, tile)
    return _cropped(sheet, left, -top)


def _too_far(cut: FontSpec, width: int, height: int) -> JobError:
    return JobError(
        "its letters reach further than any frame",
        where=f"{cut.place}.font",
        expected=f"at most {MOST_INK // 1_000_000} million pixels in all",
        got=f"{width}x{height} pixels at a size of {cut.size_px:g}",
        fix="use another font, or a smaller size",
    )


def _cropped(sheet: Array, left: int, top: int) -> Ink:
    """Returns the sheet cropped to the pixels that have ink."""
    rows, columns = np.flatnonzero(sheet.any(1)), np.flatnonzero(sheet.any(0))
    if not rows.size:
        return Ink(np.zeros((0, 0), np.float32), 0, 0)
    inked = sheet[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    return Ink(inked, left + int(columns[0]), top + int(rows[0]))


def _set(faces: Sequence[Typeface], row: PlacedLine, glyph: Glyph) -> _Set | None:
    """Returns a glyph at its place; None for one without ink (a space)."""
    font = faces[glyph.face].font
    extents = font.get_glyph_extents(glyph.id)
    if extents is None or not extents.width or not extents.height:
        return None
    x, y = round(row.left * UNITS) + glyph.x, glyph.y - row.baseline * UNITS
    left, top = x + extents.x_bearing, y + extents.y_bearing
    box = (
        left // UNITS - EDGE,
        (top + extents.height) // UNITS - EDGE,
        -(-(left + extents.width) // UNITS) + EDGE,
        -(-top // UNITS) + EDGE,
    )
    return _Set(font, glyph.id, x, y, box)


def _fill(glyphs: Sequence[_Set], tile: tuple[int, int, int, int]) -> Array:
    left, bottom, right, top = (edge * FINE for edge in tile)
    raster = hb.RasterDraw()
    raster.scale_factor = (UNITS / FINE, UNITS / FINE)
    for glyph in _meeting(glyphs, tile):
        raster.transform = (1, 0, 0, 1, glyph.x, glyph.y)
        raster.draw_glyph(glyph.font, glyph.id)
    # Without given extents, HarfBuzz 15 cuts off what is beyond 4096 and reports no error.
    raster.extents = hb.RasterExtents(left, bottom, right - left, top - bottom, right - left)
    image = raster.render()
    codes = np.frombuffer(image.buffer, np.uint8).reshape(tile[3] - tile[1], FINE, tile[2] - tile[0], FINE)
    share: Array = codes.sum((1, 3), dtype=np.uint16)[::-1].astype(np.float32) / np.float32(255 * FINE * FINE)
    return share


def _meeting(glyphs: Sequence[_Set], tile: tuple[int, int, int, int]) -> Iterator[_Set]:
    left, bottom, right, top = tile
    return (
        g for g in glyphs if g.box[0] < right and g.box[2] > left and g.box[1] < top and g.box[3] > bottom
    )
