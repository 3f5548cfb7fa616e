"""Frames between two frames: where things move, where they stand still, and where nothing can be known."""

from __future__ import annotations

import threading
from collections.abc import Callable

import cv2
import numpy as np
import pytest

from post.picture.between.hedge import Hedge, hedge_at
from post.picture.between.mix import mix_at, shares_at
from post.picture.between.motion import Quality, find_motion, pixel_grid, places_between
from post.picture.between.pair import FramePair, blend
from post.stage import Planes16
from post.values.array import Array
from tests.picture.between.drawn import HEIGHT, WIDTH, apart, ground, planes

QUALITIES: tuple[Quality, ...] = ("draft", "flow")
INSIDE = (slice(16, -16), slice(16, -16))  # what both frames show
MARK = (slice(120, 150), slice(220, 270))
LETTERS = (
    np.kron(np.random.default_rng(2).integers(0, 2, (11, 15)), np.full((2, 3), 219 * 256))[:, :43] + 16 * 256
)


@pytest.mark.parametrize("quality", QUALITIES)
@pytest.mark.parametrize("t", [0.25, 0.5, 0.75])
def test_a_ground_that_slides_is_where_it_is_at_that_time(quality: Quality, t: float) -> None:
    before, after, truth = (planes(ground(8 * at, 3 * at)) for at in (0, 1, t))
    made, mixed = FramePair(before, after, quality).at(t), blend(before, after, t)
    for plane in range(3):
        inside = INSIDE if plane == 0 else (slice(8, -8), slice(8, -8))
        wrong = apart(made[plane][inside], truth[plane][inside])
        assert wrong < 0.25 * apart(mixed[plane][inside], truth[plane][inside])


@pytest.mark.parametrize("quality", QUALITIES)
def test_what_is_burnt_in_stays_sharp_and_in_place(quality: Quality) -> None:
    def marked(dx: float) -> Planes16:
        luma = ground(dx)
        luma[MARK] = 16 * 256
        luma[124:146, 224:267] = LETTERS
        return planes(luma)

    before, after = marked(0), marked(9)
    made = FramePair(before, after, quality).at(0.5)
    assert apart(made[0][124:146, 224:267], before[0][124:146, 224:267]) < 3
    assert apart(made[0][MARK], before[0][MARK]) < 14
    assert apart(made[0][20:100, 20:200], planes(ground(4.5))[0][20:100, 20:200]) < 4


def test_two_frames_that_are_the_same_have_the_same_between() -> None:
    frame = planes(ground(0))
    for made, plane in zip(FramePair(frame, frame, "flow").at(0.5), frame, strict=True):
        np.testing.assert_array_equal(made, plane)


def test_a_thing_that_hides_the_ground_leaves_no_ghost() -> None:
    def with_box(at: float) -> Planes16:
        luma, left = ground(0), 100 + round(12 * at)
        luma[50:130, left : left + 80] = ground(12 * at, seed=5)[50:130, left : left + 80]
        return planes(luma)

    before, after, truth = (with_box(at) for at in (0, 1, 0.5))
    ghost = apart(blend(before, after, 0.5)[0], truth[0])
    assert apart(FramePair(before, after, "flow").at(0.5)[0], truth[0]) < 0.4 * ghost


def test_what_one_frame_alone_shows_is_taken_from_it() -> None:
    places = (pixel_grid((40, 60)), pixel_grid((40, 60)))
    here, there = np.zeros((2, 40, 60), np.float32)
    here[10:20, 10:20] = there[10:20, 40:50] = 8.0
    here[30:40, 20:30] = there[30:40, 20:30] = 8.0
    shares = shares_at((here, there), places, 0.4)
    assert shares[15, 15] == pytest.approx(0, abs=0.01)
    assert shares[15, 45] == pytest.approx(0.9, abs=0.01)
    assert shares[35, 25] == pytest.approx(0.4)
    assert shares[2, 2] == pytest.approx(0.4)


