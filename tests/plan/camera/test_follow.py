"""A crop that follows: one window for each frame of its shot, whichever way the take is shown, and never over a cut."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from itertools import pairwise
from typing import Any

import numpy as np
import pytest

from post.measure.attention.faces import Face
from post.measure.attention.sights import Sight, Sights
from post.measure.subjects import BINS
from post.plan import compile_plan
from post.plan.camera.follow import follow
from post.plan.camera.path import MOST_JERK, most_jerk
from post.plan.shots import plan_shots
from post.values import Fact, Plan, Toolchain, Window
from tests.plan.made import cut, deliver, job, take

TALL = deliver("tall", 90, 160)
WINDOW = Window(Fraction(0), Fraction(0), Fraction(81, 256), Fraction(1))
NOWHERE = (0.0,) * BINS


def seen(lefts: list[float], every: int = 5) -> Sights:
    """A face, at each look, that is a tenth of the picture wide."""
    faces = [Face(left, 0.2, left + 0.1, 0.5, 0.9) for left in lefts]
    return Sights(
        tuple(
            Sight(every * number, NOWHERE, NOWHERE, NOWHERE, NOWHERE, 0.0, (each,))
            for number, each in enumerate(faces)
        )
    )


def planned(sights: Sights, *shots: Any) -> Plan:
    fact = Fact("0" * 64, "sights", 1, sights)
    made = job(*shots, deliver=(TALL,))
    return compile_plan(made, {"dog": take(frames=120)}, (), Toolchain(), {"dog": {"sights": fact}})


def test_a_window_that_moves_has_a_place_in_each_frame_of_each_segment() -> None:
    plan = planned(seen([0.1] * 5 + [0.8] * 20), cut("dog", focus="auto"))
    (rendition,) = plan.renditions
    clips = [clip for segment in rendition.segments for clip in segment.clips]
    places = [
        float(window.left) for clip in clips for window in (clip.windows or (clip.window,) * len(clip.span))
    ]
    assert len(places) == rendition.format.length
    assert places[0] <= 0.1
    assert places[-1] + 81 / 256 >= 0.9
    rate = float(plan.clock.rate)
    assert 0 < most_jerk(np.array(places), 81 / 256, rate) <= 1.01 * MOST_JERK
    assert all(len(clip.windows) in (0, len(clip.span)) for clip in clips)
    (framed,) = plan.framed
    assert framed.path.startswith("x ")
    (crop,) = (placed.call for placed in rendition.placed if placed.call.stage == "reframe")
    assert crop.knob("path") == framed.path


def test_what_stands_still_is_cropped_by_one_window_and_scaled_as_ever() -> None:
    plan = planned(seen([0.7] * 25), cut("dog", focus="auto"))
    clips = [clip for segment in plan.renditions[0].segments for clip in segment.clips]
    assert {clip.windows for clip in clips} == {()}
    assert len({clip.window for clip in clips}) == 1
    assert plan.framed[0].path == ""


def test_nothing_is_smoothed_over_a_cut_inside_a_take() -> None:
    made = job(cut("dog"), deliver=(TALL,))
    (shot,) = plan_shots(made, {"dog": take(frames=120)})
    sights = seen([0.1] * 5 + [0.8] * 20)
    whole = follow(shot, WINDOW, sights, Fraction(24))
    cut_at = replace(shot, cuts=(25,))
    parts = follow(cut_at, WINDOW, sights, Fraction(24))
    steps = [abs(float(b.left - a.left)) for a, b in pairwise(parts.windows)]
    assert sum(step > 0 for step in steps) == 1
    assert steps[24] > 0.3
    assert max(abs(float(b.left - a.left)) for a, b in pairwise(whole.windows)) < 0.15


def test_windows_never_leave_the_source() -> None:
    (shot,) = plan_shots(job(cut("dog"), deliver=(TALL,)), {"dog": take(frames=120)})
    for lefts in ([0.0] * 12 + [0.9] * 12, [0.9, 0.0] * 12):
        windows = follow(shot, WINDOW, seen(lefts), Fraction(24)).windows
        assert min(window.left for window in windows) >= 0
        assert max(window.left + window.width for window in windows) <= 1


@pytest.mark.parametrize("given", [(0.4, 0.5), ""])
def test_a_focus_that_is_given_stays(given: Any) -> None:
    plan = planned(seen([0.1] * 5 + [0.8] * 20), cut("dog", focus=given))
    clips = [clip for segment in plan.renditions[0].segments for clip in segment.clips]
    assert {clip.windows for clip in clips} == {()}
