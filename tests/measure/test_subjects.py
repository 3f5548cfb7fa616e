"""What stands out in a picture: found where it is, and nothing where nothing does."""

from __future__ import annotations

import numpy as np
import pytest

from post.measure.subjects import BINS, Subject, find_subjects
from post.values.array import Array

HEIGHT, WIDTH = 216, 384


def meadow(seed: int = 1) -> Array:
    """A green ground with noise under a blue sky, without anything on it."""
    rng = np.random.default_rng(seed)
    rgb = np.empty((HEIGHT, WIDTH, 3), np.float32)
    rgb[: HEIGHT // 3], rgb[HEIGHT // 3 :] = (0.55, 0.7, 0.9), (0.3, 0.5, 0.25)
    return np.clip(rgb + rng.normal(0, 0.02, rgb.shape), 0, 1).astype(np.float32)


def with_box(rgb: Array, box: tuple[float, float, float, float], colour: tuple[float, ...]) -> Array:
    """The picture with a box, as (left, top, right, bottom) in shares of its size."""
    made = rgb.copy()
    left, top, right, bottom = (
        round(share * side) for share, side in zip(box, (WIDTH, HEIGHT, WIDTH, HEIGHT), strict=True)
    )
    made[top:bottom, left:right] = colour
    return made


def only(rgb: Array) -> Subject:
    (view,) = find_subjects([rgb]).views
    (subject,) = view
    return subject


RED = (0.8, 0.1, 0.1)


@pytest.mark.parametrize("box", [(0.1, 0.3, 0.3, 0.8), (0.6, 0.2, 0.9, 0.6), (0.4, 0.4, 0.6, 1.0)])
def test_a_subject_is_found_where_it_is(box: tuple[float, float, float, float]) -> None:
    found = only(with_box(meadow(), box, RED))
    assert (found.left, found.top, found.right, found.bottom) == pytest.approx(box, abs=0.025)
    middle = np.average((np.arange(BINS) + 0.5) / BINS, weights=found.across)
    assert middle == pytest.approx((box[0] + box[2]) / 2, abs=0.02)


def test_two_subjects_are_told_apart_the_larger_first() -> None:
    rgb = with_box(with_box(meadow(), (0.1, 0.3, 0.2, 0.7), RED), (0.6, 0.3, 0.85, 0.8), (0.1, 0.1, 0.6))
    (view,) = find_subjects([rgb]).views
    assert [round(each.left, 1) for each in view] == [0.6, 0.1]


@pytest.mark.parametrize(
    "rgb",
    [
        meadow(),
        np.full((HEIGHT, WIDTH, 3), 0.4, np.float32),
        np.zeros((HEIGHT, WIDTH, 3), np.float32),
        np.random.default_rng(3).uniform(0.3, 0.5, (HEIGHT, WIDTH, 3)).astype(np.float32),
        np.linspace(0, 1, WIDTH, dtype=np.float32)[None, :, None] * np.ones((HEIGHT, 1, 3), np.float32),
        with_box(meadow(), (0.0, 0.85, 1.0, 1.0), (0.4, 0.25, 0.1)),  # a table in front
        np.zeros((4, 300, 3), np.float32),
    ],
    ids=["meadow", "plain", "black", "noise", "ramp", "table", "sliver"],
)
def test_nothing_is_found_where_nothing_stands_out(rgb: Array) -> None:
    assert find_subjects([rgb]).views == ((),)


def test_black_bars_are_no_edges_of_the_picture() -> None:
    rgb = np.zeros((HEIGHT, WIDTH + 160, 3), np.float32)
    rgb[:, 80:-80] = with_box(meadow(), (0.1, 0.3, 0.3, 0.8), RED)
    found = only(rgb)
    wide = WIDTH + 160
    assert (found.left, found.right) == pytest.approx(
        ((80 + 0.1 * WIDTH) / wide, (80 + 0.3 * WIDTH) / wide), abs=0.025
    )


def test_the_upper_part_counts_more_for_heads_are_there() -> None:
    rgb = with_box(with_box(meadow(), (0.3, 0.5, 0.7, 0.9), RED), (0.6, 0.25, 0.7, 0.55), RED)
    found = only(rgb)
    middle = np.average((np.arange(BINS) + 0.5) / BINS, weights=found.across)
    plain = 0.5 + (0.65 - 0.5) * 0.25 * 0.1 / (0.4 * 0.4 + 0.25 * 0.1)  # of the area alone
    assert middle > plain + 0.03
