"""A block of type: lines placed one under the other, and their ink."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from post.errors import JobError
from post.picture.type.face import UNITS, FontSpec, Typeface
from post.picture.type.fonts.fallback import with_installed
from post.picture.type.itemise import check_language, paragraphs
from post.picture.type.line_break import flow
from post.picture.type.rasterise import Ink, PlacedLine, draw
from post.picture.type.shape import Line, Paragraph
from post.picture.type.vertical import Column

MOST_LETTERS = 2_000  # a page of a book; shaping takes a millisecond for every hundred
ALIGN = {"left": 0.0, "center": 0.5, "right": 1.0}


@dataclass(frozen=True, slots=True)
class TextSpec:
    """Text to set. width_px: the measure; lines: how many are allowed; tracking: 1/1000 em;
    leading: baseline to baseline, in ems; align: left, center or right; language: BCP 47 or ""; vertical: in columns
    from right to left, of which `width_px` is the length and left the top; balance: lines of about even length."""

    text: str
    width_px: float
    lines: int
    align: str = "left"
    tracking: float = 0.0
    leading: float = 1.2
    language: str = ""
    vertical: bool = False
    balance: bool = True


@dataclass(frozen=True)
class TypeBlock:
    """Set text. width, height: its box in pixels, from the first line's ascent to the last one's descent,
    or from capital height to baseline where it was set `tight`."""

    faces: tuple[Typeface, ...]
    rows: tuple[PlacedLine, ...]
    width: int
    height: int

    @cached_property
    def ink(self) -> Ink:
        """Returns what is drawn. Glyphs are placed to 1/64 px horizontally; baselines lie on whole pixels."""
        return draw(self.faces, self.rows)

    @property
    def inked_width(self) -> int:
        """Returns the width of box and ink together, in pixels."""
        ink = self.ink
        right: int = ink.left + ink.coverage.shape[1]
        return max(self.width, right) - min(0, ink.left)

    @property
    def inked_height(self) -> int:
        """Returns the height of box and ink together, in pixels."""
        ink = self.ink
        bottom: int = ink.top + ink.coverage.shape[0]
        return max(self.height, bottom) - min(0, ink.top)


def set_type(copy: TextSpec, cuts: Sequence[FontSpec], *, tight: bool = False) -> TypeBlock:
    """Returns the text broken into lines, each character set in the first of `cuts` that has it, or in an installed
    font.

    Raises JobError for a character no font has, a line too wide, too many lines, text with nothing to see, and
    an unknown language.
    """
    check_language(copy.language, f"{cuts[0].place}.language")
    faces = with_installed(copy.text, copy.language, [Typeface(cut) for cut in cuts])
    block = _set(copy, faces, tight)
    if not block.ink.coverage.any():
        raise JobError(
            "the text has nothing to see", where=f"{cuts[0].place}.text", got=ascii(_short(copy.text))
        )
    # A letter may be wider than its advance: a line that filled the measure then has to break earlier.
    over = (block.inked_height if copy.vertical else block.inked_width) - copy.width_px
    return _set(replace(copy, width_px=copy.width_px - over), faces, tight) if over > 0 else block


def _set(copy: TextSpec, faces: tuple[Typeface, ...], tight: bool) -> TypeBlock:
    size_px, place = faces[0].cut.size_px, faces[0].cut.place
    tracking_px = copy.tracking / 1000 * size_px
    kind = Column if copy.vertical else Paragraph
    texts = [
        kind(text, faces, language=copy.language, tracking_px=tracking_px) for text in paragraphs(copy.text)
    ]
    lines = flow(texts, copy.width_px, copy.lines if copy.balance else 0)
    _fits(copy, lines, place)
    step, length = max(round(copy.leading * size_px), 1), math.ceil(max(line.width for line in lines))
    if copy.vertical:
        return _columns(faces, lines, step, ALIGN[copy.align])
    ascent, descent = _heights(faces, lines, tight)
    rows = tuple(
        PlacedLine(line, (length - line.width) * ALIGN[copy.align], ascent + i * step)
        for i, line in enumerate(lines)
    )
    return TypeBlock(faces, rows, length, ascent + step * (len(rows) - 1) + descent)


def _columns(faces: tuple[Typeface, ...], lines: Sequence[Line], step: int, share: float) -> TypeBlock:
    """Returns columns from right to left, their middles `step` apart: the first em is half on each side of a middle."""
    em, length = math.ceil(faces[0].cut.size_px), math.ceil(max(line.width for line in lines))
    width = em + step * (len(lines) - 1)
    rows = tuple(
        PlacedLine(line, width - em / 2 - i * step, round((length - line.width) * share))
        for i, line in enumerate(lines)
    )
    return TypeBlock(faces, rows, width, length)


def _heights(faces: Sequence[Typeface], lines: Sequence[Line], tight: bool) -> tuple[int, int]:
    """Returns the whole pixels above the first baseline and below the last, for the faces in use."""
    used = [faces[i] for i in sorted({g.face for line in lines for g in line.glyphs})] or list(faces[:1])
    if tight:
        return math.ceil(max(face.cap_height for face in used) - 1 / UNITS), 0
    return math.ceil(max(face.ascent for face in used)), math.ceil(max(face.descent for face in used))


def _fits(copy: TextSpec, lines: Sequence[Line], place: str) -> None:
    if copy.width_px <= 0:
        raise JobError(
            "the plate's padding leaves no room for type",
            where=f"{place}.plate_padding",
            expected="less than the safe area",
            fix="use less padding or smaller margins",
        )
    widest = max(lines, key=lambda line: line.width)
    over = widest.width - copy.width_px
    if over > 0:
        way = "long" if copy.vertical else "wide"
        raise JobError(
            f"the text is {over:.0f} px too {way} for the safe area and has no place to break",
            where=f"{place}.text",
            expected=f"lines of at most {copy.width_px:.0f} px",
            got=f"{widest.width:.0f} px for {_short(widest.text)!r}",
            fix=f"shorten it, or set it at {math.floor(100 * copy.width_px / widest.width)} % of its size",
        )
    if len(lines) > copy.lines:
        raise JobError(
            "the text needs more lines than are allowed",
            where=f"{place}.text",
            expected=f"at most {copy.lines} (lines) of {copy.width_px:.0f} px",
            got=len(lines),
            fix="allow more lines, use a smaller size, or shorten the text",
        )


def _short(text: str) -> str:
    return text if len(text) <= 24 else text[:23] + "…"
