"""Finds where a text may be cut: graphemes, scripts, direction, line breaks. Positions are code points.

ICU counts UTF-16 units; every index that comes from it is mapped back here.
"""

from __future__ import annotations

import re
from itertools import pairwise

import icu

from post.errors import JobError

# Mandatory breaks: UAX 14 BK, CR, LF, NL. ICU reports them, but gives dictionary breaks the same status (ICU 77).
_HARD = re.compile(r"\r\n|[\n\r\v\f\x85\u2028\u2029]")
_NEUTRAL = {"Zyyy", "Zinh", "Zzzz"}  # common, inherited, unknown: they take their neighbour's script
_SOFT_HYPHEN = "\u00ad"
_TEXT_STYLE, _EMOJI_STYLE = "\ufe0e", "\ufe0f"  # variation selectors 15 and 16
# Scripts whose letters join: tracking would tear them (Unicode 15, 9.2 and Joining_Type).
JOINED = frozenset({
    "Arab", "Syrc", "Mong", "Nkoo", "Mand", "Mani", "Phag", "Phlp", "Adlm", "Rohg", "Sogd", "Sogo",
    "Chrs", "Deva", "Beng", "Guru", "Tirh", "Modi", "Takr",
})  # fmt: skip


def paragraphs(text: str) -> list[str]:
    """Returns the text, cut at its mandatory breaks."""
    return _HARD.split(text)


def code_points(text: str) -> list[int]:
    """Returns the code point at each UTF-16 index, and the end."""
    units = [2 if ord(c) > 0xFFFF else 1 for c in text]
    return [at for at, size in enumerate(units) for _ in range(size)] + [len(text)]


def graphemes(text: str) -> list[tuple[int, int]]:
    """Returns user-perceived characters as half-open code point spans (UAX 29)."""
    return list(
        pairwise([0, *_breaks(icu.BreakIterator.createCharacterInstance(icu.Locale.getRoot()), text)])
    )


def line_breaks(text: str, language: str) -> list[int]:
    """Returns where a line may end, in rising order; the last is the end (UAX 14, with ICU's dictionaries).

    A line never breaks at a soft hyphen, because the hyphen would not be drawn.
    """
    found = _breaks(icu.BreakIterator.createLineInstance(icu.Locale(language)), text)
    return [at for at in found if at == len(text) or text[at - 1] != _SOFT_HYPHEN]


def _breaks(iterator: icu.BreakIterator, text: str) -> list[int]:
    at = code_points(text)
    iterator.setText(text)
    return [at[unit] for unit in iterator]


def scripts(text: str) -> list[str]:
    """Returns the ISO 15924 script of each code point; common characters take that of a neighbour."""
    own: list[str] = [icu.Script.getScript(char).getShortName() for char in text]
    first = next((script for script in own if script not in _NEUTRAL), "Latn")
    resolved: list[str] = []
    for script in own:
        before = resolved[-1] if resolved else first
        resolved.append(before if script in _NEUTRAL else script)
    return resolved


def is_emoji(cluster: str) -> bool:
    """Returns whether a grapheme is to be shown as an emoji (UTS 51, 4): by nature, or by a variation selector."""
    if _TEXT_STYLE in cluster or not cluster:
        return False
    return _EMOJI_STYLE in cluster or bool(
        icu.Char.hasBinaryProperty(cluster[0], icu.UProperty.EMOJI_PRESENTATION)
    )


def check_language(tag: str, where: str) -> None:
    """Checks a language tag. Raises JobError where ICU does not know it: ICU would ignore it."""
    if tag and icu.Locale(tag).getLanguage() not in icu.Locale.getISOLanguages():
        raise JobError(
            "not a language", where=where, expected="a BCP 47 tag such as ar, ja or zh-Hant", got=repr(tag)
        )


class Direction:
    """The bidirectional order of one paragraph (UAX 9); its base direction is its first strong letter's."""

    def __init__(self, text: str) -> None:
        self._map = code_points(text)
        self._units = [unit for unit, at in enumerate(self._map) if unit == 0 or at != self._map[unit - 1]]
        # ICU keeps a pointer to the text, so it must live as long as the object does.
        self._text, self._bidi = icu.UnicodeString(text), icu.Bidi()
        self._bidi.setPara(self._text, icu.Bidi.DEFAULT_LTR)

    def visual(self, first: int, stop: int) -> list[tuple[int, int, bool]]:
        """Returns a line's runs from left to right: (first, stop, right to left)."""
        start, end = self._units[first], self._units[stop]
        line = self._bidi.setLine(start, end)
        runs = [line.getVisualRun(i) for i in range(line.countRuns())]
        return [(self._map[start + at], self._map[start + at + n], bool(way)) for at, n, way in runs]
