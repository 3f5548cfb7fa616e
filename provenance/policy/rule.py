"""The seam of a policy: one method. Rules combine, and a combination of nothing is refused."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from post.values.claim import Ruling, Verdict
from provenance.policy.check import Evidence

# From best to worst. A check that could not run ranks above a failure and below everything else.
_RANK: tuple[Verdict, ...] = (
    "pass",
    "not_applicable",
    "waived",
    "warn",
    "needs_human",
    "cannot_check",
    "fail",
)


class Rule(Protocol):
    """One thing that must be true of a file."""

    def check(self, evidence: Evidence) -> Ruling: ...


class _Combined:
    def __init__(self, name: str, rules: Sequence[Rule]) -> None:
        if not rules:
            # Nothing is true of an empty list, or everything is: neither may pass a film.
            raise ValueError(f"{name}: a combination of no rules would pass anything")
        self.id, self.rules = name, tuple(rules)

    def _told(self, rulings: Sequence[Ruling], chosen: Ruling) -> Ruling:
        evidence = "; ".join(f"{each.id}: {each.verdict}" for each in rulings)
        return Ruling(self.id, chosen.verdict, chosen.measured, chosen.threshold, chosen.origin, evidence)


class AllOf(_Combined):
    """Comes to the worst of its rules."""

    def check(self, evidence: Evidence) -> Ruling:
        rulings = [rule.check(evidence) for rule in self.rules]
        return self._told(rulings, max(rulings, key=lambda each: _RANK.index(each.verdict)))


class AnyOf(_Combined):
    """Comes to the best of its rules. One that does not apply settles nothing."""

    def check(self, evidence: Evidence) -> Ruling:
        rulings = [rule.check(evidence) for rule in self.rules]
        settled = [each for each in rulings if each.verdict != "not_applicable"] or rulings
        return self._told(rulings, min(settled, key=lambda each: _RANK.index(each.verdict)))
