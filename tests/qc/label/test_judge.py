"""A short text is measured at its own height, even where its place is higher; letters beside it are then seen."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

from post.measure.attention.type_lines import LinePlace
from post.picture.label import Label
from post.qc.label.judge import is_text, sized
from post.qc.label.letters import CAPITAL, split_text
from post.qc.label.reading import Responses, TextReading, read_place
from post.values.array import Array
from post.values.colour import Format
from post.values.time import Clock

FRAME = Format(640, 360, Clock(Fraction(24)), 1)
LEAST = 0.72


def drawn(text: str, height: float) -> tuple[Array, tuple[int, int, int, int]]:
    """Returns a grey frame with a label, (height, width) uint8, and left, top, right and bottom of its letters."""
    raster = Label(text=text, height=height, place="top-left").draw(FRAME)
    rows, columns = raster.rgba.shape[:2]
    alpha, light = raster.rgba[..., 3], raster.rgba[..., :3].mean(2)
    luma = np.full((FRAME.height, FRAME.width), 0.2, np.float32)
    part = luma[raster.top : raster.top + rows, raster.left : raster.left + columns]
    part[:] = part * (1 - alpha) + light * alpha
    high, wide = (np.flatnonzero((part > 0.5).any(axis)) for axis in (1, 0))
    box = (
        raster.left + int(wide[0]), raster.top + int(high[0]),
        raster.left + int(wide[-1]) + 1, raster.top + int(high[-1]) + 1,
    )  # fmt: skip
    return np.rint(16 + 219 * luma).astype(np.uint8), box


def read(text: str, too_high: float) -> tuple[TextReading, Responses, int]:
    """Reads AI at a place that is too high, by that share of the letters. Returns how high they are, too, in pixels."""
    luma, (left, top, right, bottom) = drawn(text, 8)
    high = bottom - top
    up, down = top - too_high * high / 2, bottom + too_high * high / 2
    place = LinePlace(left, up, right, down, up, down, bright=True, weight=20.0)
    reading = read_place(luma, place, [split_text("AI")], LEAST)
    assert reading is not None
    responses = Responses(reading.strip)
    return sized(reading, responses), responses, high


@pytest.mark.parametrize("text", ["AI GENE", "AI G", "AI CUP"])
def test_letters_beside_a_short_text_are_seen_where_its_place_is_too_high(text: str) -> None:
    """A frame may cut AI GENERATED; then AI is no label."""
    reading, responses, _ = read(text, 0.25)
    assert not is_text(reading, responses)


@pytest.mark.parametrize("too_high", [0.0, 0.1, 0.2, 0.3])
def test_a_short_text_has_its_own_height(too_high: float) -> None:
    reading, responses, high = read("AI", too_high)
    assert is_text(reading, responses)
    assert CAPITAL * reading.size / reading.strip.scale == pytest.approx(high, rel=0.06)
