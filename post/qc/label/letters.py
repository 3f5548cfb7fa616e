"""Draws the letters that a reader compares with the picture, and says how far apart they stand in a text."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from statistics import median

import cv2
import icu
import numpy as np

from post.errors import JobError
from post.picture.type.block import TextSpec, set_type
from post.picture.type.face import FontSpec, Typeface
from post.values.array import Array
from post.values.media import File

CAPITAL = 16  # pixels: the height of a capital in the strips that are read
MARGIN = 2  # pixels of ground round each letter: a stem alone looks like many letters
SOFT = 0.6  # pixels: the blur of a letter that was coded and scaled
WIDE = 100_000.0
LARGE = 64.0  # pixels: the height of a capital at which heights of characters are compared
# Scripts whose letters stand apart. In all others, a whole word is compared at once.
_APART = {"Latin", "Greek", "Cyrillic", "Han", "Hiragana", "Katakana", "Hangul", "Common", "Inherited"}
_SQUARE = {"Han", "Hiragana", "Katakana", "Hangul"}


@dataclass(frozen=True, eq=False)
class Letter:
    """One letter, or one word of a joined script. ink: (height, width) float32, 0..1, with its margin; left, top: of
    the first pixel, from its pen position and from the top of a capital; advance: to the next pen position; all in
    pixels; width: of the ink alone."""

    ink: Array
    left: int
    top: int
    advance: float
    width: int


@dataclass(frozen=True, slots=True)
class LetterFonts:
    """Where letters come from that Inter lacks. files: asked before the installed fonts; language: BCP 47 or "", whose
    form Han characters have in the installed ones."""

    files: tuple[File, ...] = ()
    language: str = ""


INTER = LetterFonts()


@dataclass(frozen=True, slots=True)
class Wording:
    """A text as the units that are compared, from left to right. gaps: of each unit, how many spaces follow it."""

    text: str
    units: tuple[str, ...]
    gaps: tuple[int, ...]
    fonts: LetterFonts = INTER

    @property
    def joined(self) -> bool:
        """Whether whole words are compared, as its script joins letters."""
        return any(is_word(unit) for unit in self.units)

    @property
    def short(self) -> bool:
        """Whether it has so few letters that other words may hold them by chance."""
        return len(self.units) <= 3 and not self.joined


def split_text(text: str, fonts: tuple[File, ...] = ()) -> Wording:
    """Returns a text split into letters, or into words where its script joins letters."""
    units: list[str] = []
    gaps: list[int] = []
    words = text.split()
    for word in reversed(words) if _runs_leftwards(text) else words:
        parts = [word] if is_word(word) else _clusters(word)
        units += parts
        gaps += [0] * (len(parts) - 1) + [1]
    return Wording(
        text, tuple(units), (*gaps[:-1], 0) if gaps else (), LetterFonts(fonts, _han_language(text))
    )


def is_word(unit: str) -> bool:
    """Returns whether a unit is of a script that joins letters, and so a whole word."""
    return any(_script(char) not in _APART for char in unit)


def _runs_leftwards(text: str) -> bool:
    """Returns whether words stand from right to left, as the first letter with a direction has it (UAX 9, P2)."""
    kinds = (unicodedata.bidirectional(char) for char in text)
    return next((kind in ("R", "AL") for kind in kinds if kind in ("L", "R", "AL")), False)


def _han_language(text: str) -> str:
    """Returns the language that Han characters are drawn for: nothing but the text says it."""
    own = {_script(char) for char in text}
    if own & {"Hiragana", "Katakana"}:
        return "ja"
    return ("ko" if "Hangul" in own else "zh-Hans") if "Han" in own else ""


def can_draw(wording: Wording) -> bool:
    """Returns whether its fonts have every letter."""
    try:
        return bool(wording.units) and all(
            letter(unit, CAPITAL, wording.fonts).ink.any() for unit in wording.units
        )
    except JobError:
        return False


@lru_cache(maxsize=4096)
def letter(unit: str, capital: float, fonts: LetterFonts = INTER) -> Letter:
    """Returns a letter at a height of its capitals, in pixels. Raises JobError where no font has it."""
    cuts = [_font(capital), *(_font(capital, font) for font in fonts.files)]
    block = set_type(TextSpec(unit, WIDE, 1, language=fonts.language), cuts, tight=True)
    found = block.ink
    ink = cv2.GaussianBlur(np.pad(found.coverage, MARGIN), (0, 0), SOFT)
    advance = block.rows[0].line.width
    return Letter(
        np.ascontiguousarray(ink, np.float32), found.left - MARGIN, found.top - MARGIN, float(advance),
        found.coverage.shape[1],
    )  # fmt: skip


@lru_cache(maxsize=64)
def space(capital: float) -> float:
    """Returns the width of a space, in pixels."""
    joined, alone = (
        set_type(TextSpec(text, WIDE, 1), [_font(capital)], tight=True).rows[0].line.width
        for text in ("n n", "nn")
    )
    return float(joined - alone)


@lru_cache(maxsize=64)
def extent(wording: Wording) -> tuple[int, int]:
    """Returns the first and last row of a text's ink, from the top of a capital of `CAPITAL` pixels."""
    drawn = [letter(unit, CAPITAL, wording.fonts) for unit in wording.units]
    top = min(each.top for each in drawn) + MARGIN
    return top, max(each.top + each.ink.shape[0] for each in drawn) - MARGIN


@lru_cache(maxsize=64)
def square_height(wording: Wording) -> float | None:
    """Returns the height of a text's square characters (Han, kana, Hangul) in heights of a capital: the median of their
    ink, as a character such as U+4E00 is a single stroke. None where it has none."""
    units = [unit for unit in wording.units if any(_script(char) in _SQUARE for char in unit)]
    if not units:
        return None
    drawn = (letter(unit, LARGE, wording.fonts).ink.shape[0] - 2 * MARGIN for unit in units)
    return float(median(drawn)) / LARGE


@lru_cache(maxsize=64)
def _font(capital: float, font: File | None = None) -> FontSpec:
    tall = Typeface(FontSpec(font, 1000.0, place="font"))
    return FontSpec(font, 1000.0 * capital / tall.cap_height, place="font")


def _clusters(word: str) -> list[str]:
    breaks = icu.BreakIterator.createCharacterInstance(icu.Locale.getRoot())
    breaks.setText(icu.UnicodeString(word))
    # ICU counts in UTF-16.
    units, start, found = icu.UnicodeString(word), 0, []
    for end in breaks:
        found.append(str(units[start:end]))
        start = end
    return found


def _script(char: str) -> str:
    return str(icu.Script.getScript(char).getName())
