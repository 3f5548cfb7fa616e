from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from post.takes.conform import Framer
from post.takes.decoded.cropping import edges_within
from post.takes.frame_planes import luma
from post.takes.made.synthetic import ClipRecipe, make_clip
from post.takes.picture import PictureReader
from post.takes.probe import probe
from post.values.colour import Colour, Format
from post.values.media import NO_CROP
from post.values.plan import Window
from post.values.time import Clock
from tests.made.boxes import add_pixel_crop, add_to_sample_entry, clap

WHOLE = Window(Fraction(0), Fraction(0), Fraction(1), Fraction(1))
WIDTH, HEIGHT = 96, 64
LEFT, TOP, RIGHT, BOTTOM = 20, 8, 12, 4


def bordered(path: Path, codec: str = "libx264", **changes: object) -> Path:
    """A clip with a grey picture, in a border of noise."""
    recipe = ClipRecipe(width=WIDTH, height=HEIGHT, frames=12, codec=codec, colour=Colour(), **changes)  # type: ignore[arg-type]  # fields by name
    image = np.random.default_rng(1).random((HEIGHT, WIDTH, 3)).astype(np.float32)
    image[TOP : HEIGHT - BOTTOM, LEFT : WIDTH - RIGHT] = 0.5

    def draw(_: int) -> np.ndarray:
        return image

    return make_clip(path, recipe, draw)


def in_matroska(path: Path) -> Path:
    return add_pixel_crop(bordered(path.with_suffix(".mkv"), "ffv1"), LEFT, TOP, RIGHT, BOTTOM)


def in_quicktime(path: Path) -> Path:
    made = bordered(path.with_suffix(".mov"), "prores_ks", pixel_format="yuv422p10le")
    return add_to_sample_entry(
        made, clap(WIDTH - LEFT - RIGHT, HEIGHT - TOP - BOTTOM, LEFT - RIGHT, TOP - BOTTOM)
    )


def in_webm(path: Path) -> Path:
    return add_pixel_crop(bordered(path.with_suffix(".webm"), "libvpx-vp9"), LEFT, TOP, RIGHT, BOTTOM)


@pytest.mark.parametrize("make", [in_matroska, in_quicktime, in_webm])
def test_what_the_container_crops_is_cropped(make: Callable[[Path], Path], tmp_path: Path) -> None:
    path = make(tmp_path / "clip")
    take = probe(path, "clip")
    picture = take.picture
    assert picture.crop == (LEFT, TOP, RIGHT, BOTTOM)
    assert picture.shown == (Fraction(WIDTH - LEFT - RIGHT), HEIGHT - TOP - BOTTOM)
    film = Format(64, 52, Clock(Fraction(24)), 12)
    with PictureReader(path, picture) as reader:
        for number in (0, 7, 3):
            frame = reader.frame(number)
            assert (frame.width, frame.height) == (64, 52)
            made = luma(Framer(picture, WHOLE, film).frame(frame)).astype(int)
            # Away from what a codec spreads over an edge.
            assert np.ptp(made[8:-8, 8:-8]) <= (1 if made.max() < 256 else 8)


def test_a_picture_may_be_cropped_mirrored_and_turned(tmp_path: Path) -> None:
    made = bordered(tmp_path / "clip.mov", "prores_ks", pixel_format="yuv422p10le", rotation=90)
    path = add_to_sample_entry(made, clap(64, 52, LEFT - RIGHT, TOP - BOTTOM))
    picture = probe(path, "clip").picture
    assert (picture.rotation, picture.shown) == (90, (Fraction(52), 64))


@pytest.mark.parametrize(
    ("edges", "form", "wanted"),
    [
        ((0, 0, 0, 0), "yuv420p", NO_CROP),
        ((3, 1, 5, 3), "yuv420p", (4, 2, 6, 4)),
        ((3, 1, 5, 3), "yuv422p", (4, 1, 6, 3)),
        ((3, 1, 5, 3), "yuv444p", (3, 1, 5, 3)),
        ((3, 1, 5, 3), "rgb24", (3, 1, 5, 3)),
        ((50, 0, 46, 0), "yuv420p", NO_CROP),
        ((0, 0, 0, 64), "yuv420p", NO_CROP),
        ((4000000000, 0, 0, 0), "yuv420p", NO_CROP),
    ],
)
def test_edges_lie_on_the_chroma_grid_and_leave_a_picture(
    edges: tuple[int, int, int, int], form: str, wanted: tuple[int, int, int, int]
) -> None:
    assert edges_within(edges, 96, 64, form) == wanted


def test_an_odd_size_without_cropping_stays(tmp_path: Path) -> None:
    assert edges_within(NO_CROP, 33, 17, "yuv420p") == NO_CROP


def test_a_crop_that_leaves_nothing_is_said(tmp_path: Path) -> None:
    path = add_pixel_crop(bordered(tmp_path / "clip.mkv", "ffv1"), 48, 0, 47, 0)
    take = probe(path, "clip")
    assert (take.picture.width, take.picture.crop) == (WIDTH, NO_CROP)
    assert any("is to be cropped to nothing: shown whole" in str(warning) for warning in take.warnings)
