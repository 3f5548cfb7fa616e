"""What a broken generation shows, in frames made for it."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from post.measure.defects import Defects, DefectsMeasure
from post.measure.fact import ClipLength
from post.measure.facts import facts_of
from post.measure.frames import Frame, Step
from post.takes.probe import probe
from post.values.array import Array

RNG = np.random.default_rng(7)
SCENE = RNG.integers(40, 200, (90, 160)).astype(np.uint8)


def found(*frames: Array) -> Defects:
    one = DefectsMeasure(ClipLength(len(frames), Fraction(8)))
    before = None
    for number, luma in enumerate(frames):
        frame = Frame(number, luma, (), 8, "limited")
        one.see(Step(before, frame))
        before = frame
    return one.found({})


def moving(count: int) -> list[Array]:
    return [np.roll(SCENE, 7 * number, 1) for number in range(count)]


def test_a_run_that_stands_still_for_a_second_is_found() -> None:
    still = [SCENE] * 10
    assert found(*moving(5), *still, *moving(4)[1:]).still == ((6, 15),)
    assert found(*moving(5), *[SCENE] * 8).still == ()
    assert found(*moving(20)).still == ()


def test_a_small_thing_that_moves_is_no_frozen_picture() -> None:
    frames = [SCENE.copy() for _ in range(20)]
    for number, each in enumerate(frames):
        each[40:60, 5 * number : 5 * number + 20] = 235
    assert found(*frames).still == ()


def test_black_is_found_where_it_lasts_for_a_quarter_of_a_second() -> None:
    black = np.full_like(SCENE, 17)
    assert found(*moving(4), black, black, *moving(4)).black == ((4, 6),)
    assert found(*moving(4), black, *moving(4)).black == ()
    dark = (SCENE // 6 + 16).astype(np.uint8)
    assert found(*[np.roll(dark, 7 * n, 1) for n in range(6)]).black == ()


def test_a_flash_is_light_that_comes_and_goes() -> None:
    bright = np.minimum(SCENE.astype(int) + 70, 235).astype(np.uint8)
    assert found(*moving(6), bright, *moving(6)).flashes == (6,)
    assert found(*moving(6), *[bright] * 6).flashes == ()  # it stays: a light was switched on


def test_contrast_is_from_the_first_to_the_last_percentile_of_luma() -> None:
    ramp = np.tile(np.linspace(16, 235, 160), (90, 1)).round().astype(np.uint8)
    assert found(ramp, np.roll(ramp, 3, 1)).contrast == pytest.approx(0.98, abs=0.015)
    assert found(np.full_like(SCENE, 90), np.full_like(SCENE, 91)).contrast == 0


@pytest.mark.parametrize(
    ("name", "faint"),
    [("kandinsky5_degenerate", True), ("diffsynth_office", False), ("ltx2_couple_dialogue", False)],
)
def test_the_broken_generation_among_real_clips_is_the_faint_one(
    media: Callable[[str], Path], name: str, faint: bool
) -> None:
    clip = media(f"ai_clips/{name}.mp4")
    known = facts_of(clip, probe(clip, name).picture, "a" * 64, None, ["defects"])["defects"].value
    assert isinstance(known, Defects)
    assert (known.contrast < 0.3) == faint
    assert (known.still, known.black, known.flashes) == ((), (), ())
