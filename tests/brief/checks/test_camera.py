"""The camera's speed is that of the cut, over windows of time; where most of the picture shares none, a person says."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest

from post.brief.checks.camera import judge_camera, judge_direction, judge_motion
from post.brief.footage import Footage
from post.job.brief.motion_checks import CameraCheck, DirectionCheck, MotionCheck
from post.measure.cuts import Cuts
from post.measure.film.camera import CameraMoves
from post.measure.motion import ClipMotion
from post.values.time import Span
from tests.brief.made import footage

STILL = (0.0,) * 47


def _moves(pan: tuple[float, ...] = STILL, share: float = 1.0, **others: tuple[float, ...]) -> CameraMoves:
    rest = {"tilt": STILL, "zoom": STILL, "roll": STILL} | others
    return CameraMoves(pan, rest["tilt"], rest["zoom"], rest["roll"], (share,) * 47)


def _shown(moves: CameraMoves, cuts: tuple[int, ...] = (), **more: Any) -> Footage:
    return footage(48, camera=moves, cuts=Cuts(cuts), **more)


def test_a_fast_second_is_found_with_its_time() -> None:
    pan = (*(0.1,) * 23, *(2.0,) * 12, *(0.1,) * 12)
    found = judge_camera(CameraCheck(pan=30), _shown(_moves(pan)))
    assert (found.verdict, found.found) == ("fail", "pan 48 % a second")
    assert 0.9 < float(found.at[0][0]) < 1.0
    assert found.frame == 23
    assert judge_camera(CameraCheck(pan=50), _shown(_moves(pan))).verdict == "pass"
    assert judge_camera(CameraCheck(tilt=1), _shown(_moves(pan))).verdict == "pass"


def test_a_jump_at_a_cut_is_no_movement() -> None:
    pan = (*(0.0,) * 23, 90.0, *(0.0,) * 23)
    assert judge_camera(CameraCheck(pan=5), _shown(_moves(pan))).verdict == "fail"
    assert judge_camera(CameraCheck(pan=5), _shown(_moves(pan), cuts=(24,))).verdict == "pass"


@pytest.mark.parametrize(("speed", "verdict"), [(1, "pass"), (2, "fail")])
def test_a_shot_moves_at_the_speed_of_the_cut(speed: int, verdict: str) -> None:
    places = tuple(Fraction(at * speed) for at in range(24))
    shown = _shown(_moves((1.0,) * 47), places=places, rate=Fraction(24), span=Span(0, 24 * speed))
    assert judge_camera(CameraCheck(pan=30), shown).verdict == verdict


def test_shake_is_what_a_smooth_path_leaves() -> None:
    shaking = tuple(0.8 * (-1) ** at for at in range(47))
    assert judge_camera(CameraCheck(shake=0.2), _shown(_moves(shaking))).verdict == "fail"
    assert judge_camera(CameraCheck(shake=0.2), _shown(_moves((0.8,) * 47))).verdict == "pass"
    assert judge_camera(CameraCheck(pan=5), _shown(_moves(shaking))).verdict == "pass"


def test_a_picture_that_does_not_move_as_one_is_for_a_person() -> None:
    assert judge_camera(CameraCheck(pan=1), _shown(_moves((9.0,) * 47, share=0.3))).verdict == "needs_human"
    assert judge_camera(CameraCheck(pan=1), footage()).verdict == "cannot_check"


@pytest.mark.parametrize(
    ("moves", "way"),
    [
        (_moves((0.5,) * 47), "right"), (_moves((-0.5,) * 47), "left"), (_moves(tilt=(0.5,) * 47), "up"),
        (_moves(zoom=(-0.5,) * 47), "out"), (_moves((0.05,) * 47), "still"),
    ],
)  # fmt: skip
def test_the_way_of_the_camera_is_the_furthest(moves: CameraMoves, way: str) -> None:
    assert judge_direction(DirectionCheck(way=way), _shown(moves)).verdict == "pass"
    other = "in" if way != "in" else "out"
    assert judge_direction(DirectionCheck(way=other), _shown(moves)).verdict == "fail"


def test_motion_is_the_path_of_the_usual_pixel() -> None:
    moved = ClipMotion((0.5,) * 47, (1.0,) * 47)
    assert judge_motion(MotionCheck(least=11, most=13), footage(48, motion=moved)).verdict == "pass"
    assert judge_motion(MotionCheck(most=11), footage(48, motion=moved)).verdict == "fail"
    assert judge_motion(MotionCheck(least=13), footage(48, motion=moved)).verdict == "fail"
