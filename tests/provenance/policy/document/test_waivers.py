"""A waiver holds for a rule that may be waived, states all that the rule needs, and is in date."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from post.errors import Problems
from provenance.policy.document.policy import WaiverTerms
from provenance.policy.document.waivers import Waiver, decide_waivers, load_waivers, unused_waivers
from tests.provenance.policy.document.policies import rule

RULE = rule("R", "c2pa.valid", {}, waiver=WaiverTerms(allowed=True, needs=("who", "why", "expires")))
WAIVER = Waiver("p/R", "Ana Roth", "shown once", "2026-12-31", where="w.yaml:1")
DAY = "2026-12-31"


def refused(waiver: Waiver, terms: WaiverTerms = RULE.waiver, at: str = DAY, film: str = "spot-16x9") -> str:
    decision = decide_waivers((waiver,), "p", replace(RULE, waiver=terms), at, film)
    assert (decision.granted is None) == bool(decision.refused)
    return "; ".join(decision.refused)


def test_a_waiver_holds_until_the_end_of_its_last_day() -> None:
    assert refused(WAIVER) == ""
    assert refused(WAIVER, at="2027-01-01").endswith("it ended on 2026-12-31")


def test_a_rule_that_cannot_be_waived_is_not() -> None:
    assert "R cannot be waived" in refused(WAIVER, WaiverTerms())


def test_a_rule_may_need_the_film_of_a_waiver() -> None:
    terms = WaiverTerms(allowed=True, needs=("film",))
    assert "R needs film of it" in refused(WAIVER, terms)
    assert refused(replace(WAIVER, film="spot-*"), terms) == ""
    assert "not of other" in refused(replace(WAIVER, film="spot-*"), terms, film="other")


def test_without_a_day_no_waiver_is_known_to_be_in_date() -> None:
    assert "no day is known" in refused(WAIVER, at="")


def test_the_first_that_holds_is_granted_and_the_others_are_told() -> None:
    over = replace(WAIVER, expires="2026-01-01")
    decision = decide_waivers((over, WAIVER), "p", RULE, DAY, "")
    assert decision.granted == WAIVER
    assert len(decision.refused) == 1
    assert decide_waivers((replace(WAIVER, rule="q/R"),), "p", RULE, DAY, "").granted is None
    assert decide_waivers((replace(WAIVER, rule="R"),), "p", RULE, DAY, "").granted is not None


def test_a_waiver_of_no_rule_is_told() -> None:
    assert list(unused_waivers((WAIVER,), [("p", "R")])) == []
    assert "names no rule" in next(unused_waivers((WAIVER,), [("p", "S")]))


def test_waivers_are_read_with_all_their_faults(tmp_path: Path) -> None:
    path = tmp_path / "w.yaml"
    path.write_text("waivers:\n  - {rule: R, who: Ana, why: so, expires: 2026-12-31, film: a-*}\n")
    assert load_waivers(path) == (Waiver("R", "Ana", "so", "2026-12-31", "a-*", f"{path}:2"),)
    path.write_text(
        "waivers:\n  - {rule: R, who: Ana, expires: soon}\n  - {rule: S, who: A, why: x, expires: 2026-13-01}\n"
    )
    with pytest.raises(Problems) as caught:
        load_waivers(path)
    assert [str(each).partition(": ")[2].partition(";")[0] for each in caught.value.faults] == [
        "waivers[0]: lacks keys", "waivers[0].expires: not a day", "waivers[1].expires: not a day",
    ]  # fmt: skip
