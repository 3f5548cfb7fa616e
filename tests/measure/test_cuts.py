"""Cuts, and what only looks like one."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from post.measure import Cuts, facts_of
from post.takes.probe import probe
from post.values.array import Array
from tests.measure.made import frames_of, photograph, show, window

ASTRONAUT, COFFEE, CHELSEA, ROCKET = (photograph(n) for n in ("astronaut", "coffee", "chelsea", "rocket"))


def held(picture: Array, frames: int, by: float = 1.0) -> list[Array]:
    """A slow pan, `by` pixels a frame."""
    return [window(picture, 40, 30 + by * i) for i in range(frames)]


def found(lumas: list[Array]) -> tuple[int, ...]:
    cuts = show("cuts", frames_of(lumas))
    assert isinstance(cuts, Cuts)
    return cuts.frames


def test_a_cut_is_where_the_new_shot_starts() -> None:
    shots = held(ASTRONAUT, 14) + held(COFFEE, 9) + held(CHELSEA, 17) + held(ROCKET, 11)
    assert found(shots) == (14, 23, 40)


@pytest.mark.parametrize("left", [1, 3, 5])
def test_a_cut_just_before_the_end_is_found(left: int) -> None:
    """Less is left of the clip than the time in which a flash would be over."""
    assert found(held(ASTRONAUT, 20) + held(COFFEE, left)) == (20,)


def test_a_cut_between_shots_of_the_same_tones_is_found() -> None:
    level = [picture - picture.mean() + 120 for picture in (ASTRONAUT, COFFEE)]
    assert found(held(level[0], 12) + held(level[1], 12)) == (12,)


def test_a_cut_in_colour_alone_is_found_where_shape_goes_with_it() -> None:
    """From a bright shot to a dark one of little structure: shape alone would not tell."""
    dark = np.full((144, 256), 18.0) + np.linspace(0, 12, 256)
    assert found(held(COFFEE, 12) + [dark] * 12) == (12,)


@pytest.mark.parametrize("length", [1, 2, 4])
def test_a_flash_is_not_a_cut(length: int) -> None:
    shot = held(ASTRONAUT, 30)
    for i in range(12, 12 + length):
        shot[i] = np.clip(shot[i] * 0.1 + 215, 0, 235)
    assert found(shot) == ()


def test_a_black_frame_is_not_a_cut() -> None:
    shot = held(COFFEE, 30)
    shot[15] = np.full_like(shot[15], 16.0)
    assert found(shot) == ()


def test_a_cut_right_after_a_flash_is_still_found() -> None:
    first = held(ASTRONAUT, 20)
    first[10] = np.full_like(first[10], 230.0)
    assert found(first + held(COFFEE, 15)) == (20,)


@pytest.mark.parametrize("by", [8, 24, 56])
@pytest.mark.parametrize("picture", [ASTRONAUT, CHELSEA], ids=["astronaut", "cat"])
def test_a_fast_pan_is_not_a_cut(by: int, picture: Array) -> None:
    """At rest, then four frames of up to 22 % of the width each, and at rest again."""
    wide = np.tile(np.hstack([picture, picture[:, ::-1]]), (1, 2))
    places = np.concatenate([np.zeros(10), by * np.arange(1, 5), np.full(10, 4 * by)])
    assert found([window(wide, 40, 30 + place) for place in places]) == ()


def test_a_change_of_exposure_is_not_a_cut() -> None:
    assert found([luma * (1.0 if i < 12 else 0.6) for i, luma in enumerate(held(CHELSEA, 24))]) == ()


def test_a_dissolve_is_not_a_cut() -> None:
    a, b = held(ASTRONAUT, 36), held(COFFEE, 36)
    weights = np.clip((np.arange(36) - 10) / 16, 0, 1)
    assert found([(1 - w) * x + w * y for w, x, y in zip(weights, a, b, strict=True)]) == ()


def test_pictures_that_never_agree_have_no_cuts() -> None:
    rng = np.random.default_rng(1)
    coarse = [np.kron(rng.uniform(20, 230, (9, 16)), np.ones((16, 16))) for _ in range(24)]
    assert found(coarse) == ()


def test_shots_lie_between_the_cuts() -> None:
    assert Cuts((3, 7)).shots(10) == ((0, 3), (3, 7), (7, 10))
    assert Cuts(()).shots(10) == ((0, 10),)


@pytest.mark.media
@pytest.mark.parametrize(
    ("clip", "cuts"),
    [
        ("footage/rio_drone_720p.mp4", (275,)),
        ("footage/bikes_street_272p.mp4", (30, 76, 137, 187, 242)),
        ("ai_clips/diffsynth_toon_dog_mpeg4.mp4", ()),
        ("ai_clips/longcat_vc_motorcycle_480sq.mp4", ()),
        ("ai_clips/ltx2_pigeons_768x512.mp4", ()),
        ("ai_clips/matrixgame2_forest.mp4", ()),
    ],
)
def test_cuts_of_real_clips_are_where_the_eye_sees_them(
    media: Callable[[str], Path], clip: str, cuts: tuple[int, ...]
) -> None:
    path = media(clip)
    take = probe(path, "clip")
    found_cuts = facts_of(path, take.picture, take.file.sha256, names=["cuts"])["cuts"].value
    assert found_cuts == Cuts(cuts)
