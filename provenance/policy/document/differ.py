"""Compares two versions of a policy: which rules came, went and changed, and in what."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from provenance.policy.document.merge import parameter_text
from provenance.policy.document.policy import Policy, PolicyRule


@dataclass(frozen=True, slots=True)
class PolicyChange:
    """One thing that differs. rule: the rule's id, "" for the policy itself; field: dotted, such as params.seconds;
    before, after: as text, "" for nothing."""

    rule: str
    field: str
    before: str
    after: str

    def __str__(self) -> str:
        place = f"{self.rule}.{self.field}" if self.rule else self.field
        return f"{place}: {self.before or 'nothing'} -> {self.after or 'nothing'}"


@dataclass(frozen=True, slots=True)
class PolicyDifference:
    """What differs between two policies. added, removed: rules of the second and of the first alone, by their ids."""

    added: tuple[str, ...]
    removed: tuple[str, ...]
    changed: tuple[PolicyChange, ...]

    @property
    def same(self) -> bool:
        """Whether nothing differs."""
        return not (self.added or self.removed or self.changed)


def compare_policies(a: Policy, b: Policy) -> PolicyDifference:
    """Returns what differs from one policy to another, rules by their ids."""
    mine, other = ({rule.id: rule for rule in each.rules} for each in (a, b))
    changed = [*_changes("", _policy_fields(a), _policy_fields(b))]
    for name, rule in mine.items():
        if name in other:
            changed += _changes(name, rule_fields(rule), rule_fields(other[name]))
    return PolicyDifference(
        tuple(name for name in other if name not in mine),
        tuple(name for name in mine if name not in other),
        tuple(changed),
    )


def rule_fields(rule: PolicyRule) -> dict[str, str]:
    """Returns everything that a rule says, as text by dotted name."""
    return {
        "says": rule.says,
        "force": rule.force,
        "clause.source": str(rule.clause.source),
        "clause.at": rule.clause.at,
        "clause.quote": rule.clause.quote,
        "confidence": rule.confidence,
        "valid": str(rule.valid),
        "when": str(rule.when),
        "check": rule.check,
        **{f"params.{name}": parameter_text(value) for name, value in rule.params},
        **{f"params_origin.{name}": rule.origin_of(name) for name, _ in rule.params},
        "on_fail": rule.on_fail,
        "waiver": f"allowed, needs {', '.join(rule.waiver.needs)}" if rule.waiver.allowed else "not allowed",
    }


def _policy_fields(policy: Policy) -> dict[str, str]:
    return {
        "profile": policy.name,
        "version": policy.version,
        "doc": policy.doc,
        "valid": str(policy.valid),
        "territory": ", ".join(policy.territory),
        "role": ", ".join(policy.role),
        "platforms": ", ".join(policy.platforms),
        **{f"sources.{each.id}": f"{each}, confidence {each.confidence}" for each in policy.sources},
        **{f"facts_needed.{name}": question for name, question in policy.facts},
    }


def _changes(rule: str, before: Mapping[str, str], after: Mapping[str, str]) -> Iterator[PolicyChange]:
    for field in dict.fromkeys((*before, *after)):
        if before.get(field, "") != after.get(field, ""):
            yield PolicyChange(rule, field, before.get(field, ""), after.get(field, ""))
