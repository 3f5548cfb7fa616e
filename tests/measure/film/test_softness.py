from __future__ import annotations

import cv2
import numpy as np
import pytest

from post.measure.fact import Unmeasured
from post.measure.film import softness as _declares
from post.measure.film.softness import Softness, edge_blur
from post.values.array import Array
from tests.measure.made import frames_of, show

assert _declares
FINE = 8


def edges(blur_px: float, side: int = 200) -> Array:
    """Straight edges at all angles, blurred as light would be and then seen by pixels, (side, side) float32."""
    rng = np.random.default_rng(3)
    big: Array = np.full((side * FINE, side * FINE), 100, np.float32)
    y, x = np.mgrid[0 : side * FINE, 0 : side * FINE].astype(np.float32) / FINE - side / 2
    for _ in range(12):
        angle, at, step = rng.uniform(0, np.pi), rng.uniform(-60, 60), rng.uniform(-60, 60)
        big += (np.cos(angle) * x + np.sin(angle) * y > at) * np.float32(step)
    if blur_px:
        big = cv2.GaussianBlur(big, (0, 0), blur_px * FINE)
    return np.asarray(cv2.resize(big, (side, side), interpolation=cv2.INTER_AREA))


@pytest.mark.parametrize("blur_px", [0.5, 0.7, 1.0, 1.5, 2.0, 3.0])
def test_the_blur_of_edges_is_measured_in_pixels(blur_px: float) -> None:
    assert edge_blur(edges(blur_px)) == pytest.approx(blur_px, abs=0.05)


def test_an_edge_as_sharp_as_pixels_go_reads_as_such() -> None:
    found = edge_blur(edges(0))
    assert found is not None
    assert found < 0.4


def test_a_picture_without_edges_is_not_measured() -> None:
    smooth = np.tile(np.linspace(20, 200, 256, dtype=np.float32), (144, 1))
    assert edge_blur(smooth) is None
    found = show("softness", frames_of([smooth] * 5))
    assert isinstance(found, Unmeasured)


@pytest.mark.parametrize("depth", [8, 10])
def test_a_clip_reads_as_its_frames_in_shares_of_its_height(depth: int) -> None:
    found = show("softness", frames_of([edges(1.0).clip(0, 255)] * 30, depth=depth))
    assert isinstance(found, Softness)
    assert found.edge_px == pytest.approx(1, abs=0.05)
    assert found.edge_pct == pytest.approx(100 * found.edge_px / 200)
    assert found.frames >= 10
