"""Sets a caption in lines: breaks them, and says where each glyph, line and run stands."""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, replace

from post.captions.model import Caption, CaptionRun
from post.errors import JobError
from post.picture.captions.faces import StyledFaces, open_faces
from post.picture.type.block import ALIGN
from post.picture.type.face import UNITS, FontSpec, Typeface
from post.picture.type.itemise import check_language
from post.picture.type.line_break import flow
from post.picture.type.rasterise import PlacedLine
from post.picture.type.shape import Line, Paragraph

MORE_LINES = 2  # times those that are allowed, at its smallest
SMALLER = (1.0, 0.9, 0.8, 0.7)  # of its size, until a caption fits
_DASHES = (
    "-",
    "\N{EN DASH}",
    "\N{EM DASH}",
    "\N{HYPHEN}",
)  # a line that starts with one is another speaker's


@dataclass(frozen=True, slots=True)
class CaptionRoom:
    """What a caption has to fit. width_px: of its lines; height_px: of all of them; lines: how many are allowed;
    leading: baseline to baseline, in ems; align: "left", "center" or "right"."""

    width_px: float
    height_px: float
    lines: int
    leading: float
    align: str
    tracking: float = 0.0
    language: str = ""


@dataclass(frozen=True, slots=True)
class SetLine:
    """A line. runs: for each glyph, the number of the caption's run that it belongs to; row: its place in the block;
    top, bottom: pixels that it takes of the block's height."""

    row: PlacedLine
    runs: tuple[int, ...]
    top: int
    bottom: int

    def stretches(self) -> list[tuple[int, float, float]]:
        """Returns the line's stretches of one run each, from left to right: (run, left, right), in the block's
        pixels."""
        line, left = self.row.line, self.row.left
        found: list[tuple[int, float, float]] = []
        for number, (glyph, run) in enumerate(zip(line.glyphs, self.runs, strict=True)):
            start = left + (glyph.x / UNITS if number else 0.0)
            if found and found[-1][0] == run:
                continue
            if found:
                found[-1] = (found[-1][0], found[-1][1], start)
            found.append((run, start, left + line.width))
        return found


@dataclass(frozen=True)
class CaptionBlock:
    """A set caption. width, height: of its box in pixels; size_px: the em that it was set in."""

    faces: tuple[Typeface, ...]
    lines: tuple[SetLine, ...]
    width: int
    height: int
    size_px: float


@dataclass(frozen=True)
class _Shaped:
    """A paragraph of a caption, shaped; runs: the number of each code point's run."""

    paragraph: Paragraph
    runs: tuple[int, ...]


def set_caption(caption: Caption, cut: FontSpec, measure: CaptionRoom) -> CaptionBlock:
    """Returns a caption in lines, in the size of `cut` or, where it does not fit, in one down to 0.7 of it.

    Its own lines are kept where they fit; else its words are laid out anew. Raises JobError for a character that no
    font has, and where it does not fit.
    """
    check_language(measure.language, f"{cut.place}.language")
    emphases = {(run.bold, run.italic) for run in caption.runs}
    last = SMALLER[-1]
    for share in SMALLER:
        sized = replace(cut, size_px=cut.size_px * share)
        block = _set(caption, open_faces(sized, emphases), measure, anyway=share == last)
        if block.width <= measure.width_px and block.height <= measure.height_px:
            return block
    raise JobError(
        "does not fit the picture's safe area",
        where=cut.place,
        expected=f"at most {measure.width_px:.0f}x{measure.height_px:.0f} px",
        got=f"{block.width}x{block.height} px at {last:.0%} of its size",
        fix="shorten it, split it in two, or set a smaller `size`",
    )


def is_leftward(text: str) -> bool:
    """Returns whether a text's first letter with a direction is one of a script that runs from right to left."""
    ways = (unicodedata.bidirectional(char) for char in text)
    return next((way in ("R", "AL") for way in ways if way in ("L", "R", "AL")), False)


