"""A finished film that is not as planned is refused, each by what is wrong with it."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from post.deliver.check import check_film
from post.errors import AnswerprintError
from post.plan import compile_plan
from post.takes.made.synthetic import ClipRecipe, SoundRecipe, make_clip
from post.values import BT709, Rendition, Toolchain
from tests.plan.made import cut, deliver, job, take

FRAMES = 24
RECIPE = ClipRecipe("dusk", 64, 48, Fraction(24), FRAMES, colour=BT709, b_frames=0, sound=SoundRecipe())
# In 48ths of a second, each two after the one before, but for the 12th, which comes half a frame late.
UNEVEN = tuple(2 * n + (n == 12) for n in range(FRAMES))


@pytest.fixture(scope="module")
def planned() -> Rendition:
    asked = replace(job(cut("dog")), deliver=(deliver("film", 64, 48),))
    (rendition,) = compile_plan(asked, {"dog": take("dog", FRAMES)}, (), Toolchain((), ())).renditions
    return rendition


def film(folder: Path, **other: Any) -> Path:
    return make_clip(folder / "film.mp4", replace(RECIPE, **other))


def test_a_film_as_planned_is_measured(planned: Rendition, tmp_path: Path) -> None:
    measured = check_film(film(tmp_path), planned)
    assert (measured.frames, measured.samples) == (FRAMES, 48000)


@pytest.mark.parametrize("more", [-1, 1])
def test_a_sample_too_many_or_too_few_is_refused(planned: Rendition, tmp_path: Path, more: int) -> None:
    other = replace(planned, mix=replace(planned.mix, length=48000 + more))
    with pytest.raises(AnswerprintError, match=f"samples: planned {48000 + more}, got 48000$"):
        check_film(film(tmp_path), other)


def test_sound_that_nobody_planned_is_refused_and_sound_that_is_missing(
    planned: Rendition, tmp_path: Path
) -> None:
    silent = replace(planned, mix=replace(planned.mix, events=()))
    with pytest.raises(AnswerprintError, match="samples: planned 0, got 48000$"):
        check_film(film(tmp_path), silent)
    with pytest.raises(AnswerprintError, match="samples: planned 48000, got 0$"):
        check_film(film(tmp_path, sound=None), planned)


def test_frames_that_are_not_evenly_spaced_are_refused(planned: Rendition, tmp_path: Path) -> None:
    """As many of them, as long altogether, at the same rate on average: only their spacing is wrong."""
    even = film(tmp_path, stamps=tuple(range(0, 2 * FRAMES, 2)), tick=Fraction(1, 48))
    assert check_film(even, planned).rate == 24
    with pytest.raises(AnswerprintError, match="frames are not evenly spaced from 0"):
        check_film(film(tmp_path, stamps=UNEVEN, tick=Fraction(1, 48)), planned)


def test_frames_that_begin_late_are_refused(planned: Rendition, tmp_path: Path) -> None:
    late = film(tmp_path, start_s=Fraction(1, 24), sound=None)
    silent = replace(planned, mix=replace(planned.mix, events=()))
    with pytest.raises(AnswerprintError, match=r"frames are not evenly spaced from 0.*start \[[1-9]"):
        check_film(late, silent)


@pytest.mark.parametrize(
    ("change", "wrong"),
    [
        ({"width": 66}, "width"),
        ({"height": 50}, "height"),
        ({"frames": FRAMES - 1}, "frames"),
        ({"rate": Fraction(25)}, "rate"),
        ({"colour": replace(BT709, matrix=6)}, "colour tags"),
    ],
)
def test_each_fault_of_the_picture_is_named(
    planned: Rendition, tmp_path: Path, change: dict[str, Any], wrong: str
) -> None:
    path = film(tmp_path, **change)
    with pytest.raises(AnswerprintError, match=f"{wrong}: planned"):
        check_film(path, planned)
