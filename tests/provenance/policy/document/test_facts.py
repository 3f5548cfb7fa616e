"""Facts say who declares them; the day to judge as of is one of them."""

from __future__ import annotations

from pathlib import Path

import pytest

from post.errors import JobError
from provenance.policy.document.facts import Facts, as_facts, load_facts

FACTS = """
facts:
  is_deepfake: {value: true, by: Ana Roth, at: 2026-11-01}
  published_at: 2026-12-05
waivers: [{rule: R, who: Ana, why: so, expires: 2026-12-31}]
"""


@pytest.fixture
def facts(tmp_path: Path) -> Facts:
    path = tmp_path / "facts.yaml"
    path.write_text(FACTS)
    return load_facts(path)


def test_a_fact_says_who_declares_it_and_when(facts: Facts) -> None:
    assert dict(facts) == {"is_deepfake": True, "published_at": "2026-12-05"}
    told = facts.fact("is_deepfake")
    assert told is not None
    assert str(told) == "is_deepfake is true, declared by Ana Roth on 2026-11-01"
    assert told.where.endswith("facts.yaml:3")


def test_a_plain_value_counts_and_is_told_as_nobodys(facts: Facts) -> None:
    assert facts.unsigned() == ("published_at",)
    assert str(facts.fact("published_at")).endswith("declared by nobody named")
    assert as_facts({"a": 1}).unsigned() == ("a",)


def test_rules_are_judged_as_of_the_day_of_publication(facts: Facts, tmp_path: Path) -> None:
    assert facts.day("2027-01-01") == "2026-12-05"
    assert Facts().day("2027-01-01") == "2027-01-01"
    path = tmp_path / "wrong.yaml"
    path.write_text("facts:\n  published_at: next week\n")
    with pytest.raises(JobError, match=r"wrong.yaml:2: published_at: not a day; .*, got 'next week'"):
        load_facts(path).day()


def test_waivers_beside_facts_are_no_facts(tmp_path: Path) -> None:
    path = tmp_path / "facts.yaml"
    path.write_text("a: 1\nwaivers: []\n")
    assert dict(load_facts(path)) == {"a": 1}


def test_a_key_beside_facts_that_nothing_reads_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "facts.yaml"
    path.write_text("facts: {a: 1}\nis_deepfake: true\n")
    with pytest.raises(JobError, match=r"facts.yaml:2: is_deepfake: unknown key"):
        load_facts(path)
