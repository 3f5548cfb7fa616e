"""A film is checked by the policies that its manifest names; the manifest may name, and be, anything."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from post.api.checked import CheckReport
from post.api.checking import CheckRequest, check_looked
from provenance.claim.build import RECEIPT_LABEL
from provenance.report import ExaminedFile, Report
from provenance.verify import Verified
from tests.provenance.policy.fixed_look import FixedLook


def _checked(monkeypatch: pytest.MonkeyPatch, named: object, *policies: str) -> CheckReport:
    report = Report(ExaminedFile("film.mp4", "0" * 64, 1), "absent", judged_at="2026-12-01T00:00:00Z")
    reading: Any = SimpleNamespace(
        manifests=[{"assertions": {RECEIPT_LABEL: {"policies": named}}}], media_type=""
    )
    monkeypatch.setattr("provenance.verify.examine", lambda *_, **__: Verified(report, reading))
    look: Any = FixedLook()
    return check_looked(Path("film.mp4"), look, CheckRequest(policies), ())


@pytest.mark.parametrize("named", [None, 7, "wcag", [["wcag"], {"wcag": 1}, 7, None]])
def test_what_is_no_list_of_names_is_none(named: object, monkeypatch: pytest.MonkeyPatch) -> None:
    found = _checked(monkeypatch, named)
    assert [name for name, *_ in found.policies] == ["house-default"]
    assert "cannot_check" not in {row.ruling.verdict for row in found.rows if row.ruling.id == "policy"}


def test_a_policy_that_does_not_ship_is_a_check_that_cannot_run(monkeypatch: pytest.MonkeyPatch) -> None:
    found = _checked(monkeypatch, ["r128", "ours", "x" * 999])
    assert [name for name, *_ in found.policies] == ["r128"]
    (row,) = (row for row in found.rows if row.ruling.id == "policy")
    assert row.ruling.verdict == "cannot_check"
    assert row.ruling.measured == f"ours, {'x' * 80}"
    given = _checked(monkeypatch, ["r128", "ours"], "r128")
    assert not [row for row in given.rows if row.ruling.id == "policy"]
