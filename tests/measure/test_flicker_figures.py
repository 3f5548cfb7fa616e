"""Flicker and drift of known size, put on a picture and read back."""

from __future__ import annotations

import numpy as np
import pytest

from post.measure import Cuts, Flicker, Unmeasured
from post.values.array import Array
from post.values.colour import Range
from tests.measure.made import frames_of, photograph, show, window

COFFEE = photograph("coffee")
LENGTH = 72


def lit(luma: Array, stops: float, spread: Range = "limited") -> Array:
    """The same picture, its light multiplied by e ** stops."""
    low, high = (16, 235) if spread == "limited" else (0, 255)
    signal = np.clip((luma - low) / (high - low), 0, 1)
    light = np.where(signal <= 0.04045, signal / 12.92, ((signal + 0.055) / 1.055) ** 2.4) * np.exp(stops)
    back = np.where(light <= 0.0031308, light * 12.92, 1.055 * light ** (1 / 2.4) - 0.055)
    return np.asarray(low + (high - low) * np.clip(back, 0, 1))


def exposure(course: Array, spread: Range = "limited", cuts: tuple[int, ...] = ()) -> Flicker:
    """What is read from a slow pan whose exposure follows `course`, in log light."""
    shots = [window(COFFEE, 60, 20 + i) for i in range(len(course))]
    lumas = [lit(luma, stops, spread) for luma, stops in zip(shots, course, strict=True)]
    found = show("flicker", frames_of(lumas, spread=spread), {"cuts": Cuts(cuts)})
    assert isinstance(found, Flicker)
    return found


def flicker_of(course: Array) -> float:
    return float(100 * np.sqrt(np.mean(np.diff(course, 2) ** 2)))


@pytest.mark.parametrize("spread", ["limited", "full"])
def test_flicker_and_drift_of_a_known_size_are_read_back(spread: Range) -> None:
    """6.1 % and 17 %: what degraded clips were measured to have."""
    noise = np.random.default_rng(4).normal(0, 0.025, LENGTH)
    noise *= 6.1 / flicker_of(noise)
    found = exposure(noise + np.linspace(-0.085, 0.085, LENGTH), spread)
    assert found.flicker_pct == pytest.approx(6.1, rel=0.1)
    assert found.drift_pct == pytest.approx(17, rel=0.15)


def test_a_steady_clip_neither_flickers_nor_drifts() -> None:
    found = exposure(np.zeros(LENGTH))
    assert found.flicker_pct is not None
    assert found.flicker_pct < 0.2
    assert found.drift_pct is not None
    assert found.drift_pct < 1.0


def test_slow_drift_is_not_flicker() -> None:
    found = exposure(np.linspace(-0.15, 0.15, LENGTH))
    assert found.flicker_pct is not None
    assert found.flicker_pct < 0.3
    assert found.drift_pct == pytest.approx(30, rel=0.1)


def test_flicker_is_not_drift() -> None:
    found = exposure(0.02 * (-1.0) ** np.arange(LENGTH))
    assert found.flicker_pct == pytest.approx(8, rel=0.1)
    assert found.drift_pct is not None
    assert found.drift_pct < 2


def test_a_brighter_shot_after_a_cut_is_neither() -> None:
    """What a cut changes is the edit's doing."""
    found = exposure(np.where(np.arange(LENGTH) < 30, -0.15, 0.15), cuts=(30,))
    assert found.flicker_pct is not None
    assert found.flicker_pct < 0.3
    assert found.drift_pct is not None
    assert found.drift_pct < 1.5


def test_what_walks_into_the_picture_is_not_drift() -> None:
    lumas = []
    for i in range(LENGTH):
        luma = window(COFFEE, 60, 20).copy()
        luma[30:130, : 2 * i] = 40 + 150 * (np.arange(2 * i) % 16 > 8)
        lumas.append(luma)
    found = show("flicker", frames_of(lumas), {"cuts": Cuts(())})
    assert found.drift_pct < 3


def test_highlights_that_clip_do_not_make_flicker_smaller() -> None:
    """Three quarters of the picture near white: where it is clipped, it cannot follow the light."""
    luma = window(COFFEE, 60, 20) * 0.5
    luma[:, 64:] = 220.0
    course = 0.25 * (np.arange(24) % 2)
    found = show("flicker", frames_of([lit(luma, stops) for stops in course]), {"cuts": Cuts(())})
    assert found.flicker_pct == pytest.approx(flicker_of(course), rel=0.08)


def test_black_says_nothing_of_exposure() -> None:
    found = show("flicker", frames_of([np.full((144, 256), 16.0)] * 10))
    assert isinstance(found, Unmeasured)
    assert "black" in found.why


def test_two_frames_are_too_few() -> None:
    assert isinstance(show("flicker", frames_of([window(COFFEE, 0, 0)] * 2)), Unmeasured)


def test_a_clip_shorter_than_two_anchors_has_flicker_and_no_drift() -> None:
    shots = [lit(window(COFFEE, 60, 20), 0.01 * (i % 2)) for i in range(5)]
    lumas = [*shots, *shots]
    found = show("flicker", frames_of(lumas), {"cuts": Cuts((5,))})
    assert found.flicker_pct is not None
