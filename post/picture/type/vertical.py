"""Vertical writing: columns of characters that stand upright, lie on their side, or stand in pairs.

Source: UAX 50, "Vertical_Orientation"; CSS Writing Modes 4, `text-combine-upright: digits 2`.
"""

from __future__ import annotations

import re
from functools import cached_property
from itertools import groupby

import icu

from post.errors import JobError
from post.picture.type.face import UNITS
from post.picture.type.itemise import graphemes, is_emoji
from post.picture.type.shape import Glyph, Paragraph

UPRIGHT, SIDEWAYS, PAIR = "upright", "sideways", "pair"
QUARTER_TURN = (0.0, -1.0, 1.0, 0.0)  # to the right
# Two digits, as of a date, or two marks that belong together: set side by side within one character's height.
_PAIR = re.compile(r"(?<![0-9A-Za-z.,:/-])(?:[0-9]{2}|[!?]{2})(?![0-9A-Za-z.,:/%-])", re.ASCII)
_ROTATED, _TURNED_FORM = 0, 1  # ICU's numbers of R and Tr; U and Tu stand upright


class Column(Paragraph):
    """A paragraph set in columns. In its lines, glyphs lie about the column's middle (x 0), below its top (y 0).

    A line's width is its length, downwards.
    """

    @cached_property
    def _ways(self) -> list[tuple[str, int]]:
        """Returns how each code point stands; with the number of its pair, if it is of one."""
        found: list[tuple[str, int]] = [(SIDEWAYS, 0)] * len(self.text)
        for first, stop in graphemes(self.text):
            kind = icu.Char.getIntPropertyValue(self.text[first], icu.UProperty.VERTICAL_ORIENTATION)
            has_form = self.faces[self._face_of[first]].has_feature("vert")
            lies = kind == _ROTATED or (kind == _TURNED_FORM and not has_form)
            lies = lies and not is_emoji(self.text[first:stop])  # a keycap is no digit
            found[first:stop] = [(SIDEWAYS if lies else UPRIGHT, 0)] * (stop - first)
        for number, pair in enumerate(_PAIR.finditer(self.text), 1):
            found[pair.start() : pair.end()] = [(PAIR, number)] * 2
        return found

    def _items(self, first: int, stop: int, leftward: bool) -> list[tuple[int, int]]:
        if leftward:
            raise JobError(
                "text that runs from right to left is not set in columns",
                where=f"{self.faces[0].cut.place}.writing",
                expected="vertical for Chinese, Japanese or Korean",
                fix="set it horizontally",
            )
        spans = super()._items(first, stop, leftward)
        keyed = (groupby(range(*span), lambda at: self._ways[at]) for span in spans)
        runs = (list(group) for groups in keyed for _, group in groups)
        return [(run[0], run[-1] + 1) for run in runs]

    def _shape(self, first: int, stop: int, leftward: bool, pen: int, glyphs: list[Glyph]) -> int:  # noqa: ARG002  `_items` refused it
        """Adds one run's glyphs to `glyphs`, from `pen` downwards (1/64 px); returns where the run ends."""
        way, _ = self._ways[first]
        if way == UPRIGHT:
            return self._stand(first, stop, pen, glyphs)
        face = self._face_of[first]
        typeface = self.faces[face]
        middle = round(typeface.cap_height * UNITS / 2)
        shaped, end = self._shaped(first, stop, "ltr"), 0
        if way == SIDEWAYS:
            for info, at, tracking in shaped:
                y = -(pen + end + at.x_offset)
                glyphs.append(
                    Glyph(face, info.codepoint, at.y_offset - middle, y, info.cluster, QUARTER_TURN)
                )
                end += at.x_advance + tracking
            return pen + end
        em = round(typeface.cut.size_px * UNITS)
        wide = sum(at.x_advance for _, at, _ in shaped)
        narrower = min(1.0, em / max(wide, 1))
        for info, at, _ in shaped:
            x = round(narrower * (end + at.x_offset - wide / 2))
            y = at.y_offset - (pen + em // 2 + middle)
            glyphs.append(Glyph(face, info.codepoint, x, y, info.cluster, (narrower, 0.0, 0.0, 1.0)))
            end += at.x_advance
        return pen + em + self.tracking

    def _stand(self, first: int, stop: int, pen: int, glyphs: list[Glyph]) -> int:
        for info, at, tracking in self._shaped(first, stop, "ttb"):
            glyphs.append(
                Glyph(self._face_of[first], info.codepoint, at.x_offset, at.y_offset - pen, info.cluster)
            )
            pen += -at.y_advance + tracking
        return pen
