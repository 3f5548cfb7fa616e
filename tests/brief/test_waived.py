"""A waiver excuses films from a rule of their brief as from a policy's: a named person's, until its day."""

from __future__ import annotations

from dataclasses import replace

import pytest

from post.brief.profile import BriefProfile
from post.brief.rulings import cut_rows, film_result
from post.brief.waived import GivenWaivers
from post.disclosure.waived import without_waived
from post.job.brief.model import BriefRule, RuleKind
from post.job.brief.picture_checks import ToneCheck
from provenance.policy.document.waivers import Waiver
from tests.brief.made import brief, cut_of, film, footage, plain, plan_of, thumbnails
from tests.plan.made import cut, deliver, job

DAY, OVER = "2026-12-01", "2026-11-30"
WAIVER = Waiver("brief/light", "Ana Roth", "shot at night", "2026-12-31", where="job.yaml:9")
LIGHT = BriefRule("light", "bright", "brief.yaml:5", "visual_rules", ToneCheck(least_light=0.9))


def ruling(waiver: Waiver, kind: RuleKind = "visual_rules", day: str = DAY) -> tuple[str, str]:
    """What a rule about light came to in the dark cut of a version with two deliverables, and why."""
    asks = brief(rules=(replace(LIGHT, kind=kind),))
    made = job(cut("dog"), deliver=(deliver("wide"), deliver("tall", 360, 640)))
    dark = footage(96, thumbnails=thumbnails(plain((0.2, 0.2, 0.2), 96)))
    shown = cut_of(plan_of(made, ("dog",)), made, asks, (dark,))
    (row,) = cut_rows(shown, {}, given=GivenWaivers((waiver,), day))
    return row.ruling.verdict, row.ruling.evidence


def test_a_waiver_holds_for_the_cut_where_it_holds_for_each_deliverable() -> None:
    verdict, why = ruling(WAIVER)
    assert verdict == "waived"
    assert why.startswith("waived by Ana Roth until 2026-12-31: shot at night (it was: fail)")
    assert ruling(replace(WAIVER, rule="light"))[0] == "waived"
    assert ruling(replace(WAIVER, film="wide"))[0] == "fail"
    assert ruling(replace(WAIVER, rule="house/light"))[0] == "fail"


@pytest.mark.parametrize(
    ("waiver", "kind", "day", "said"),
    [
        (replace(WAIVER, expires=OVER), "rules", DAY, "it ended on 2026-11-30"),
        (WAIVER, "rules", "", "no day is known"),
        (WAIVER, "non_negotiables", DAY, "cannot be waived"),
        (replace(WAIVER, why=""), "rules", DAY, "needs why of it"),
    ],
)
def test_a_waiver_that_does_not_hold_changes_nothing_and_says_why(
    waiver: Waiver, kind: RuleKind, day: str, said: str
) -> None:
    verdict, why = ruling(waiver, kind, day)
    assert verdict == "fail"
    assert said in why


def test_a_finished_film_is_excused_by_its_name() -> None:
    asks = brief(rules=(LIGHT,))
    shown = film(asks, footage(96, thumbnails=thumbnails(plain((0.2, 0.2, 0.2), 96))))
    name = shown.given.film
    for waiver, verdict in ((replace(WAIVER, film=name), "waived"), (replace(WAIVER, film="other"), "fail")):
        given = replace(shown.given, waivers=(waiver,), at=DAY)
        (found,) = film_result(replace(shown, given=given)).rulings
        assert found.verdict == verdict


def test_a_waiver_of_a_rule_of_the_brief_is_not_unknown() -> None:
    asks = brief(rules=(LIGHT,))
    assert ("brief", "light") in BriefProfile(asks, footage).rule_ids
    made = job(cut("dog"), motion_brief=asks)
    for waiver, told in ((WAIVER, 0), (replace(WAIVER, rule="brief/lihgt"), 1)):
        asked = replace(made, disclosure=replace(made.disclosure, waivers=(waiver,)))
        assert len(without_waived(asked).warnings) == told
