"""A block of type: lines set, placed one under the other, and their ink."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import uharfbuzz as hb
from numpy.typing import NDArray

from post.errors import JobError
from post.picture.type.face import UNITS, Cut, Typeface
from post.picture.type.flow import flow
from post.picture.type.itemise import paragraphs
from post.picture.type.shape import Line, Paragraph

ALIGN = {"left": 0.0, "center": 0.5, "right": 1.0}
Array = NDArray[Any]


@dataclass(frozen=True, slots=True)
class Copy:
    """Text as it is asked for. width_px: the measure; lines: how many are allowed; tracking: 1/1000 em;
    leading: baseline to baseline, in ems; align: left, center or right; language: BCP 47 or ""."""

    text: str
    width_px: float
    lines: int
    align: str = "left"
    tracking: float = 0.0
    leading: float = 1.2
    language: str = ""


@dataclass(frozen=True, slots=True)
class Ink:
    """coverage: (height, width) float32, 0..1; left, top: of its first pixel, from the block's corner."""

    coverage: Array
    left: int
    top: int


@dataclass(frozen=True, slots=True)
class Row:
    """A line in its place. left: pixels from the block's left edge; baseline: whole pixels from its top."""

    line: Line
    left: float
    baseline: int


@dataclass(frozen=True)
class Block:
    """Set text. width, height: its box in pixels, from the first line's ascent to the last one's descent,
    or from capital height to baseline where it was set `tight`."""

    faces: tuple[Typeface, ...]
    rows: tuple[Row, ...]
    width: int
    height: int

    @cached_property
    def ink(self) -> Ink:
        """What is drawn. Glyphs are placed to 1/64 px across; baselines stand on whole pixels."""
        draw = hb.RasterDraw()
        draw.scale_factor = (UNITS, UNITS)
        for row in self.rows:
            _draw_row(draw, self.faces, row)
        image = draw.render()
        box = image.extents
        if not box.width or not box.height:
            return Ink(np.zeros((0, 0), np.float32), 0, 0)
        codes = np.frombuffer(image.buffer, np.uint8).reshape(box.height, box.stride)[::-1, : box.width]
        return Ink(codes.astype(np.float32) / 255, box.x_origin, -(box.y_origin + box.height))


def set_type(copy: Copy, cuts: Sequence[Cut], *, tight: bool = False) -> Block:
    """The text, broken into lines and set in the first of `cuts` that has each character.

    Raises JobError for a character no font has, a line too wide, and more lines than are allowed.
    """
    faces = tuple(Typeface(cut) for cut in cuts)
    size_px, place = cuts[0].size_px, cuts[0].place
    texts = [
        Paragraph(text, faces, language=copy.language, tracking_px=copy.tracking / 1000 * size_px)
        for text in paragraphs(copy.text)
    ]
    lines = flow(texts, copy.width_px)
    _fits(copy, lines, place)
    used = [faces[i] for i in sorted({g.face for line in lines for g in line.glyphs})] or list(faces[:1])
    ascent = math.ceil(max(face.cap_height if tight else face.ascent for face in used) - 1e-6)
    descent = 0 if tight else math.ceil(max(face.descent for face in used))
    step, width = max(round(copy.leading * size_px), 1), math.ceil(max(line.width for line in lines))
    rows = tuple(
        Row(line, (width - line.width) * ALIGN[copy.align], ascent + i * step) for i, line in enumerate(lines)
    )
    return Block(faces, rows, width, ascent + step * (len(rows) - 1) + descent)


def _fits(copy: Copy, lines: Sequence[Line], place: str) -> None:
    widest = max(lines, key=lambda line: line.width)
    over = widest.width - copy.width_px
    if over > 0:
        raise JobError(
            f"the text is {over:.0f} px too wide for the safe area and has no place to break",
            where=f"{place}.text",
            expected=f"lines of at most {copy.width_px:.0f} px",
            got=f"{widest.width:.0f} px for {_short(widest.text)!r}",
            fix=f"shorten it, or make it {100 * copy.width_px / widest.width:.0f} % of its size or less",
        )
    if len(lines) > copy.lines:
        raise JobError(
            "the text needs more lines than are allowed",
            where=f"{place}.text",
            expected=f"at most {copy.lines} (lines) of {copy.width_px:.0f} px",
            got=len(lines),
            fix="allow more lines, use a smaller size, or shorten the text",
        )


def _draw_row(draw: hb.RasterDraw, faces: Sequence[Typeface], row: Row) -> None:
    left = round(row.left * UNITS)
    for glyph in row.line.glyphs:
        draw.transform = (1, 0, 0, 1, left + glyph.x, glyph.y - row.baseline * UNITS)
        draw.draw_glyph(faces[glyph.face].font, glyph.id)


def _short(text: str) -> str:
    return text if len(text) <= 24 else text[:23] + "…"
