"""Defines the captions that come with a film, as they were read back: in its own tracks, and in files beside it."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from post.values.claim import Stretch

# Scripts whose words stand without spaces between them, as Unicode's names of their letters begin.
_UNPARTED = ("CJK", "HIRAGANA", "KATAKANA", "THAI", "LAO", "KHMER", "MYANMAR")


@dataclass(frozen=True, slots=True)
class SeenCaption:
    """One caption. start, stop: seconds; text: its lines, with "\\n" between them."""

    start: Fraction
    stop: Fraction
    text: str

    @property
    def stretch(self) -> Stretch:
        """When it is shown."""
        return self.start, self.stop

    @property
    def lines(self) -> tuple[str, ...]:
        """Its lines that are not empty."""
        return tuple(line.strip() for line in self.text.split("\n") if line.strip())

    @property
    def characters(self) -> int:
        """How many characters a reader sees in it."""
        return sum(map(characters_of, self.lines))

    @property
    def words(self) -> int:
        """How many words it has, as spaces part them; in scripts that part none (Chinese, Japanese, Thai, Lao, Khmer,
        Burmese), as the dictionaries of Unicode's ICU part them."""
        return sum(map(words_of, self.text.split()))


@dataclass(frozen=True, slots=True)
class SeenCaptions:
    """All captions of one track or file, in order of time. where: "track 1", or the name of the file; language: BCP 47,
    "" where it is not said."""

    where: str
    kind: Literal["track", "file"]
    language: str
    captions: tuple[SeenCaption, ...]


@dataclass(frozen=True, slots=True)
class CaptionSight:
    """What captions come with a film. unread: tracks, and files beside it, that cannot be read or not whole, and why;
    fault: why nothing was read, "" where it was."""

    found: tuple[SeenCaptions, ...] = ()
    unread: tuple[tuple[str, str], ...] = ()
    fault: str = ""


def words_of(token: str) -> int:
    """Returns how many words stand in a text without spaces: one, or where it has letters of a script that parts none,
    as many as ICU's word boundaries (Unicode Standard Annex 29) give it."""
    if not any(unicodedata.name(char, "").startswith(_UNPARTED) for char in token):
        return 1
    import icu

    found = icu.BreakIterator.createWordInstance(icu.Locale.getRoot())
    found.setText(token)
    # A status below WORD_NONE_LIMIT is of spaces and punctuation.
    return sum(1 for _ in found if found.getRuleStatus() >= icu.UWordBreak.NONE_LIMIT) or 1


def characters_of(line: str) -> int:
    """Returns how many characters a reader sees in a line: marks that lie over letters, and what cannot be seen, are
    none."""
    return sum(unicodedata.category(char) not in ("Mn", "Me", "Cf") for char in line)
