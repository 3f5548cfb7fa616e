"""A report that judges by policies quotes how often its checks were wrong."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from post.values.claim import Ruling
from provenance.evidence.blocks import EvidenceTable
from provenance.evidence.rates import rates_section
from provenance.evidence.report import gather_evidence
from provenance.policy.rates import CheckRate, MeasuredShare, known_rates
from provenance.report import PolicyResult
from provenance.verify import examine
from tests.provenance.evidence.shown import report_of
from tests.provenance.made import House


def test_each_measured_check_is_quoted_with_its_bounds() -> None:
    caught, alarms = MeasuredShare(3, 4, 0.194, 0.9937), MeasuredShare(0, 9, 0, 0.336)
    rate = CheckRate("label.visible", caught, MeasuredShare(0, 0, 0, 1), alarms, "too few")
    table = rates_section([rate]).blocks[-1]
    assert isinstance(table, EvidenceTable)
    assert [cell.text for cell in table.rows[0]] == [
        "label.visible", "3 of 4 (19.4% to 99.4%)", "no cases", "0 of 9 (0.0% to 33.6%)", "too few",
    ]  # fmt: skip
    own = rates_section().blocks[-1]
    assert isinstance(own, EvidenceTable)
    assert len(own.rows) == len(known_rates()) > 0


def test_rates_stand_after_the_policies_and_only_with_them(several: Path, house: House) -> None:
    assert "rates" not in [each.name for each in report_of(several, house.anchors).sections]
    found = examine(several, house.anchors)
    result = PolicyResult("ours", "1", (Ruling("rule", "pass"),), "")
    judged = replace(found, report=replace(found.report, policies=(result,)))
    names = [each.name for each in gather_evidence(judged, house.anchors).sections]
    assert names[names.index("policies") + 1] == "rates"
