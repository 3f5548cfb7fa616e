from __future__ import annotations

from base64 import b64decode
from fractions import Fraction
from io import BytesIO
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from post.report.contact_sheet import pack_still, sheet_frames
from post.takes.made.synthetic import ClipRecipe, make_clip
from post.takes.probe import probe
from post.takes.still import read_stills
from post.values import Colour, Span
from post.values.colour import BT601_525, BT709, BT2020
from tests.made.numbered import numbered_clip, small
from tests.report.stills import number_in

WHOLE = 10**9  # more pixels than any test clip has


def shown(path: Path, *frames: int, area: int = WHOLE) -> dict[int, Image.Image]:
    return dict(read_stills(path, probe(path, "take").picture, frames, area))


def plain_colour(path: Path, rgb: tuple[float, float, float], recipe: ClipRecipe) -> Path:
    flat = np.broadcast_to(np.array(rgb, np.float32), (recipe.height, recipe.width, 3)).copy()
    return make_clip(path, recipe, lambda i: flat)


@pytest.mark.parametrize("gop", [1, 10, 250])
def test_a_still_is_the_frame_that_was_asked_for(tmp_path: Path, gop: int) -> None:
    path = numbered_clip(tmp_path / "clip.mp4", small(gop=gop, b_frames=3))
    asked = (39, 0, 11, 12, 27, 12)
    found = [(frame, number_in(image)) for frame, image in shown(path, *asked).items()]
    assert found == [(frame, frame) for frame in (0, 11, 12, 27, 39)]


def test_a_still_that_is_scaled_down_shows_its_frame(tmp_path: Path) -> None:
    path = numbered_clip(tmp_path / "clip.mp4", small())
    image = shown(path, 21, area=96 * 48)[21]
    assert image.size == (96, 48)
    assert number_in(image) == 21


def test_a_still_is_never_larger_than_its_clip(tmp_path: Path) -> None:
    path = numbered_clip(tmp_path / "clip.mp4", small())
    assert shown(path, 3)[3].size == (192, 96)


@pytest.mark.parametrize(
    "colour",
    [
        BT709,
        BT601_525,
        BT2020,
        Colour(1, 1, 1, "full"),
        Colour(6, 6, 6, "full"),
    ],
    ids=lambda c: f"matrix {c.matrix} {c.range}",
)
@pytest.mark.parametrize("rgb", [(0.8, 0.2, 0.1), (0.1, 0.7, 0.2), (0.15, 0.2, 0.9)])
def test_a_still_has_the_colour_of_its_tags(
    tmp_path: Path, colour: Colour, rgb: tuple[float, float, float]
) -> None:
    recipe = ClipRecipe(width=64, height=48, frames=2, colour=colour)
    image = shown(plain_colour(tmp_path / "flat.mp4", rgb, recipe), 1)[1]
    found = np.asarray(image)[24, 32] / 255
    # 2 codes: the rounding of 8-bit YCbCr is about 1.3 of blue; a wrong matrix is off by 8 or more.
    assert found == pytest.approx(rgb, abs=2.5 / 255)


def test_ten_bits_are_shown_in_eight(tmp_path: Path) -> None:
    recipe = ClipRecipe(width=64, height=48, frames=2, colour=BT709, pixel_format="yuv420p10le")
    image = shown(plain_colour(tmp_path / "flat.mp4", (0.8, 0.2, 0.1), recipe), 0)[0]
    assert np.asarray(image)[24, 32] / 255 == pytest.approx((0.8, 0.2, 0.1), abs=2 / 255)


def test_pixels_that_are_not_square_are_shown_square(tmp_path: Path) -> None:
    path = numbered_clip(tmp_path / "clip.mp4", small(sar=Fraction(2)))
    assert shown(path, 5)[5].size == (384, 96)


@pytest.mark.parametrize(
    ("rotation", "corner"), [(0, (0, 0)), (90, (0, -1)), (180, (-1, -1)), (270, (-1, 0))]
)
def test_a_turned_clip_is_shown_upright(tmp_path: Path, rotation: int, corner: tuple[int, int]) -> None:
    picture = np.zeros((48, 96, 3), np.float32)
    picture[:16, :16] = 1  # top left as coded; a clockwise rotation moves it to the next corner
    recipe = ClipRecipe(width=96, height=48, frames=2, rotation=rotation)
    image = shown(make_clip(tmp_path / "turned.mp4", recipe, lambda i: picture), 0)[0]
    codes = np.asarray(image.convert("L"))
    assert codes.shape == ((96, 48) if rotation % 180 else (48, 96))
    corners = {(y, x): codes[y, x] for y in (0, -1) for x in (0, -1)}
    assert max(corners, key=corners.__getitem__) == corner


def test_a_still_in_a_page_is_a_picture_of_its_size() -> None:
    made = pack_still(Image.new("RGB", (320, 180), (200, 40, 40)), area=160 * 90)
    head, _, data = made.uri.partition(",")
    inside = Image.open(BytesIO(b64decode(data)))
    assert head == "data:image/webp;base64"
    assert (made.width, made.height) == inside.size == (160, 90)


cuts = st.lists(st.integers(1, 900), min_size=1, max_size=60)


@given(cuts, st.sampled_from([Fraction(24), Fraction(30000, 1001), Fraction(60)]))
def test_every_shot_is_on_the_sheet_and_no_two_frames_are_the_same(
    lengths: list[int], rate: Fraction
) -> None:
    firsts = [sum(lengths[:n]) for n in range(len(lengths) + 1)]
    spans = [Span(first, stop) for first, stop in pairwise(firsts)]
    found = sheet_frames(spans, rate)
    assert list(found) == sorted(set(found))
    assert all(any(frame in span for frame in found) for span in spans)
    assert len(found) <= max(24, len(spans))


def test_a_long_take_is_sampled_evenly_and_no_closer_than_half_a_second() -> None:
    assert sheet_frames([Span(0, 2400)], Fraction(24)) == tuple(range(50, 2400, 100))
    assert sheet_frames([Span(0, 24)], Fraction(24)) == (6, 18)
    assert sheet_frames([Span(0, 11)], Fraction(24)) == (5,)
