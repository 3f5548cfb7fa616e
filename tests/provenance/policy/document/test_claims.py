"""Approved texts are read with their dates; every fault is told with its line."""

from __future__ import annotations

from pathlib import Path

import pytest

from post.errors import Problems
from provenance.policy.document.claims import load_claims

GOOD = """\
claims:
  - {id: price, text: From €19.99 a month, language: en, source: price list, approved_by: Ana Roth,
     valid: {from: 2026-11-01, to: 2026-12-31}}
  - {id: name, text: Winter}
"""


def test_a_claim_says_who_approved_it_and_when_it_holds(tmp_path: Path) -> None:
    path = tmp_path / "claims.yaml"
    path.write_text(GOOD)
    price, name = load_claims(path)
    assert (price.id, price.text, price.approved_by) == ("price", "From €19.99 a month", "Ana Roth")
    assert price.out_of_date("2026-11-01") == ""
    assert price.out_of_date("2026-10-31") == "approved from 2026-11-01"
    assert price.out_of_date("2027-01-01") == "approved until 2026-12-31"
    assert price.out_of_date("") == "no day is known to judge its dates by"
    assert name.out_of_date("") == ""
    assert name.where == f"{path}:4"


def test_faults_are_told_together(tmp_path: Path) -> None:
    path = tmp_path / "claims.yaml"
    path.write_text(
        "claims:\n  - {id: a, text: A, vaild: {}}\n  - {id: a, text: B}\n  - {id: c}\n"
        "  - {id: d, text: D, valid: {from: soon}}\n"
    )
    with pytest.raises(Problems) as told:
        load_claims(path)
    said = str(told.value)
    for part in (":2: claims[0].vaild", "two claims have the same id", "lacks keys", "not a day"):
        assert part in said
