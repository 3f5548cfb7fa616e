"""Sets a caption in lines: breaks them, and says where each glyph, line and run stands."""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, replace

from post.captions.model import Caption, CaptionRun
from post.errors import JobError
from post.picture.captions.faces import RunType, StyledFaces, open_faces
from post.picture.type.block import ALIGN
from post.picture.type.face import UNITS, FontSpec, Typeface
from post.picture.type.itemise import check_language
from post.picture.type.line_break import flow
from post.picture.type.place import Bounds
from post.picture.type.rasterise import PlacedLine
from post.picture.type.shape import Line, Paragraph
from post.picture.type.vertical import Column

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
    leading: baseline to baseline, in ems; align: "left", "center" or "right"; sizes: of each run, a share of the
    caption's.

    In vertical writing a line is a column: width_px is the room downwards, and left is its top.
    """

    width_px: float
    height_px: float
    lines: int
    leading: float
    align: str
    tracking: float = 0.0
    language: str = ""
    sizes: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True)
class SetLine:
    """A line, or a column. runs: for each glyph, the number of the caption's run that it belongs to; row: its place in
    the block; box: the pixels of the block that it takes."""

    row: PlacedLine
    runs: tuple[int, ...]
    box: Bounds
    vertical: bool = False

    def stretches(self) -> list[tuple[int, Bounds]]:
        """Returns the parts of the line that are of one run each, in the order of its glyphs: run, pixels."""
        line, found = self.row.line, list[tuple[int, float]]()
        for number, (glyph, run) in enumerate(zip(line.glyphs, self.runs, strict=True)):
            along = -glyph.y if self.vertical else glyph.x
            if not found or found[-1][0] != run:
                found.append((run, along / UNITS if number else 0.0))
        stops = [start for _, start in found[1:]] + [line.width]
        return [(run, self._part(start, stop)) for (run, start), stop in zip(found, stops, strict=True)]

    def _part(self, start: float, stop: float) -> Bounds:
        if self.vertical:
            top = self.row.baseline
            return Bounds(self.box.left, top + round(start), self.box.right, top + round(stop))
        left = self.row.left
        return Bounds(round(left + start), self.box.top, round(left + stop), self.box.bottom)


@dataclass(frozen=True)
class CaptionBlock:
    """A set caption. width, height: of its box in pixels; size_px: the em that it was set in."""

    faces: tuple[Typeface, ...]
    lines: tuple[SetLine, ...]
    width: int
    height: int
    size_px: float
    vertical: bool = False


@dataclass(frozen=True)
class _Shaped:
    """A paragraph of a caption, shaped; runs: the number of each code point's run."""

    paragraph: Paragraph
    runs: tuple[int, ...]


def set_caption(caption: Caption, cut: FontSpec, room: CaptionRoom) -> CaptionBlock:
    """Returns a caption in lines, in the size of `cut` or, where it does not fit, in one down to 0.7 of it.

    Its own lines are kept where they fit; else its words are laid out anew. Raises JobError for a character that no
    font has, and where it does not fit.
    """
    check_language(room.language, f"{cut.place}.language")
    sizes = room.sizes or (1.0,) * len(caption.runs)
    kinds = [RunType(run.bold, run.italic, size) for run, size in zip(caption.runs, sizes, strict=True)]
    last, (across, down) = SMALLER[-1], _room(caption, room)
    for share in SMALLER:
        sized = replace(cut, size_px=cut.size_px * share)
        faces = open_faces(sized, kinds, caption.text, room.language)
        block = _set(caption, (faces, kinds), room, anyway=share == last)
        if block.width <= across and block.height <= down:
            return block
    raise JobError(
        "does not fit the picture's safe area",
        where=cut.place,
        expected=f"at most {across:.0f}x{down:.0f} px",
        got=f"{block.width}x{block.height} px at {last:.0%} of its size",
        fix="shorten it, split it in two, or set a smaller `size`",
    )


def is_vertical(caption: Caption) -> bool:
    """Returns whether a caption is set in columns."""
    return caption.writing != "horizontal"


