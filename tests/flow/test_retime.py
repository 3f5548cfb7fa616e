"""Speed in finished films: frames that carry their own number are read back from the film, against the exact map."""

from __future__ import annotations

from fractions import Fraction
from functools import cache
from pathlib import Path

import av
import numpy as np
import pytest

from post.deliver.mux import join_segments
from post.engine import InProcess
from post.plan import actions_of
from post.takes.frame_planes import luma
from post.values import round_half_up
from post.values.array import Array
from tests.flow_job import Small, small_job
from tests.made.numbered import number_of, numbered_clip, small
from tests.made.stores import open_store

TAKE = 170  # frames
JOB = """
schema: Job.2
title: Numbers
clock: {clock}
house: plain
takes: {{one: one.mp4, black: {{make: black}}, blue: {{make: colour, fill: "#2040c0"}}}}
cut:
{cut}
label: none
deliver:
  - {{preset: prores-422hq, name: numbers, width: 192, height: 96}}
"""
END = "  - {take: black, length: 8f}"
RAMP = '"0s:1, 1s:4:smooth, 2s:0.35:bezier(0.4,0,0.2,1)"'


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("numbers")
    numbered_clip(folder / "one.mp4", small(frames=TAKE, gop=250, b_frames=2))
    return folder


def finished(folder: Path, cut: str, clock: str = "24") -> tuple[Small, list[av.VideoFrame]]:
    """A job's plan, and the frames of its film as they are decoded."""
    made = small_job(folder, JOB.format(cut=cut, clock=clock))
    store, path = open_store(folder / "store"), folder / "film.mov"
    with InProcess() as engine:
        list(engine.run(made.tasks(), store))
    join_segments(made.rendition, made.segments(store), None, path)
    with av.open(path) as container:
        return made, list(container.decode(video=0))


@cache
def bezier_run() -> tuple[Array, Array]:
    """The integral of bezier(0.4,0,0.2,1), summed in 400,000 steps: times, and the integral up to each."""
    t = np.linspace(0, 1, 400_001)
    x, y = (3 * (1 - t) ** 2 * t * a + 3 * (1 - t) * t * t * b + t**3 for a, b in ((0.4, 0.2), (0.0, 1.0)))
    return x, np.concatenate([[0], np.cumsum(np.diff(x) * (y[1:] + y[:-1]) / 2)])


def ramp_place(frame: int, clock: Fraction) -> float:
    """Where 1x -> 4x -> 0.35x is after a number of film frames, in seconds of its take: the integral, written out.

    Smooth is 3u^2 - 2u^3, whose integral is u^3 - u^4 / 2.
    """
    at = float(frame / clock)
    u, v = min(at, 1.0), min(max(at - 1, 0.0), 1.0)
    place = u + 3 * (u**3 - u**4 / 2) + 4 * v - 3.65 * float(np.interp(v, *bezier_run()))
    return place + 0.35 * max(at - 2, 0)


@pytest.mark.parametrize("clock", ["24", "30"])
def test_a_ramp_shows_the_frames_of_its_exact_integral(folder: Path, clock: str) -> None:
    """1x -> 4x -> 0.35x over 3 s: by the closed form, by the map, and as read back from the decoded film."""
    made, frames = finished(
        folder, f"  - {{take: one, sampling: nearest, length: 3s, speed: {RAMP}}}\n{END}", clock
    )
    shot = made.rendition.shots[0]
    rate, length = made.plan.clock.rate, 3 * int(clock)
    assert len(frames) - 8 == len(shot.span) == length
    for frame in range(length):
        assert float(shot.time(frame)) == pytest.approx(24 * ramp_place(frame, rate), abs=1e-6)
    assert [number_of(frame) for frame in frames[:-8]] == [round_half_up(shot.time(n)) for n in range(length)]
    (speed,) = [action for action in actions_of(made.rendition) if action.name == "c2pa.changedSpeed"]
    assert speed.where == shot.span
    assert dict(speed.parameters)["org.answerprint.retime.speed"] == RAMP.strip('"')


CUTS = {
    "reversed": ("reverse: true, length: 60f", [TAKE - 1 - n for n in range(60)]),
    "backwards at half speed": (
        "speed: -0.5, in: 10f, out: 20f",
        [min(19, 20 - (n + 1) // 2) for n in range(20)],
    ),
    "frozen": ("in: 20f, length: 30f, freeze: 12f", [*range(20, 38), *[37] * 12]),
    "still between keys": (
        'length: 40f, speed: "0f:1, 10f:0:hold, 30f:1:hold"',
        [*range(10), *[10] * 20, *range(10, 20)],
    ),
    "there and back": ('length: 19f, speed: "0f:1, 10f:-1:hold"', [*range(10), *range(10, 1, -1)]),
    "fitted": ("in: 10f, out: 110f, fit: 50f", [*range(10, 110, 2)]),
    "fitted backwards": ("in: 10f, out: 110f, fit: 50f, reverse: true", [*range(108, 8, -2)]),
    "to the end": ("in: 150f, speed: 0.5", [min(TAKE - 1, 150 + (n + 1) // 2) for n in range(40)]),
}


@pytest.mark.parametrize("name", CUTS)
def test_frames_run_backwards_stand_still_and_end_with_the_take(folder: Path, name: str) -> None:
    keys, numbers = CUTS[name]
    made, frames = finished(folder, f"  - {{take: one, sampling: nearest, {keys}}}\n{END}")
    assert [number_of(frame) for frame in frames[:-8]] == numbers
    (speed,) = [action for action in actions_of(made.rendition) if action.name == "c2pa.changedSpeed"]
    assert speed.where == made.rendition.shots[0].span


def test_black_and_colour_stand_between_shots_and_mix_with_them(folder: Path) -> None:
    """Out of a shot to black, from black into a colour, and back: by cuts and by dissolves."""
    cut = (
        "  - {take: one, sampling: nearest, length: 24f}\n  - {take: black, length: 20f, transition: 8f}\n"
        "  - {take: blue, length: 12f}\n"
        "  - {take: one, sampling: nearest, in: 40f, length: 20f, freeze: 8f, transition: 6f}"
    )
    _, frames = finished(folder, cut)
    assert len(frames) == 24 + 12 + 12 + 14
    means = [float(luma(frame).mean()) / 4 for frame in frames]  # 10 bit
    assert means[24:36] == pytest.approx([16] * 12, abs=0.5)
    fading = means[15:25]
    assert all(a > b for a, b in zip(fading, fading[1:], strict=False))
    assert max(means[36:42]) - min(means[36:42]) < 0.5
    assert means[36] > 30
    assert [number_of(frame) for frame in frames[48:]] == [46, 47, 48, 49, 50, 51, *[51] * 8]
    # No frame of the retimed shot at the film's end is black.
    assert min(means[48:]) > 60
