"""Breaks text into lines and draws them on a PDF page.

Latin, Greek and Cyrillic letters are text in Inter. Whatever else an installed font has is shaped (joined, reordered,
from right to left where its script runs so) and drawn as outlines that carry their letters (PDF 2.0, 14.9.4,
ActualText). A letter that no installed font has is written as its Unicode number, and remembered.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cache
from io import BytesIO
from typing import Any
from unicodedata import category

import uharfbuzz as hb
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

from post.picture.type.face import FontSpec, Typeface
from post.picture.type.fonts.fallback import with_installed
from post.picture.type.fonts.families import FAMILIES, INTER
from post.picture.type.itemise import graphemes, line_breaks, paragraphs, scripts
from post.picture.type.shape import Line, Paragraph

REGULAR, STRONG = "EvidenceRegular", "EvidenceStrong"
_WEIGHTS = {REGULAR: 400, STRONG: 600}
_EM = 100  # pixels: the size that outlines are made at
_UNITS = 64 * _EM  # positions of an outline an em
_PLAIN = frozenset({"Latn", "Grek", "Cyrl"})
_HAN = "zh-Hans"  # where nothing says which language Han characters are of


@dataclass(frozen=True, slots=True)
class TypesetLine:
    """A line that can be drawn. outlines: of letters that are no text in Inter, None where all are; width: in points,
    at its size; size: of the em, in points."""

    text: str
    font: str
    size: float
    width: float
    outlines: Line | None = None
    faces: tuple[Typeface, ...] = ()

    def draw(self, canvas: Canvas, x: float, y: float) -> None:
        """Draws the line from x on, its baseline at y, in the canvas's fill colour."""
        if self.outlines is None:
            canvas.setFont(self.font, self.size)
            canvas.drawString(x, y, self.text)
            return
        scale, path = self.size / _UNITS, canvas.beginPath()
        for glyph in self.outlines.glyphs:
            pen = _Outline(path, x + glyph.x * scale, y + glyph.y * scale, scale)
            self.faces[glyph.face].font.draw_glyph_with_pen(glyph.id, pen)
        letters = self.text.encode("utf-16-be", "replace").hex().upper()
        # The canvas has no call for marked content.
        canvas._code.append(f"/Span <</ActualText <FEFF{letters}>>> BDC")
        canvas.drawPath(path, stroke=0, fill=1, fillMode=1)
        canvas._code.append("EMC")


class _Outline:
    """Writes a glyph's outline into a path of a page. Names are those that HarfBuzz calls."""

    def __init__(self, path: Any, x: float, y: float, scale: float) -> None:
        self._path, self._x, self._y, self._scale = path, x, y, scale
        self._at = (0.0, 0.0)

    def _to(self, point: tuple[float, float]) -> tuple[float, float]:
        return self._x + point[0] * self._scale, self._y + point[1] * self._scale

    def moveTo(self, point: tuple[float, float]) -> None:  # noqa: N802
        self._at = point
        self._path.moveTo(*self._to(point))

    def lineTo(self, point: tuple[float, float]) -> None:  # noqa: N802
        self._at = point
        self._path.lineTo(*self._to(point))

    def curveTo(self, *points: tuple[float, float]) -> None:  # noqa: N802
        self._at = points[-1]
        self._path.curveTo(*(value for point in points for value in self._to(point)))

    def qCurveTo(self, middle: tuple[float, float], end: tuple[float, float]) -> None:  # noqa: N802
        """A curve of the second degree, as one of the third."""
        near = [(a + 2 * b) / 3 for a, b in zip(self._at, middle, strict=True)]
        far = [(2 * b + c) / 3 for b, c in zip(middle, end, strict=True)]
        self.curveTo((near[0], near[1]), (far[0], far[1]), end)

    def closePath(self) -> None:  # noqa: N802
        self._path.close()

    def endPath(self) -> None:  # noqa: N802
        """An outline that is left open is filled as if it were closed."""


