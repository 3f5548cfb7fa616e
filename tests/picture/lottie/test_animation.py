"""A Lottie animation: its frames in time, its parts, and its pictures, whatever draws them and in whatever order."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from fractions import Fraction
from functools import partial
from multiprocessing import get_context
from pathlib import Path

import numpy as np
import pytest

from post.errors import JobError
from post.picture.lottie import LottieAnimation, Marker, open_lottie
from tests.picture.lottie.made import animation, moving, saved, square, stood

RATE = Fraction(30)
SIZE = (131, 97)
FRAMES = (0, 10, 7, 19, Fraction(37, 4))


@pytest.fixture
def adrock(media: Callable[[str], Path]) -> LottieAnimation:
    return open_lottie(media("graphics/lottie_adrock.json"), "brand.file")


@pytest.mark.parametrize(
    ("seconds", "after_end", "frame"),
    [
        ("0", "hold", "0"), ("1/2", "hold", "15"), ("1/24", "stop", "5/4"), ("5", "hold", "59"),
        ("5", "loop", "30"), ("5", "stop", None), ("-1/24", "hold", None), ("2", "loop", "0"),
    ],
)  # fmt: skip
def test_a_time_is_a_frame_exactly(seconds: str, after_end: str, frame: str | None) -> None:
    made = LottieAnimation("a.json", 10, 10, RATE, Fraction(60))
    at = made.position(Fraction(seconds), after_end)
    assert at == (None if frame is None else Fraction(frame))


def test_a_part_of_it_is_played_alone() -> None:
    made = LottieAnimation(
        "a.json", 10, 10, RATE, Fraction(60), (Marker("loop", Fraction(20), Fraction(10)),)
    )
    part = made.marker("loop", "brand.part")
    played = [made.position(Fraction(frame, 30), "loop", part) for frame in (0, 9, 10, 25)]
    assert played == [20, 29, 20, 25]
    assert made.position(Fraction(9), "hold", part) == 29
    with pytest.raises(JobError, match=r"brand.part: no such marker; expected loop, got 'in'"):
        made.marker("in", "brand.part")


def test_size_rate_and_markers_are_those_of_the_file(tmp_path: Path) -> None:
    markers = [
        {"tm": 12, "cm": "in", "dr": 10},
        {"tm": 5, "cm": "cue", "dr": 0},
        {"tm": 60, "cm": "out", "dr": 99},
    ]
    made = open_lottie(saved(tmp_path, animation(square(), fr=29.97, ip=10, op=70.5, markers=markers)), "x")
    assert (made.width, made.height, made.rate) == (40, 40, Fraction(2997, 100))
    assert (made.length, made.frames) == (Fraction(121, 2), 61)
    assert made.markers == (
        Marker("in", Fraction(2), Fraction(10)),
        Marker("out", Fraction(50), Fraction(21, 2)),
    )


def test_a_frame_between_two_is_drawn_in_between(tmp_path: Path) -> None:
    made = open_lottie(
        saved(tmp_path, animation(square(ks=stood(p=moving((0, [0, 0]), (40, [40, 0])))))), "x"
    )
    columns = np.arange(40) + 0.5
    for at in (0, Fraction(1, 4), Fraction(7, 3)):
        alpha = made.draw(at, 40, 40)[20, :, 3]
        assert (alpha * columns).sum() / alpha.sum() == pytest.approx(20 + float(at), abs=0.02)


def test_pictures_do_not_depend_on_those_before(adrock: LottieAnimation) -> None:
    alone = {at: adrock.draw(at, *SIZE) for at in FRAMES}
    for at in (19, 7, 0, 10, 0):
        assert np.array_equal(adrock.draw(at, *SIZE), alone[at])
    assert alone[0].shape == (97, 131, 4)
    assert not np.array_equal(alone[10], alone[0])


def test_a_picture_does_not_depend_on_one_almost_at_its_time(tmp_path: Path) -> None:
    fast = square(ks=stood(p=moving((0, [0, 0]), (4, [4000, 0]))))  # a pixel in a thousandth of a frame
    made = open_lottie(saved(tmp_path, animation(fast)), "x")
    for at in (Fraction(1, 100), Fraction(1, 125) + Fraction(1, 900), Fraction(3, 400)):
        for apart in (Fraction(1, 1200), Fraction(1, 1999), Fraction(1, 700)):
            made.draw(3, 40, 40)
            alone = made.draw(at + apart, 40, 40)
            made.draw(3, 40, 40)
            made.draw(at, 40, 40)
            assert np.array_equal(made.draw(at + apart, 40, 40), alone)


def digests(path: Path, frames: Iterable[Fraction | int]) -> list[str]:
    made = open_lottie(path, "x")
    return [hashlib.sha256(made.draw(at, *SIZE).tobytes()).hexdigest() for at in frames]


def test_threads_and_processes_draw_the_same_bytes(media: Callable[[str], Path]) -> None:
    path = media("graphics/lottie_adrock.json")
    wanted = digests(path, FRAMES)
    backwards = [partial(digests, path, FRAMES[::-1]) for _ in range(4)]
    with ThreadPoolExecutor(4) as threads:
        for found in threads.map(lambda work: work(), backwards):
            assert found[::-1] == wanted
    with ProcessPoolExecutor(1, get_context("spawn")) as processes:
        assert processes.submit(digests, path, FRAMES[::-1]).result()[::-1] == wanted


@pytest.mark.parametrize(("width", "height"), [(1, 1), (3, 1), (17, 9), (333, 217), (1921, 3)])
def test_any_size_is_drawn(tmp_path: Path, width: int, height: int) -> None:
    rgba = open_lottie(saved(tmp_path, animation(square())), "x").draw(0, width, height)
    assert rgba.shape == (height, width, 4)
    assert rgba[height // 2, width // 2, 3] > 0


def test_colour_is_multiplied_by_alpha(adrock: LottieAnimation) -> None:
    rgba = adrock.draw(10, 400, 300)
    assert rgba[..., 3].max() == 1
    assert (rgba[..., :3] <= rgba[..., 3:]).all()


def test_files_of_the_media_folder_are_drawn_or_refused_by_name(media: Callable[[str], Path]) -> None:
    assert open_lottie(media("graphics/lottie_adrock.json"), "x").draw(10, 69, 91)[5, 5] == pytest.approx(
        [120 / 255, 195 / 255, 181 / 255, 1], abs=0.01
    )
    for name, functions in (("ripple", "layer, div, effect"), ("starfish", "div, effect, nearestKey")):
        with pytest.raises(JobError, match=rf"an expression \({functions}"):
            open_lottie(media(f"graphics/lottie_{name}.json"), "x")
