from __future__ import annotations

from typing import Any

import cv2
import numpy as np
import pytest

from post.picture.optics import ORDER
from post.picture.optics.bloom import Bloom
from post.picture.optics.halation import Halation
from post.picture.optics.light import blur, decode_light, encode_light
from post.picture.optics.soften import Soften
from post.picture.optics.vignette import Vignette
from post.stage import FrameEffect, find
from post.values.array import Array
from post.values.time import Span

FILM = Span(0, 24)
ON: list[FrameEffect] = [
    Bloom(strength=12), Soften(amount=1, radius=0.4), Vignette(stops=1.5), Halation(strength=10, radius=3),
]  # fmt: skip


def lights(height: int = 270, width: int = 480) -> Array:
    """Returns a dark scene with a lamp and a window, (height, width, 3) float32."""
    rgb = np.full((height, width, 3), 0.12, np.float32)
    rgb[..., 2] += np.linspace(0, 0.1, width, dtype=np.float32)
    y, x = np.mgrid[0:height, 0:width] / height
    rgb[np.hypot(y - 0.4, x - 0.5) < 0.04] = 1.0
    rgb[(abs(y - 0.5) < 0.2) & (abs(x - 1.3) < 0.15)] = 0.9
    return rgb


def named(stage: FrameEffect) -> str:
    return stage.name


def test_all_of_them_are_registered() -> None:
    assert [find(name).name for name in ORDER] == list(ORDER)


@pytest.mark.parametrize("name", ORDER)
def test_by_default_it_is_off_declares_nothing_and_gives_the_frame_back(name: str) -> None:
    stage: Any = find(name)()
    rgb = lights()
    assert stage.declare(FILM) is None
    assert stage.frames(rgb, 0) is rgb


@pytest.mark.parametrize("stage", ON, ids=named)
def test_a_frame_of_twice_the_size_gets_the_same_effect_when_halved(stage: FrameEffect) -> None:
    large = lights(540, 960)
    small = cv2.resize(large, (480, 270), interpolation=cv2.INTER_AREA)
    seen = cv2.resize(stage.frames(large, 0), (480, 270), interpolation=cv2.INTER_AREA)
    moved = np.abs(stage.frames(small, 0) - small).mean()
    assert np.abs(stage.frames(small, 0) - seen).mean() < 0.1 * moved


@pytest.mark.parametrize("stage", ON, ids=named)
def test_it_declares_a_filter_and_does_not_change_its_input(stage: FrameEffect) -> None:
    rgb = lights()
    before = rgb.copy()
    rgb.setflags(write=False)
    out = stage.frames(rgb, 3)
    assert np.array_equal(rgb, before)
    assert out.dtype == np.float32
    assert np.abs(out - rgb).max() > 0.02
    action = stage.declare(FILM)
    assert action is not None
    assert action.name == "c2pa.filtered"


@pytest.mark.parametrize("stage", ON, ids=named)
@pytest.mark.parametrize("level", [-0.05, 0.0, 1.0, 1.2])
def test_values_beyond_black_and_white_give_finite_numbers(stage: FrameEffect, level: float) -> None:
    out = stage.frames(np.full((18, 32, 3), level, np.float32), 0)
    assert np.isfinite(out).all()
    assert abs(float(out[9, 16].mean()) - max(level, 0.0)) < 0.06


def test_display_light_is_bt1886_and_converts_back() -> None:
    rgb = np.linspace(0, 1.3, 999, dtype=np.float32).reshape(-1, 3)
    assert decode_light(rgb) == pytest.approx(rgb.astype(np.float64) ** 2.4, abs=1e-6)
    assert encode_light(decode_light(rgb)) == pytest.approx(rgb, abs=1e-5)


@pytest.mark.parametrize("sigma", [0.7, 3.0, 9.0, 31.0])
def test_a_spread_is_as_wide_as_it_says_and_keeps_the_mean(sigma: float) -> None:
    point = np.zeros((361, 361), np.float32)
    point[180, 180] = 1
    wide = blur(point, sigma)
    offsets = np.arange(361) - 180
    assert wide.sum() == pytest.approx(1, abs=0.01)
    assert np.sqrt((wide.sum(axis=0) * offsets**2).sum()) == pytest.approx(sigma, rel=0.05)


def test_bloom_only_moves_light() -> None:
    rgb = lights()
    before, after = decode_light(rgb), decode_light(Bloom(strength=20).frames(rgb, 0))
    assert after.mean() == pytest.approx(before.mean(), rel=0.01)
    assert (after - before)[108, 135].max() < -0.02  # in the lamp
    assert (after - before)[108, 150].min() > 0.002  # beside it


def test_halation_is_red_around_a_light_and_nowhere_else() -> None:
    rgb = lights()
    change = decode_light(Halation(strength=20).frames(rgb, 0)) - decode_light(rgb)
    beside_the_lamp, far = change[108, 148], change[250, 20]
    assert beside_the_lamp[0] > 0.005
    assert beside_the_lamp[0] > 4 * beside_the_lamp[2]
    assert np.abs(far).max() < 1e-6
    inside_the_window = change[135, 351]
    assert np.abs(inside_the_window).max() < 1e-3


@pytest.mark.parametrize("stops", [1.0, -0.5])
def test_a_vignette_takes_its_stops_of_light_from_the_corners_and_none_from_the_middle(
    stops: float,
) -> None:
    flat = np.full((1080, 1920, 3), 0.5, np.float32)
    light = decode_light(Vignette(stops=stops).frames(flat, 0)) / decode_light(flat)
    assert -np.log2(light[0, 0, 0]) == pytest.approx(stops, abs=0.01)
    assert light[540, 960] == pytest.approx(1)


def test_a_round_vignette_is_a_circle() -> None:
    flat = np.full((180, 320, 3), 0.5, np.float32)
    out = Vignette(stops=2, start=0.1, roundness=1).frames(flat, 0)[..., 0]
    assert out[90 + 70, 160] == pytest.approx(out[90, 160 + 70], abs=2e-3)
    follows = Vignette(stops=2, start=0.1).frames(flat, 0)[..., 0]
    assert follows[-1, 160] == pytest.approx(follows[90, -1], abs=2e-3)


def test_softening_removes_detail_and_nothing_else() -> None:
    rng = np.random.default_rng(0)
    rgb = (lights() + rng.normal(0, 0.05, (270, 480, 1))).astype(np.float32)
    out = Soften(amount=1, radius=0.5).frames(rgb, 0)
    assert np.diff(out, axis=1).std() < 0.4 * np.diff(rgb, axis=1).std()
    assert out.mean() == pytest.approx(rgb.mean(), abs=1e-4)
    half = Soften(amount=0.5, radius=0.5).frames(rgb, 0)
    assert half == pytest.approx((rgb + out) / 2, abs=1e-5)
