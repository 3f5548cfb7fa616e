"""What moves by itself is told from what the camera moves: a pan, a zoom, a cut."""

from __future__ import annotations

import numpy as np
import pytest

from post.measure.attention.motion import SIDE, follow_places, moved, small_grey
from post.values.array import Array

HEIGHT = 90


def ground(zoom: float = 1.0, right: float = 0.0) -> Array:
    """A ground of soft waves of many lengths, seen through a camera that moved."""
    x, y = np.meshgrid(np.arange(SIDE) - SIDE / 2, np.arange(HEIGHT) - HEIGHT / 2)
    x, y = x / zoom + right, y / zoom
    waves = [(0.31, 0.13), (0.17, -0.4), (-0.23, 0.29), (0.45, 0.37), (0.09, 0.21), (-0.37, 0.05)]
    shades = sum(np.sin(a * x + b * y + 3 * a) for a, b in waves)
    return np.asarray(128 + 18 * np.asarray(shades))


def with_thing(picture: Array, left: int) -> Array:
    made = picture.copy()
    made[30:60, left : left + 20] = 250
    return made


@pytest.mark.parametrize(("zoom", "right"), [(1.0, 0.0), (1.0, 6.0), (1.08, 0.0), (0.94, -3.0)])
def test_only_the_thing_moves_by_itself_whatever_the_camera_does(zoom: float, right: float) -> None:
    found = moved(small_grey(with_thing(ground(), 40)), small_grey(with_thing(ground(zoom, right), 70)))
    assert not found.cut
    beside = found.change.copy()
    beside[20:70, 25:105] = 0
    assert found.change[32:58, 72:88].mean() > 30
    assert beside.mean() < 1


def test_the_cameras_motion_is_found() -> None:
    found = moved(small_grey(ground()), small_grey(ground(1.08, 4.0)))
    assert found.camera[0, 0] == pytest.approx(1.08, abs=0.01)
    middle = found.camera[:, :2] @ [SIDE / 2, HEIGHT / 2] + found.camera[:, 2]
    assert middle[0] == pytest.approx(SIDE / 2 - 4 * 1.08, abs=0.5)


def test_another_shot_and_another_size_are_a_cut_in_which_nothing_moves() -> None:
    for other in (255 - small_grey(with_thing(ground(), 40)) // 4, small_grey(np.zeros((160, 90)))):
        found = moved(small_grey(ground()), other)
        assert found.cut
        assert not found.change.any()


def test_places_are_followed_and_those_that_are_not_found_again_are_told() -> None:
    places = np.array([[60.0, 40.0], [100.0, 50.0]], np.float32)
    there, found = follow_places(small_grey(ground()), small_grey(ground(right=5.0)), places)
    assert found.all()
    assert np.allclose(there - places, [-5, 0], atol=0.3)
