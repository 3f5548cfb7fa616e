"""Paints a set caption: plates behind its lines, outline, underlines, and letters in their runs' colours."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
import uharfbuzz as hb

from post.captions.model import CaptionRun
from post.picture.captions.layout import CaptionBlock, SetLine
from post.picture.type.face import UNITS
from post.picture.type.paint import Colour, hex_colour
from post.picture.type.place import Bounds, around
from post.picture.type.rasterise import Ink, PlacedLine, draw
from post.stage import Raster
from post.values.array import Array

OPAQUE = 255


@dataclass(frozen=True, slots=True)
class CaptionPaint:
    """How a caption is painted.

    plate: colour and opacity behind each line, None for none; pad: pixels at the ends and beside its lines that the
    plate covers; outline: pixels, 0 for none; colour_of: the colour of a run's letters, #rrggbb; backgrounds: whether
    runs have those of their file; ground: behind all lines, #rrggbb or #rrggbbaa, "" for none.
    """

    plate: tuple[Colour, float] | None
    pad: tuple[int, int]
    outline: float
    outline_colour: Colour
    colour_of: Callable[[int], str]
    backgrounds: bool = True
    ground: str = ""


def extent(block: CaptionBlock, look: CaptionPaint) -> Bounds:
    """Returns what must lie in the safe area, from the block's corner: its lines with their plates or outlines."""
    rim = math.ceil(look.outline)
    across, down = (max(look.pad[0], rim), max(look.pad[1], rim)) if look.plate else (rim, rim)
    if block.vertical:
        across, down = down, across
    return Bounds(-across, -down, block.width + across, block.height + down)


def paint_caption(
    block: CaptionBlock, runs: Sequence[CaptionRun], look: CaptionPaint
) -> tuple[Array, int, int]:
    """Returns a caption in colour, (height, width, 4) float32 straight alpha, and its left and top from the block's
    corner."""
    groups = [(colour, draw(block.faces, rows)) for colour, rows in _by_colour(block, look)]
    box = extent(block, look)
    canvas = around([box, *(_bounds(ink) for _, ink in groups)]).grown(math.ceil(look.outline) + 1)
    sheet = np.zeros((canvas.height, canvas.width, 4), np.float32)  # colour multiplied by alpha
    for bounds, fill, alpha in _panels(block, runs, look, box):
        _lay_panel(sheet, canvas, bounds, (fill, alpha))
    letters = [(colour, _on(canvas, ink)) for colour, ink in groups]
    if look.outline and letters:
        rim = _grown(np.maximum.reduce([coverage for _, coverage in letters]), look.outline)
        _lay(sheet, rim, look.outline_colour)
    for (colour, coverage), (_, ink) in zip(letters, groups, strict=True):
        fill, alpha = _filled(colour)
        _lay(sheet, coverage * np.float32(alpha), fill)
        if ink.picture is not None:
            _lay_picture(sheet, canvas, ink)
    for bounds, rule in _underlines(block, runs, look):
        _lay_panel(sheet, canvas, bounds, (rule, 1.0))
    made = Raster(sheet, canvas.left, canvas.top, premultiplied=True).straight()
    return made.rgba, canvas.left, canvas.top


def over_panels(raster: Raster, panels: Sequence[tuple[Bounds, str]]) -> Raster:
    """Returns a drawn caption over panels, the lowest first: each in pixels of the frame, with its colour."""
    height, width = raster.rgba.shape[:2]
    own = Bounds(raster.left, raster.top, raster.left + width, raster.top + height)
    canvas = around([own, *(box for box, _ in panels)])
    sheet = np.zeros((canvas.height, canvas.width, 4), np.float32)
    for box, colour in panels:
        _lay_panel(sheet, canvas, box, _filled(colour))
    rows = slice(own.top - canvas.top, own.bottom - canvas.top)
    view = sheet[rows, own.left - canvas.left : own.right - canvas.left]
    alpha = raster.rgba[..., 3:]
    view *= 1 - alpha
    view[..., :3] += raster.rgba[..., :3] * alpha
    view[..., 3:] += alpha
    return Raster(sheet, canvas.left, canvas.top, premultiplied=True).straight()


def _by_colour(block: CaptionBlock, look: CaptionPaint) -> Iterator[tuple[str, list[PlacedLine]]]:
    """Yields the glyphs of each colour, as lines that hold only those."""
    colours = dict.fromkeys(look.colour_of(run) for line in block.lines for run in line.runs)
    for colour in colours:
        yield colour, [_only(line, colour, look) for line in block.lines]


