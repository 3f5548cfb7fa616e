"""Figures that are made of what was measured."""

from __future__ import annotations

from fractions import Fraction

import pytest

from post.measure.fact import Unmeasured
from post.measure.motion import ClipMotion
from post.selects.measured import speed_pct


def test_speed_is_the_mean_way_of_a_second_without_cuts() -> None:
    # From frame 2 to frame 3, which starts another shot, nothing moved.
    motion = ClipMotion((1.0, 1.0, 30.0, 2.0), (1.0, 1.0, 0.1, 1.0))
    assert speed_pct(motion, (3,), Fraction(24)) == pytest.approx(24 * 4 / 3, abs=0.01)


def test_repeated_frames_change_no_speed() -> None:
    once = speed_pct(ClipMotion((2.0,) * 4, (1.0,) * 4), (), Fraction(12))
    twice = speed_pct(ClipMotion((2.0, 0.0) * 4, (1.0,) * 8), (), Fraction(24))
    assert once == twice == 24.0


def test_what_has_no_motion_has_no_speed() -> None:
    assert speed_pct(Unmeasured("damaged"), (), Fraction(24)) is None
    assert speed_pct(ClipMotion((5.0,), (1.0,)), (1,), Fraction(24)) is None
