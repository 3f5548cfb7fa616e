"""Finds the outlines of the characters of a Lottie file: in the file itself, or in the font files that are given."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from post.errors import JobError
from post.picture.lottie.properties import rewrite_path
from post.picture.lottie.reading import Json, Reading
from post.picture.type.face import FontSpec, Typeface, describe_character
from post.values.media import File

EM = 100.0  # units of glyphs, as in Lottie files
INTER = "Inter"  # comes with the product
WEIGHTS = {
    "thin": 100, "extralight": 200, "light": 300, "regular": 400, "medium": 500, "semibold": 600, "bold": 700,
    "extrabold": 800, "black": 900,
}  # fmt: skip
# Letters change with their neighbours, or stand on each other: one outline a letter is not how they are written.
SHAPED = (
    (0x0590, 0x08FF),
    (0x0900, 0x0DFF),
    (0x0E00, 0x0EFF),
    (0x0F00, 0x109F),
    (0x1780, 0x18AF),
    (0x1A20, 0x1CFF),
)


@dataclass(frozen=True, slots=True)
class Glyph:
    """One character. width: its advance; paths: closed, y down; both of an em of 100."""

    width: float
    paths: tuple[Json, ...]


class Fonts:
    """The fonts of a file. given: font files by family or full name."""

    def __init__(self, document: Json, given: Mapping[str, File]) -> None:
        fonts = document.get("fonts")
        rows = fonts.get("list") if isinstance(fonts, dict) else None
        self._rows = {
            row["fName"]: row
            for row in rows or []
            if isinstance(row, dict) and isinstance(row.get("fName"), str)
        }
        self._chars = document.get("chars")
        self._given = given
        self._faces: dict[str, Typeface | None] = {}
        self._glyphs: dict[tuple[str, str], Glyph | None] = {}
        self._drawn: dict[tuple[str, str, str], Json] | None = None

    def ascent(self, name: str) -> float:
        """Returns how far a font's letters rise above the baseline, of an em of 100."""
        found = self._rows.get(name, {}).get("ascent", 75)
        return float(found) if isinstance(found, int | float) and abs(found) <= 10 * EM else 75.0

    def glyph(self, reading: Reading, name: str, char: str) -> Glyph | None:
        """Returns a character of a font; None, with the fault noted, where nothing has it."""
        if (name, char) not in self._glyphs:
            self._glyphs[name, char] = self._find(reading, name, char)
        return self._glyphs[name, char]

    def _find(self, reading: Reading, name: str, char: str) -> Glyph | None:
        if unicodedata.category(char).startswith("M") or any(
            low <= ord(char) <= high for low, high in SHAPED
        ):
            reading.lacks(f"text with {describe_character(char)}, which is shaped with its neighbours,")
            return None
        row = self._rows.get(name, {"fFamily": name, "fStyle": ""})
        family, style = str(row.get("fFamily", "")), str(row.get("fStyle", ""))
        drawn = self._drawn_chars(reading).get((char, family, style))
        if drawn is not None:
            return _from_shapes(reading, drawn)
        if name not in self._faces:
            self._faces[name] = self._open(reading, name, family, style)
        face = self._faces[name]
        if face is None:
            font = " ".join((family, style)).strip() or name
            reading.lacks(
                f"text in the font {font}", "give the file of that font, or export with Glyphs turned on"
            )
            return None
        if not face.covers(char):
            reading.lacks(f"{describe_character(char)} in the font {face.name}", "choose a font that has it")
            return None
        return _from_font(face, char)

    def _drawn_chars(self, reading: Reading) -> dict[tuple[str, str, str], Json]:
        if self._drawn is None:
            self._drawn = {
                (str(row.get("ch")), str(row.get("fFamily", "")), str(row.get("style", ""))): row
                for row in reading.items(self._chars, "chars")
            }
        return self._drawn

    def _open(self, reading: Reading, name: str, family: str, style: str) -> Typeface | None:
        known = {key.casefold(): file for key, file in self._given.items()}
        wanted = (name, f"{family} {style}", f"{family}-{style}", family)
        file = next((known[key.casefold()] for key in wanted if key.casefold() in known), None)
        if file is None and family != INTER:
            return None
        try:
            face = Typeface(FontSpec(file, EM, place=reading.place))
            weight = WEIGHTS.get(
                style.casefold().replace("italic", "").replace(" ", "").replace("-", "") or "regular"
            )
            if weight is not None and "wght" in face.axes:
                face = Typeface(FontSpec(file, EM, weight, place=reading.place))
        except JobError as fault:
            reading.broken(fault.what, fault.expected, fault.got, fault.fix)
        return face


