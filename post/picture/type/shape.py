"""Shapes characters into placed glyphs, one line at a time, in visual order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby

import uharfbuzz as hb

from post.errors import JobError
from post.picture.type.face import UNITS, Typeface, describe_character, is_ignorable
from post.picture.type.itemise import JOINED, Direction, graphemes, line_breaks, scripts
from post.watchdog import watched


@dataclass(frozen=True, slots=True)
class Glyph:
    """x, y: its origin in 1/64 px, y up from the baseline; face: which typeface of the fallback list; cluster: the
    first code point of the paragraph that it shows."""

    face: int
    id: int
    x: int
    y: int
    cluster: int = 0


@dataclass(frozen=True, slots=True)
class Line:
    """width: advance in pixels, without the tracking after the last glyph."""

    glyphs: tuple[Glyph, ...]
    width: float
    text: str


class Paragraph:
    """Text between two mandatory breaks, itemised once, shaped by any part of it.

    faces: tried in order for each grapheme. tracking_px: added after each letter, but not in scripts
    whose letters join.
    """

    def __init__(
        self, text: str, faces: Sequence[Typeface], *, language: str = "", tracking_px: float = 0.0
    ) -> None:
        """Raises JobError naming the first character that no typeface has."""
        self.text, self.faces = text, faces
        self.language, self.tracking = language, round(tracking_px * UNITS)
        self._codes = [ord(char) for char in text]
        self._scripts, self._direction = scripts(text), Direction(text)
        self._face_of = self._choose()
        self._widths: dict[tuple[int, int], float] = {}

    @cached_property
    def breaks(self) -> list[int]:
        return line_breaks(self.text, self.language)

    def width(self, first: int, stop: int) -> float:
        """Returns the width in pixels of a line of these code points, without its trailing space."""
        key = (first, stop)
        if key not in self._widths:
            self._widths[key] = self.line(first, stop).width
        return self._widths[key]

    def line(self, first: int, stop: int) -> Line:
        """Returns these code points shaped as one line, without leading and trailing space."""
        part = self.text[first:stop]
        stop -= len(part) - len(part.rstrip())
        first = min(first + len(part) - len(part.lstrip()), stop)
        glyphs, pen = list[Glyph](), 0
        if first < stop:
            for run_first, run_stop, leftward in self._direction.visual(first, stop):
                for start, end in self._items(run_first, run_stop, leftward):
                    pen = self._shape(start, end, leftward, pen, glyphs)
        # Tracking lies between letters, not after the last.
        trailing = self.tracking if glyphs and self._tracks(first, stop) else 0
        return Line(tuple(glyphs), max(pen - trailing, 0) / UNITS, self.text[first:stop])

    def _tracks(self, first: int, stop: int) -> bool:
        last = self._items(*self._direction.visual(first, stop)[-1])[-1]
        return self._scripts[last[0]] not in JOINED

    def _items(self, first: int, stop: int, leftward: bool) -> list[tuple[int, int]]:
        """Returns a direction run cut where script or typeface changes, from left to right."""
        keys = groupby(range(first, stop), lambda at: (self._scripts[at], self._face_of[at]))
        spans = [(run[0], run[-1] + 1) for run in (list(group) for _, group in keys)]
        return spans[::-1] if leftward else spans

    def _shape(self, first: int, stop: int, leftward: bool, pen: int, glyphs: list[Glyph]) -> int:
        """Adds one run's glyphs to `glyphs`, from `pen` (1/64 px); returns where the run ends."""
        face, script = self._face_of[first], self._scripts[first]
        typeface = self.faces[face]
        tracking = 0 if script in JOINED else self.tracking
        buffer = hb.Buffer()
        # The whole paragraph is the context: letters join across a change of typeface.
        buffer.add_codepoints(self._codes, first, stop - first)
        buffer.direction, buffer.script = "rtl" if leftward else "ltr", script
        if self.language:
            buffer.language = self.language.partition("@")[0]
        # With tracking, letters are set apart, so optional ligatures are off (as in CSS Text 4, 8.2).
        loose = {"liga": 0, "clig": 0} if tracking else {}
        with watched(typeface.name):
            hb.shape(typeface.font, buffer, loose | typeface.features)
        for info, at in zip(buffer.glyph_infos, buffer.glyph_positions, strict=True):
            if info.codepoint == 0:
                raise self._no_glyph(self.text[info.cluster])
            glyphs.append(Glyph(face, info.codepoint, pen + at.x_offset, at.y_offset, info.cluster))
            # Marks have no advance: tracking belongs to the letter that carries them.
            pen += at.x_advance + (tracking if at.x_advance else 0)
        return pen

    def _choose(self) -> list[int]:
        """Returns each code point's typeface: the first that covers its grapheme. A space takes that of its word."""
        chosen: list[int] = []
        for first, stop in graphemes(self.text):
            cluster = self.text[first:stop]
            order = list(range(len(self.faces)))
            if chosen and cluster.isspace():
                order.insert(0, chosen[-1])
            face = next((i for i in order if self.faces[i].covers(cluster)), None)
            if face is None:
                raise self._no_glyph(self._culprit(cluster))
            chosen += [face] * (stop - first)
        return chosen

    def _culprit(self, cluster: str) -> str:
        last = self.faces[-1]
        return next((c for c in cluster if not is_ignorable(c) and not last.covers(c)), cluster[0])

    def _no_glyph(self, char: str) -> JobError:
        for face in self.faces:
            if face.has_in_colour_only(char):
                return JobError(
                    "the font has this character only as a colour picture, which titles do not draw",
                    where=f"{self.faces[0].cut.place}.text",
                    expected="characters that a font has outlines of",
                    got=f"{describe_character(char)}, in {face.name}",
                    fix="give a font that has it in outlines with the knob `font`, or lay the picture over as a logo",
                )
        fonts = " nor ".join(face.name for face in self.faces)
        return JobError(
            "no font has this character",
            where=f"{self.faces[0].cut.place}.text",
            expected=f"characters that {fonts} can draw" if len(self.faces) == 1 else f"one in {fonts}",
            got=describe_character(char),
            fix="give a font that covers this script with the knob `font`, or change the text",
        )