def test_a_blend_is_mixed_in_where_motion_leaves_the_change_and_only_there() -> None:
    def half_drawn_anew(dx: float, seed: int) -> Planes16:
        luma = ground(dx)
        luma[:, WIDTH // 2 :] = ground(0, seed=seed)[:, WIDTH // 2 :]
        return planes(luma)

    before, after = half_drawn_anew(0, 7), half_drawn_anew(6, 8)
    motion = find_motion(before[0], after[0], "flow")
    places = places_between(motion, 0.5)
    hedge = hedge_at(motion, places, np.zeros(motion.before.shape, np.float32), 0.5)
    tiles = hedge.weight.shape[1]
    assert hedge.weight[2:-2, 2 : tiles // 2 - 2].max() < 0.05
    assert hedge.weight[:, tiles // 2 + 2 :].min() > 0.1
    whole = Hedge(np.ones_like(hedge.weight), 0.5)
    mixed = mix_at((before[0], after[0]), places, np.full(motion.before.shape, 0.5, np.float32), whole)
    assert apart(mixed, blend(before, after, 0.5)[0]) < 0.01


def test_across_a_cut_the_nearer_frame_is_held() -> None:
    before = planes(np.where(np.arange(WIDTH) < 120, 230 * 256, 30 * 256) + np.zeros((HEIGHT, 1), np.float32))
    after = planes(
        np.where(np.arange(HEIGHT)[:, None] < 80, 30 * 256, 200 * 256) + np.zeros((1, WIDTH), np.float32)
    )
    pair = FramePair(before, after, "flow")
    assert pair.choice == "hold"
    np.testing.assert_array_equal(pair.at(0.3)[0], before[0])
    np.testing.assert_array_equal(pair.at(0.7)[0], after[0])


def test_where_motion_explains_nothing_the_two_are_blended() -> None:
    before, after = planes(ground(0, seed=3)), planes(ground(0, seed=4))
    faint = [tuple((plane // 3 + 20000).astype(np.uint16) for plane in each) for each in (before, after)]
    pair = FramePair(faint[0], faint[1], "flow")  # type: ignore[arg-type]  # three planes each
    assert pair.choice == "blend"
    np.testing.assert_array_equal(pair.at(0.5)[0], blend(faint[0], faint[1], 0.5)[0])  # type: ignore[arg-type]


@pytest.mark.parametrize("size", [(16, 16), (31, 47), (33, 64), (75, 131)])
def test_any_size_has_frames_between(size: tuple[int, int]) -> None:
    before, after = planes(ground(0, size=size)), planes(ground(3, size=size))
    made = FramePair(before, after, "flow").at(0.5)
    assert [plane.shape for plane in made] == [plane.shape for plane in before]
    assert all(plane.dtype == np.uint16 for plane in made)


@pytest.mark.parametrize("quality", QUALITIES)
def test_the_same_two_frames_give_the_same_bytes(quality: Quality) -> None:
    before, after = planes(ground(0)), planes(ground(8, 3))

    def made() -> bytes:
        return b"".join(plane.tobytes() for plane in FramePair(before, after, quality).at(0.5))

    first = made()
    litter = [np.full((HEIGHT, WIDTH, 2), 1e9, np.float32) for _ in range(20)]
    del litter
    cv2.setNumThreads(2)
    assert made() == first
    assert all(each == first for each in in_threads(made, 4))


def in_threads(work: Callable[[], bytes], count: int) -> list[bytes]:
    found: list[bytes] = []
    threads = [threading.Thread(target=lambda: found.append(work())) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == count
    return found


def test_the_two_frames_are_not_changed() -> None:
    before, after = planes(ground(0)), planes(ground(5))
    copies: list[list[Array]] = [[plane.copy() for plane in each] for each in (before, after)]
    FramePair(before, after, "flow").at(0.4)
    for frame, copy in zip((before, after), copies, strict=True):
        for plane, kept in zip(frame, copy, strict=True):
            np.testing.assert_array_equal(plane, kept)
