"""A policy's rule: one method. Rules combine, and a combination of no rules is refused."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from post.values.claim import Ruling, Verdict
from provenance.policy.check import PolicyInput

# From best to worst. Only a failure is worse than a check that could not run.
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

    def check(self, given: PolicyInput) -> Ruling:
        """Returns the rule's ruling for a file."""


class _Combined:
    def __init__(self, name: str, rules: Sequence[Rule]) -> None:
        if not rules:
            # "All of nothing" is true in logic, and must not pass a film.
            raise ValueError(f"{name}: a combination of no rules would pass anything")
        self.id, self.rules = name, tuple(rules)

    def _combine(self, rulings: Sequence[Ruling], chosen: Ruling) -> Ruling:
        evidence = "; ".join(f"{each.id}: {each.verdict}" for each in rulings)
        return Ruling(self.id, chosen.verdict, chosen.measured, chosen.threshold, chosen.origin, evidence)


class AllOf(_Combined):
    """Gives the worst verdict among its rules."""

    def check(self, given: PolicyInput) -> Ruling:
        rulings = [rule.check(given) for rule in self.rules]
        return self._combine(rulings, max(rulings, key=lambda each: _RANK.index(each.verdict)))


class AnyOf(_Combined):
    """Gives the best verdict among its rules; those that do not apply count only where all of them do not."""

    def check(self, given: PolicyInput) -> Ruling:
        rulings = [rule.check(given) for rule in self.rules]
        settled = [each for each in rulings if each.verdict != "not_applicable"] or rulings
        return self._combine(rulings, min(settled, key=lambda each: _RANK.index(each.verdict)))
