"""Policies made for tests, without a file."""

from __future__ import annotations

from typing import Any

from provenance.policy.document.dates import Validity
from provenance.policy.document.policy import Clause, Parameter, Policy, PolicyRule, PolicySource

SOURCE = PolicySource("s", "Source", "2026-01-01", "A")


def rule(name: str, check: str, params: dict[str, Parameter], **more: Any) -> PolicyRule:
    """Returns a rule with one check."""
    given: dict[str, Any] = {"says": "it is so", "force": "house", "clause": Clause(SOURCE, "1")} | more
    return PolicyRule(name, check=check, params=tuple(sorted(params.items())), **given)


def policy(name: str, *rules: PolicyRule, version: str = "1") -> Policy:
    """Returns a policy of these rules."""
    return Policy(name, version, "", Validity("2026-01-01"), (), (), (), (SOURCE,), (), rules)
