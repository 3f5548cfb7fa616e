"""Checks a film against a policy, rule by rule."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from post.errors import JobError
from post.values.claim import Ruling, Verdict
from provenance.policy.check import PolicyInput
from provenance.policy.checks import CHECKS, run_check
from provenance.policy.document.conditions import Scalar
from provenance.policy.document.policy import PolicyRule
from provenance.policy.document.read import read_policy
from provenance.policy.rule import Rule
from provenance.report import PolicyResult


@dataclass(frozen=True)
class ProfileRule:
    """One rule of a policy, which can be checked."""

    rule: PolicyRule

    @property
    def id(self) -> str:
        """Its name in its policy."""
        return self.rule.id

    def check(self, given: PolicyInput) -> Ruling:
        """Returns the rule's ruling: "needs_human" where a fact it depends on is not declared; "not_applicable" where
        it does not apply, or not on that day."""
        rule = self.rule
        empty = Ruling(
            rule.id, "not_applicable", origin=rule.origin, source=str(rule.clause), force=rule.force,
            confidence=rule.confidence, says=rule.says,
        )  # fmt: skip
        applies = self._applies(given.facts, given.at)
        if applies is not None:
            return replace(empty, verdict=applies[0], evidence=applies[1])
        outcome = run_check(given, rule.check, rule.parameters)
        softened = outcome.verdict == "fail" and not rule.is_firm(given.at)
        evidence = f"{rule.clause}; {outcome.evidence}" if outcome.evidence else str(rule.clause)
        return replace(
            empty, verdict="warn" if softened else outcome.verdict, measured=outcome.found, threshold=outcome.required,
            evidence=evidence, at=outcome.at, box=outcome.box, frame=outcome.frame,
        )  # fmt: skip

    def _applies(self, facts: Mapping[str, Scalar], at: str) -> tuple[Verdict, str] | None:
        """Returns why the rule is not checked; None where it is. A law to come is checked, and warns."""
        rule = self.rule
        if rule.valid.is_after(at):
            return "not_applicable", f"it held until {rule.valid.last}"
        if rule.valid.is_before(at) and rule.force != "law_future":
            return "not_applicable", f"it holds from {rule.valid.first} on"
        answer = rule.when.ask(facts)
        if answer.holds is None:
            return "needs_human", answer.why
        return None if answer.holds else ("not_applicable", answer.why)


@dataclass(frozen=True)
class Profile:
    """Rules under one name and version. sources: where they come from, as (id, title and date).

    Raises JobError where there are no rules.
    """

    name: str
    version: str
    rules: tuple[Rule, ...]
    sources: tuple[tuple[str, str], ...] = ()

    def __post_init__(self) -> None:
        if not self.rules:
            raise JobError("a policy without rules would pass anything", where=self.name)

    def check(self, given: PolicyInput) -> PolicyResult:
        """Returns the ruling of every rule for a file."""
        return PolicyResult(self.name, self.version, tuple(rule.check(given) for rule in self.rules))


def load(path: Path) -> Profile:
    """Returns the policy in a YAML file, so that it can be checked.

    Raises Problems with every fault in it, each with its file and line; JobError where it is no YAML file.
    """
    policy = read_policy(path, {name: check.takes for name, check in CHECKS.items()})
    sources = tuple((each.id, f"{each.title}, {each.date}") for each in policy.sources)
    return Profile(policy.name, policy.version, tuple(map(ProfileRule, policy.rules)), sources)
