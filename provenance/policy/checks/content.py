"""Checks of marks that generators put on takes, and of content that a model reports."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from provenance.policy.check import Check, CheckOutcome, Parameters, PolicyInput, number, shown, texts, unseen

MOST_TOLD = 4


def _marks_kept(given: PolicyInput, parameters: Parameters) -> CheckOutcome:
    """Requires every mark of a generator to be seen wherever the film shows its take: uncropped, sharp, uncovered."""
    least = number(parameters, "correlation_percent", 60) / 100
    required = f"marks of generators are seen wherever their takes are, {shown(100 * least)} % alike or more"
    marks = given.references.marks
    if marks is None:
        return CheckOutcome("needs_human", "nobody said which marks the takes have", required)
    if not marks:
        return CheckOutcome("not_applicable", "the takes have no marks", required)
    if given.look is None:
        return unseen(required)
    sight = given.look.marks(marks)
    if sight.fault or not sight.seen:
        return CheckOutcome(
            "cannot_check", f"marks cannot be searched for: {sight.fault or 'no frames'}", required
        )
    gone = [each for each in sight.seen if each.box is None or each.correlation < least]
    evidence = f"{len(sight.seen)} frames of {len(marks)} marks"
    if not gone:
        worst = min(each.correlation for each in sight.seen)
        return CheckOutcome("pass", f"all are seen, {100 * worst:.0f} % alike or more", required, evidence)
    told = "; ".join(
        f"{each.mark} at {shown(each.at)} s: {100 * each.correlation:.0f} % alike"
        for each in gone[:MOST_TOLD]
    )
    found = f"{len(gone)} of {len(sight.seen)} frames lack a mark: {told}"
    at = tuple((each.at, each.at) for each in gone)
    return CheckOutcome("fail", found, required, evidence, at, gone[0].box, gone[0].frame)


def _prohibited(given: PolicyInput, parameters: Parameters) -> CheckOutcome:
    """Asks the models that are installed; without one, nothing was looked at."""
    most = number(parameters, "confidence_percent", 50) / 100
    categories = texts(parameters, "categories")
    required = f"{', '.join(categories) or 'none of what a model reports'} below {shown(100 * most)} %"
    if given.look is None:
        return unseen(required)
    sight = given.look.content()
    if sight.fault:
        return CheckOutcome("cannot_check", sight.fault, required)
    evidence = f"{sight.frames} frames shown to {', '.join(sight.models)}"
    unknown = [each for each in categories if each not in {seen.category for seen in sight.seen}]
    if unknown:
        return CheckOutcome("cannot_check", f"no model reports {', '.join(unknown)}", required, evidence)
    asked = [each for each in sight.seen if not categories or each.category in categories]
    over = [each for each in asked if each.confidence >= most]
    told = "; ".join(
        f"{each.category} {100 * each.confidence:.0f} % at {shown(each.at)} s"
        for each in (over or asked)[:MOST_TOLD]
    )
    at = tuple((each.at, each.at) for each in over)
    frame = over[0].frame if over else None
    return CheckOutcome("fail" if over else "pass", told or "nothing", required, evidence, at, None, frame)


CHECKS: Mapping[str, Check] = {
    "vendor_mark.kept": Check(_marks_kept, {"correlation_percent": Fraction}),
    "content.prohibited": Check(_prohibited, {"confidence_percent": Fraction, "categories": tuple}),
}
