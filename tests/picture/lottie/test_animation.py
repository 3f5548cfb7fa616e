"""A Lottie animation: its frames in time, and its pictures."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from post.picture.lottie import LottieAnimation, open_lottie

RATE = Fraction(30)


@pytest.fixture
def adrock(media: Callable[[str], Path]) -> LottieAnimation:
    return open_lottie(media("graphics/lottie_adrock.json"), "brand.file")


@pytest.mark.parametrize(
    ("seconds", "after_end", "frame"),
    [
        ("0", "hold", "0"), ("1/2", "hold", "15"), ("1/24", "stop", "5/4"), ("5", "hold", "59"),
        ("5", "loop", "30"), ("5", "stop", None), ("-1/24", "hold", None), ("2", "loop", "0"),
    ],
)  # fmt: skip
def test_a_time_is_a_frame_exactly(seconds: str, after_end: str, frame: str | None) -> None:
    animation = LottieAnimation("a.json", 10, 10, RATE, Fraction(60))
    at = animation.position(Fraction(seconds), after_end)
    assert at == (None if frame is None else Fraction(frame))


def test_pictures_do_not_depend_on_those_before(adrock: LottieAnimation) -> None:
    size = (131, 97)
    alone = {at: adrock.draw(at, *size) for at in (0, 10, 7, 19)}
    for at in (19, 7, 0, 10, 0):
        assert np.array_equal(adrock.draw(at, *size), alone[at])
    assert alone[0].shape == (97, 131, 4)
    assert not np.array_equal(alone[10], alone[0])


def test_colour_is_multiplied_by_alpha(adrock: LottieAnimation) -> None:
    rgba = adrock.draw(10, 400, 300)
    assert rgba[..., 3].max() == 1
    assert (rgba[..., :3] <= rgba[..., 3:]).all()
