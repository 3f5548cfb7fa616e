"""Decoded frames of any kind as planes of codes."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from av import VideoFrame

from post.measure.frames import Frame, frame_of, motion_between, moved, smaller, walk
from post.takes.made.synthetic import ClipRecipe, make_clip
from post.takes.picture import PictureReader
from post.takes.probe import probe
from tests.measure.made import frames_of, photograph, window


def frames(path: Path) -> list[Frame]:
    return [step.frame for step in walk(path, probe(path, "clip").picture)]


def made(folder: Path, pixel_format: str, codec: str = "ffv1") -> Path:
    return make_clip(
        folder / "clip.mkv", ClipRecipe("sea", 64, 48, frames=2, codec=codec, pixel_format=pixel_format)
    )


@pytest.mark.parametrize(
    ("pixel_format", "depth", "chroma"),
    [
        ("yuv420p", 8, (24, 32)),
        ("yuv420p10le", 10, (24, 32)),
        ("yuv444p16le", 16, (48, 64)),
        ("gray", 8, None),
        ("gray10le", 10, None),
    ],
)
def test_planes_are_the_decoders_own(
    tmp_path: Path, pixel_format: str, depth: int, chroma: tuple[int, int] | None
) -> None:
    path = made(tmp_path, pixel_format)
    frame = frames(path)[1]
    with PictureReader(path, probe(path, "clip").picture) as reader:
        decoded = reader.frame(1).to_ndarray()
    assert frame.depth == depth
    assert [plane.shape for plane in frame.chroma] == [chroma] * (2 if chroma else 0)
    luma = decoded if decoded.ndim == 2 else decoded[..., 0]
    assert np.array_equal(frame.luma, luma[:48])


def test_rgb_becomes_limited_range(tmp_path: Path) -> None:
    rgb, yuv = frames(made(tmp_path, "bgr0"))[0], frames(made(tmp_path, "yuv444p"))[0]
    assert (rgb.depth, rgb.range, yuv.range) == (10, "limited", "limited")
    assert np.abs(rgb.luma / 4 - yuv.luma).mean() < 4  # 709 and 601 weights apart


def test_rgb_is_measured_in_bt_709() -> None:
    rgb = np.full((48, 64, 3), (200, 60, 30), np.uint8)
    frame = frame_of(0, VideoFrame.from_ndarray(rgb, "rgb24"), "full")
    luma = 64 + 876 * (0.2126 * 200 + 0.7152 * 60 + 0.0722 * 30) / 255
    assert (frame.depth, frame.range) == (10, "limited")
    assert np.abs(frame.luma - luma).max() <= 2


def test_every_step_brings_the_frame_before_it(tmp_path: Path) -> None:
    path = make_clip(tmp_path / "clip.mp4", ClipRecipe("sea", 64, 48, frames=5))
    steps = list(walk(path, probe(path, "clip").picture))
    assert [step.frame.number for step in steps] == [0, 1, 2, 3, 4]
    assert steps[0].before is None
    assert [step.before.number for step in steps if step.before] == [0, 1, 2, 3]


def test_small_pictures_are_in_eight_bit_codes_whatever_the_depth() -> None:
    luma = photograph("coffee")
    eight, ten = (frames_of([luma], depth=depth)[0].small for depth in (8, 10))
    assert np.abs(eight.luma - ten.luma).max() <= 1
    assert 128 <= max(eight.luma.shape) < 256


@pytest.mark.parametrize("size", [(1, 1), (3, 700), (700, 3), (129, 257)])
def test_a_picture_of_any_shape_is_made_smaller(size: tuple[int, int]) -> None:
    small = smaller(np.full(size, 77, np.uint8), 128)
    assert small.min() == small.max() == 77
    assert all(side > 0 for side in small.shape)


def test_a_moved_picture_lies_on_the_one_before_it() -> None:
    wide = photograph("coffee")
    a, b = (frame.small for frame in frames_of([window(wide, 40, x, 288, 384) for x in (30, 42)]))
    laid = moved(b.luma, a, motion_between(a, b))
    inner = (slice(8, -8), slice(16, -16))
    assert np.abs(laid - a.luma)[inner].mean() < 0.2 * np.abs(b.luma - a.luma)[inner].mean()
