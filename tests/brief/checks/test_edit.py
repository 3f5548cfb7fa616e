"""The cut is judged by its plan: pace, beats in order, the films that are made, and what titles say."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from post.brief.checks.edit import (
    judge_beats,
    judge_cut_words,
    judge_formats,
    judge_length,
    judge_pace,
    judge_texts,
)
from post.brief.cut import CutShown
from post.job.brief.edit_checks import BeatsCheck, FormatsCheck, LengthCheck, PaceCheck
from post.job.brief.model import Beat, BriefFormat
from post.job.brief.word_checks import TextCheck, WordsCheck
from post.job.layer_model import Timed
from post.picture.title import Title
from tests.brief.made import brief, cut_of, plan_of
from tests.plan.made import cut, job

BEATS = (Beat("open", "a dog", "brief.yaml:3"), Beat("end", "a ship", "brief.yaml:4"))


def _cut(*order: str, beats: dict[str, str] | None = None, **asks: Any) -> CutShown:
    """A cut of 2 s shots. beats: of takes, by name."""
    made = job(*(cut(name, length="2s") for name in order))
    made_for = beats or {}
    refs = tuple(replace(ref, beat=made_for.get(ref.name, "")) for ref in made.takes)
    titles = tuple(Timed(Title(text=text), "0s", "1s", "spot.yaml:8") for text in asks.pop("titles", ()))
    made = replace(made, takes=refs, titles=titles)
    plan = plan_of(made, order)
    return cut_of(plan, made, brief(**{"beats": BEATS, **asks}))


def test_pace_is_the_plans() -> None:
    shown = _cut("dog", "ship", "cat")
    assert judge_pace(PaceCheck(least_per_minute=29, most_per_minute=31), shown).verdict == "pass"
    assert judge_pace(PaceCheck(most_per_minute=29), shown).verdict == "fail"
    found = judge_pace(PaceCheck(longest=1.5), shown)
    assert (found.verdict, found.found) == ("fail", "the longest shot (dog) is 2 s")
    assert [tuple(map(float, each)) for each in found.at] == [(0.0, 2.0)]
    assert judge_pace(PaceCheck(shortest=2, longest=2), shown).verdict == "pass"


@pytest.mark.parametrize(
    ("order", "verdict", "said"),
    [
        (("dog", "ship"), "pass", "2 beats told"), (("dog", "dog2"), "fail", "end is not told"),
        (("ship", "dog"), "fail", "the order is end, open"), (("dog", "cat", "ship"), "pass", "2 beats told"),
        (("cat",), "cannot_check", "no take of the cut says its beat"),
    ],
)  # fmt: skip
def test_every_beat_is_told_in_order(order: tuple[str, ...], verdict: str, said: str) -> None:
    found = judge_beats(BeatsCheck(), _cut(*order, beats={"dog": "open", "dog2": "open", "ship": "end"}))
    assert (found.verdict, said in found.found) == (verdict, True)


def test_a_beat_has_its_time_and_the_order_may_be_free() -> None:
    shown = _cut("ship", "dog", beats={"dog": "open", "ship": "end"})
    assert judge_beats(BeatsCheck(order=False), shown).verdict == "pass"
    found = judge_beats(BeatsCheck(order=False, seconds=3), shown)
    assert (found.verdict, "open is told for 2.00 s" in found.found) == ("fail", True)


@pytest.mark.parametrize(
    ("wanted", "verdict"),
    [
        (("", 16, 9), "pass"), (("", 640, 360), "pass"), (("", 9, 16), "fail"), (("", 1920, 1080), "fail"),
        (("4s", 16, 9), "pass"), (("10s", 16, 9), "fail"),
    ],
)  # fmt: skip
def test_every_format_is_made(wanted: tuple[str, int, int], verdict: str) -> None:
    length, width, height = wanted
    formats = (BriefFormat("it", "brief.yaml:2", width, height, length),)
    assert judge_formats(FormatsCheck(), _cut("dog", "ship", formats=formats)).verdict == verdict


def test_length_and_words_and_texts() -> None:
    shown = _cut("dog", titles=("Winter is  here", "50% off"), texts=("Winter is here", "60% off"))
    assert judge_length(LengthCheck(least=2, most=2), shown).verdict == "pass"
    assert judge_length(LengthCheck(most=1), shown).verdict == "fail"
    found = judge_texts(TextCheck(), shown)
    assert (found.verdict, found.found) == ("fail", "not approved: '50% off'")
    assert judge_texts(TextCheck(allowed=("Winter is here", "50% off")), shown).verdict == "pass"
    third = Timed(Title(text="Winter is here", second="guaranteed"), "0s", "1s", "spot.yaml:9")
    shown = replace(shown, job=replace(shown.job, titles=(third,)))
    assert judge_texts(TextCheck(), shown).found == "not approved: 'guaranteed'"
    assert judge_cut_words(WordsCheck(banned=("guaranteed",)), shown).verdict == "fail"
    assert judge_cut_words(WordsCheck(banned=("is HERE",)), shown).verdict == "fail"
    assert judge_cut_words(WordsCheck(banned=("ice",)), shown).verdict == "pass"
