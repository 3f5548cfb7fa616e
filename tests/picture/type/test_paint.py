"""Painting ink in colour."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy.ndimage import gaussian_filter, shift

from post.picture.type import FontSpec, TextSpec, set_type
from post.picture.type.paint import Plate, Shadow, TypePaint, extent, hex_colour, paint


def test_a_shadow_is_the_gaussian_of_the_ink_below_it() -> None:
    block = set_type(TextSpec("Ag", 500, 1), [FontSpec(None, 60)])
    look = TypePaint((0.0, 0.0, 0.0), None, Shadow(0.8, 2.3, 3))
    rgba, left, top = paint(block, look)
    ink = np.zeros(rgba.shape[:2])
    row, column = block.ink.top - top, block.ink.left - left
    height, width = block.ink.coverage.shape
    ink[row : row + height, column : column + width] = block.ink.coverage
    soft = gaussian_filter(ink, 2.3, mode="constant", radius=math.ceil(3 * 2.3))
    shadow = 0.8 * shift(soft, (3, 0), order=0)
    assert np.abs(rgba[..., 3] - (ink + (1 - ink) * shadow)).max() < 1e-5


def test_type_over_a_plate_is_the_over_operator_of_both() -> None:
    block = set_type(TextSpec("Ag", 500, 1), [FontSpec(None, 60)])
    rgba, left, top = paint(block, TypePaint((1.0, 0.5, 0.0), Plate((0.0, 0.0, 1.0), 0.6, 9)))
    ink = np.zeros(rgba.shape[:2])
    row, column = block.ink.top - top, block.ink.left - left
    height, width = block.ink.coverage.shape
    ink[row : row + height, column : column + width] = block.ink.coverage
    alpha = ink + (1 - ink) * 0.6
    ink_part, plate_part = ink[..., None] * (1, 0.5, 0), ((1 - ink) * 0.6)[..., None] * (0, 0, 1)
    assert np.abs(rgba[..., 3] - alpha).max() < 1e-5
    assert np.abs(rgba[..., :3] * alpha[..., None] - ink_part - plate_part).max() < 1e-5


@pytest.mark.parametrize("padding", [0, 7])
def test_the_extent_is_box_and_ink_and_padding(padding: int) -> None:
    block = set_type(TextSpec("jig", 500, 1), [FontSpec(None, 200)])
    assert block.ink.left < 0
    box = extent(block, Plate((0, 0, 0), 1, padding))
    assert box.left == block.ink.left - padding
    assert (box.top, box.bottom) == (-padding, block.height + padding)
    assert box.right == block.width + padding


def test_a_hex_colour_is_three_shares_of_255() -> None:
    assert hex_colour("#ff8000") == (1.0, 128 / 255, 0.0)
