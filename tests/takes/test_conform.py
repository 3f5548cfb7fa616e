from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from av import VideoFrame

from post.errors import SourceError
from post.takes.conform import Framer
from post.takes.frame_planes import luma
from post.takes.made.scenes import Image
from post.takes.made.synthetic import ClipRecipe, Draw, make_clip
from post.takes.picture import PictureReader
from post.takes.probe import probe
from post.values.colour import LUMA_WEIGHTS, Chroma, Colour, Format
from post.values.media import Picture
from post.values.plan import Window
from post.values.time import Clock
from tests.made.numbered import number_of, numbered_clip, small

WHOLE = Window(Fraction(0), Fraction(0), Fraction(1), Fraction(1))
RGB = (0.8, 0.35, 0.2)


def fit(picture: Picture, width: int, height: int) -> Window:
    """All of the source in the middle of a frame of that shape."""
    ratio = picture.shown[0] / picture.shown[1] / Fraction(width, height)
    across, down = max(1 / ratio, Fraction(1)), max(ratio, Fraction(1))
    return Window((1 - across) / 2, (1 - down) / 2, across, down)


def fill(picture: Picture, width: int, height: int) -> Window:
    """As much from the middle of the source as fills a frame of that shape."""
    ratio = picture.shown[0] / picture.shown[1] / Fraction(width, height)
    across, down = min(1 / ratio, Fraction(1)), min(ratio, Fraction(1))
    return Window((1 - across) / 2, (1 - down) / 2, across, down)


def film(width: int, height: int, chroma: Chroma = "420") -> Format:
    return Format(width, height, Clock(Fraction(24)), 10, chroma=chroma)


def first(path: Path) -> tuple[Picture, VideoFrame]:
    picture = probe(path, "clip").picture
    with PictureReader(path, picture) as reader:
        return picture, reader.frame(0)


def flat(recipe: ClipRecipe) -> Draw:
    return lambda _: np.tile(np.array(RGB, np.float32), (recipe.height, recipe.width, 1))


def planes(frame: VideoFrame) -> list[np.ndarray]:
    """All three planes, uint8 or uint16."""
    wide = frame.format.components[0].bits > 8
    out = []
    for plane in frame.planes:
        rows = np.frombuffer(memoryview(plane), np.uint16 if wide else np.uint8).reshape(plane.height, -1)
        out.append(rows[:, : plane.width])
    return out


def codes(rgb: tuple[float, float, float], matrix: int) -> np.ndarray:
    """10-bit limited-range Y'CbCr of R'G'B', by H.273's equations 11 to 44."""
    kr, kb = LUMA_WEIGHTS[matrix]
    y = kr * rgb[0] + (1 - kr - kb) * rgb[1] + kb * rgb[2]
    cb, cr = (rgb[2] - y) / (2 * (1 - kb)), (rgb[0] - y) / (2 * (1 - kr))
    return np.array([64 + 876 * y, 512 + 896 * cb, 512 + 896 * cr])


@pytest.mark.parametrize(
    ("codec", "pixel_format"),
    [
        ("libx264", "yuv420p"),
        ("libx264", "yuv420p10le"),
        ("libx264", "yuv422p10le"),
        ("prores_ks", "yuv422p10le"),
    ],
)
def test_a_frame_of_the_films_size_and_kind_passes_untouched(
    codec: str, pixel_format: str, tmp_path: Path
) -> None:
    path = numbered_clip(tmp_path / "clip.mov", small(codec=codec, pixel_format=pixel_format, frames=2))
    picture, frame = first(path)
    framer = Framer(picture, WHOLE, film(192, 96, picture.chroma))
    assert framer.untouched
    assert framer.frame(frame) is frame
    assert framer.pixel_format == pixel_format


