"""What an evidence report is made of: sections of words, facts, tables, pictures and commands.

The page and the PDF are both written from these, so that both say the same. All texts may be foreign: whatever shows
them escapes them. Long texts and long lists are cut, and say so.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal, TypeVar

from provenance.verify.reviewer.page import Poster

T = TypeVar("T")

# good, bad: news; open: nothing is settled; own: proven for this user alone; "": none of these.
Tone = Literal["good", "bad", "open", "own", ""]
LONGEST_TEXT = 4_000  # characters: more than a screen
MOST_ROWS = 300  # of a table


@dataclass(frozen=True, slots=True)
class EvidenceWords:
    """A paragraph. quiet: an explanation; tone: "bad" where it tells of a fault."""

    text: str
    quiet: bool = False
    tone: Tone = ""


@dataclass(frozen=True, slots=True)
class EvidenceHeading:
    """What the blocks after it are about, within a section."""

    text: str


@dataclass(frozen=True, slots=True)
class EvidenceFacts:
    """Names with their values, in order."""

    rows: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class EvidenceCell:
    """A cell of a table. more: lines below, smaller; state: the text is an answer, set apart by its tone; picture: of
    a frame; at_s: the second of the film that it is about, None for none."""

    text: str
    more: tuple[str, ...] = ()
    tone: Tone = ""
    state: bool = False
    picture: Poster | None = None
    at_s: float | None = None


@dataclass(frozen=True, slots=True)
class EvidenceTable:
    """A table. widths: of the columns, in percent; the first cell of a row names it."""

    heads: tuple[str, ...]
    widths: tuple[int, ...]
    rows: tuple[tuple[EvidenceCell, ...], ...]


@dataclass(frozen=True, slots=True)
class EvidenceCommand:
    """Lines to type. what: they do."""

    what: str
    lines: tuple[str, ...]


EvidenceBlock = EvidenceHeading | EvidenceWords | EvidenceFacts | EvidenceTable | EvidenceCommand


@dataclass(frozen=True, slots=True)
class EvidenceSection:
    """A part of the report. name: for links to it, a word of small letters and hyphens."""

    name: str
    title: str
    blocks: tuple[EvidenceBlock, ...]


def bounded(text: str, most: int = LONGEST_TEXT) -> str:
    """Returns a text, cut where it is longer than a report shows: then it says so, with the whole text's SHA-256."""
    if len(text) <= most:
        return text
    digest = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
    return f"{text[:most]} … (cut here: the whole text has {len(text):,} characters; its SHA-256 is {digest})"


def bounded_rows(rows: Iterable[T], most: int = MOST_ROWS) -> tuple[Sequence[T], str]:
    """Returns the first rows of a list, and what is left out in words, "" where nothing is."""
    found = list(rows)
    left = len(found) - most
    return found[:most], f"{left:,} more are not shown here." if left > 0 else ""
