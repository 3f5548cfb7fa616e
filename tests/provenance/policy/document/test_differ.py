"""What changed from one version of a policy to the next is told by rule and field."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

from provenance.policy.document.dates import Validity
from provenance.policy.document.differ import compare_policies
from tests.provenance.policy.document.policies import policy, rule

KEPT = rule("KEPT", "label.height", {"percent": 3}, force="draft")


def test_a_policy_differs_from_itself_in_nothing() -> None:
    assert compare_policies(policy("p", KEPT), policy("p", KEPT)).same


def test_rules_that_come_go_and_change_are_named() -> None:
    gone, new = rule("GONE", "c2pa.valid", {}), rule("NEW", "c2pa.valid", {})
    changed = replace(
        KEPT, force="law", params=(("percent", Fraction(7, 2)),), valid=Validity("2027-01-01"),
    )  # fmt: skip
    found = compare_policies(policy("p", KEPT, gone), policy("p", changed, new, version="2"))
    assert (found.added, found.removed, found.same) == (("NEW",), ("GONE",), False)
    assert {(each.rule, each.field): (each.before, each.after) for each in found.changed} == {
        ("", "version"): ("1", "2"),
        ("KEPT", "force"): ("draft", "law"),
        ("KEPT", "params.percent"): ("3", "3.5"),
        ("KEPT", "params_origin.percent"): ("draft", "law"),
        ("KEPT", "valid"): ("always", "from 2027-01-01"),
    }
    assert str(found.changed[1]) == "KEPT.force: draft -> law"
