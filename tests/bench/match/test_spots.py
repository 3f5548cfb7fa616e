"""The spots of the bench, and its yardstick: it follows a cast of known size, and the halves share no take."""

from __future__ import annotations

import numpy as np
import pytest

from tests.bench.match.scenes import HALVES
from tests.bench.match.spots import FEWEST, MAKERS, MOST, SPOTS, Spot, frame_lab, spots, spread
from tests.measure.match.pictures import forest, street


def test_the_halves_share_no_take_and_follow_those_of_the_scenes() -> None:
    assert not set(MAKERS["fit"]) & set(MAKERS["held-out"])
    for half, names in HALVES.items():
        other = next(each for each in HALVES if each != half)
        assert not {name.partition("/")[2] for name in MAKERS[other]} & set(names)


def test_a_spot_has_takes_of_as_many_makers_and_is_the_same_each_time() -> None:
    for half in HALVES:
        assert spots(half) == spots(half)
        assert len(set(spots(half))) == SPOTS
        for takes in spots(half):
            assert FEWEST <= len(takes) <= MOST
            assert len({MAKERS[half][name] for name in takes}) == len(takes)


def test_the_yardstick_follows_a_cast_and_finds_no_axis_in_a_forest() -> None:
    from skimage.color import rgb2lab

    cast = np.array([1.05, 1.0, 0.92])
    before, after = frame_lab(street()), frame_lab((street() * cast).clip(0, 1).astype(np.float32))
    moved = rgb2lab(0.5 * np.array([[cast, np.ones(3)]]))[0]
    assert after[2:4] - before[2:4] == pytest.approx(moved[0, 1:] - moved[1, 1:], abs=1.0)
    assert np.isnan(frame_lab(forest())[2:4]).all()


def test_spread_is_none_between_equal_shots_and_grows_with_the_distance() -> None:
    one = np.array([50.0, 20.0, 1.0, 2.0, 10.0])
    assert spread(np.array([one, one])).tolist() == [0, 0, 0, 0]
    assert spread(np.array([one, one + 2])) == pytest.approx([1, 1, 2**0.5, 1])


def test_a_take_that_loses_its_greys_counts_on_neither_side() -> None:
    before = np.array([[50.0, 20, 0, 0, 10], [40, 21, 0, 4, 11], [30, 22, 0, 40, 12]])
    after = np.array([[50.0, 20, 0, 0, 10], [45, 21, 0, 3, 11], [40, 22, np.nan, np.nan, 12]])
    falls = Spot(("a", "b", "c"), (), (), (before, after), ()).falls
    assert falls[[0, 2]] == pytest.approx([0.5, 0.25])