@pytest.mark.parametrize(
    ("name", "changes", "matrix"),
    [
        ("png.mov", {"codec": "png", "pixel_format": "rgb24"}, 1),
        ("x264rgb.mkv", {"codec": "libx264rgb", "pixel_format": "bgr0"}, 1),
        ("full.mp4", {"colour": Colour(range="full"), "options": (("crf", "1"),)}, 1),
        (
            "full601.mkv",
            {"codec": "ffv1", "pixel_format": "yuv444p", "colour": Colour(matrix=6, range="full")},
            6,
        ),
        ("turned.mp4", {"rotation": 90, "colour": Colour(range="full"), "options": (("crf", "1"),)}, 1),
        ("limited.mp4", {"colour": Colour(), "pixel_format": "yuv444p", "options": (("crf", "1"),)}, 1),
        ("uhd.mkv", {"colour": Colour(9, 14, 9), "codec": "ffv1", "pixel_format": "yuv422p10le"}, 9),
        ("untagged.mp4", {"pixel_format": "yuv444p", "options": (("crf", "1"),)}, 6),
    ],
)
def test_what_comes_out_is_the_arithmetic_of_the_standard(
    name: str, changes: dict[str, object], matrix: int, tmp_path: Path
) -> None:
    recipe = small(frames=2, b_frames=0, **changes)
    path = make_clip(tmp_path / name, recipe, flat(recipe))
    picture, frame = first(path)
    framer = Framer(picture, WHOLE, film(128, 64))
    made = framer.frame(frame)
    assert (framer.colour.matrix, framer.colour.range) == (matrix, "limited")
    assert (made.width, made.height, made.format.name) == (128, 64, "yuv420p10le")
    got = np.array([plane[plane.shape[0] // 2, plane.shape[1] // 2] for plane in planes(made)])
    # 8-bit sources are within half of their own code: 2 of 10 bits, and one more for the codec.
    assert np.abs(got - codes(RGB, matrix)).max() <= 4


def test_bars_are_black_and_the_picture_stands_between_them(tmp_path: Path) -> None:
    path = numbered_clip(tmp_path / "clip.mp4", small(frames=2))
    picture, frame = first(path)
    window = fit(picture, 90, 160)
    y, cb, cr = planes(Framer(picture, window, film(90, 160)).frame(frame))
    shown = np.flatnonzero(y.max(axis=1) > 64)
    assert (shown[0], shown[-1]) == (58, 101)  # 90 / 192 * 96 = 45 lines, to the even 44
    assert np.all(y[:58] == 64)
    assert np.all(y[102:] == 64)
    assert np.all(cb[:29] == 512)
    assert np.all(cr[51:] == 512)


def test_bars_alone_leave_the_samples_as_they_are(tmp_path: Path) -> None:
    path = numbered_clip(tmp_path / "clip.mp4", small(frames=2))
    picture, frame = first(path)
    window = fit(picture, 192, 128)
    framer = Framer(picture, window, film(192, 128))
    made = framer.frame(frame)
    assert framer.pixel_format == made.format.name == "yuv420p"
    assert np.array_equal(luma(made)[16:112], luma(frame))
    assert np.all(luma(made)[:16] == 16)


def test_a_crop_is_the_source_at_that_place(tmp_path: Path) -> None:
    path = make_clip(tmp_path / "clip.mp4", small(look="noise", frames=2))
    picture, frame = first(path)
    window = Window(Fraction(30, 192), Fraction(20, 96), Fraction(64, 192), Fraction(48, 96))
    made = Framer(picture, window, film(64, 48)).frame(frame)
    assert made.format.name == "yuv420p"
    assert np.array_equal(luma(made), luma(frame)[20:68, 30:94])
    assert np.array_equal(planes(made)[1], planes(frame)[1][10:34, 15:47])


def corners(recipe: ClipRecipe) -> Image:
    """Dark, with the top left quarter bright."""
    image = np.full((recipe.height, recipe.width, 3), 0.2, np.float32)
    image[: recipe.height // 2, : recipe.width // 2] = 0.8
    return image


@pytest.mark.parametrize(("rotation", "bright"), [(0, (0, 0)), (90, (0, 1)), (180, (1, 1)), (270, (1, 0))])
@pytest.mark.parametrize("chroma", ["420", "422"])
def test_a_turned_clip_is_shown_upright(
    rotation: int, bright: tuple[int, int], chroma: Chroma, tmp_path: Path
) -> None:
    recipe = small(frames=2, rotation=rotation)
    path = make_clip(tmp_path / "clip.mp4", recipe, lambda _: corners(recipe))
    picture, frame = first(path)
    assert picture.rotation == rotation
    upright = (96, 192) if rotation % 180 else (192, 96)
    assert picture.shown == (Fraction(upright[0]), upright[1])
    made = luma(Framer(picture, WHOLE, film(*upright, chroma)).frame(frame))
    high, wide = made.shape
    quarters = made.reshape(2, high // 2, 2, wide // 2).mean(axis=(1, 3))
    assert np.unravel_index(quarters.argmax(), (2, 2)) == bright


def test_pixels_that_are_not_square_become_square(tmp_path: Path) -> None:
    recipe = small(frames=2, sar=Fraction(4, 3))
    path = numbered_clip(tmp_path / "clip.mp4", recipe)
    picture, frame = first(path)
    assert (picture.sar, picture.shown) == (Fraction(4, 3), (Fraction(256), 96))
    window = fill(picture, 256, 96)
    assert window == WHOLE
    assert number_of(Framer(picture, window, film(256, 96)).frame(frame)) == 0


@pytest.mark.parametrize(("width", "height"), [(181, 97), (33, 17), (362, 380)])
def test_odd_sizes_fill_the_frame(width: int, height: int, tmp_path: Path) -> None:
    recipe = small(
        width=width, height=height, frames=2, codec="ffv1", pixel_format="yuv420p", colour=Colour()
    )
    path = make_clip(tmp_path / "clip.mkv", recipe, flat(recipe))
    picture, frame = first(path)
    window = fill(picture, 64, 128)
    for plane, code in zip(
        planes(Framer(picture, window, film(64, 128)).frame(frame)), codes(RGB, 1), strict=True
    ):
        assert np.abs(plane.astype(int) - code).max() <= 5  # swscale dithers to 8 bits: one code of it


def test_frames_in_any_order_come_out_the_same(tmp_path: Path) -> None:
    path = make_clip(tmp_path / "clip.mp4", small(look="noise", frames=4, gop=1))
    picture = probe(path, "clip").picture
    framer, other = (Framer(picture, WHOLE, film(320, 180)) for _ in range(2))
    with PictureReader(path, picture) as reader:
        rising = [framer.frame(reader.frame(i)).to_ndarray().tobytes() for i in (0, 1, 2, 3)]
        mixed = {i: other.frame(reader.frame(i)).to_ndarray().tobytes() for i in (2, 0, 3, 2, 1)}
    assert rising == [mixed[i] for i in range(4)]


def test_scaling_does_not_change_the_frame_it_is_given(tmp_path: Path) -> None:
    picture, frame = first(make_clip(tmp_path / "clip.mp4", small(look="noise", frames=2)))
    before = frame.to_ndarray().tobytes(), frame.colorspace, frame.color_range
    Framer(picture, WHOLE, film(320, 180)).frame(frame)
    assert (frame.to_ndarray().tobytes(), frame.colorspace, frame.color_range) == before


def test_a_clip_that_changes_its_size_is_refused(tmp_path: Path) -> None:
    picture, frame = first(make_clip(tmp_path / "clip.mp4", small(frames=2)))
    framer = Framer(replace(picture, width=200), WHOLE, film(64, 64))
    with pytest.raises(SourceError, match="changes its size .* expected 200x96 yuv420p, got 192x96"):
        framer.frame(frame)


def test_a_window_off_the_source_is_refused(tmp_path: Path) -> None:
    picture, _ = first(make_clip(tmp_path / "clip.mp4", small(frames=2)))
    with pytest.raises(ValueError, match="shows nothing"):
        Framer(picture, Window(Fraction(2), Fraction(0), Fraction(1), Fraction(1)), film(64, 64))
