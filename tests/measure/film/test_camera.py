"""The camera's movement is measured where most of the picture shares it, and not taken from what moves by itself."""

from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy as np
import pytest

from post.measure.film import camera  # noqa: F401  declares the measure
from post.measure.film.camera import CameraMoves
from post.values.array import Array
from tests.measure.made import frames_of, photograph, show, window

PICTURE = photograph("astronaut")


def _moved(step: Callable[[int], Array], frames: int = 8) -> CameraMoves:
    """What is measured of a window over a photograph. step: of each frame, a 2x3 matrix from its pixels to theirs."""
    shown = [
        cv2.warpAffine(
            PICTURE, step(at), (192, 108), flags=cv2.INTER_CUBIC | cv2.WARP_INVERSE_MAP, borderMode=cv2.BORDER_REFLECT
        )
        for at in range(frames)
    ]  # fmt: skip
    found: CameraMoves = show("camera", frames_of(shown))
    return found


def _matrix(x: float = 0.0, y: float = 0.0, scale: float = 1.0, turn: float = 0.0) -> Array:
    """A window's middle at (256 + x, 200 + y), scaled and turned around it."""
    angle = np.radians(turn)
    turned = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]]) * scale
    return np.hstack([turned, (np.array([256 + x, 200 + y]) - turned @ np.array([96, 54]))[:, None]])


def test_a_pan_and_a_tilt_are_measured_in_shares_of_the_width() -> None:
    right = _moved(lambda at: _matrix(x=1.5 * at))
    assert np.mean(right.pan) == pytest.approx(100 * 1.5 / 192, rel=0.08)
    assert abs(np.mean(right.tilt)) < 0.08
    up = _moved(lambda at: _matrix(y=-1.5 * at))
    assert np.mean(up.tilt) == pytest.approx(100 * 1.5 / 192, rel=0.08)
    assert min(right.share) > 0.8


def test_a_zoom_and_a_roll_are_told_apart() -> None:
    zoomed = _moved(lambda at: _matrix(scale=0.99**at))
    assert np.mean(zoomed.zoom) == pytest.approx(1.0, abs=0.15)
    assert abs(np.mean(zoomed.roll)) < 0.1
    turned = _moved(lambda at: _matrix(turn=0.8 * at))
    assert abs(np.mean(turned.roll)) == pytest.approx(0.8, rel=0.12)
    assert abs(np.mean(turned.zoom)) < 0.15


def test_what_moves_by_itself_is_not_the_camera() -> None:
    ground, thing = window(PICTURE, 20, 20, 108, 192), window(PICTURE, 200, 200, 60, 60)
    shown = []
    for at in range(8):
        frame = ground.copy()
        frame[24:84, 20 + 5 * at : 80 + 5 * at] = thing
        shown.append(frame)
    found: CameraMoves = show("camera", frames_of(shown))
    assert max(map(abs, found.pan)) < 0.2
    assert 0.5 < min(found.share) < 1


def test_where_nothing_can_be_seen_nothing_is_known() -> None:
    flat = [np.full((108, 192), 90.0 + at) for at in range(3)]
    found: CameraMoves = show("camera", frames_of(flat))
    assert found.share == (0.0, 0.0)
    same: CameraMoves = show("camera", frames_of([flat[0]] * 3))
    assert (same.share, same.pan) == ((1.0, 1.0), (0.0, 0.0))
