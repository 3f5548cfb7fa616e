"""Degrain on noise of known strength, over pictures whose clean version is known."""

from __future__ import annotations

import numpy as np
import pytest

from post.picture.repair.degrain import Degrain
from post.stage import Planes16
from post.values import Span
from post.values.array import Array
from tests.measure.made import photograph, window
from tests.picture.repair.planes import eight, planes, sixteen

SIGMA = 3.0
COFFEE = photograph("coffee")
AT = 4


def noisy(luma: Array, seed: int) -> Planes16:
    rng = np.random.default_rng(seed)
    y, cb, cr = planes(luma + rng.normal(0, SIGMA, luma.shape))
    return y, sixteen(eight(cb) + rng.normal(0, SIGMA / 2, cb.shape)), cr


def clip(by: float, frames: int = 9) -> tuple[list[Array], dict[int, Planes16]]:
    """Returns a pan over a photograph, by whole pixels a frame: clean, and with noise."""
    clean = [window(COFFEE, 40, 20 + by * i, 180, 320) for i in range(frames)]
    return clean, {i: noisy(luma, i) for i, luma in enumerate(clean)}


def error(plane: Array, clean: Array) -> float:
    inner = (slice(16, -16), slice(16, -16))
    return float(np.sqrt(np.mean((eight(plane) - clean)[inner] ** 2)))


def near(frames: dict[int, Planes16], at: int, stage: Degrain) -> dict[int, Planes16]:
    return {i: frames[i] for i in range(at - stage.reach, at + stage.reach + 1) if i in frames}


@pytest.mark.parametrize("by", [0, 3])
def test_five_frames_average_to_less_than_half_the_noise(by: float) -> None:
    """1 / sqrt(5) of it is .447; errors of weights and motion add to that."""
    clean, frames = clip(by)
    stage = Degrain(sigma=(SIGMA,))
    y, cb, _ = stage.repair(AT, near(frames, AT, stage))
    assert error(y, clean[AT]) < 0.56 * SIGMA
    assert error(cb, np.full(cb.shape, 128.0)) < 0.56 * SIGMA / 2


def test_more_neighbours_remove_more_noise() -> None:
    clean, frames = clip(0)
    left = [error(s.repair(AT, near(frames, AT, s))[0], clean[AT]) for s in (
        Degrain(radius=1, sigma=(SIGMA,)), Degrain(radius=4, sigma=(SIGMA,)))]  # fmt: skip
    assert left[1] < 0.8 * left[0]


def test_what_is_only_in_the_neighbours_leaves_no_trace() -> None:
    clean, frames = clip(0)
    for i in (2, 3, 5, 6):
        luma = clean[i].copy()
        luma[60:100, 100:160] = 235
        frames[i] = noisy(luma, i)
    stage = Degrain(sigma=(SIGMA,))
    y = stage.repair(AT, near(frames, AT, stage))[0]
    ghost = (eight(y) - clean[AT])[64:96, 104:156]
    assert abs(ghost.mean()) < 0.4
    assert np.sqrt(np.mean(ghost**2)) < 1.1 * SIGMA


def test_detail_is_kept() -> None:
    """A clean clip that is declared grainy: only pixels that show the same thing are averaged."""
    clean, _ = clip(3)
    frames = {i: planes(luma) for i, luma in enumerate(clean)}
    stage = Degrain(sigma=(SIGMA,))
    assert error(stage.repair(AT, near(frames, AT, stage))[0], clean[AT]) < 0.4 * SIGMA


def test_no_frame_beyond_a_cut_is_read() -> None:
    _, frames = clip(0)
    stage = Degrain(sigma=(SIGMA,), cuts=(float(AT),))
    mended = stage.repair(AT, near(frames, AT, stage))
    alone = Degrain(sigma=(SIGMA,)).repair(AT, {i: frames[i] for i in (4, 5, 6)})
    assert all(np.array_equal(a, b) for a, b in zip(mended, alone, strict=True))


def test_the_grain_can_depend_on_brightness() -> None:
    """Strong grain in the dark half, none in the bright one, where every difference is taken for real."""
    flat = np.full((96, 128), 60.0)
    flat[:, 64:] = 200
    frames = {i: noisy(flat, i) for i in range(2, 7)}
    y = Degrain(sigma=(SIGMA, SIGMA, 0.0, 0.0)).repair(AT, frames)[0]
    assert np.std(eight(y)[:, 8:56]) < 0.6 * SIGMA
    assert np.std(eight(y)[:, 72:120]) > 0.9 * SIGMA


def test_half_the_strength_goes_half_way() -> None:
    _, frames = clip(0)
    whole, half = (Degrain(sigma=(SIGMA,), strength=share) for share in (1.0, 0.5))
    a, b = (eight(stage.repair(AT, near(frames, AT, stage))[0]) for stage in (whole, half))
    assert np.abs((a + eight(frames[AT][0])) / 2 - b).max() < 0.01


def test_a_clip_of_one_frame_stays_as_it_is() -> None:
    _, frames = clip(0, 1)
    assert Degrain(sigma=(SIGMA,)).repair(0, frames) is frames[0]


@pytest.mark.parametrize("shape", [(33, 47), (9, 12), (180, 1400)])
def test_odd_and_extreme_sizes_are_kept(shape: tuple[int, int]) -> None:
    frames = {i: noisy(np.full(shape, 90.0), i) for i in range(3)}
    mended = Degrain(sigma=(SIGMA,)).repair(1, frames)
    assert [plane.shape for plane in mended] == [plane.shape for plane in frames[1]]


def test_without_a_known_grain_nothing_is_done() -> None:
    assert Degrain().declare(Span(0, 5)) is None
    action = Degrain(sigma=(2.0,)).declare(Span(0, 5))
    assert action is not None
    assert action.name == "c2pa.filtered"
