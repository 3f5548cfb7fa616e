"""Checks, before anything is rendered, that titles stay long enough and are large enough to be read.

Nothing is measured on pictures here: `legibility` does that.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from fractions import Fraction

import icu

from post.job.model import Job, Timed
from post.knob import duration_frames
from post.picture.supers.fit import largest_that_fits
from post.picture.title import Title
from post.plan.layers import layer_for, layer_name
from post.stage import Pose
from post.values import Plan, Rendition, Span
from post.values.warning import JobWarning

WHOLE = 0.95  # of its highest opacity: a title that fades in or out is not read meanwhile
# Clearcast's guidance on supers: a fifth of a second a word, and time to find them, more where there are ten or more.
WORD_S, FIND_S, FIND_MORE_S, MANY = Fraction(1, 5), 2, 3, 10
# Clearcast: 30 lines of an HD frame's 1080, 26 on an opaque block; here of a capital, and of the shorter side.
LEAST_LINES, LEAST_LINES_PLATE, HD_LINES, OPAQUE = 30, 26, 1080, 0.6
Small = tuple[str, str, str, tuple[str, ...]]
WORD = 100  # ICU: break statuses below this are spaces and punctuation


def reading_warnings(job: Job, plan: Plan) -> Iterator[JobWarning]:
    """Yields a warning for each title that is too small to be read, or goes before it can be."""
    films = list(zip(job.deliver, plan.renditions, strict=True))
    for timed in job.titles:
        title = timed.layer
        if not isinstance(title, Title):
            continue
        sizes = {film.name: _size_in(timed, asked.clear, film) for asked, film in films}
        if (small := _too_small(title, sizes)) is not None:
            yield _warning("type-small", timed, *small)
        brief = {film.name: found for film in plan.renditions if (found := _too_brief(timed, title, film))}
        if brief:
            what, got, fix = next(iter(brief.values()))
            yield _warning("type-brief", timed, what, got, fix, tuple(brief))


def count_words(text: str, language: str = "") -> int:
    """Returns how many words a text has, by Unicode's rules and the dictionaries of languages without spaces."""
    words = icu.BreakIterator.createWordInstance(icu.Locale(language) if language else icu.Locale.getRoot())
    words.setText(text)
    return sum(words.getRuleStatus() >= WORD for _ in words)


def reading_seconds(words: int, *, small_print: bool) -> Fraction:
    """Returns how long a text of so many words has to stand. small_print: a super, which a viewer has to find first."""
    find = (FIND_S if words < MANY else FIND_MORE_S) if small_print else 0
    return find + words * WORD_S


def _size_in(timed: Timed, clear: tuple[float, ...], film: Rendition) -> float:
    """Returns the size that a title is set at in a film: it may be smaller than asked, to fit."""
    title = Title.require(layer_for(timed, clear).layer)

    def made(size: float) -> float:
        replace(title, size=size, least_size=0.0).draw(film.format)
        return size

    return largest_that_fits(title.size, title.least_size, made) if title.least_size else title.size


def _too_small(title: Title, sizes: Mapping[str, float]) -> Small | None:
    """Returns what is wrong with a title's size: what is so, the size, what to do, and in which films; None where
    nothing is. sizes: that it is set at, by the film's name."""
    lines = {name: replace(title, size=size).capital_share * HD_LINES for name, size in sizes.items()}
    on_plate = title.plate and title.plate_opacity >= OPAQUE
    least = LEAST_LINES_PLATE if on_plate else LEAST_LINES
    small = {name: capital for name, capital in lines.items() if capital < least}
    if not small:
        return None
    ground, asked = " on a plate" if on_plate else "", title.capital_share * HD_LINES
    what = f"is too small to be read: Clearcast asks for {least} lines of {HD_LINES}{ground}"
    if asked < least:
        return (
            what,
            f"capitals of {min(small.values()):.1f}",
            f"set `size: {title.size * least / asked:.1f}`",
            (),
        )
    got = f"capitals of {min(small.values()):.1f}, made smaller from {asked:.1f} to fit"
    return what, got, "write less, allow more `lines`, or give it a larger `least_size`", tuple(small)


def _too_brief(timed: Timed, title: Title, film: Rendition) -> tuple[str, str, str] | None:
    """Returns what is wrong with a title's time in a film: what is so, how long it stands, and what to do."""
    clock = film.format.clock
    first = duration_frames(timed.at, clock)
    asked = duration_frames(timed.length, clock) if timed.length else film.format.length - first
    length = min(asked, film.format.length - first)
    if length < 1 or not Span(first, first + length).meets(film.shown):
        return None
    stands = clock.seconds(read_frames([title.pose(at, length, clock) for at in range(length)]))
    words = count_words(title.text, title.language)
    needed = reading_seconds(words, small_print=title.small_print)
    if stands >= needed:
        return None
    rule = "Clearcast" if title.small_print else "a fifth of a second a word"
    return (
        f"goes before it can be read: {words} word{'s' * (words != 1)} need {float(needed):.1f} s ({rule})",
        f"{float(stands):.2f} s at rest",
        "show it longer, or write less",
    )


def read_frames(poses: list[Pose]) -> int:
    """Returns in how many frames a layer can be read: it is whole, and at rest where it ever rests."""
    highest = max(pose.opacity for pose in poses)
    whole = [pose for pose in poses if pose.opacity >= WHOLE * highest]
    rests = [pose for pose in whole if pose.moment is None]
    return len(rests or whole)


def _warning(
    code: str, timed: Timed, what: str, got: str, fix: str, films: tuple[str, ...] = ()
) -> JobWarning:
    return JobWarning(code, what, got, fix, layer_name(timed.layer), timed.where, films=films)
