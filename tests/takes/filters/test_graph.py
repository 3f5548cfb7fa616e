"""Chains of FFmpeg's filters on single pictures: right values, and what is refused."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

from post.errors import JobError
from post.takes.filters.chain import read_chain
from post.takes.filters.graph import check_chain
from post.values.array import Array

RATE = Fraction(24)
RNG = np.random.default_rng(3)


def one(colour: tuple[float, float, float], height: int = 45, width: int = 81) -> Array:
    return np.broadcast_to(np.array(colour, np.float32), (height, width, 3))


def run(chain: str, rgb: Array, frame: int = 0) -> Array:
    return check_chain(chain).run(rgb, frame, RATE)


def test_a_chain_that_does_nothing_keeps_16_bits_of_any_size() -> None:
    rgb = RNG.random((45, 81, 3), np.float32)
    assert np.abs(run("null", rgb) - rgb).max() <= 0.5 / 65535 + 1e-7
    assert np.array_equal(run("hflip,hflip", rgb), run("null", rgb))


@pytest.mark.parametrize(
    ("colour", "luma"), [((1, 0, 0), 0.2126), ((0, 1, 0), 0.7152), ((0, 0, 1), 0.0722), ((0.25, 0.5, 0.75), 0.46490)]
)  # fmt: skip
def test_luma_is_that_of_bt709(colour: tuple[float, float, float], luma: float) -> None:
    """FFmpeg's own conversion is by BT.601: .299, .587, .114. The filter takes 10 bits: a code is .0011."""
    assert run("hue=s=0", one(colour)) == pytest.approx(np.full((45, 81, 3), luma), abs=0.0012)


def test_filters_do_what_their_documentation_says() -> None:
    rgb = RNG.random((45, 81, 3), np.float32)
    assert run("hflip", rgb) == pytest.approx(rgb[:, ::-1], abs=1e-4)
    assert run("negate", rgb) == pytest.approx(1 - rgb, abs=1e-4)
    assert run("colorchannelmixer=rr=0:rb=1", rgb)[..., 0] == pytest.approx(rgb[..., 2], abs=1e-4)
    assert run(" negate , vflip@mine ", rgb) == pytest.approx(1 - rgb[::-1], abs=1e-4)
    quoted = "geq=r='clip(2*r(X,Y),0,65535)':g='g(X,Y)':b=b(X\\,Y)"
    twice = rgb * np.array([2, 1, 1], np.float32)
    assert run(quoted, rgb) == pytest.approx(np.minimum(twice, 1), abs=1e-4)


def test_the_time_of_a_frame_is_that_of_the_film() -> None:
    """A fade over the second second: at frame 36 of 24 a second half of it has passed."""
    fade = "fade=t=in:st=1:d=1"
    levels = [float(run(fade, one((0.8, 0.8, 0.8)), frame).mean()) for frame in (0, 36, 48)]
    assert levels == pytest.approx([0, 0.4, 0.8], abs=0.01)
    assert check_chain(fade).run(one((0.8, 0.8, 0.8)), 45, Fraction(30)).mean() == pytest.approx(
        0.4, abs=0.01
    )


def test_frames_are_the_same_in_any_order() -> None:
    rgb = RNG.random((45, 81, 3), np.float32)
    chain = "hue=H=0.3*t,gblur=sigma=1.5,noise=alls=5"
    forward = [run(chain, rgb, frame) for frame in (3, 7)]
    assert all(
        np.array_equal(run(chain, rgb, frame), made) for frame, made in ((7, forward[1]), (3, forward[0]))
    )
    assert not np.array_equal(forward[0], forward[1])


@pytest.mark.parametrize(
    ("chain", "said"),
    [
        ("scale=320:180", "gives another size; expected 96x64, as it goes in, got scale=320:180: 320x180"),
        ("transpose", "gives another size"),
        ("hue=s=0,tmix", "depends on earlier frames"),
        ("noise=alls=20:allf=t", "depends on earlier frames"),
        ("fade=in:0:30", "or on how many came before"),
        ("fps=12", "drops or delays frames"),
        ("reverse", "drops or delays frames"),
        ("tile=2x1", "drops or delays frames"),
        ("loop=loop=2:size=1", "adds frames"),
        ("shufflepixels", "gives another picture each time"),
        ("movie=other.mp4", "has the filter movie, which is not for one picture alone"),
        ("metadata=print:file=x", "has the filter metadata, which is not for one picture alone"),
        ("lut3d=x.cube", "has the filter lut3d, which is not for one picture alone"),
        ("curves=psfile=x", "with an option that may name a file"),
        ("curves=none:0/0:0/0:0/0:0/0:0/0:x", "with an option that may name a file"),
        ("gblur=/sigma=x", "with an option that may name a file"),
        ("[in]split[a][b];[a][b]hstack", "has links"),
        ("gblur=sgma=2", "has the filter gblur with options that it does not take"),
        ("gblurr", "unknown filter"),
        ("", "unknown filter"),
        ("hflip,", "unknown filter"),
    ],
)
def test_what_is_not_a_picture_for_a_picture_is_refused_by_name(chain: str, said: str) -> None:
    with pytest.raises(JobError) as caught:
        check_chain(chain)
    assert said in str(caught.value)


def test_a_nearby_name_is_offered() -> None:
    with pytest.raises(JobError, match="did you mean 'gblur'"):
        read_chain("gblurr=2")


def test_quotes_and_backslashes_are_read_as_ffmpeg_reads_them() -> None:
    assert read_chain("drawbox=c='red,blue':x=1\\,2 , hflip") == (
        ("drawbox", "c=red,blue:x=1,2"),
        ("hflip", ""),
    )
