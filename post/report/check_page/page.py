"""Renders what checking came to as one page for a compliance reviewer: offline, without scripts, to keep and to print.

It gives no overall verdict: it says how many rules were checked, and how many could not be.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from post.report.marked_still import MarkedPart
from post.values.claim import Ruling
from provenance.html import render_html
from provenance.policy.rates import CheckRate
from provenance.verify.reviewer.page import Poster, safe_poster

# What needs attention first. Moods are the page's colours.
ORDER = ("fail", "cannot_check", "needs_human", "warn", "waived", "pass", "not_applicable")
MOODS = {"pass": "good", "fail": "bad"}
WORDS = {
    "pass": "pass", "fail": "fail", "warn": "warning", "needs_human": "a person must say",
    "not_applicable": "does not apply", "cannot_check": "could not be checked", "waived": "waived",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class RuledLine:
    """One rule on the page. spans: the stretches of the film, in words; picture: what shows it, None for none;
    shown_by: the rule above that shows the same picture, "" where none does."""

    ruling: Ruling
    spans: str
    picture: Poster | None
    shown_by: str = ""

    @property
    def word(self) -> str:
        """The verdict in words."""
        return WORDS[self.ruling.verdict]

    @property
    def mood(self) -> str:
        """The page's colour of the verdict."""
        return MOODS.get(self.ruling.verdict, "open")


@dataclass(frozen=True, slots=True)
class PolicySection:
    """A policy on the page. summary: how many of its rules were checked; sha256: of its file, hexadecimal."""

    name: str
    version: str
    sha256: str
    summary: str
    lines: tuple[RuledLine, ...]


@dataclass(frozen=True, slots=True)
class FilmOnPage:
    """A checked film: its file, when it was judged, and its policies."""

    path: str
    sha256: str
    bytes: int
    judged_at: str
    sections: tuple[PolicySection, ...]


@dataclass(frozen=True, slots=True)
class CheckPage:
    """Everything the template shows. job: rows of the job itself; facts: what was declared, in words; toolchain: names
    and releases of what measured; rates: how well checks did on films that are wrong on purpose."""

    title: str
    summary: str
    films: tuple[FilmOnPage, ...]
    job: tuple[RuledLine, ...]
    facts: tuple[str, ...]
    notes: tuple[str, ...]
    toolchain: tuple[tuple[str, str], ...]
    rates: tuple[CheckRate, ...] = ()


def ruled_lines(rulings: Sequence[Ruling], parts: Mapping[int, MarkedPart]) -> tuple[RuledLine, ...]:
    """Returns rulings as lines, those that need attention first. parts: pictures, by place in the list."""
    lines = [
        RuledLine(each, _spans(each), safe_poster(parts[at].still) if at in parts else None)
        for at, each in enumerate(rulings)
    ]
    lines.sort(key=lambda line: ORDER.index(line.ruling.verdict))
    first: dict[str, str] = {}
    for at, line in enumerate(lines):
        if line.picture and (shown := first.setdefault(line.picture.uri, line.ruling.id)) != line.ruling.id:
            lines[at] = replace(line, picture=None, shown_by=shown)
    return tuple(lines)


def render_check_page(page: CheckPage) -> str:
    """Returns the page as HTML."""
    return render_html("post.report.check_page", page)


def _spans(ruling: Ruling) -> str:
    shown = [
        f"{float(start):.2f} s" if start == end else f"{float(start):.2f} to {float(end):.2f} s"
        for start, end in ruling.at[:6]
    ]
    more = len(ruling.at) - len(shown)
    return ", ".join(shown) + (f" and {more} more" if more > 0 else "")
