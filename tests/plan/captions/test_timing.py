"""Captions on the film's clock: through ramps, cuts, transitions and leads, no further than their take is heard."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from post.captions.model import Caption, CaptionRun
from post.plan.captions.timing import captions_on_film
from post.plan.shots import plan_shots
from post.sound.stages import ClipSound
from tests.plan.captions.made import captions, said
from tests.plan.made import FILM_CLOCK, cut, job, take

TAKES = {"dog": take(), "sea": take("sea"), "fast": take("fast", 100, 50)}


def shown(*cuts: Any, on: str = "dog", each: tuple[Caption, ...]) -> list[tuple[Any, ...]]:
    asked = job(*cuts, captions=(captions(*each, take=on),))
    (found,) = captions_on_film(asked, plan_shots(asked, TAKES))
    return [(one.start, one.stop, one.text) for one in found.track.captions]


def f(text: str) -> Fraction:
    return Fraction(text)


def test_film_times_stay_and_end_with_the_film() -> None:
    each = (said("0.5", "1", "a"), said("1.5", "9", "b"), said("2", "3", "c"))
    asked = job(cut("dog"), captions=(captions(*each),))
    (found,) = captions_on_film(asked, plan_shots(asked, TAKES))
    assert [(one.start, one.stop) for one in found.track.captions] == [(f("0.5"), f("1")), (f("1.5"), f("2"))]
    assert [one.text for one in found.late] == ["b", "c"]


def test_a_shot_from_the_middle_of_its_take_shifts_and_cuts_its_captions() -> None:
    each = (said("0", "0.75", "a"), said("0.75", "1.25", "b"), said("1.25", "2", "c"))
    found = shown(cut("sea"), cut("dog", start="0.5s", length="1s"), each=each)
    assert found == [(2, f("2.25"), "a"), (f("2.25"), f("2.75"), "b"), (f("2.75"), 3, "c")]


def test_two_shots_of_one_take_split_a_caption() -> None:
    each = (said("0", "2", "a"),)
    first, second = cut("dog", start="0.25s", length="0.5s"), cut("dog", start="1s", length="0.5s")
    found = shown(first, cut("sea", length="1s"), replace(second, name="dog.2"), each=each)
    assert found == [(0, f("0.5"), "a"), (f("1.5"), 2, "a")]


def test_what_no_shot_shows_is_dropped() -> None:
    assert shown(cut("dog", start="0.5s", length="0.5s"), each=(said("0", "0.5"), said("1", "2"))) == []
    assert shown(cut("sea"), each=(said("0", "1"),)) == []


def test_a_muted_shot_has_no_captions() -> None:
    assert shown(replace(cut("dog"), sound=ClipSound(mute=True)), each=(said("0", "1"),)) == []


def test_a_constant_speed_is_exact() -> None:
    found = shown(cut("dog", speed="0s:2"), each=(said("0.5", "1.5"),))
    assert found == [(f("0.25"), f("0.75"), "Words")]


def test_a_take_on_another_clock_keeps_its_seconds() -> None:
    assert shown(cut("fast"), on="fast", each=(said("0.31", "1.07"),)) == [(f("0.31"), f("1.07"), "Words")]


def test_a_transition_is_divided_in_its_middle() -> None:
    asked = (cut("dog"), cut("sea", transition=12))
    assert shown(*asked, each=(said("1", "2"),)) == [(1, f("1.75"), "Words")]
    assert shown(*asked, on="sea", each=(said("0", "1"),)) == [(f("1.75"), f("2.5"), "Words")]


def test_captions_follow_the_lead_and_the_lag_of_their_sound() -> None:
    led = replace(cut("dog", start="0.5s", length="1s"), sound=ClipSound(lead="6f"))
    assert shown(cut("sea"), led, each=(said("0.25", "0.75"),)) == [(f("1.75"), f("2.25"), "Words")]
    lags = replace(cut("dog", length="1s"), sound=ClipSound(lag="6f"))
    assert shown(lags, cut("sea"), each=(said("0.5", "2"),)) == [(f("0.5"), f("1.25"), "Words")]


def test_words_keep_their_own_times() -> None:
    words = (CaptionRun("one "), CaptionRun("two", at=f("1")))
    asked = job(cut("dog", speed="0s:2"), captions=(captions(said("0.5", "1.5", *words), take="dog"),))
    (found,) = captions_on_film(asked, plan_shots(asked, TAKES))
    assert [run.at for run in found.track.captions[0].runs] == [None, f("0.5")]


def test_backwards_captions_are_seen_while_their_frames_are_and_time_no_words() -> None:
    word = CaptionRun("word", at=f("1"))
    asked = job(
        cut("dog", speed="0s:1", reverse=True), captions=(captions(said("0", "1", word), take="dog"),)
    )
    (found,) = captions_on_film(asked, plan_shots(asked, TAKES))
    (only,) = found.track.captions
    assert (only.start, only.stop, only.runs[0].at) == (f("1"), f("2"), None)


@settings(max_examples=25, deadline=None)
@given(
    st.lists(st.fractions(Fraction(1, 4), 4, max_denominator=8), min_size=2, max_size=4),
    st.sampled_from(["linear", "smooth", "hold"]),
    st.fractions(0, Fraction(19, 10), max_denominator=1000),
)
def test_under_any_ramp_a_caption_comes_with_what_it_captions(
    speeds: list[Fraction], ease: str, at: Fraction
) -> None:
    first, *rest = (f"{number * 8}f:{float(speed):.6g}" for number, speed in enumerate(speeds))
    keys = ", ".join([first, *(f"{key}:{ease}" for key in rest)])
    asked = job(cut("dog", speed=keys), captions=(captions(said("0", "2"), take="dog"),))
    one = replace(
        asked.captions[0], captions=replace(asked.captions[0].captions, captions=(said(str(at), "2"),))
    )
    asked = replace(asked, captions=(one,))
    (shot,) = plan_shots(asked, TAKES)
    (found,) = captions_on_film(asked, (shot,))
    (seen,) = found.track.captions or (None,)
    if seen is None:
        assert shot.time(len(shot.span)) <= at * 24
        return
    heard = shot.time(seen.start * FILM_CLOCK.rate)  # the place in the take that is heard there
    assert abs(heard - at * 24) <= Fraction(1, 1000)


def test_many_captions_stay_in_order() -> None:
    each = tuple(said(str(Fraction(n, 1000)), str(Fraction(n + 1, 1000)), str(n)) for n in range(2000))
    assert [int(text) for _, _, text in shown(cut("dog"), each=each)] == list(range(2000))
