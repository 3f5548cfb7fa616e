"""Checks of when the visible AI label is seen: from when on, for how long, how often, and after each break."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from post.values.claim import Stretch
from post.values.sights.label import LabelSight, SeenLabel
from provenance.policy.check import (
    Check,
    CheckOutcome,
    Parameters,
    PolicyInput,
    number,
    shown,
    text,
    written_number,
)
from provenance.policy.checks.label_sight import ACCEPTED, LabelJudgement, judge_labels

CLOSE = Fraction(1, 2)  # seconds: frames that are no further apart miss no gap that a viewer notices


def _seconds(value: Fraction) -> str:
    return f"{float(value):.2f} s"


def _first_seen(given: PolicyInput, parameters: Parameters) -> CheckOutcome:
    """Requires a label from a second of the film on: 0 is the first frame."""
    by = number(parameters, "by_s")
    required = f"seen by {_seconds(by)}" if by else "seen from the first frame on"

    def judge(seen: SeenLabel, _: LabelSight) -> LabelJudgement:
        fault = "too late" if seen.first > by else ""
        return LabelJudgement(fault, f"first seen at {_seconds(seen.first)}", ((seen.first, seen.first),))

    return judge_labels(given, parameters, required, judge)


def _dwell(given: PolicyInput, parameters: Parameters) -> CheckOutcome:
    """Requires a label that stands unbroken for some seconds: its longest stretch, or its first. A film that is
    shorter shows it throughout."""
    least, first = number(parameters, "seconds", 2), text(parameters, "of") == "first"
    which = "the first time" if first else "at least once"
    required = f"{shown(least)} s or more unbroken, {which}"

    def judge(seen: SeenLabel, sight: LabelSight) -> LabelJudgement:
        stretch = seen.stretches[0] if first else max(seen.stretches, key=_length)
        fault = "" if _length(stretch) >= min(least, sight.length) else "not long enough"
        return LabelJudgement(fault, f"{_seconds(_length(stretch))} unbroken", (stretch,))

    return judge_labels(given, parameters, required, judge)


def _gaps(given: PolicyInput, parameters: Parameters) -> CheckOutcome:
    """Limits how long a label is away, at the beginning and the end too. every: from one time that it appears to the
    next, so that it is away for that less the shortest time that it stands."""
    most, every = number(parameters, "max_gap", -1), number(parameters, "every", -1)
    limits = (
        f"away for {shown(max(most, Fraction(0)))} s at most" if most >= 0 or every < 0 else "",
        f"again every {shown(every)} s" if every >= 0 else "",
    )

    def judge(seen: SeenLabel, sight: LabelSight) -> LabelJudgement:
        away, shortest = _away(seen, sight.length), min(map(_length, seen.stretches))
        allowed = [most] if most >= 0 or every < 0 else []
        allowed += [every - shortest] if every >= 0 else []
        limit = max(min(allowed), Fraction(0))
        long = tuple(each for each in away if _length(each) > limit)
        found = f"{len(away)} gaps, the longest {_seconds(max(map(_length, away), default=Fraction(0)))}"
        return LabelJudgement(
            "away for too long" if long else "", found, long or away, unknown=_unlooked(sight, limit)
        )

    return judge_labels(given, parameters, ", ".join(filter(None, limits)), judge)


def _unlooked(sight: LabelSight, limit: Fraction = Fraction(0)) -> str:
    """Returns why a gap that is longer than a limit may have been missed, "" where none can have been: of a long film,
    not every second is looked at."""
    if sight.step <= max(limit, CLOSE):
        return ""
    return f"a gap of up to {_seconds(sight.step)} between two frames that were looked at is not seen"


def _continuous(given: PolicyInput, parameters: Parameters) -> CheckOutcome:
    """Requires a label in every frame."""

    def judge(seen: SeenLabel, sight: LabelSight) -> LabelJudgement:
        away = _away(seen, sight.length)
        share = float(sum(map(_length, seen.stretches)) / sight.length) if sight.length else 0.0
        found = f"seen for {share:.1%} of the film"
        return LabelJudgement("not all the time" if away else "", found, away, unknown=_unlooked(sight))

    return judge_labels(given, parameters, "seen from the first to the last frame", judge)


def _after_break(given: PolicyInput, parameters: Parameters) -> CheckOutcome:
    """Requires a label soon after each interruption of the film. Where they are is a fact that somebody declares: their
    seconds, as in "12, 60.5", or "none"."""
    name, within = text(parameters, "fact", "breaks_s"), number(parameters, "within_s", 0)
    required = f"seen within {shown(within)} s after each break"
    if name not in given.facts:
        return CheckOutcome("needs_human", f"nobody has declared: {name}", required)
    breaks = _break_seconds(str(given.facts[name]))
    if breaks is None:
        return CheckOutcome("needs_human", f"{name} is no list of seconds: {given.facts[name]}", required)
    if not breaks:
        return CheckOutcome("not_applicable", "no breaks", required)

    def judge(seen: SeenLabel, _: LabelSight) -> LabelJudgement:
        missed = [at for at in breaks if not any(a <= at + within and b > at for a, b in seen.stretches)]
        found = f"seen after {len(breaks) - len(missed)} of {len(breaks)} breaks"
        return LabelJudgement(
            "not after each" if missed else "", found, tuple((at, at + within) for at in missed)
        )

    return judge_labels(given, parameters, required, judge)


def _break_seconds(written: str) -> tuple[Fraction, ...] | None:
    """Returns the seconds of breaks; None where they cannot be read."""
    if written.strip().casefold() in ("", "none", "false"):
        return ()
    found = [written_number(part) for part in written.split(",")]
    known = tuple(each for each in found if each is not None)
    return known if len(known) == len(found) else None


def _away(seen: SeenLabel, length: Fraction) -> tuple[Stretch, ...]:
    """Returns the stretches of the film in which a label is not seen."""
    edges = [
        Fraction(0),
        *(edge for stretch in seen.stretches for edge in stretch),
        max(length, seen.stretches[-1][1]),
    ]
    return tuple((a, b) for a, b in zip(edges[::2], edges[1::2], strict=True) if b > a)


def _length(stretch: Stretch) -> Fraction:
    return stretch[1] - stretch[0]


CHECKS: Mapping[str, Check] = {
    "label.first_seen": Check(_first_seen, {"by_s": Fraction, **ACCEPTED}),
    "label.dwell": Check(_dwell, {"seconds": Fraction, "of": str, **ACCEPTED}, {"of": ("longest", "first")}),
    "label.gaps": Check(_gaps, {"max_gap": Fraction, "every": Fraction, **ACCEPTED}),
    "label.continuous": Check(_continuous, ACCEPTED),
    "label.after_break": Check(_after_break, {"fact": str, "within_s": Fraction, **ACCEPTED}),
}
