"""A picture on itself, large and blurred: the picture is as it would be between bars, and no bar is left."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from av import VideoFrame

from post.picture.reframe import Reframe
from post.takes.conform import Framer, PixelBox
from post.takes.decoded.blurred_ground import DIMMED, BlurredFramer, covering
from post.takes.frame_planes import plane_codes
from post.takes.made.synthetic import ClipRecipe, make_clip
from post.takes.open_picture import open_picture
from post.takes.probe import probe
from post.values import BT709, Clock, Format, Picture

FILM = Format(90, 160, Clock(Fraction(24)), 1)


@pytest.fixture(scope="module")
def decoded(tmp_path_factory: pytest.TempPathFactory) -> tuple[Picture, VideoFrame]:
    path: Path = tmp_path_factory.mktemp("clip") / "sea.mp4"
    make_clip(path, ClipRecipe("sea", 320, 180, frames=2, colour=BT709))
    picture = probe(path, "sea").picture
    with open_picture(path, picture) as reader:
        return picture, reader.frame(1)


def test_the_picture_is_as_between_bars_and_the_ground_is_its_own_dimmed(
    decoded: tuple[Picture, VideoFrame],
) -> None:
    picture, frame = decoded
    window = Reframe(fill="blur").window(picture.shown, FILM.width, FILM.height)
    plain, blurred = Framer(picture, window, FILM), BlurredFramer(picture, window, FILM)
    made, bars, box = blurred.frame(frame), plain.frame(frame), plain.box
    inside = slice(box.y, box.y + box.height)
    assert blurred.box == PixelBox(0, 0, 90, 160)
    assert made.format.name == bars.format.name == blurred.pixel_format
    assert (made.colorspace, made.color_range) == (bars.colorspace, bars.color_range)
    luma = plane_codes(made, 0).astype(float)
    assert np.array_equal(plane_codes(made, 0)[inside], plane_codes(bars, 0)[inside])
    ground = np.concatenate([luma[: box.y], luma[box.y + box.height :]])
    own = plane_codes(bars, 0)[inside].astype(float)
    assert ground.mean() - 64 == pytest.approx(DIMMED * (own.mean() - 64), rel=0.15)
    assert np.abs(np.diff(ground[: box.y - 2], axis=1)).max() < 0.1 * np.ptp(own)


def test_the_same_frame_gives_the_same_codes(decoded: tuple[Picture, VideoFrame]) -> None:
    picture, frame = decoded
    window = Reframe(fill="blur").window(picture.shown, FILM.width, FILM.height)
    first, second = (BlurredFramer(picture, window, FILM).frame(frame) for _ in range(2))
    assert all(np.array_equal(plane_codes(first, n), plane_codes(second, n)) for n in range(3))


def test_the_ground_covers_the_film_in_either_shape(decoded: tuple[Picture, VideoFrame]) -> None:
    tall = covering(decoded[0], FILM)
    assert (tall.height, tall.left + tall.width / 2) == (Fraction(1), Fraction(1, 2))
    wide = covering(decoded[0], Format(400, 100, FILM.clock, 1))
    assert (wide.width, wide.top + wide.height / 2) == (Fraction(1), Fraction(1, 2))
