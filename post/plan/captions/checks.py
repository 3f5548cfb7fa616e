"""Finds captions that are hard to read: too fast, too long, too short, too near to each other.

The limits are knobs of their style, each with its source. A warning tells of all captions of a file that one limit is
too low for, with the worst.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise

from post.captions.model import Caption
from post.knob import duration_seconds
from post.plan.captions.timing import FilmCaptions
from post.values import Clock, Span
from post.values.plan import Sidecar
from post.values.warning import JobWarning

MOST_LINES = 2
MOST_TOLD = 3  # things of a file that are lost
# Captions that touch follow each other on purpose: only a flash of picture between them is seen as one.
TOUCHING = Fraction(0)


@dataclass(frozen=True, slots=True)
class _Found:
    """A caption outside a limit. how_bad: to find the worst; got: in words."""

    caption: Caption
    how_bad: float
    got: str


def caption_warnings(files: Sequence[FilmCaptions], clock: Clock, part: Span) -> Iterator[JobWarning]:
    """Yields what a person should know of a film's captions. part: of the film, to look at."""
    low, high = clock.seconds(part.first), clock.seconds(part.stop)
    for each in files:
        captions = [one for one in each.track.captions if one.start < high and one.stop > low]
        of = f"captions {each.file.path.name}"
        for code, what, fix, find in _CHECKS:
            found = list(find(captions, each, clock))
            if found:
                worst = max(found, key=lambda one: one.how_bad)
                got = f"{worst.got} at {worst.caption.where}"
                yield JobWarning(code, what.format(count=_count(found)), got, fix, of, each.file.where)
        if each.late:
            last = max(each.late, key=lambda one: one.stop)
            yield JobWarning(
                "past-end",
                f"{_count(each.late)} last{'s' * (len(each.late) == 1)} past the film's end",
                f"to {float(last.stop):.2f} s, {last.where}",
                "cut them, or name their take with `on`",
                of,
                each.file.where,
            )
        if not each.track.captions and not each.late:
            what, got, fix = _unseen(each)
            yield JobWarning("caption-lost", what, got, fix, of, each.file.where)
        if each.file.captions.lost:
            lost = each.file.captions.lost
            told = "; ".join(lost[:MOST_TOLD]) + ("; ..." if len(lost) > MOST_TOLD else "")
            yield JobWarning("caption-lost", "has something that is not kept", told, "", of, each.file.where)


def sidecar_warnings(files: Iterable[Sidecar]) -> Iterator[JobWarning]:
    """Yields a warning for each caption file that cannot hold all of its captions."""
    for each in files:
        if each.lost:
            told = "; ".join(each.lost)
            fix = "write `sidecar: imsc`, which holds most" if each.format != "imsc" else ""
            yield JobWarning(
                "caption-lost", "does not hold all of its captions", told, fix, f"file {each.name}"
            )


def _unseen(each: FilmCaptions) -> tuple[str, str, str]:
    """Returns why a file has nothing to show: what is so, what was found, and what to do."""
    if not each.file.captions.captions:
        return "has no captions", "", "write them, or leave the file out"
    got = f"{_count(each.file.captions.captions)} of take {each.file.take}"
    return "none of its captions is shown", got, "show its take with sound, or leave the file out"


def _count(found: Sequence[object]) -> str:
    return f"{len(found)} caption{'s' * (len(found) > 1)}"


def length_of(text: str) -> int:
    """Returns how many characters a text has for a reader: no line breaks, no marks that lie over letters."""
    return sum(1 for char in text if char != "\n" and unicodedata.category(char) not in ("Mn", "Me", "Cf"))


def _fast(captions: Sequence[Caption], each: FilmCaptions, _clock: Clock) -> Iterator[_Found]:
    for one in captions:
        speed = length_of(one.text) / (one.stop - one.start)
        if speed > Fraction(each.file.style.reading_speed):
            yield _Found(one, float(speed), f"{float(speed):.1f} characters a second")


def _long(captions: Sequence[Caption], each: FilmCaptions, _clock: Clock) -> Iterator[_Found]:
    for one in captions:
        longest = max(map(length_of, one.text.split("\n")), default=0)
        if longest > each.file.style.letters:
            yield _Found(one, longest, f"{longest} characters")


def _many(captions: Sequence[Caption], _each: FilmCaptions, _clock: Clock) -> Iterator[_Found]:
    for one in captions:
        lines = sum(bool(line.strip()) for line in one.text.split("\n"))
        if lines > MOST_LINES:
            yield _Found(one, lines, f"{lines} lines")


def _short(captions: Sequence[Caption], each: FilmCaptions, clock: Clock) -> Iterator[_Found]:
    least = clock.frames(duration_seconds(each.file.style.shortest, clock))
    for one in captions:
        frames = clock.frames(one.stop) - clock.frames(one.start)
        if frames < least:
            yield _Found(one, -frames, f"{float(one.stop - one.start):.2f} s")


def _near(captions: Sequence[Caption], each: FilmCaptions, clock: Clock) -> Iterator[_Found]:
    least = duration_seconds(each.file.style.gap, clock)
    for before, one in pairwise(captions):
        gap = one.start - before.stop
        if TOUCHING < gap < least and clock.frames(one.start) - clock.frames(before.stop) < clock.frames(
            least
        ):
            yield _Found(one, float(-gap), f"{float(gap):.3f} s")


def _together(captions: Sequence[Caption], _each: FilmCaptions, _clock: Clock) -> Iterator[_Found]:
    for before, one in pairwise(captions):
        if one.start < before.stop and one.box == before.box:
            yield _Found(one, float(before.stop - one.start), f"{float(before.stop - one.start):.2f} s")


Check = Callable[[Sequence[Caption], FilmCaptions, Clock], Iterator[_Found]]
_CHECKS: tuple[tuple[str, str, str, Check], ...] = (
    ("caption-fast", "{count} cannot be read in time", "shorten the text, or show it longer", _fast),
    ("caption-long", "{count} with a line that is too long", "break the line, or shorten it", _long),
    ("caption-lines", "{count} with more than two lines", "split it in two captions", _many),
    ("caption-short", "{count} seen too shortly", "show it longer, or join it with its neighbour", _short),
    (
        "caption-gap",
        "{count} too near to the one before",
        "let them touch, or leave two frames between them",
        _near,
    ),
    (
        "caption-overlap",
        "{count} shown while the one before is still seen",
        "end the one before earlier",
        _together,
    ),
)
