"""The pixels that are looked at lie evenly over the picture, whatever its width, and bars are no part of it."""

from __future__ import annotations

import numpy as np
import pytest

from post.measure.match.sampling import sample_pixels, without_bars
from post.values.array import Array
from tests.measure.match.pictures import picture


def lit(height: int, width: int) -> Array:
    return np.full((height, width, 3), 0.5, np.float32)


@pytest.mark.parametrize(("height", "width"), [(216, 384), (384, 216), (288, 384), (384, 160), (211, 383)])
@pytest.mark.parametrize("count", [1, 7, 8])
@pytest.mark.parametrize("most", [6000, 12000])
def test_every_part_of_every_frame_is_looked_at_alike(height: int, width: int, count: int, most: int) -> None:
    """In a grid of 8 by 8 no cell has more than a fifth more or fewer of the pixels than its share."""
    found = sample_pixels([lit(height, width)] * count, most)
    assert most <= sum(map(len, found)) <= most + count
    for at in found:
        rows, columns = np.divmod(at, width)
        share = np.histogram2d(rows, columns, 8, ((0, height), (0, width)))[0] * 64 / len(at)
        assert share == pytest.approx(np.ones((8, 8)), abs=0.2)
        assert len(np.unique(columns)) > 0.9 * min(width, len(at))


def test_a_picture_of_fewer_pixels_is_looked_at_whole() -> None:
    (at,) = sample_pixels([lit(3, 5)], 6000)
    assert sorted(at) == list(range(15))


def test_frames_of_one_shot_give_other_columns() -> None:
    first, second = sample_pixels([lit(216, 384)] * 2, 1000)
    assert len(np.intersect1d(first, second)) < 0.1 * len(first)


@pytest.mark.parametrize(("top", "left"), [(30, 0), (0, 40), (20, 30), (0, 0)])
def test_bars_are_left_out_with_the_noise_a_codec_leaves_on_them(top: int, left: int) -> None:
    clean = picture("coffee")
    framed = np.pad(clean, ((top, top), (left, left), (0, 0)))
    framed += np.random.default_rng(0).uniform(0, 3 / 255, framed.shape).astype(np.float32)
    inside = without_bars(framed)
    assert inside.shape == clean.shape
    assert np.abs(inside - clean).max() <= 3 / 255 + 1e-6


def test_black_all_over_is_no_bar() -> None:
    assert without_bars(np.zeros((20, 30, 3), np.float32)).shape == (20, 30, 3)
