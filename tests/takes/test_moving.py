"""Frames through a window that moves: each lies where the window says, to a twentieth of a pixel."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from av import VideoFrame

from post.takes.conform import Framer
from post.takes.decoded.moving import MovingFramer
from post.takes.frame_planes import plane_codes
from post.values import Clock, Format, Window
from tests.plan.made import take

WIDTH, HEIGHT = 640, 360
SHARE = Fraction(81, 256)
FILM = Format(180, 320, Clock(Fraction(24)), 1)


def picture() -> VideoFrame:
    """A soft bright bar, whose middle is at 320.5 pixels."""
    made = VideoFrame(WIDTH, HEIGHT, "yuv420p")
    bar = 30 + 180 * np.exp(-(((np.arange(WIDTH) - 320) / 12) ** 2))
    plane_codes(made, 0)[:] = np.rint(bar).astype(np.uint8)
    for number in (1, 2):
        plane_codes(made, number)[:] = 128
    return made


def middle(frame: VideoFrame) -> float:
    row = plane_codes(frame, 0)[160].astype(float)
    weight = np.maximum(row - row.min() - 0.1 * np.ptp(row), 0)
    return float((weight * (np.arange(len(row)) + 0.5)).sum() / weight.sum())


@pytest.mark.parametrize("speed", [0.07, 0.5, 1.3])
def test_a_pan_is_even_to_a_twentieth_of_a_pixel(speed: float) -> None:
    shown = take().picture
    made = MovingFramer(shown, Window(Fraction(0), Fraction(0), SHARE, Fraction(1)), FILM)
    places = [Fraction(200 + speed * number).limit_denominator(1 << 20) / WIDTH for number in range(16)]
    found = [
        middle(made.frame_at(picture(), Window(left, Fraction(0), SHARE, Fraction(1)))) for left in places
    ]
    wanted = [(320.5 - float(left) * WIDTH) * FILM.width / float(SHARE * WIDTH) for left in places]
    assert np.abs(np.array(found) - wanted - np.mean(np.array(found) - wanted)).max() < 0.05
    assert abs(np.mean(np.array(found) - wanted)) < 0.1


def test_on_the_grid_it_is_what_a_still_window_gives() -> None:
    shown = take().picture
    window = Window(Fraction(200, WIDTH), Fraction(0), Fraction(200, WIDTH), Fraction(1))
    film = Format(200, 360, Clock(Fraction(24)), 1)
    still, moving = (
        plane_codes(frame, 0).astype(int) for frame in (
            Framer(shown, window, film).frame(picture()),
            MovingFramer(shown, window, film).frame_at(picture(), window),
        )
    )  # fmt: skip
    moving = moving >> (2 if moving.max() > 255 else 0)
    assert np.abs(still - moving).max() <= 1
