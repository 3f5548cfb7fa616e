"""A window's way: it stands still unless moving keeps more, never leaves the source, and moves without a jolt."""

from __future__ import annotations

import numpy as np
import pytest

from post.measure.attention.faces import Face
from post.measure.attention.sights import Sight
from post.measure.subjects import BINS
from post.plan.camera.interest import interest_of, losses_of, shares_of_voice
from post.plan.camera.path import MOST_JERK, PLACES, TRAVEL, choose_way, draw_smoothly, most_jerk
from post.values.array import Array

WINDOW, RATE, LOOKS = 0.316, 24.0, 5.0
NOWHERE = (0.0,) * BINS


def losses(*wanted: float) -> Array:
    """Looks at which a window that starts at a place loses nothing, and all of it a window's width beside it."""
    at = np.linspace(0, 1 - WINDOW, PLACES)
    return np.array([np.minimum(np.abs(at - place) / WINDOW, 1) for place in wanted])


def look(at: int, *faces: Face, voice: float = 0.0) -> Sight:
    return Sight(at, NOWHERE, NOWHERE, NOWHERE, NOWHERE, 0.0, faces, (), voice)


def face(left: float, mouth: float = 0.0) -> Face:
    return Face(left, 0.2, left + 0.1, 0.5, 0.9, mouth)


def test_what_stands_still_is_followed_by_a_window_that_does() -> None:
    way = choose_way(losses(*[0.3] * 20), 1 - WINDOW, WINDOW, LOOKS)
    assert np.ptp(way) == 0
    assert way[0] == pytest.approx(0.3, abs=0.004)


def test_a_look_aside_that_costs_less_than_the_travel_is_not_followed() -> None:
    looks = [0.1] * 10 + [0.5] + [0.1] * 10
    assert np.ptp(choose_way(losses(*looks), 1 - WINDOW, WINDOW, LOOKS)) == 0
    assert 2 * TRAVEL > 1  # there and back cost more than one look that loses everything


def test_one_who_goes_away_and_stays_is_followed() -> None:
    way = choose_way(losses(*[0.05] * 15, *[0.6] * 15), 1 - WINDOW, WINDOW, LOOKS)
    assert way[0] == pytest.approx(0.05, abs=0.02)
    assert way[-1] == pytest.approx(0.6, abs=0.02)


@pytest.mark.parametrize("rate", [24.0, 25.0, 60.0])
def test_the_jerk_of_a_drawn_way_is_bounded_and_it_passes_no_place_that_the_way_does_not(rate: float) -> None:
    frames = int(3 * rate)
    way = np.where(np.arange(frames) < frames // 2, 0.0, 1 - WINDOW)
    drawn = draw_smoothly(way, WINDOW, rate)
    assert 0 < most_jerk(drawn, WINDOW, rate) <= MOST_JERK < most_jerk(way, WINDOW, rate)
    assert drawn.min() >= -1e-9
    assert drawn.max() <= 1 - WINDOW + 1e-9
    assert (np.diff(drawn) >= -1e-9).all()
    assert (drawn[0], drawn[-1]) == pytest.approx((0.0, 1 - WINDOW))


def test_a_way_that_stands_still_is_drawn_as_it_is() -> None:
    way = np.full(48, 0.2)
    assert draw_smoothly(way, WINDOW, RATE) is way
    assert most_jerk(way, WINDOW, RATE) == 0


def test_the_face_whose_mouth_moves_with_the_voice_is_followed_and_kept_until_another_speaks() -> None:
    left, right = face(0.1, mouth=3.0), face(0.7)
    silent, answer = (face(0.1), face(0.7)), (face(0.1), face(0.7, mouth=3.0))
    looks = [look(n, left, right, voice=1.0) for n in range(8)] + [look(8 + n, *silent) for n in range(6)]
    looks += [look(14 + n, *answer, voice=1.0) for n in range(8)]
    shares = shares_of_voice(looks)
    assert shares[0] == shares[10] == (1.0, 0.0)
    assert shares[-1] == (0.0, 1.0)
    way = choose_way(losses_of(interest_of(looks, 0, shares), WINDOW), 1 - WINDOW, WINDOW, LOOKS)
    assert way[0] <= 0.1
    assert way[-1] >= 0.7 + 0.1 - WINDOW


def test_of_mouths_that_move_without_a_voice_none_speaks() -> None:
    looks = [look(n, face(0.1, mouth=3.0), face(0.7)) for n in range(8)]
    assert set(shares_of_voice(looks)) == {(0.0, 0.0)}


def test_one_face_keeps_its_head_inside() -> None:
    looks = [look(n, face(0.8)) for n in range(5)]
    way = choose_way(
        losses_of(interest_of(looks, 0, shares_of_voice(looks)), WINDOW), 1 - WINDOW, WINDOW, LOOKS
    )
    assert way[0] + WINDOW >= 0.94


@pytest.mark.parametrize("top", [0.03, 0.2, 0.4])
def test_a_window_that_cannot_hold_the_shoulders_too_cuts_those_and_not_the_eyes(top: float) -> None:
    near, high = 0.54, 0.39  # a close shot in a wide film: head and shoulders are 1.6 windows high
    looks = [look(n, Face(0.38, top, 0.62, top + high, 0.92, 0.0)) for n in range(5)]
    lost = losses_of(interest_of(looks, 1, shares_of_voice(looks)), near)
    start = choose_way(lost, 1 - near, near, LOOKS)[0]
    assert start <= top
    assert start + near >= top + high