def _set(caption: Caption, styled: StyledFaces, measure: CaptionRoom, *, anyway: bool) -> CaptionBlock:
    """Returns a caption set in one size. anyway: in more lines than are allowed."""
    own = [_shaped(part, styled, measure, caption.runs) for part in _own_lines(caption.runs)]
    if all(each.paragraph.width(0, len(each.runs)) <= measure.width_px for each in own):
        return _block([(each, each.paragraph.line(0, len(each.runs))) for each in own], styled, measure)
    texts = [_shaped(part, styled, measure, caption.runs) for part in _rejoined(_own_lines(caption.runs))]
    rows = [
        (text, line) for text in texts for line in flow([text.paragraph], measure.width_px, measure.lines)
    ]
    block = _block(rows, styled, measure)
    most = max(measure.lines * (MORE_LINES if anyway else 1), len(own))
    if len(rows) > most:
        return replace(block, height=max(block.height, math.ceil(measure.height_px) + 1))
    return block


Letters = list[tuple[str, int]]  # each with the number of its run


def _own_lines(runs: Sequence[CaptionRun]) -> list[Letters]:
    """Returns the caption's own lines, without empty ones."""
    lines: list[Letters] = [[]]
    for number, run in enumerate(runs):
        for char in run.text:
            if char == "\n":
                lines.append([])
            else:
                lines[-1].append((char, number))
    return [line for line in lines if "".join(char for char, _ in line).strip()]


def _rejoined(lines: Sequence[Letters]) -> list[Letters]:
    """Returns lines joined to paragraphs; a line that starts with a dash is what somebody else says."""
    joined: list[Letters] = []
    for line in lines:
        if not joined or "".join(char for char, _ in line).lstrip().startswith(_DASHES):
            joined.append(line)
        elif _needs_no_space(joined[-1][-1][0], line[0][0]):
            joined[-1] = joined[-1] + line
        else:
            joined[-1] = [*joined[-1], (" ", joined[-1][-1][1]), *line]
    return joined


def _needs_no_space(before: str, after: str) -> bool:
    """Returns whether words of that script follow each other without a space (Chinese, Japanese), or there is one."""
    wide = all(unicodedata.east_asian_width(char) in ("W", "F") for char in (before, after))
    hangul = any("HANGUL" in unicodedata.name(char, "") for char in (before, after))
    return (wide and not hangul) or before.isspace() or after.isspace()


def _shaped(
    letters: Letters, styled: StyledFaces, measure: CaptionRoom, runs: Sequence[CaptionRun]
) -> _Shaped:
    numbers = tuple(number for _, number in letters)
    order = {number: styled.order[runs[number].bold, runs[number].italic] for number in set(numbers)}
    paragraph = Paragraph(
        "".join(char for char, _ in letters),
        styled.faces,
        language=measure.language,
        tracking_px=measure.tracking / 1000 * styled.faces[0].cut.size_px,
        styled=[order[number] for number in numbers],
    )
    return _Shaped(paragraph, numbers)


def _block(rows: Sequence[tuple[_Shaped, Line]], styled: StyledFaces, measure: CaptionRoom) -> CaptionBlock:
    size_px = styled.faces[0].cut.size_px
    used = [styled.faces[i] for i in sorted({glyph.face for _, line in rows for glyph in line.glyphs})]
    faces = used or list(styled.faces[:1])
    ascent, descent = max(face.ascent for face in faces), max(face.descent for face in faces)
    step = max(round(measure.leading * size_px), math.ceil(ascent + descent))
    rise = round((step - ascent - descent) / 2 + ascent)
    width = math.ceil(max((line.width for _, line in rows), default=0))
    share = ALIGN[measure.align]
    lines = [
        SetLine(
            PlacedLine(line, (width - line.width) * share, number * step + rise),
            tuple(text.runs[glyph.at] for glyph in line.glyphs),
            number * step,
            (number + 1) * step,
        )
        for number, (text, line) in enumerate(rows)
    ]
    return CaptionBlock(styled.faces, tuple(lines), width, step * len(lines), size_px)
