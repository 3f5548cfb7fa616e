"""Motion blur above the speed of the take: which places of it a film frame is the mean of."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest

from post.errors import JobError
from post.picture.retime import Retime
from post.plan import compile_plan
from post.plan.between.sampling import decide_sampling
from post.plan.between.shutter import MOST, exposures
from post.plan.shots import plan_shots
from post.values import Shot, Span, Toolchain
from tests.plan.made import cut, deliver, job, take


def shot(speed: str, shutter: int = 180, rate: int = 24) -> Shot:
    asked = cut("a", speed=speed, sampling="flow")
    (planned,) = plan_shots(job(asked), {"a": take("a", 200, rate)})
    return replace(planned, shutter=shutter)


def middle(places: tuple[tuple[int, Fraction], ...]) -> Fraction:
    return Fraction(sum((number + weight for number, weight in places), Fraction(0)), len(places))


@pytest.mark.parametrize(
    ("speed", "shutter", "places"), [("3", 180, 4), ("3", 360, 8), ("2", 180, 2), ("9", 360, MOST)]
)
def test_the_blur_is_of_the_speed_above_the_takes_own(speed: str, shutter: int, places: int) -> None:
    (shown,) = exposures(shot(speed, shutter), Span(10, 11))
    assert len(shown) == places
    assert abs(middle(shown) - 10 * int(speed)) < Fraction(1, 20)
    first, last = (number + weight for number, weight in (shown[0], shown[-1]))
    open_for = Fraction((int(speed) - 1) * shutter, 360)
    assert abs(last - first - open_for * (places - 1) / places) < Fraction(1, 10)


@pytest.mark.parametrize(("speed", "rate"), [("1", 24), ("0.5", 24), ("1", 60), ("1.2", 24)])
def test_what_runs_no_faster_than_it_was_shot_has_no_blur(speed: str, rate: int) -> None:
    assert exposures(shot(speed, rate=rate), Span(0, 20)) == ()


def test_in_a_ramp_only_its_fast_part_is_blurred() -> None:
    shown = exposures(shot("0s:1, 1s:1, 1.5s:4"), Span(0, 48))
    assert not any(shown[:24])
    assert all(shown[30:])


def test_no_frame_is_the_mean_of_two_shots_of_a_take() -> None:
    (shown,) = exposures(replace(shot("5", 360), cuts=(51,)), Span(10, 11))
    assert max(number + weight for number, weight in shown) < 51


def test_a_shot_that_is_only_blurred_has_frames_made_for_it_and_declares_them() -> None:
    asked = replace(cut("a"), retime=Retime(speed="4", shutter=180))
    planned = plan_shots(job(asked), {"a": take("a", 96)})
    (decided,), _ = decide_sampling([asked], planned, {})
    assert decided.sampling == "flow"
    plan = compile_plan(job(asked, deliver=(deliver(),)), {"a": take("a", 96)}, [], Toolchain((), ()))
    (clip,) = plan.renditions[0].segments[0].clips
    assert len(clip.exposures) == len(clip.span)
    retimes = [dict(each.call.knobs) for each in plan.renditions[0].placed if each.call.stage == "retime"]
    assert [(knobs["speed"], knobs["shutter"]) for knobs in retimes] == [("4", 0), ("1", 180)]


@pytest.mark.parametrize("sampling", ["nearest", "blend"])
def test_a_shutter_without_frames_in_between_is_refused(sampling: str) -> None:
    with pytest.raises(JobError, match="needs frames between"):
        Retime(speed="2", sampling=sampling, shutter=180)


@pytest.mark.parametrize("speed", ["4", "-4"])
def test_a_blurred_frame_shows_nothing_of_its_take_before_in_or_from_out_on(speed: str) -> None:
    asked = cut("a", speed=speed, sampling="flow", shutter=360, start="24f", stop="72f")
    (planned,) = plan_shots(job(asked), {"a": take("a", 96)})
    shown = [number + weight for places in exposures(planned, planned.span) for number, weight in places]
    assert 24 <= min(shown) < 25
    assert 69 < max(shown) < 72
