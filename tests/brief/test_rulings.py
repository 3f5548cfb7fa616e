"""Every rule of a brief is decided or asked, once, where it can be; a person's answer settles what is open."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest

from post.brief.checks import FOOTAGE_JUDGES, TAKE_JUDGES
from post.brief.measure import shot_footage
from post.brief.rulings import cut_rows, film_result, take_rulings
from post.job.brief.edit_checks import LoudnessCheck, PaceCheck
from post.job.brief.model import BriefRule
from post.job.brief.motion_checks import OneShotCheck
from post.job.brief.picture_checks import BlackCheck, FirstFrameCheck, ToneCheck
from post.job.brief.rule_check import CHECK_TYPES
from post.measure.cuts import Cuts
from post.measure.defects import Defects
from post.values.time import Span
from provenance.policy.document.facts import DeclaredFact, Facts
from tests.brief.made import brief, cut_of, film, footage, plain, plan_of, thumbnails
from tests.plan.made import cut, job

RULES = (
    BriefRule("right", "Is it right?", "brief.yaml:3"),
    BriefRule("no-black", "", "brief.yaml:4", check=BlackCheck()),
    BriefRule("light", "bright", "brief.yaml:5", "visual_rules", ToneCheck(least_light=0.9)),
    BriefRule("opens", "", "brief.yaml:6", check=FirstFrameCheck(least_contrast=0)),
    BriefRule("pace", "", "brief.yaml:7", check=PaceCheck(longest=3)),
    BriefRule("loud", "", "brief.yaml:8", check=LoudnessCheck()),
    BriefRule("one", "", "brief.yaml:9", check=OneShotCheck(), beats=("open",)),
)
ASKS = brief(rules=RULES)
FACTS: dict[str, Any] = {
    "defects": Defects((), (), (), 0.5), "cuts": Cuts((30,)), "thumbnails": thumbnails(plain((0.5, 0.5, 0.5), 96)),
}  # fmt: skip


def _verdicts(rows: Any) -> dict[str, str]:
    return {row.ruling.id: row.ruling.verdict for row in rows}


def _cut() -> Any:
    made = job(cut("dog", length="2s"), cut("ship", length="1s"))
    plan = plan_of(made, ("dog", "ship"))
    made = replace(
        made, takes=tuple(replace(each, beat={"dog": "open"}.get(each.name, "")) for each in made.takes)
    )
    shots = plan.renditions[0].shots
    shown = [shot_footage(footage(96, name=shot.take.name, **FACTS), shot, Fraction(24)) for shot in shots]
    return cut_of(plan, made, ASKS, shown)


def test_a_take_is_judged_by_the_rules_of_its_beat() -> None:
    of_open = take_rulings(ASKS, footage(96, beat="open", **FACTS))
    assert {each.id: each.verdict for each in of_open} == {"no-black": "pass", "light": "fail", "one": "fail"}
    assert [each.id for each in take_rulings(ASKS, footage(96, beat="end", **FACTS))] == ["no-black", "light"]
    assert {each.origin for each in of_open} == {"brief no-black", "brief light", "brief one"}
    assert next(each for each in of_open if each.id == "no-black").says == "Nothing is black for long"


def test_the_cut_has_one_row_for_each_rule() -> None:
    rows = cut_rows(_cut(), {})
    assert _verdicts(rows) == {
        "right": "needs_human", "no-black": "pass", "light": "fail", "opens": "pass", "pace": "pass",
        "loud": "not_applicable", "one": "fail",
    }  # fmt: skip
    (light,) = (row for row in rows if row.ruling.id == "light")
    assert "shot dog (take dog): light 0.6" in light.ruling.measured
    assert (light.shows, light.ruling.force) == (footage().path, "visual rule")
    (one,) = (row for row in rows if row.ruling.id == "one")
    assert "shot ship" not in one.ruling.measured
    assert [tuple(map(float, each)) for each in one.ruling.at] == [(0.0, 2.0)]


def test_with_films_questions_are_asked_of_those() -> None:
    rows = _verdicts(cut_rows(_cut(), {}, films=True))
    assert "right" not in rows
    assert "loud" not in rows
    shown = footage(96, **FACTS)
    found = {each.id: each.verdict for each in film_result(film(ASKS, shown)).rulings}
    assert (found["right"], found["light"], found["opens"]) == ("needs_human", "fail", "pass")
    assert list(found) == ["right", "no-black", "light", "opens", "pace", "loud"]
    blind = {each.id: each.verdict for each in film_result(film(ASKS, None)).rulings}
    assert (blind["light"], blind["pace"]) == ("cannot_check", "cannot_check")


def test_no_rule_is_lost_whatever_beats_it_is_about() -> None:
    """A question is asked of the film; what no shot shows has a row that says so."""
    asks = brief(
        rules=(
            BriefRule("well", "Is the dog well?", "brief.yaml:3", beats=("open",)),
            BriefRule("dark", "", "brief.yaml:4", check=BlackCheck(), beats=("end",)),
            BriefRule("calm", "", "brief.yaml:5", check=OneShotCheck(), beats=("end",)),
        )
    )
    shown = replace(_cut(), brief=asks)
    assert _verdicts(cut_rows(shown, {}, films=True)) == {"dark": "not_applicable", "calm": "not_applicable"}
    assert cut_rows(shown, {})[1].ruling.evidence == "no shot of the cut is for its beats"
    found = film_result(film(asks, footage(96, **FACTS))).rulings
    assert [(each.id, each.verdict) for each in found] == [("well", "needs_human")]


def test_rules_about_beats_measure_takes() -> None:
    asked = {*FOOTAGE_JUDGES, *TAKE_JUDGES}
    assert {kind for kind in CHECK_TYPES.values() if kind.of_takes} == asked


@pytest.mark.parametrize(
    ("value", "by", "verdict"),
    [(True, "Ana", "pass"), (False, "Ana", "fail"), (True, "", "needs_human"), ("yes", "Ana", "needs_human")],
)
def test_a_named_person_answers_a_question(value: Any, by: str, verdict: str) -> None:
    answers = Facts((DeclaredFact("brief.right", value, by, "2026-12-01"),))
    rows = cut_rows(_cut(), answers)
    assert _verdicts(rows)["right"] == verdict
    assert {each.id: each.verdict for each in film_result(film(ASKS, facts=answers)).rulings}[
        "right"
    ] == verdict


def test_no_answer_excuses_what_was_measured() -> None:
    answers = Facts((DeclaredFact("brief.light", True, "Ana", "2026-12-01"),))
    assert _verdicts(cut_rows(_cut(), answers))["light"] == "fail"


def test_a_shot_shows_its_part_of_the_take_at_its_speed() -> None:
    made = job(cut("dog", length="1s", start="1s", speed="2"))
    plan = plan_of(made, ("dog",))
    (shot,) = plan.renditions[0].shots
    shown = shot_footage(footage(96), shot, Fraction(24))
    assert shown.span == Span(24, 71)
    assert shown.places is not None
    assert [int(each) for each in shown.places[:3]] == [24, 26, 28]
