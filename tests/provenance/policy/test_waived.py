"""A waiver excuses a rule that is not met, says who did, and never makes it a pass."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from post.values.claim import Ruling, Verdict
from provenance.policy import load
from provenance.policy.document.waivers import Waiver
from provenance.verify import VerifyOptions, examine
from tests.provenance.made import House

ANA = Waiver("SIGNER", "Ana Roth", "shown once", "2999-01-01", where="w.yaml:1")


def checked(path: Path, house: House, tmp_path: Path, by: Waiver, **rule: Any) -> tuple[Ruling, list[str]]:
    clause = {"source": "s", "at": "1"}
    made = {
        "profile": "p", "version": "1", "valid": {"from": "2026-01-01", "to": None}, "territory": ["any"],
        "role": ["producer"], "facts_needed": {},
        "sources": [{"id": "s", "title": "Source", "date": "2026-01-01", "confidence": "A"}],
        "rules": [{
            "id": "SIGNER", "says": "s", "force": "house", "clause": clause,
            "waiver": {"allowed": True, "needs": ["who"]},
            "check": {"type": "c2pa.signer_trust", "params": {"is": "revoked"}}, **rule,
        }],
    }  # fmt: skip
    YAML().dump(made, tmp_path / "p.yaml")
    report = examine(
        path, house.anchors, [load(tmp_path / "p.yaml")], options=VerifyOptions(waivers=(by,))
    ).report
    unused = [each.why for each in report.findings if each.code == "waiver.unused"]
    return report.policies[0].rulings[0], unused


@pytest.mark.parametrize(
    ("waiver", "rule", "verdict"),
    [
        (ANA, {}, "waived"),
        (Waiver("p/SIGNER", "Ana Roth", "x", "2999-01-01"), {}, "waived"),
        (Waiver("SIGNER", "Ana Roth", "x", "2026-01-02"), {}, "fail"),
        (Waiver("SIGNER", "Ana Roth", "x", "2999-01-01", "other-*"), {}, "fail"),
        (Waiver("SIGNER", "Ana Roth", "x", "2999-01-01", "sever*"), {}, "waived"),
        (ANA, {"waiver": {"allowed": False}}, "fail"),
        (ANA, {"check": {"type": "c2pa.signer_trust"}}, "pass"),
    ],
)
def test_a_waiver_holds_for_its_rule_its_film_and_its_time(
    waiver: Waiver, rule: dict[str, Any], verdict: Verdict, several: Path, house: House, tmp_path: Path
) -> None:
    ruling, unused = checked(several, house, tmp_path, waiver, **rule)
    assert ruling.verdict == verdict
    assert ("waived by Ana Roth" in ruling.evidence) == (verdict == "waived")
    assert ("changes nothing" in ruling.evidence) == (verdict == "fail")
    assert unused == []


def test_a_waiver_of_no_rule_is_told(several: Path, house: House, tmp_path: Path) -> None:
    ruling, unused = checked(several, house, tmp_path, Waiver("OTHER", "Ana Roth", "x", "2999-01-01"))
    assert ruling.verdict == "fail"
    assert len(unused) == 1
    assert "OTHER" in unused[0]