def _room(caption: Caption, room: CaptionRoom) -> tuple[float, float]:
    """Returns the width and the height of the room, in pixels."""
    sides = (room.width_px, room.height_px)
    return sides[::-1] if is_vertical(caption) else sides


def is_leftward(text: str) -> bool:
    """Returns whether a text's first letter with a direction is one of a script that runs from right to left."""
    ways = (unicodedata.bidirectional(char) for char in text)
    return next((way in ("R", "AL") for way in ways if way in ("L", "R", "AL")), False)


Faces = tuple[StyledFaces, list[RunType]]  # and the kind of each run


def _set(caption: Caption, faces: Faces, room: CaptionRoom, *, anyway: bool) -> CaptionBlock:
    """Returns a caption set in one size. anyway: in more lines than are allowed."""
    own = [_shaped(caption, part, faces, room) for part in _own_lines(caption.runs)]
    if all(each.paragraph.width(0, len(each.runs)) <= room.width_px for each in own):
        return _block(
            caption, [(each, each.paragraph.line(0, len(each.runs))) for each in own], faces[0], room
        )
    lines = _own_lines(caption.runs)  # those of a box keep their breaks
    texts = [_shaped(caption, part, faces, room) for part in (lines if caption.box else _rejoined(lines))]
    rows = [(text, line) for text in texts for line in flow([text.paragraph], room.width_px, room.lines)]
    block = _block(caption, rows, faces[0], room)
    most = max(room.lines * (MORE_LINES if anyway else 1), len(own))
    if len(rows) > most:
        return replace(block, height=max(block.height, 1 + math.ceil(max(_room(caption, room)))))
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


def _shaped(caption: Caption, letters: Letters, faces: Faces, room: CaptionRoom) -> _Shaped:
    styled, kinds = faces
    numbers = tuple(number for _, number in letters)
    kind = Column if is_vertical(caption) else Paragraph
    paragraph = kind(
        "".join(char for char, _ in letters),
        styled.faces,
        language=room.language,
        tracking_px=room.tracking / 1000 * styled.faces[0].cut.size_px,
        styled=[styled.order[kinds[number]] for number in numbers],
    )
    return _Shaped(paragraph, numbers)


def _block(
    caption: Caption, rows: Sequence[tuple[_Shaped, Line]], styled: StyledFaces, room: CaptionRoom
) -> CaptionBlock:
    """Returns lines as a block: one under the other, or as columns one beside the other."""
    size_px = styled.faces[0].cut.size_px
    used = [styled.faces[i] for i in sorted({glyph.face for _, line in rows for glyph in line.glyphs})]
    faces = used or list(styled.faces[:1])
    ascent, descent = max(face.ascent for face in faces), max(face.descent for face in faces)
    largest = max(face.cut.size_px for face in faces)
    vertical, length = is_vertical(caption), math.ceil(max((line.width for _, line in rows), default=0))
    step = max(round(room.leading * size_px), math.ceil(largest if vertical else ascent + descent))
    rise, share = round((step - ascent - descent) / 2 + ascent), ALIGN[room.align]
    lines = list[SetLine]()
    for number, (text, line) in enumerate(rows):
        runs, start = tuple(text.runs[glyph.at] for glyph in line.glyphs), (length - line.width) * share
        if vertical:
            place = number if caption.writing == "vertical-lr" else len(rows) - 1 - number
            box = Bounds(place * step, round(start), (place + 1) * step, round(start + line.width))
            lines.append(SetLine(PlacedLine(line, (place + 0.5) * step, round(start)), runs, box, True))
        else:
            box = Bounds(math.floor(start), number * step, math.ceil(start + line.width), (number + 1) * step)
            lines.append(SetLine(PlacedLine(line, start, number * step + rise), runs, box))
    across, down = (step * len(rows), length) if vertical else (length, step * len(rows))
    return CaptionBlock(styled.faces, tuple(lines), across, down, size_px, vertical)
