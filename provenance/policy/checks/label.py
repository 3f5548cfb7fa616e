"""The check of a visible AI label that is high, strong and long enough at once, and the table of all checks of labels.

What the manifest says of a label is a claim: it says what to look for, and settles nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction

from post.values.claim import Verdict
from post.values.sights.label import LabelSight, SeenLabel
from provenance.policy.check import Check, CheckOutcome, Parameters, PolicyInput, number, shown, texts
from provenance.policy.checks import label_look, label_time
from provenance.policy.checks.label_sight import TEXTS, TOLERANCE, is_named, look_for, undrawn


@dataclass(frozen=True, slots=True)
class LabelNeed:
    """What a policy requires. height_percent: of a capital, of the frame's shorter side; seconds: unbroken; contrast:
    of type to ground (WCAG 2.2), 0 for any; texts: those that it accepts."""

    height_percent: Fraction
    seconds: Fraction
    contrast: Fraction
    texts: tuple[str, ...]

    def __str__(self) -> str:
        contrast = f", a contrast of {shown(self.contrast)}:1 or more" if self.contrast else ""
        return f"seen, {shown(self.height_percent)} % high or more, {shown(self.seconds)} s or more{contrast}"


def _visible(given: PolicyInput, parameters: Parameters) -> CheckOutcome:
    """Requires a visible label on a generated film, seen in the picture."""
    need = LabelNeed(
        number(parameters, "height_percent"), number(parameters, "seconds"), number(parameters, "contrast"),
        texts(parameters, "texts", TEXTS),
    )  # fmt: skip
    # What was changed after it was signed says nothing that can be believed.
    if given.report.manifests and given.report.integrity == "intact" and not given.is_generated:
        return CheckOutcome("not_applicable", "nothing says that it was generated", f"{need}, if generated")
    declared = "a label is declared" if given.declared_labels else "no label is declared"
    outcome = judge_sight(look_for(given, need.texts), need)
    return replace(outcome, evidence="; ".join(filter(None, (outcome.evidence, declared))))


def judge_sight(sight: LabelSight, need: LabelNeed) -> CheckOutcome:
    """Returns the outcome for what was seen.

    A label of a text that the policy does not name is left to a person, and so is one among other words.
    "cannot_check" where the picture could not be searched, or not for every text.
    """
    if sight.fault:
        return CheckOutcome("cannot_check", f"the picture cannot be searched: {sight.fault}", str(need))
    named = [each for each in sight.seen if is_named(each, need.texts) and each.alone]
    good = next((each for each in named if _lacks(each, sight, need) == ""), None)
    evidence = (
        f"{sight.frames} frames, {shown(sight.step)} s apart at most, searched for {', '.join(need.texts)};"
        f" {_tolerance(need)}"
    )
    if good:
        return _outcome("pass", good, _told(good), need, evidence)
    others = [each for each in sight.seen if each.declared or is_named(each, need.texts)]
    other = next((each for each in others if _lacks(each, sight, need) == ""), None)
    if other:
        why = (
            "whether that text is a label" if other.alone else "whether the words beside it make it no label"
        )
        return _outcome("needs_human", other, f"{_told(other)}: a person must say {why}", need, evidence)
    if missing := undrawn(sight, need.texts):
        found = f"no font here has the letters of {missing}: give one"
        return CheckOutcome("cannot_check", found, str(need), evidence)
    short = next(iter(named or others), None)
    if short:
        return _outcome("fail", short, f"{_told(short)}: {_lacks(short, sight, need)}", need, evidence)
    return CheckOutcome("fail", "no label is seen in the picture", str(need), evidence)


def _outcome(verdict: Verdict, seen: SeenLabel, found: str, need: LabelNeed, evidence: str) -> CheckOutcome:
    more = f"{_details(seen)}; {evidence}"
    return CheckOutcome(verdict, found, str(need), more, seen.stretches, seen.box, seen.frame)


def _lacks(seen: SeenLabel, sight: LabelSight, need: LabelNeed) -> str:
    """Returns what a label lacks, or ""."""
    return " and ".join(_faults(seen, sight, need))


def _faults(seen: SeenLabel, sight: LabelSight, need: LabelNeed) -> Iterator[str]:
    if seen.height_percent < need.height_percent * (1 - TOLERANCE):
        yield "too small"
    # A film that is shorter shows it throughout.
    if seen.dwell < min(need.seconds, sight.length):
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
        f"heights are taken as {float(TOLERANCE):.0%} uncertain"
        if need.height_percent
        else "no height is required"
    )


CHECKS: Mapping[str, Check] = {
    "label.visible": Check(
        _visible, {"height_percent": Fraction, "seconds": Fraction, "contrast": Fraction, "texts": tuple}
    ),
    **label_time.CHECKS,
    **label_look.CHECKS,
}
