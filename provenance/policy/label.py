"""Judges what was seen of a visible AI label against what a policy requires.

Whoever checks policies gives a `LabelFinder`, which looks at the picture: nothing in this package decodes one.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Protocol

from post.values.claim import LabelSight, SeenLabel, Verdict

# Where a policy names no texts. Source: EU Code of Practice on marking and labelling (2026-06-10), the icons' texts.
TEXTS = ("AI GENERATED", "AI MODIFIED", "AI")
# Heights are measured in a coded picture: `python -m tests.bench.label` prints by how much they are off.
TOLERANCE = 0.05  # of the height and the contrast that are required


class LabelFinder(Protocol):
    """Looks for labels in the picture of the file that is verified."""

    def __call__(self, texts: Sequence[str], declared: Sequence[str]) -> LabelSight:
        """Returns what was seen. texts: those that a policy accepts; declared: those that the manifest names."""


@dataclass(frozen=True, slots=True)
class LabelNeed:
    """What a policy requires. height_percent: of a capital, of the frame's shorter side; seconds: unbroken; contrast:
    of type to ground (WCAG 2.2), 0 for any; texts: those that it accepts."""

    height_percent: int
    seconds: int
    contrast: int
    texts: tuple[str, ...]

    def __str__(self) -> str:
        contrast = f", a contrast of {self.contrast}:1 or more" if self.contrast else ""
        return f"seen, {self.height_percent} % high or more, {self.seconds} s or more{contrast}"


def judge_sight(sight: LabelSight, need: LabelNeed) -> tuple[Verdict, str, str]:
    """Returns the verdict, what was found, and evidence for it.

    A label of a text that the policy does not name is left to a person, and so is one among other words.
    "cannot_check" where the picture could not be searched, or not for every text.
    """
    if sight.fault:
        return "cannot_check", f"the picture cannot be searched: {sight.fault}", ""
    accepted = {_plain(text) for text in need.texts}
    named = [each for each in sight.seen if _plain(each.text) in accepted and each.alone]
    good = next((each for each in named if _lacks(each, sight, need) == ""), None)
    evidence = f"{sight.frames} frames searched for {', '.join(sight.texts)}; {_tolerance(need)}"
    if good:
        return "pass", _told(good), f"{_details(good)}; {evidence}"
    other = next((each for each in sight.seen if _lacks(each, sight, need) == ""), None)
    if other:
        why = (
            "whether that text is a label" if other.alone else "whether the words beside it make it no label"
        )
        found = f"{_told(other)}: a person must say {why}"
        return "needs_human", found, f"{_details(other)}; {evidence}"
    if sight.undrawn:
        return (
            "cannot_check",
            f"no font here has the letters of {', '.join(sight.undrawn)}: give one",
            evidence,
        )
    short = next(iter(named or sight.seen), None)
    if short:
        found = f"{_told(short)}: {_lacks(short, sight, need)}"
        return "fail", found, f"{_details(short)}; {evidence}"
    return "fail", "no label is seen in the picture", evidence


def _plain(text: str) -> str:
    return " ".join(text.split()).casefold()


def _lacks(seen: SeenLabel, sight: LabelSight, need: LabelNeed) -> str:
    """Returns what a label lacks, or ""."""
    return " and ".join(_faults(seen, sight, need))


def _faults(seen: SeenLabel, sight: LabelSight, need: LabelNeed) -> Iterator[str]:
    if seen.height_percent < need.height_percent * (1 - TOLERANCE):
        yield "too small"
    # A film that is shorter shows it throughout.
    if seen.dwell < min(Fraction(need.seconds), sight.length):
        yield "not long enough"
    if seen.contrast < need.contrast * (1 - TOLERANCE):
        yield "too faint"


def _told(seen: SeenLabel) -> str:
    return (
        f"{seen.text}, {seen.height_percent:.2f} % high, {float(seen.dwell):.2f} s unbroken "
        f"from {float(seen.first):.2f} s, contrast {seen.contrast:.1f}:1"
    )


def _details(seen: SeenLabel) -> str:
    left, top, right, bottom = seen.box
    gaps = f", {len(seen.gaps)} gaps" if seen.gaps else ""
    return f"at {left},{top} to {right},{bottom}, likeness {seen.score:.2f}{gaps}"


def _tolerance(need: LabelNeed) -> str:
    return (
        f"heights are taken as {TOLERANCE:.0%} uncertain" if need.height_percent else "no height is required"
    )
