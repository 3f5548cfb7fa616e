"""R'G'B', Y'CbCr and codes as ITU-T H.273 has them."""

from __future__ import annotations

import numpy as np
import pytest

from post.values.array import Array
from post.values.colour import BT601_525, BT709, BT2020, Colour
from post.values.ycbcr import chroma_of_rgb, code_range, luma_of, matrix_from_rgb, rgb_of, rgb_weights

COLOURS = [BT709, BT601_525, BT2020]
RGB = np.random.default_rng(3).random((500, 3))


def ycbcr(rgb: Array, colour: Colour) -> Array:
    luma = luma_of(rgb, colour)
    return np.stack([luma, *chroma_of_rgb(rgb, luma, colour)], -1)


def test_the_weights_are_those_of_table_4() -> None:
    written = [rgb_weights(colour) for colour in COLOURS]
    assert np.allclose(written, [(0.2126, 0.7152, 0.0722), (0.299, 0.587, 0.114), (0.2627, 0.678, 0.0593)])


@pytest.mark.parametrize("colour", COLOURS)
def test_rgb_comes_back_through_luma_and_chroma(colour: Colour) -> None:
    y, cb, cr = ycbcr(RGB, colour).T
    assert np.allclose(np.stack(rgb_of(y, cb, cr, colour), -1), RGB, atol=1e-12)


@pytest.mark.parametrize("colour", COLOURS)
def test_the_matrix_is_the_same_conversion(colour: Colour) -> None:
    assert np.allclose(RGB @ matrix_from_rgb(colour).T, ycbcr(RGB, colour), atol=1e-12)


def test_the_extremes_of_blue_and_red_are_half_a_unit_of_chroma() -> None:
    blue, red, white = ycbcr(np.array([[0.0, 0, 1], [1, 0, 0], [1, 1, 1]]), BT709)
    assert blue == pytest.approx([0.0722, 0.5, -0.0722 / 1.5748])
    assert red == pytest.approx([0.2126, -0.2126 / 1.8556, 0.5])
    assert white == pytest.approx([1, 0, 0])


def test_single_precision_stays_single() -> None:
    y = luma_of(RGB.astype(np.float32), BT709)
    assert y.dtype == rgb_of(y, y, y, BT709)[1].dtype == np.float32


def test_codes_are_those_of_equations_20_to_31() -> None:
    def codes(spread: str, depth: int) -> tuple[float, ...]:
        made = code_range("full" if spread == "full" else "limited", depth)
        return made.black, made.luma, made.chroma, made.neutral

    assert codes("limited", 8) == (16, 219, 224, 128)
    assert codes("limited", 10) == (64, 876, 896, 512)
    assert codes("limited", 16) == (4096, 56064, 57344, 32768)
    assert codes("full", 8) == (0, 255, 255, 128)
    assert codes("full", 10) == (0, 1023, 1023, 512)