def _from_shapes(reading: Reading, row: Json) -> Glyph:
    data = row.get("data") if isinstance(row.get("data"), dict) else {}
    if row.get("t") or (isinstance(data, dict) and data.get("refId")):
        reading.lacks("a character that is a precomp")
    width = reading.number(row.get("w", 0), "w")
    return Glyph(width, tuple(_paths(reading, data.get("shapes") if isinstance(data, dict) else None)))


def _paths(reading: Reading, given: object, depth: int = 0) -> list[Json]:
    found: list[Json] = []
    for item in reading.items(given, "shapes"):
        if item.get("ty") == "gr" and depth < 4:
            found += _paths(reading, item.get("it"), depth + 1)
        elif item.get("ty") == "sh" and (path := rewrite_path(reading, item.get("ks"))) is not None:
            if path["a"]:
                reading.lacks("a character whose outline moves")
            else:
                found.append(path["k"])
    return found


def _from_font(face: Typeface, char: str) -> Glyph:
    glyph = face.font.get_nominal_glyph(ord(char))
    if glyph is None:
        return Glyph(0.0, ())
    scale = face.font.scale[0] / EM
    pen = _Pen(scale)
    face.font.draw_glyph_with_pen(glyph, pen)
    return Glyph(face.font.get_glyph_h_advance(glyph) / scale, tuple(pen.paths))


class _Pen:
    """Collects outlines as Lottie paths: points with tangents to and from them, y down."""

    def __init__(self, scale: float) -> None:
        self.paths: list[Json] = []
        self._scale = scale

    def _at(self, point: tuple[float, float]) -> list[float]:
        return [point[0] / self._scale, -point[1] / self._scale]

    def moveTo(self, point: tuple[float, float]) -> None:  # noqa: N802  names of the pen's protocol
        self.paths.append({"i": [[0.0, 0.0]], "o": [[0.0, 0.0]], "v": [self._at(point)], "c": True})

    def lineTo(self, point: tuple[float, float]) -> None:  # noqa: N802
        last = self.paths[-1]["v"][-1]
        self._curve(last, self._at(point), self._at(point))

    def curveTo(self, *points: tuple[float, float]) -> None:  # noqa: N802
        self._curve(*(self._at(point) for point in points))

    def qCurveTo(self, middle: tuple[float, float], end: tuple[float, float]) -> None:  # noqa: N802
        start, control, stop = self.paths[-1]["v"][-1], self._at(middle), self._at(end)
        leaves, enters = (
            [a + (b - a) * 2 / 3 for a, b in zip(side, control, strict=True)] for side in (start, stop)
        )
        self._curve(leaves, enters, stop)

    def closePath(self) -> None:  # noqa: N802
        """Does nothing: every path is closed."""

    endPath = closePath  # noqa: N815

    def _curve(self, leaves: list[float], enters: list[float], end: list[float]) -> None:
        path: Any = self.paths[-1]
        last = path["v"][-1]
        path["o"][-1] = [leaves[0] - last[0], leaves[1] - last[1]]
        path["i"].append([enters[0] - end[0], enters[1] - end[1]])
        path["o"].append([0.0, 0.0])
        path["v"].append(end)
