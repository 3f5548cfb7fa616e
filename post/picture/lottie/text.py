"""Sets the text of a Lottie file as shapes, letter by letter, as players do: ThorVG's own text is not used.

Sizes and places are of lottie-web (TextProperty): an em of 100, lines split at carriage returns, no kerning.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from post.picture.lottie.glyphs import EM, Fonts, Glyph
from post.picture.lottie.reading import Json, Reading

LEFT, RIGHT, CENTRE = range(3)
ALL_CAPS = 1
LONGEST = 2000  # letters of one text
NEW_LINES = ("\r\n", "\n", "\x03")


@dataclass(frozen=True, slots=True)
class Style:
    """How a text is set. size, tracking, line, rise: in px; box: its left, top, width and height; None for a point."""

    font: str
    size: float
    justify: int
    tracking: float
    line: float
    rise: float
    box: tuple[float, float, float, float] | None


@dataclass(slots=True)
class TextWriter:
    """Writes text layers as shapes. words: texts to show instead of the file's own, by layer name."""

    fonts: Fonts
    words: Mapping[str, str]
    _used: set[str] = field(default_factory=set)

    def __call__(self, reading: Reading, layer: Json) -> list[Json]:
        text = reading.object(layer.get("t"), "t")
        if any(animator.get("a") for animator in reading.items(text.get("a"), "a")):
            reading.lacks("a text animator")
        if any(value is not None for value in reading.object(text.get("p") or {}, "p").values()):
            reading.lacks("text on a path")
        document = reading.object(text.get("d"), "d")
        if isinstance(document.get("x"), str):
            reading.lacks("an expression on text")
        instead = self.words.get(str(layer.get("nm")))
        if instead is not None:
            self._used.add(str(layer["nm"]))
        rows = reading.items(document.get("k"), "k")
        starts = [reading.number(row.get("t", 0), "t") for row in rows]
        found: list[Json] = []
        for number, row in enumerate(rows):
            paths = self._document(reading, reading.object(row.get("s"), "s"), instead)
            shown = _shown(starts, number) if len(rows) > 1 else {"a": 0, "k": 100}
            if paths:
                found.append({"ty": "gr", "it": [*paths, _standing(shown)]})
        return found

    def check_words(self, reading: Reading) -> None:
        """Raises JobError for a text that is to be shown in a layer that does not exist."""
        if unused := sorted(set(self.words) - self._used):
            reading.broken(
                "no text layer of that name", "the name of a text layer", unused[0], fix="see its layers"
            )

    def _document(self, reading: Reading, given: Json, instead: str | None) -> list[Json]:
        """Returns the paths, fill and stroke of one text."""
        words = instead if instead is not None else str(given.get("t", ""))
        for mark in NEW_LINES:
            words = words.replace(mark, "\r")
        caps = reading.whole(given.get("ca"), "ca")
        if caps > ALL_CAPS:
            reading.lacks("text in small capitals")
        words = (words.upper() if caps == ALL_CAPS else words).rstrip("\r")
        if len(words) > LONGEST:
            reading.broken("a text that is too long", f"at most {LONGEST} letters", len(words))
        paths = self._set(reading, words, _style(reading, given))
        paints = []
        if given.get("fc") is not None:
            paints.append({"ty": "fl", "c": _colour(reading, given["fc"]), "o": {"a": 0, "k": 100}, "r": 1})
        width = reading.number(given.get("sw", 0), "sw")
        if given.get("sc") is not None and width > 0:
            line = {"w": {"a": 0, "k": width}, "lc": 2, "lj": 2, "ml": 4, "o": {"a": 0, "k": 100}}
            paints.append({"ty": "st", "c": _colour(reading, given["sc"]), **line})
        # The first element is drawn on top.
        return [*paths, *(paints[::-1] if given.get("of") else paints)] if paths else []

    def _set(self, reading: Reading, words: str, style: Style) -> list[Json]:
        found: list[Json] = []
        scale = style.size / EM
        for number, line in enumerate(self._lines(reading, words, style)):
            glyphs = [self.fonts.glyph(reading, style.font, char) or Glyph(0.0, ()) for char in line]
            width = sum(glyph.width * scale + style.tracking for glyph in glyphs) - style.tracking * bool(
                glyphs
            )
            left, top, room = 0.0, 0.0, 0.0
            if style.box is not None:
                left, top, room, _ = style.box
                top += self.fonts.ascent(style.font) * scale
            x = left + (room - width) * {LEFT: 0.0, RIGHT: 1.0, CENTRE: 0.5}[style.justify]
            y = top + number * style.line - style.rise
            for glyph in glyphs:
                found += [_placed(path, scale, x, y) for path in glyph.paths]
                x += glyph.width * scale + style.tracking
        reading.count(len(found))
        return found

    def _lines(self, reading: Reading, words: str, style: Style) -> list[str]:
        """Returns the lines of a text: those it has, broken between words where a box is too narrow."""
        lines = words.split("\r")
        if style.box is None:
            return lines
        broken: list[str] = []
        for line in lines:
            row = ""
            for word in line.split(" "):
                longer = f"{row} {word}" if row else word
                if row and self._width(reading, longer, style) > style.box[2]:
                    broken.append(row)
                    row = word
                else:
                    row = longer
            broken.append(row)
        return broken

    def _width(self, reading: Reading, line: str, style: Style) -> float:
        glyphs = (self.fonts.glyph(reading, style.font, char) for char in line)
        return (
            sum((glyph.width * style.size / EM if glyph else 0.0) + style.tracking for glyph in glyphs)
            - style.tracking
        )


def _style(reading: Reading, given: Json) -> Style:
    size = reading.number(given.get("s"), "s")
    justify = reading.whole(given.get("j"), "j")
    if justify not in (LEFT, RIGHT, CENTRE):
        reading.lacks("justified text")
        justify = LEFT
    box = None
    if given.get("sz") is not None:
        room = reading.vector(given["sz"], "sz", (0.0, 0.0))
        box = (*reading.vector(given.get("ps", [0, 0]), "ps", (0.0, 0.0)), *room)
    return Style(
        str(given.get("f", "")), size, justify, reading.number(given.get("tr", 0), "tr") * size / 1000,
        reading.number(given.get("lh", size * 1.2), "lh"), reading.number(given.get("ls", 0), "ls"),
        box,  # type: ignore[arg-type]  # four numbers
    )  # fmt: skip


def _shown(starts: Sequence[float], number: int) -> Json:
    """Returns the opacity of one of several texts, each of which is shown until the next."""
    rows = [{"t": at, "s": [100.0 if n == number else 0.0], "h": 1} for n, at in enumerate(starts)]
    if number == 0:
        rows[0]["s"] = [100.0]
    return {"a": 1, "k": rows}


def _standing(opacity: Json) -> Json:
    still = {"p": [0, 0], "a": [0, 0], "s": [100, 100], "r": 0, "sk": 0, "sa": 0}
    return {"ty": "tr", "o": opacity, **{key: {"a": 0, "k": value} for key, value in still.items()}}


def _colour(reading: Reading, given: object) -> Json:
    return {"a": 0, "k": reading.vector(given, "colour", (0.0, 0.0, 0.0))}


def _placed(path: Json, scale: float, x: float, y: float) -> Json:
    """Returns a glyph's path in px, at its place."""
    sides = {side: [[a * scale, b * scale] for a, b in path[side]] for side in ("i", "o")}
    points = [[a * scale + x, b * scale + y] for a, b in path["v"]]
    return {"ty": "sh", "d": 1, "ks": {"a": 0, "k": {**sides, "v": points, "c": path["c"]}}}
