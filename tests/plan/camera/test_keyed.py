"""A focus by hand: the window is at each key when it says, still before and after, and moves gently between."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise

import numpy as np
import pytest

from post.plan.camera.keyed import follow_keys
from post.plan.camera.path import MOST_JERK, most_jerk
from post.plan.shots import plan_shots
from post.values import Window
from tests.plan.made import cut, job, take

WINDOW = Window(Fraction(0), Fraction(0), Fraction(81, 256), Fraction(1))
RATE = Fraction(24)
KEYS = [(Fraction(1), 0.3, 0.5), (Fraction(2), 0.6, 0.5), (Fraction(4), 0.2, 0.5)]


def places(keys: list[tuple[Fraction, float, float]], window: Window = WINDOW) -> list[float]:
    (shot,) = plan_shots(job(cut("dog")), {"dog": take(frames=120)})
    return [float(each.left + each.width / 2) for each in follow_keys(shot, window, keys, RATE).windows]


def test_it_is_at_each_key_at_its_time_and_still_before_and_after() -> None:
    found = places(KEYS)
    assert len(found) == 120
    assert [found[frame] for frame in (0, 24, 48, 96, 119)] == pytest.approx(
        [0.3, 0.3, 0.6, 0.2, 0.2], abs=1e-5
    )
    assert all(b >= a for a, b in pairwise(found[24:49]))
    assert all(b <= a for a, b in pairwise(found[48:97]))


def test_a_move_of_a_width_a_second_has_the_jerk_that_a_following_window_may_have() -> None:
    share = float(WINDOW.width)
    keys = [(Fraction(1), 0.2, 0.5), (Fraction(2), 0.2 + share, 0.5)]
    assert 0 < most_jerk(np.array(places(keys)), share, 24.0) <= 1.01 * MOST_JERK


def test_it_never_leaves_the_source() -> None:
    found = places([(Fraction(0), 0.0, 0.5), (Fraction(3), 1.0, 0.5)])
    half = float(WINDOW.width) / 2
    assert (min(found), max(found)) == pytest.approx((half, 1 - half), abs=1e-5)


def test_what_must_stay_whole_and_does_not_is_told() -> None:
    (shot,) = plan_shots(job(cut("dog")), {"dog": take(frames=120)})
    corner = (0.0, 0.9, 0.1, 1.0)
    assert follow_keys(shot, WINDOW, KEYS, RATE, (corner,)).cut == 1.0
    assert follow_keys(shot, WINDOW, KEYS, RATE).cut == 0.0
