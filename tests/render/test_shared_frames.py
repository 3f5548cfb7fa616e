"""A shot is the same wherever in a film it lies; and its grain neither repeats nor jumps, whatever stands still."""

from __future__ import annotations

from itertools import combinations
from pathlib import Path

import numpy as np
import pytest

from post.engine import ContentStore
from post.job import load_job
from post.picture.kernel import Planes
from post.prepare.plan_job import plan_job
from post.render.segment import draw_alone
from post.takes.made.synthetic import ClipRecipe, make_clip
from post.values import Rendition, digest
from post.values.array import Array

JOB = """
schema: Job.2
title: Shared
clock: 24
takes: {{dusk: dusk.mp4, sea: sea.mp4, grey: {{make: colour, fill: "#808080"}}}}
grain: {{strength: 6, size: 1}}
cut: [{cut}]
deliver: [{{name: film, width: 192, height: 108}}]
"""
DUSK = "{take: dusk, in: 5f, length: 70f}"


@pytest.fixture(scope="module")
def clips(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("clips")
    make_clip(folder / "dusk.mp4", ClipRecipe("dusk", 96, 54, frames=90))
    make_clip(folder / "sea.mp4", ClipRecipe("sea", 96, 54, frames=90))
    return folder


def planned(clips: Path, *cut: str) -> Rendition:
    path = clips / "job.yaml"
    path.write_text(JOB.format(cut=", ".join(cut)))
    _, plan = plan_job(load_job(path), (), ContentStore(clips / "content"))
    return plan.renditions[0]


def drawn(film: Rendition, frame: int) -> Planes:
    return draw_alone(next(each for each in film.on_film if frame in each.span), frame)


def grain_of(film: Rendition, frames: range) -> list[Array]:
    """Returns what is left of grey frames without their mean."""
    found = [drawn(film, frame).y.astype(np.float64) for frame in frames]
    return [each - each.mean() for each in found]


def alike(a: Array, b: Array) -> float:
    return float(np.corrcoef(a.ravel(), b.ravel())[0, 1])


def test_a_shot_that_moves_has_the_same_frames_in_segments_that_are_made_once(clips: Path) -> None:
    """49 frames later, and without its first 7 and its last 20."""
    film = planned(clips, DUSK, "{take: sea, length: 24f}")
    cut_down = planned(clips, "{take: sea, in: 3f, length: 49f}", "{take: dusk, in: 12f, length: 43f}")
    for frame in (0, 20, 35, 36, 42):
        shown = zip(drawn(film, 7 + frame), drawn(cut_down, 49 + frame), strict=True)
        assert all(np.array_equal(a, b) for a, b in shown), frame
    moved = planned(clips, "{take: sea, in: 3f, length: 49f}", DUSK)
    assert {digest(each) for each in moved.segments} >= {digest(each) for each in film.segments[:2]}


def test_grain_goes_on_over_a_segments_border_and_comes_twice_nowhere(clips: Path) -> None:
    film = planned(clips, "{take: grey, length: 100f}")
    assert [place.first for place in film.places] == [0, 48]
    grains = grain_of(film, range(40, 57))
    strength = [float(each.std()) for each in grains]
    assert max(strength) < 1.05 * min(strength)
    assert max(abs(alike(a, b)) for a, b in combinations(grains, 2)) < 0.06


@pytest.mark.parametrize(
    "cut", ["{take: grey, length: 12f}, {take: grey, length: 12f}", "{take: grey, length: 24f}"]
)
def test_what_is_shown_twice_has_other_grain_the_second_time(clips: Path, cut: str) -> None:
    grains = grain_of(planned(clips, cut), range(24))
    assert max(abs(alike(a, b)) for a, b in combinations(grains, 2)) < 0.06


def test_a_frame_that_is_held_has_other_grain_each_time(clips: Path) -> None:
    film = planned(clips, "{take: dusk, length: 22f, freeze: 12f}")
    held = [drawn(film, frame).y.astype(np.float64) for frame in range(10, 22)]
    mean = sum(held[1:], held[0]) / len(held)
    grains = [each - mean for each in held]
    # Grains that are not alike have a correlation of -1/11 once their mean is taken away.
    assert max(abs(alike(a, b) + 1 / 11) for a, b in combinations(grains, 2)) < 0.06
