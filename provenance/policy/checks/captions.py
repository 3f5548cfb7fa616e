"""Checks of the captions that come with a film: that they are there, and can be read."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from fractions import Fraction
from itertools import pairwise

from post.values.sights.captions import CaptionSight, SeenCaption, SeenCaptions, characters_of
from provenance.policy.check import (
    Check,
    CheckOutcome,
    Parameters,
    PolicyInput,
    number,
    shown,
    texts,
    unseen,
    whole,
)

MOST_TOLD = 20  # captions of an outcome
SLACK = Fraction(1, 1000)  # a caption ends on a frame or a millisecond: so small a share is no fault
SHORTEST_S = Fraction(1, 1000)  # that a caption lasts which a track shows for no time
# A caption that is off: how far, to find the worst, and in words.
Found = tuple[SeenCaption, float, str]


def _read(given: PolicyInput, required: str, judge: Callable[[CaptionSight], CheckOutcome]) -> CheckOutcome:
    """Returns what a judge says of the captions; cannot_check where they could not be read."""
    if given.look is None:
        return unseen(required)
    sight = given.look.captions()
    if sight.fault:
        return CheckOutcome("cannot_check", f"captions cannot be read: {sight.fault}", required)
    return judge(sight)


def _present(given: PolicyInput, parameters: Parameters) -> CheckOutcome:
    """Requires captions, in a track of the film or in a file beside it, in each of some languages."""
    languages = texts(parameters, "languages")
    required = f"captions in {', '.join(languages)}" if languages else "captions"

    def judge(sight: CaptionSight) -> CheckOutcome:
        filled = [each for each in sight.found if each.captions]
        words = ", ".join(f"{each.where} ({each.language or 'language not said'})" for each in filled)
        missing = [name for name in languages if not any(_speaks(each.language, name) for each in filled)]
        bad = missing if languages else [] if filled else ["any"]
        unread = _unread(sight)
        if bad and unread:
            return CheckOutcome("cannot_check", words or "none that can be read", required, unread)
        evidence = f"missing: {', '.join(bad)}" if bad and languages else unread
        return CheckOutcome("fail" if bad else "pass", words or "no captions", required, evidence)

    return _read(given, required, judge)


def _unread(sight: CaptionSight) -> str:
    """Returns what of the captions cannot be read, and why; "" for nothing."""
    return "; ".join(f"{name} cannot be read: {why}" for name, why in sight.unread)


def _speaks(language: str, wanted: str) -> bool:
    """Returns whether a language is the one that is wanted, or a variety of it. Both are BCP 47."""
    return language.casefold().split("-")[0] == wanted.casefold().split("-")[0]


def _each(
    given: PolicyInput, required: str, find: Callable[[Sequence[SeenCaption]], Iterator[Found]]
) -> CheckOutcome:
    """Returns the outcome of a check of every caption: of what is found, the worst is told, and where all are. Where
    some cannot be read, the others do not pass for them."""

    def judge(sight: CaptionSight) -> CheckOutcome:
        filled = [each for each in sight.found if each.captions]
        unread = _unread(sight)
        if not filled:
            if unread:
                return CheckOutcome("cannot_check", "none that can be read", required, unread)
            return CheckOutcome("not_applicable", "no captions", required)
        bad = [(each, *found) for each in filled for found in find(each.captions)]
        count = sum(len(each.captions) for each in filled)
        if not bad:
            return CheckOutcome(
                "cannot_check" if unread else "pass", f"all of {count} captions", required, unread
            )
        worst: tuple[SeenCaptions, SeenCaption, float, str] = max(bad, key=lambda one: one[2])
        where, caption, _, words = worst
        told = f"{len(bad)} of {count} captions; the worst has {words}"
        place = "; ".join(filter(None, (f"at {float(caption.start):.2f} s of {where.where}", unread)))
        at = sorted({one.stretch for _, one, *_ in bad})[:MOST_TOLD]
        return CheckOutcome("fail", told, required, place, tuple(at))

    return _read(given, required, judge)


def _speed(given: PolicyInput, parameters: Parameters) -> CheckOutcome:
    """Limits how fast captions are to be read: in words a minute, in characters a second, or in both."""
    wpm = number(parameters, "wpm", 0 if "cps" in parameters else 180)
    cps = number(parameters, "cps")
    limits = ((wpm, "words a minute"), (cps, "characters a second"))
    required = ", ".join(f"{shown(most)} {unit} at most" for most, unit in limits if most)

    def find(captions: Sequence[SeenCaption]) -> Iterator[Found]:
        for each in captions:
            lasts = max(each.stop - each.start, SHORTEST_S)
            speeds = (
                (each.words * 60 / lasts, wpm, "words a minute"),
                (each.characters / lasts, cps, "characters a second"),
            )
            for speed, most, unit in speeds:
                if most and speed > most:
                    yield each, float(speed / most), f"{float(speed):.1f} {unit}"
                    break

    return _each(given, required, find)


def _length(given: PolicyInput, parameters: Parameters) -> CheckOutcome:
    """Limits the characters of a line, the lines of a caption, and how long it is shown."""
    characters, lines = whole(parameters, "characters", 42), whole(parameters, "lines", 2)
    least, most = number(parameters, "least_s", Fraction(5, 6)), number(parameters, "most_s", 7)
    required = f"{characters} characters a line and {lines} lines at most, shown for {shown(least)} to {shown(most)} s"

    def find(captions: Sequence[SeenCaption]) -> Iterator[Found]:
        for each in captions:
            longest = max(map(characters_of, each.lines), default=0)
            lasts = max(each.stop - each.start, SHORTEST_S)
            faults = (
                (Fraction(longest, max(characters, 1)), f"{longest} characters in a line"),
                (Fraction(len(each.lines), max(lines, 1)), f"{len(each.lines)} lines"),
                (least / lasts, f"{float(lasts):.2f} s"),
                (lasts / max(most, Fraction(1, 1000)), f"{float(lasts):.2f} s"),
            )
            share, words = max(faults, key=lambda one: one[0])
            if share > 1 + SLACK:
                yield each, float(share), words

    return _each(given, required, find)


def _overlap(given: PolicyInput, parameters: Parameters) -> CheckOutcome:
    """Limits captions of one track that are shown at once."""
    most = whole(parameters, "most")
    required = f"{most} captions shown while the one before is still seen at most"

    def find(captions: Sequence[SeenCaption]) -> Iterator[Found]:
        found = [
            (one, before.stop - one.start) for before, one in pairwise(captions) if one.start < before.stop
        ]
        for one, lap in found if len(found) > most else ():
            yield one, float(lap), f"{float(lap):.2f} s with the one before"

    return _each(given, required, find)


CHECKS: Mapping[str, Check] = {
    "captions.present": Check(_present, {"languages": tuple}),
    "captions.speed": Check(_speed, {"wpm": Fraction, "cps": Fraction}),
    "captions.length": Check(
        _length, {"characters": int, "lines": int, "least_s": Fraction, "most_s": Fraction}
    ),
    "captions.overlap": Check(_overlap, {"most": int}),
}
