"""Courses of exposure of known shape, put on pictures and read back."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from skimage import data

from post.measure import Cuts, Unmeasured
from post.measure.fact import load_fact, store_fact
from post.measure.flicker import Flicker, signal_of
from post.measure.frames import Frame, Small
from post.values.array import Array
from post.values.colour import Range
from post.values.media import Fact
from tests.made.stores import open_store
from tests.measure.made import show

COFFEE = getattr(data, "coffee")()[..., :3] / 255  # noqa: B009  untyped
LENGTH = 60
MATRIX = np.array(
    [[0.2126, 0.7152, 0.0722], [-0.114572, -0.385428, 0.5], [0.5, -0.454153, -0.045847]]
)  # H.273 table 4, BT.709


def frame(number: int, rgb: Array, spread: Range = "limited") -> Frame:
    """R'G'B' as an 8-bit 4:4:4 file has it."""
    black, luma, chroma = (16, 219, 224) if spread == "limited" else (0, 255, 255)
    ycc = np.clip(rgb, 0, 1) @ MATRIX.T
    y, cb, cr = black + luma * ycc[..., 0], 128 + chroma * ycc[..., 1], 128 + chroma * ycc[..., 2]
    y8, cb8, cr8 = (np.clip(np.rint(plane), 0, 255).astype(np.uint8) for plane in (y, cb, cr))
    return Frame(number, y8, (cb8, cr8), 8, spread)


def lit(rgb: Array, stops: Array) -> Array:
    """The same picture, the light of each colour multiplied by e ** stops. IEC 61966-2-1, 5.2."""
    light = np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4) * np.exp(stops)
    return np.asarray(np.where(light <= 0.0031308, light * 12.92, 1.055 * light ** (1 / 2.4) - 0.055))


def view(i: int) -> Array:
    """A slow pan."""
    return np.asarray(COFFEE[100:280, 60 + i : 380 + i])


def flicker(courses: Array, cuts: Sequence[int] = (), spread: Range = "limited") -> Flicker:
    frames = [frame(i, lit(view(i), stops), spread) for i, stops in enumerate(courses)]
    found = show("flicker", frames, {"cuts": Cuts(tuple(cuts))})
    assert isinstance(found, Flicker), found
    return found


def noise(seed: int = 3) -> Array:
    rng = np.random.default_rng(seed)
    return np.asarray(rng.normal(0, 0.025, (LENGTH, 1)) + rng.normal(0, 0.008, (LENGTH, 3)))


def quick_error(found: Flicker, courses: Array) -> float:
    """In percents of light, rms second difference: slow parts fall out."""
    return float(100 * np.sqrt(np.mean(np.diff(np.array(found.quick) - courses, 2, axis=0) ** 2)))


@pytest.mark.parametrize("spread", ["limited", "full"])
def test_the_flicker_of_each_colour_is_read_back_frame_by_frame(spread: Range) -> None:
    courses = noise()
    found = flicker(courses, spread=spread)
    assert quick_error(found, courses) < 0.6
    most = 100 * np.sqrt(np.mean(np.diff(courses, 2, axis=0) ** 2, axis=0)).max()
    assert found.flicker_pct == pytest.approx(most, rel=0.1)
    assert found.together > 0.95


def test_the_drift_of_each_colour_is_read_back() -> None:
    courses = np.linspace(-0.5, 0.5, LENGTH)[:, None] * np.array([0.18, 0.02, -0.14])
    found = flicker(courses)
    assert np.abs(np.array(found.slow) - courses).max() < 0.015
    assert found.drift_pct == pytest.approx(18, abs=2)
    assert found.flicker_pct < 0.5


def test_a_steady_clip_has_nothing_to_take_away() -> None:
    found = flicker(np.zeros((LENGTH, 3)))
    assert np.abs(np.array(found.quick)).max() < 0.004
    assert np.abs(np.array(found.slow)).max() < 0.01


def test_nothing_is_carried_over_a_cut() -> None:
    """A brighter shot is itself, and its frames are not pulled towards the one before."""
    courses = np.where(np.arange(LENGTH) < 25, -0.4, 0.0)[:, None] * np.ones(3)
    found = flicker(courses, cuts=(25,))
    assert np.abs(np.array(found.quick)).max() < 0.01
    assert np.abs(np.array(found.slow)).max() < 0.02


def test_a_flash_is_not_flicker() -> None:
    courses = np.zeros((LENGTH, 3))
    courses[30] = 0.5
    found = flicker(courses)
    assert found.quick[30] == (0, 0, 0)
    assert np.abs(np.array(found.quick)).max() < 0.01


def test_what_only_a_part_of_the_picture_does_is_not_together() -> None:
    frames = []
    rng = np.random.default_rng(0)
    for i in range(LENGTH):
        rgb = view(0).copy()
        for rows in (slice(None, 90), slice(90, None)):
            for columns in (slice(None, 160), slice(160, None)):
                rgb[rows, columns] = lit(rgb[rows, columns], rng.normal(0, 0.05, 1))
        frames.append(frame(i, rgb))
    found = show("flicker", frames, {"cuts": Cuts(())})
    assert found.together < 0.5


def test_a_frozen_clip_does_not_flicker() -> None:
    found = show("flicker", [frame(i, view(0)) for i in range(12)], {"cuts": Cuts(())})
    assert found.flicker_pct == 0
    assert set(found.quick) == {(0, 0, 0)}


def test_black_says_nothing() -> None:
    found = show("flicker", [frame(i, np.zeros((90, 160, 3))) for i in range(8)])
    assert isinstance(found, Unmeasured)
    assert "black" in found.why


@pytest.mark.parametrize("frames", [1, 2])
def test_fewer_than_three_frames_are_too_few(frames: int) -> None:
    assert isinstance(show("flicker", [frame(i, view(0)) for i in range(frames)]), Unmeasured)


def test_a_grey_clip_has_one_course() -> None:
    courses = noise()[:, :1] * np.ones(3)
    frames = [
        Frame(
            i, frame(i, lit(view(i).mean(axis=-1, keepdims=True) * np.ones(3), stops)).luma, (), 8, "limited"
        )
        for i, stops in enumerate(courses)
    ]
    found = show("flicker", frames, {"cuts": Cuts(())})
    assert quick_error(found, courses) < 0.6
    assert all(r == g == b for r, g, b in found.quick)


def test_the_fact_is_kept_as_it_is(tmp_path: Path) -> None:
    store = open_store(tmp_path)
    fact = Fact("a" * 64, "flicker", 1, flicker(noise()))
    store_fact(store, fact)
    assert load_fact(store, "a" * 64, "flicker") == fact


def test_codes_are_read_as_bt709_has_them() -> None:
    rgb = np.random.default_rng(0).uniform(0.2, 0.8, (16, 16, 3))
    ycc = rgb @ MATRIX.T
    small = Small(16 + 219 * ycc[..., 0], 128 + 224 * ycc[..., 1], 128 + 224 * ycc[..., 2])
    assert np.abs(signal_of(small, False) - rgb).max() < 1e-4
