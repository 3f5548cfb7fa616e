"""Frames become linear light by their own colour tags, upright, in cells that a tenth of a degree fits into."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import Any

import numpy as np
import pytest

from post.measure.frames import Frame
from post.qc.flash.light import LightReader, grid_of
from post.values.array import Array
from post.values.colour import Colour, Range
from tests.qc.flash.made import picture

SIZE = (96, 128)


def frame(luma: int, cb: int = 128, cr: int = 128, depth: int = 8, spread: Range = "limited") -> Frame:
    kind, unit = (np.uint8, 1) if depth == 8 else (np.uint16, 1 << (depth - 8))
    planes = [
        np.full(size, code * unit, kind) for size, code in ((SIZE, luma), ((48, 64), cb), ((48, 64), cr))
    ]
    return Frame(0, planes[0], (planes[1], planes[2]), depth, spread)


def light(shown: Frame, colour: Colour | None = None, **more: Any) -> Array:
    made = replace(picture(1), width=SIZE[1], height=SIZE[0], colour=colour or Colour(), **more)
    return LightReader(made).light(shown)


@pytest.mark.parametrize(
    ("width", "height", "columns", "rows", "field"),
    [
        (1024, 768, 256, 192, (85, 64)),
        (1920, 1080, 240, 135, (80, 60)),
        (3840, 2160, 256, 144, (85, 64)),
        (1080, 1920, 108, 192, (85, 64)),
        (120, 90, 120, 90, (40, 30)),
    ],
)
def test_a_field_is_ten_degrees_of_the_display_that_the_film_fills(
    width: int, height: int, columns: int, rows: int, field: tuple[int, int]
) -> None:
    grid = grid_of(Fraction(width), height)
    assert (grid.columns, grid.rows, grid.field) == (columns, rows, field)


@pytest.mark.parametrize(("spread", "black", "white"), [("limited", 16, 235), ("full", 0, 255)])
def test_black_and_white_are_0_and_1(spread: Range, black: int, white: int) -> None:
    assert light(frame(black, spread=spread)).max() == pytest.approx(0, abs=1e-4)
    assert light(frame(white, spread=spread)).min() == pytest.approx(1, abs=1e-4)
    assert light(frame(white, depth=10)).min() == pytest.approx(1, abs=1e-3)


def test_grey_follows_the_curve_of_srgb() -> None:
    signal = (126 - 16) / 219
    assert light(frame(126)).mean() == pytest.approx(((signal + 0.055) / 1.055) ** 2.4, abs=1e-3)


def test_red_of_each_tag_is_red() -> None:
    for colour, codes in ((Colour(), (63, 102, 240)), (Colour(6, 6, 6), (81, 90, 240))):
        shown = light(frame(*codes), colour).mean(axis=(0, 1))
        assert shown == pytest.approx((1, 0, 0), abs=0.03)


def test_a_wider_red_is_beyond_that_of_bt709() -> None:
    shown = light(frame(74, 97, 240), Colour(9, 14, 9)).mean(axis=(0, 1))
    assert shown[0] > 1.5
    assert shown[1:].max() == 0


def test_a_turned_picture_is_upright() -> None:
    luma = np.full(SIZE, 16, np.uint8)
    luma[:, :40] = 235  # at the left as it is stored
    chroma = np.full((48, 64), 128, np.uint8)
    shown = light(Frame(0, luma, (chroma, chroma), 8, "limited"), rotation=90)
    assert shown.shape[:2] == (SIZE[1], SIZE[0])
    assert shown[:30].min() > 0.9  # at the top as it is shown
    assert shown[60:].max() < 0.1


def test_fine_checks_average_out_in_linear_light() -> None:
    luma = np.where(np.indices((768, 1024)).sum(axis=0) // 2 % 2, 235, 16).astype(np.uint8)
    made = replace(picture(1), width=1024, height=768)
    chroma = np.full((384, 512), 128, np.uint8)
    shown = LightReader(made).light(Frame(0, luma, (chroma, chroma), 8, "limited"))
    assert shown.std() < 0.2
    assert shown.shape == (192, 256, 3)


@pytest.mark.parametrize("transfer", [16, 18])
def test_light_above_sdr_is_not_judged_by_limits_of_sdr(transfer: int) -> None:
    assert "limits of flashes" in LightReader(replace(picture(1), colour=Colour(9, transfer, 9))).fault
