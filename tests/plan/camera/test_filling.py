"""Where no crop works, a fill shows what must be seen and says why; where one does, there is none."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest

from post.measure.attention.sights import Box, Sight, Sights
from post.measure.subjects import BINS, Subjects
from post.picture.reframe import Reframe
from post.plan import compile_plan
from post.plan.camera.crop_place import judge_crop
from post.values import Fact, Plan, Toolchain, Window
from post.values.plan.segment import BLACK, BLUR
from tests.plan.made import cut, deliver, job, subject, take

TALL = deliver("tall", 90, 160)
NOWHERE = (0.0,) * BINS


def planned(text: tuple[Box, ...] = (), reframe: Reframe | None = None, **asked: Any) -> Plan:
    looks = tuple(
        Sight(5 * number, NOWHERE, NOWHERE, NOWHERE, NOWHERE, 0.0, (), text) for number in range(24)
    )
    facts = {"sights": Fact("0" * 64, "sights", 1, Sights(looks))}
    if "subjects" in asked:
        facts["subjects"] = Fact("0" * 64, "subjects", 1, asked.pop("subjects"))
    shot = replace(cut("dog", **asked), reframe=reframe or Reframe(fill="auto"))
    return compile_plan(
        job(shot, deliver=(TALL,)), {"dog": take(frames=120)}, (), Toolchain(), {"dog": facts}
    )


def test_text_that_no_crop_keeps_is_shown_whole_with_a_fill_and_the_reason() -> None:
    plan = planned(((0.2, 0.8, 0.7, 0.9),))
    (framed,) = plan.framed
    reason = "what must stay whole takes 50% of the width, and a crop shows 32%"
    assert (framed.fill, framed.reason, framed.lost) == (BLUR, reason, 0.0)
    assert ("cut[0].fill (tall)", BLUR, f"auto: {reason}") in plan.origins
    (crop,) = (placed.call for placed in plan.renditions[0].placed if placed.call.stage == "reframe")
    assert (crop.knob("fill"), crop.knob("reason")) == (BLUR, reason)
    clips = [clip for segment in plan.renditions[0].segments for clip in segment.clips]
    assert {clip.ground for clip in clips} == {BLUR}
    for window in (clip.window for clip in clips):
        assert window.left <= Fraction(2, 10)
        assert window.left + window.width >= Fraction(7, 10)
        assert window.width < Fraction(7, 10)
        assert window.height > 1


def test_text_that_a_crop_keeps_is_cropped_round() -> None:
    plan = planned(((0.05, 0.8, 0.3, 0.9),))
    (framed,) = plan.framed
    assert (framed.fill, framed.reason) == ("", "")
    (window,) = {clip.window for segment in plan.renditions[0].segments for clip in segment.clips}
    assert window.left <= Fraction(5, 100)
    assert window.left + window.width >= Fraction(3, 10)


def test_without_auto_what_a_crop_cuts_is_a_warning_and_no_fill() -> None:
    (framed,) = planned(((0.2, 0.8, 0.7, 0.9),), Reframe(), focus="auto").framed
    assert framed.fill == ""
    assert framed.side == "of what must stay whole"
    assert framed.lost == pytest.approx(0.37, abs=0.02)


def test_a_box_that_the_job_keeps_is_kept_by_a_focus_by_hand_or_told() -> None:
    corner = (0.0, 0.9, 0.1, 1.0)
    (told,) = planned((), Reframe(focus_x=0.8), focus=(0.8, 0.5), keep=(corner,)).framed
    assert (told.lost, told.side) == (1.0, "of what must stay whole")
    (followed,) = planned((), Reframe(), focus="auto", keep=(corner,)).framed
    assert followed.lost == 0


KEYS = (("0s", 0.8, 0.5), ("1s", 0.7, 0.5))


@pytest.mark.parametrize("by_hand", [{"focus": (0.8, 0.5)}, {"focus_keys": KEYS}])
def test_what_a_crop_elsewhere_would_keep_asks_for_no_fill(by_hand: dict[str, Any]) -> None:
    corner = (0.0, 0.9, 0.1, 1.0)
    (framed,) = planned((), keep=(corner,), **by_hand).framed
    assert (framed.fill, framed.lost, framed.side) == ("", 1.0, "of what must stay whole")


@pytest.mark.parametrize("by_hand", [{"focus": (0.8, 0.5)}, {"focus_keys": KEYS}])
def test_what_no_crop_keeps_is_shown_whatever_the_focus_by_hand(by_hand: dict[str, Any]) -> None:
    (framed,) = planned((), keep=((0.2, 0.8, 0.7, 0.9),), **by_hand).framed
    reason = "what must stay whole takes 50% of the width, and a crop shows 32%"
    assert (framed.fill, framed.reason) == (BLUR, reason)


def test_a_subject_that_a_crop_cuts_is_shown_whole() -> None:
    wide = Subjects(((subject(0.1, 0.9),),))
    assert judge_crop(wide, Window(Fraction(1, 3), Fraction(0), Fraction(81, 256), Fraction(1)))[0] > 0.15
    (framed,) = planned(subjects=wide).framed
    assert framed.fill == BLUR
    assert framed.reason.startswith("a crop shows 32% of the width, and cuts ")


@pytest.mark.parametrize(
    ("reframe", "ground"),
    [
        (Reframe(fill="blur"), BLUR), (Reframe(fill="pad"), BLACK), (Reframe(fit="fit"), BLACK),
        (Reframe(fill="pad", pad_colour="#204060"), "#204060"), (Reframe(fill="crop"), BLACK),
    ],
)  # fmt: skip
def test_a_fill_that_is_asked_for_is_made(reframe: Reframe, ground: str) -> None:
    plan = planned((), reframe)
    assert {clip.ground for segment in plan.renditions[0].segments for clip in segment.clips} == {ground}
    assert len(plan.framed) == (1 if reframe.fill == "crop" and reframe.fit == "fill" else 0)