def _only(line: SetLine, colour: str, look: CaptionPaint) -> PlacedLine:
    """Returns a line with the glyphs of one colour."""
    pairs = zip(line.row.line.glyphs, line.runs, strict=True)
    glyphs = tuple(glyph for glyph, run in pairs if look.colour_of(run) == colour)
    return replace(line.row, line=replace(line.row.line, glyphs=glyphs))


def _panels(
    block: CaptionBlock, runs: Sequence[CaptionRun], look: CaptionPaint, box: Bounds
) -> Iterator[tuple[Bounds, Colour, float]]:
    """Yields the plates: the box's, each line's, then those of runs with a background of their own."""
    if look.ground:
        yield (box, *_filled(look.ground))
    for number, line in enumerate(block.lines):
        if look.plate and look.plate[1] > 0:
            yield (_plate_of(number, line, block, look), *look.plate)
        for run, part in line.stretches():
            if runs[run].background and look.backgrounds:
                yield (part, *_filled(runs[run].background))


def _plate_of(number: int, line: SetLine, block: CaptionBlock, look: CaptionPaint) -> Bounds:
    """Returns the plate of a line: padded at its ends, and where no other line follows."""
    along, beside = look.pad
    first, last = number == 0, number == len(block.lines) - 1
    box = line.box
    if line.vertical:
        left, right = box.left == 0, box.right == block.width
        return Bounds(
            box.left - beside * left, box.top - along, box.right + beside * right, box.bottom + along
        )
    return Bounds(box.left - along, box.top - beside * first, box.right + along, box.bottom + beside * last)


def _filled(colour: str) -> tuple[Colour, float]:
    """Returns a colour of a file, #rrggbb or #rrggbbaa, and its opacity."""
    return hex_colour(colour[:7]), int(colour[7:9], 16) / OPAQUE if len(colour) > 7 else 1.0


def _underlines(
    block: CaptionBlock, runs: Sequence[CaptionRun], look: CaptionPaint
) -> Iterator[tuple[Bounds, Colour]]:
    font = block.faces[0].font
    offset = font.get_metric_position_with_fallback(hb.OTMetricsTag.UNDERLINE_OFFSET) / UNITS
    thick = max(1, round(font.get_metric_position_with_fallback(hb.OTMetricsTag.UNDERLINE_SIZE) / UNITS))
    for line in block.lines:
        top = line.row.baseline + round(-offset)
        for run, part in line.stretches():
            if not runs[run].underline:
                continue
            colour = hex_colour(look.colour_of(run)[:7])
            if line.vertical:  # at the right of a column
                yield Bounds(part.right - thick, part.top, part.right, part.bottom), colour
            else:
                yield Bounds(part.left, top, part.right, top + thick), colour


def _bounds(ink: Ink) -> Bounds:
    height, width = ink.coverage.shape
    return Bounds(ink.left, ink.top, ink.left + width, ink.top + height)


def _on(canvas: Bounds, ink: Ink) -> Array:
    """Returns the ink's coverage on a canvas of that extent."""
    sheet = np.zeros((canvas.height, canvas.width), np.float32)
    height, width = ink.coverage.shape
    top, left = ink.top - canvas.top, ink.left - canvas.left
    sheet[top : top + height, left : left + width] = ink.coverage
    return sheet


def _grown(coverage: Array, by: float) -> Array:
    """Returns coverage grown by that many pixels on every side."""
    import cv2

    reach = max(1, round(by))
    disc = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * reach + 1, 2 * reach + 1))
    return np.asarray(cv2.dilate(coverage, disc))


def _lay(sheet: Array, coverage: Array, colour: Colour) -> None:
    """Lays a colour over premultiplied pixels, in place, where it covers them."""
    keep = (1 - coverage)[..., None]
    sheet *= keep
    sheet += coverage[..., None] * np.array((*colour, 1.0), np.float32)


def _lay_picture(sheet: Array, canvas: Bounds, ink: Ink) -> None:
    """Lays glyphs that have colours of their own over those of the text's colour that are there, in place."""
    assert ink.picture is not None
    height, width = ink.coverage.shape
    top, left = ink.top - canvas.top, ink.left - canvas.left
    view = sheet[top : top + height, left : left + width]
    view *= 1 - ink.picture[..., 3:]
    view += ink.picture


def _lay_panel(sheet: Array, canvas: Bounds, box: Bounds, fill: tuple[Colour, float]) -> None:
    rows = slice(box.top - canvas.top, box.bottom - canvas.top)
    view = sheet[rows, max(0, box.left - canvas.left) : max(0, box.right - canvas.left)]
    colour, alpha = fill
    _lay(view, np.full(view.shape[:2], alpha, np.float32), colour)
