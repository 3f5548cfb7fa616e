"""Black, still, repeated and stray frames, bars and banding are found by frame numbers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from post.measure.frames import Frame
from post.qc.frames.bars import bars_of, steady_bars
from post.qc.frames.meter import FrameMeter
from post.values.array import Array
from post.values.sights.frames import FrameSight
from post.values.time import Span
from tests.qc.flash.made import picture

HIGH, WIDE, RATE = 96, 128, 24
TEXTURE = (np.random.default_rng(5).random((HIGH, WIDE + 200)) * 150 + 50).astype(np.uint8)
Luma = Callable[[int], Array]


def moving(number: int) -> Array:
    return TEXTURE[:, 2 * number : 2 * number + WIDE]


def seen(luma: Luma, frames: int) -> FrameSight:
    meter = FrameMeter(replace(picture(frames, RATE), width=WIDE, height=HIGH))
    chroma = np.full((HIGH // 2, WIDE // 2), 128, np.uint8)
    for number in range(frames):
        meter.see(Frame(number, luma(number), (chroma, chroma), 8, "limited"))
    return meter.found()


def black(_: int) -> Array:
    return np.full((HIGH, WIDE), 17, np.uint8)


def test_a_moving_picture_shows_nothing_of_note() -> None:
    sight = seen(moving, 30)
    assert (sight.length, sight.black, sight.still, sight.duplicates, sight.strays) == (30, (), (), (), ())
    assert sight.bars == ((Span(0, 30), (0, 0, 0, 0)),)


def test_black_at_the_head_in_the_middle_and_at_the_end_is_told_by_frames() -> None:
    dark = (*range(3), *range(12, 14), 29)
    sight = seen(lambda at: black(at) if at in dark else moving(at), 30)
    assert sight.black == (Span(0, 3), Span(12, 14), Span(29, 30))
    assert sight.still == ()  # black that stands is black


def test_a_picture_that_stands_is_one_run_from_its_first_frame_on() -> None:
    sight = seen(lambda at: moving(min(at, 10) if at < 20 else at), 40)
    assert sight.still == (Span(10, 20),)
    assert sight.duplicates == ()
    assert sight.seconds(sight.still[0]) == (Span(10, 20).first / sight.rate, 20 / sight.rate)


@pytest.mark.parametrize("every", [2, 5])
def test_a_cadence_of_repeats_is_named(every: int) -> None:
    sight = seen(lambda at: moving(at - at // every), 40)
    assert sight.duplicates == tuple(range(every, 40, every))
    assert sight.cadence == every
    assert sight.still == ()


def test_repeats_without_a_rule_have_no_cadence() -> None:
    assert FrameSight(duplicates=(3, 5, 11, 12, 20, 31)).cadence == 0
    assert FrameSight(duplicates=(5, 10)).cadence == 0


def test_a_stray_frame_is_found_and_a_cut_is_none() -> None:
    sight = seen(lambda at: 255 - moving(at) // 2 if at == 9 else moving(at // 4), 30)
    assert sight.strays == (9,)
    cut = seen(lambda at: moving(at // 4) if at < 15 else 255 - moving(at // 4) // 2, 30)
    assert cut.strays == ()


def boxed(number: int) -> Array:
    out = moving(number).copy()
    out[:16], out[-16:] = 16, 16
    return out


def test_bars_that_come_are_a_change_and_a_title_on_black_is_none() -> None:
    sight = seen(lambda at: moving(at) if at < 20 else boxed(at), 40)
    assert sight.bars == ((Span(0, 20), (0, 0, 0, 0)), (Span(20, 40), (0, 16, 0, 16)))

    def titled(at: int) -> Array:
        out = black(at)
        out[40:56, 40:90] = 200
        return out

    assert seen(lambda at: moving(at) if at < 20 else titled(at), 40).bars == ((Span(0, 20), (0, 0, 0, 0)),)


@pytest.mark.parametrize(
    ("rotation", "flipped", "bars"),
    [
        (0, False, (10, 0, 12, 0)),
        (0, True, (12, 0, 10, 0)),
        (90, False, (0, 10, 0, 12)),
        (180, False, (12, 0, 10, 0)),
        (270, False, (0, 12, 0, 10)),
        (90, True, (0, 12, 0, 10)),
    ],
)
def test_bars_are_those_of_the_upright_frame(rotation: int, flipped: bool, bars: tuple[int, ...]) -> None:
    luma = np.full((HIGH, WIDE), 120.0)
    luma[:, :10], luma[:, -12:] = 16, 16
    turned = replace(picture(1), rotation=rotation, flipped=flipped)
    assert bars_of(luma, 16.0, (HIGH, WIDE), turned) == bars


def test_a_dark_moment_is_no_change_of_bars() -> None:
    none, some = (0, 0, 0, 0), (0, 16, 0, 16)
    assert steady_bars([none] * 9 + [some] * 3 + [none] * 9, 8) == ((Span(0, 21), none),)
    assert steady_bars([none] * 9 + [None] * 9 + [some] * 9, 8) == ((Span(0, 9), none), (Span(18, 27), some))


def test_banding_is_of_sampled_frames_and_small_pictures_have_none() -> None:
    assert seen(moving, 6).banding == ()
    meter = FrameMeter(replace(picture(6, RATE), width=320, height=240))
    ramp = np.tile((np.arange(320) // 40 + 60).astype(np.uint8), (240, 1))
    chroma = np.full((120, 160), 128, np.uint8)
    for number in range(6):
        meter.see(Frame(number, ramp, (chroma, chroma), 8, "limited"))
    assert [frame for frame, _ in meter.found().banding] == [1, 3, 5]
    assert min(score for _, score in meter.found().banding) > 1
