"""How fast a clip moves: of pictures that are rolled by known distances."""

from __future__ import annotations

import numpy as np
import pytest

from post.measure import movement  # noqa: F401  importing a measure declares it
from post.measure.cuts import Cuts
from post.measure.fact import Unmeasured
from post.measure.movement import Movement
from tests.measure.made import frames_of, photograph, show, window

PICTURE = photograph("astronaut")


def test_a_pan_of_2_of_256_pixels_at_24_a_second_moves_by_its_part_of_the_width() -> None:
    frames = frames_of([window(PICTURE, 100, 60 + 2 * at) for at in range(8)])
    found = show("movement", frames)
    assert isinstance(found, Movement)
    assert found.speed_pct == pytest.approx(100 * 2 * 24 / 256, rel=0.1)


def test_repeated_frames_halve_no_speed() -> None:
    """The same pan over the same time, each picture shown twice."""
    frames = frames_of([window(PICTURE, 100, 60 + 4 * (at // 2)) for at in range(9)])
    assert show("movement", frames).speed_pct == pytest.approx(100 * 2 * 24 / 256, rel=0.15)


def test_a_cut_is_no_movement_and_one_frame_has_none() -> None:
    other = photograph("chelsea")
    frames = frames_of([window(PICTURE, 100, 60)] * 3 + [window(other, 60, 60)] * 3)
    assert show("movement", frames, {"cuts": Cuts((3,))}).speed_pct == pytest.approx(0, abs=0.05)
    assert isinstance(show("movement", frames_of([np.full((90, 160), 90.0)])), Unmeasured)