@dataclass
class Typesetter:
    """Sets the text of one document. missing: the letters that no installed font has, so far."""

    missing: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        _register()
        self._known = frozenset(_inter(400).face.unicodes)

    def lines(self, text: str, size: float, width: float, font: str = REGULAR) -> list[TypesetLine]:
        """Returns a text as lines of at most `width` points. size: of the em; font: REGULAR or STRONG."""
        return [
            line
            for part in paragraphs(text.replace("\t", "    "))
            for line in self._paragraph(part, size, width, font)
        ]

    def _paragraph(self, text: str, size: float, width: float, font: str) -> list[TypesetLine]:
        if self._is_plain(text):

            def measured(first: int, stop: int) -> float:
                return float(pdfmetrics.stringWidth(text[first:stop].rstrip(), font, size))

            return [
                TypesetLine(text[first:stop].strip(), font, size, measured(first, stop))
                for first, stop in _broken(text, width, measured)
            ]
        covered, faces = self._covered(text, _WEIGHTS[font])
        shaped = Paragraph(covered, faces)
        scale = size / _EM
        return [
            TypesetLine(covered[first:stop].strip(), font, size, line.width * scale, line, faces)
            for first, stop in _broken(covered, width, lambda a, b: shaped.width(a, b) * scale)
            for line in [shaped.line(first, stop)]
        ]

    def _is_plain(self, text: str) -> bool:
        """Returns whether every letter is text in Inter, one glyph for each character."""
        if text.isascii():
            return True
        known = all(ord(char) in self._known and category(char)[0] != "M" for char in text)
        return known and _PLAIN.issuperset(scripts(text))

    def _covered(self, text: str, weight: int) -> tuple[str, tuple[Typeface, ...]]:
        """Returns a text with the numbers of the letters that no installed font has, and the typefaces that set it."""
        own = (_inter(weight),)
        faces = with_installed(text, _language(text), own)
        parts = list[str]()
        for first, stop in graphemes(text):
            cluster = text[first:stop]
            if any(face.covers(cluster) for face in faces):
                parts.append(cluster)
            elif cluster.isspace():
                parts.append(" ")
            else:
                parts.extend(self._numbered(char, faces) for char in cluster)
        return "".join(parts), faces

    def _numbered(self, char: str, faces: Sequence[Typeface]) -> str:
        """Returns a letter of a cluster that no font has whole: itself, or its number where no font has it, or where
        it is a mark that would stand on another letter."""
        if category(char)[0] not in "MC" and any(face.covers(char) for face in faces):
            return char
        self.missing.add(char)
        return f"[U+{ord(char):04X}]"


def _broken(text: str, width: float, measured: Callable[[int, int], float]) -> list[tuple[int, int]]:
    """Returns where lines of a paragraph begin and end: as many words as fit, else as many letters, at least one."""
    lines, first, breaks = list[tuple[int, int]](), 0, line_breaks(text, "") if text else []
    at = 0
    while first < len(text):
        while at < len(breaks) and breaks[at] <= first:
            at += 1
        stop = first
        while at < len(breaks) and measured(first, breaks[at]) <= width:
            stop, at = breaks[at], at + 1
        if stop == first:
            stop = _longest(text, first, breaks[at], width, measured)
        lines.append((first, stop))
        first = stop
    return lines or [(0, 0)]


def _longest(text: str, first: int, end: int, width: float, measured: Callable[[int, int], float]) -> int:
    """Returns where a word that is too long is cut."""
    ends: Sequence[int] = [first + stop for _, stop in graphemes(text[first:end])]
    low, high = 0, len(ends) - 1
    while low < high:
        middle = (low + high + 1) // 2
        if measured(first, ends[middle]) <= width:
            low = middle
        else:
            high = middle - 1
    return ends[low]


def _language(text: str) -> str:
    """Returns the language that Han characters are drawn for: "" where kana or hangul beside them say it."""
    own = set(scripts(text))
    return "" if own & {"Hira", "Kana", "Hang", "Bopo"} else _HAN


@cache
def _inter(weight: int) -> Typeface:
    return Typeface(FontSpec(None, float(_EM), float(weight), place="report"))


@cache
def _register() -> None:
    """Gives the fonts of text to reportlab: Inter at two weights, each as a font of its own."""
    path = FAMILIES[INTER].path
    assert path is not None  # Inter is installed with the product
    face = hb.Face(hb.Blob.from_file_path(str(path)))
    for name, weight in _WEIGHTS.items():
        cut = hb.SubsetInput()
        cut.keep_everything()
        for tag, value in (("wght", weight), ("opsz", face.axis_infos[0].min_value)):
            cut.pin_axis_location(face, tag, value)
        font = TTFont(name, BytesIO(cut.subset(face).blob.data), shapable=False)
        # Both weights have the name of the file that they come from, by which reportlab would take them for one.
        font.face.name = type(font.face.name)(name.encode())
        pdfmetrics.registerFont(font)
