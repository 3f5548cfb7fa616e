"""One rule of a policy: the days on which it holds, and its parameters where nothing is known of its check."""

from __future__ import annotations

from pathlib import Path

import pytest

import provenance
from post.errors import Problems
from presets.yaml_nodes import Written, read_text
from provenance.policy import CHECKS
from provenance.policy.document.policy import PolicyRule
from provenance.policy.document.read import policy_from

POLICY = """profile: p
version: '1'
valid: {from: 2026-01-01, to: 2026-06-30}
sources: [{id: s, title: S, date: 2026-01-01, confidence: A}]
rules: [{id: R, force: house, clause: {source: s, at: '1'}, RULE}]
"""
FILE = Written(Path("p.yaml"), "p.yaml")


def ruled(more: str) -> PolicyRule:
    """Returns a rule as jobs read it: without the parameters that its check takes."""
    return policy_from(read_text(POLICY.replace("RULE", more), FILE), {}).rules[0]


@pytest.mark.parametrize(
    ("valid", "days"),
    [
        ("", "2026-01-01 to 2026-06-30"),
        ("{from: 2026-03-01}", "2026-03-01 to 2026-06-30"),
        ("{from: 2025-03-01, to: 2026-02-01}", "2025-03-01 to 2026-02-01"),
        ("{to: 2027-01-01}", "2026-01-01 to 2026-06-30"),
    ],
)
def test_a_rule_ends_with_its_policy(valid: str, days: str) -> None:
    more = "check: {type: c2pa.valid}" + (f", valid: {valid}" if valid else "")
    assert str(ruled(more).valid) == days


@pytest.mark.parametrize(
    ("more", "says"),
    [
        # It would hold on no day, and nothing would say so.
        (
            "check: {type: c2pa.valid}, valid: {from: 2026-03-01, to: 2026-02-01}",
            "valid: ends before it starts",
        ),
        ("check: {type: label.height, params: {percent: [5]}}", "percent: not a number; "),
        ("check: {type: sound.loudness, params: {lufs: loud}}", "lufs: not a number; "),
        ("check: {type: label.height, params: {texts: AI}}", "texts: not a list"),
    ],
)
def test_what_no_rule_can_mean_is_refused(more: str, says: str) -> None:
    with pytest.raises(Problems, match=says):
        ruled(more)


def test_the_policy_in_the_readme_is_one() -> None:
    text = (Path(provenance.__file__).parent / "README.md").read_text("utf-8")
    (shown,) = (part for part in text.split("```yaml\n")[1:] if part.startswith("profile:"))
    takes = {name: check.takes for name, check in CHECKS.items()}
    assert policy_from(read_text(shown.partition("```")[0], FILE), takes).name == "ours"
