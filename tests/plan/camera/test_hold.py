"""What must stay whole stays inside the window where one place keeps it; where none does, that is told."""

from __future__ import annotations

import numpy as np
import pytest

from post.plan.camera.hold import (
    costs_outside,
    held_ranges,
    keep_inside,
    most_cut,
    start_bounds,
    union_of,
)
from post.plan.camera.path import PLACES

WINDOW = 0.3
LEFT, RIGHT, WIDE = (0.05, 0.8, 0.2, 0.9), (0.7, 0.8, 0.9, 0.9), (0.1, 0.4, 0.8, 0.5)


def test_a_range_holds_the_text_of_each_look_and_what_the_job_keeps() -> None:
    assert held_ranges([(), (LEFT,)], (), 0) == [None, (0.05, 0.2)]
    assert held_ranges([(), (LEFT,)], (RIGHT,), 0) == [(0.7, 0.9), (0.05, 0.9)]
    assert held_ranges([(LEFT,)], (), 1) == [(0.8, 0.9)]
    assert union_of([None, (0.1, 0.2), (0.4, 0.5)]) == (0.1, 0.5)


def test_one_place_is_held_all_through_the_shot() -> None:
    bounds = start_bounds(held_ranges([(), (LEFT,), ()], (), 0), WINDOW)
    assert bounds == [pytest.approx((0.0, 0.05))] * 3
    drawn = np.linspace(0.0, 0.6, 7)
    assert keep_inside(drawn, bounds).max() == pytest.approx(0.05)


def test_places_that_no_window_holds_together_are_held_in_turn() -> None:
    texts = [*[(LEFT,)] * 12, *[(RIGHT,)] * 12]
    bounds = start_bounds(held_ranges(texts, (), 0), WINDOW)
    assert bounds[0] == pytest.approx((0.0, 0.05))
    assert bounds[-1] == pytest.approx((0.6, 0.7))
    drawn = np.linspace(0.0, 0.6, 24)
    assert keep_inside(drawn, bounds) is drawn


def test_what_is_wider_than_the_window_bounds_nothing_and_is_cut() -> None:
    held = held_ranges([(WIDE,)] * 3, (), 0)
    assert start_bounds(held, WINDOW) == [None] * 3
    assert not costs_outside([None] * 3, WINDOW).any()
    assert most_cut(held, np.full(3, 0.1), WINDOW) == pytest.approx(0.4 / 0.7)


def test_places_outside_the_bounds_cost_more_the_further_they_are() -> None:
    (row,) = costs_outside([(0.0, 0.05)], WINDOW)
    assert row.shape == (PLACES,)
    assert row[0] == 0
    assert (np.diff(row) >= 0).all()
    assert row[-1] > 10


def test_what_is_inside_is_whole() -> None:
    assert most_cut([(0.1, 0.3), None], np.array([0.05, 0.9]), WINDOW) == 0
