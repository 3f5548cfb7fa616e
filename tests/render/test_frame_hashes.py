"""Hashes of decoded frames: what they cover, and what they leave out."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest

from post.render.frame_hashes import hash_frame, hash_picture
from post.takes.made.synthetic import ClipRecipe, make_clip
from post.values.array import Array


def frame(pixels: Array, form: str = "yuv420p", matrix: int = 1) -> av.VideoFrame:
    made = av.VideoFrame.from_ndarray(pixels, format=form)
    made.colorspace = matrix
    return made


def noise(rows: int, width: int, kind: type = np.uint8) -> Array:
    return np.random.default_rng(5).integers(0, 200, (rows, width)).astype(kind)


@pytest.mark.parametrize(("form", "kind"), [("yuv420p", np.uint8), ("yuv420p10le", np.uint16)])
def test_every_sample_counts(form: str, kind: type) -> None:
    pixels = noise(72, 50, kind)
    first = hash_frame(frame(pixels, form))
    assert hash_frame(frame(pixels.copy(), form)) == first
    for row, column in ((0, 0), (47, 49), (71, 49), (60, 24)):
        other = pixels.copy()
        other[row, column] += 1
        assert hash_frame(frame(other, form)) != first, (row, column)


def test_size_format_and_colour_tags_count() -> None:
    pixels = noise(72, 50)
    assert hash_frame(frame(pixels)) != hash_frame(frame(pixels, matrix=6))
    assert hash_frame(frame(pixels)) != hash_frame(frame(pixels.reshape(36, 100)))
    assert hash_frame(frame(pixels)) != hash_frame(frame(pixels, "gray"))


def test_padding_at_the_end_of_rows_does_not_count() -> None:
    """A width of 50 samples lies in rows of 64: what is behind them is nobody's picture."""
    made = frame(noise(72, 50))
    before, plane = hash_frame(made), made.planes[0]
    assert plane.line_size > 50
    content = bytearray(plane)
    content[50 : plane.line_size] = b"\xff" * (plane.line_size - 50)
    plane.update(bytes(content))
    assert hash_frame(made) == before


def test_a_packed_frame_is_hashed_whole() -> None:
    pixels = np.random.default_rng(5).integers(0, 200, (8, 10, 3)).astype(np.uint8)
    other = pixels.copy()
    other[7, 9, 2] += 1
    first, second = (av.VideoFrame.from_ndarray(each, format="rgb24") for each in (pixels, other))
    assert hash_frame(first) != hash_frame(second)


def test_a_film_has_a_hash_for_each_frame_in_the_order_they_are_shown(tmp_path: Path) -> None:
    path = tmp_path / "a.mp4"
    make_clip(path, ClipRecipe("dusk", 64, 36, Fraction(24), 20))
    hashes = hash_picture(path)
    with av.open(path) as container:
        shown = [
            hash_frame(each) for each in sorted(container.decode(video=0), key=lambda each: each.pts or 0)
        ]
    assert list(hashes) == shown
    assert len(set(hashes)) == 20
