"""Shapes characters into placed glyphs, one line at a time, in visual order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby

import icu
import uharfbuzz as hb

from post.errors import JobError
from post.picture.type.colour import UPRIGHT, Matrix
from post.picture.type.face import UNITS, Typeface, describe_character, is_ignorable
from post.picture.type.fonts.families import EMOJI_SCRIPT, HAN_SCRIPTS, advice
from post.picture.type.itemise import JOINED, Direction, graphemes, is_emoji, line_breaks, scripts
from post.watchdog import watched

_HAN_FORMS = frozenset("“”‘’…‥—―·")
# Scripts written in more orders than HarfBuzz's grammar knows: it would put dotted circles into words that are right.
_FREE_ORDER = frozenset({"Lana"})


@dataclass(frozen=True, slots=True)
class Glyph:
    """x, y: its origin in 1/64 px, y up from the baseline; face: which typeface of the fallback list; at: the first
    code point of its paragraph that it stands for; turn: xx, yx, xy, yy of what its outline is multiplied by."""

    face: int
    id: int
    x: int
    y: int
    at: int = 0
    turn: Matrix = UPRIGHT


@dataclass(frozen=True, slots=True)
class Line:
    """width: advance in pixels, without the tracking after the last glyph."""

    glyphs: tuple[Glyph, ...]
    width: float
    text: str


class Paragraph:
    """Text between two mandatory breaks, itemised once, shaped by any part of it.

    faces: tried in order for each grapheme. tracking_px: added after each letter, but not in scripts
    whose letters join. styled: for each code point, the numbers of the faces to try, where runs of the text differ.
    """

    def __init__(
        self,
        text: str,
        faces: Sequence[Typeface],
        *,
        language: str = "",
        tracking_px: float = 0.0,
        styled: Sequence[Sequence[int]] = (),
    ) -> None:
        """Raises JobError naming the first character that no typeface has."""
        self.text, self.faces, self._styled = text, faces, styled
        self.language, self.tracking = language, round(tracking_px * UNITS)
        self._codes = [ord(char) for char in text]
        self.scripts, self._direction = scripts(text), Direction(text)
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
        return self.scripts[last[0]] not in JOINED

    def _items(self, first: int, stop: int, leftward: bool) -> list[tuple[int, int]]:
        """Returns a direction run cut where script or typeface changes, from left to right."""
        keys = groupby(range(first, stop), lambda at: (self.scripts[at], self._face_of[at]))
        spans = [(run[0], run[-1] + 1) for run in (list(group) for _, group in keys)]
        return spans[::-1] if leftward else spans

    def _shape(self, first: int, stop: int, leftward: bool, pen: int, glyphs: list[Glyph]) -> int:
        """Adds one run's glyphs to `glyphs`, from `pen` (1/64 px); returns where the run ends."""
        for info, at, tracking in self._shaped(first, stop, "rtl" if leftward else "ltr"):
            x, y = pen + at.x_offset, at.y_offset
            glyphs.append(Glyph(self._face_of[first], info.codepoint, x, y, info.cluster))
            pen += at.x_advance + tracking
        return pen

    def _shaped(
        self, first: int, stop: int, direction: str
    ) -> list[tuple[hb.GlyphInfo, hb.GlyphPosition, int]]:
        """Returns one run's glyphs, their places, and the tracking after each.

        Raises JobError where a character has no glyph.
        """
        typeface, script = self.faces[self._face_of[first]], self.scripts[first]
        tracking = 0 if script in JOINED else self.tracking
        buffer = hb.Buffer()
        # The whole paragraph is the context: letters join across a change of typeface.
        buffer.add_codepoints(self._codes, first, stop - first)
        if script in _FREE_ORDER:
            buffer.flags = hb.BufferFlags.DO_NOT_INSERT_DOTTED_CIRCLE
        buffer.direction, buffer.script = direction, script
        if self.language:
            buffer.language = self.language.partition("@")[0]
        # With tracking, letters are set apart, so optional ligatures are off (as in CSS Text 4, 8.2).
        loose = {"liga": 0, "clig": 0} if tracking else {}
        with watched(typeface.name):
            hb.shape(typeface.font, buffer, loose | typeface.features)
        found = list(zip(buffer.glyph_infos, buffer.glyph_positions, strict=True))
        for info, _ in found:
            if info.codepoint == 0:
                raise self._no_glyph(self.text[info.cluster], script)
        # Tracking lies between graphemes: a mark, and a vowel sign of its own width, stays with its letter.
        last = [info.cluster for info, _ in found[1:]] + [-1]
        return [
            (info, at, tracking if info.cluster != after else 0)
            for (info, at), after in zip(found, last, strict=True)
        ]

    def _choose(self) -> list[int]:
        """Returns each code point's typeface: the first that covers its grapheme. A space takes that of its word."""
        chosen: list[int] = []
        for first, stop in graphemes(self.text):
            cluster = self.text[first:stop]
            wants_emoji = is_emoji(cluster)
            order = sorted(
                self._styled[first] if self._styled else range(len(self.faces)),
                key=lambda i: self.faces[i].is_for_emoji is not wants_emoji,
            )
            beside = self._beside(first, chosen)
            if beside in order:
                order.insert(0, beside)
            face = next((i for i in order if self.faces[i].covers(cluster)), None)
            self._refuse_svg(cluster, self.faces[:face])
            if face is None:
                script = EMOJI_SCRIPT if wants_emoji else self.scripts[first]
                raise self._no_glyph(self._culprit(cluster), script)
            chosen += [face] * (stop - first)
        return chosen

    def _beside(self, at: int, chosen: Sequence[int]) -> int | None:
        """Returns the typeface that a character would rather take than the first that has it: a space that of its
        word, quotes and dashes that of the Han characters beside them, where they have another form."""
        if self.text[at].isspace():
            return chosen[-1] if chosen and not self.faces[chosen[-1]].is_for_emoji else None
        return self._han_face if self.text[at] in _HAN_FORMS and self.scripts[at] in HAN_SCRIPTS else None

    @cached_property
    def _han_face(self) -> int | None:
        """Returns the first typeface that has the first Han character; None where there is none."""
        han = next((c for c in self.text if icu.Script.getScript(c).getShortName() in HAN_SCRIPTS), None)
        return (
            None if han is None else next((i for i, face in enumerate(self.faces) if face.covers(han)), None)
        )

    def _culprit(self, cluster: str) -> str:
        last = self.faces[-1]
        return next((c for c in cluster if not is_ignorable(c) and not last.covers(c)), cluster[0])

    def _refuse_svg(self, cluster: str, passed: Sequence[Typeface]) -> None:
        """Raises JobError where a font that was passed over has a character, but only in a form that is not drawn."""
        for face in (each for each in passed if each.face.has_color_svg):
            char = next((c for c in cluster if face.has_svg_alone(c)), None)
            if char is not None:
                raise JobError(
                    "the font has this character only in its table SVG, which is not drawn",
                    where=f"{self.faces[0].cut.place}.text",
                    expected="characters in outlines, COLR, CBDT or sbix",
                    got=f"{describe_character(char)}, in {face.name}",
                    fix="use a release of the font that has one of these",
                )

    def _no_glyph(self, char: str, script: str) -> JobError:
        fonts = " nor ".join(face.name for face in self.faces)
        install = advice(script)
        fix = "give a font that covers this script with the knob `font`, or change the text"
        return JobError(
            "no font has this character",
            where=f"{self.faces[0].cut.place}.text",
            expected=f"characters that {fonts} can draw" if len(self.faces) == 1 else f"one in {fonts}",
            got=describe_character(char),
            fix=f"{install}, or {fix}" if install else fix,
        )
