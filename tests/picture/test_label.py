"""The visible AI label: its height, its contrast, its place."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from post.errors import JobError
from post.picture.composite import Overlay, blend_overlay
from post.picture.label import Label
from post.picture.type.block import TextSpec, TypeBlock, set_type
from post.stage_knobs import make
from post.values.claim import HUMAN_EDITS
from post.values.colour import Format
from post.values.media import File
from post.values.time import Clock, Span
from tests.picture.drawn import Frame, box

CLOCK = Clock(Fraction(25))
SIZES = [(1920, 1080), (1080, 1920), (3840, 2160), (1280, 720), (854, 480), (320, 180), (180, 320)]


def film(width: int, height: int) -> Format:
    return Format(width, height, CLOCK, 100)


def label(**knobs: object) -> Label:
    made = make("label", knobs)
    assert isinstance(made, Label)
    return made


def letters(made: Label, canvas: Format) -> int:
    """Returns how many rows have type (pixels brighter than the plate)."""
    rgba = made.draw(canvas).rgba
    return int(((rgba[..., 3] > 0.99) & (rgba[..., 0] > 0.9)).any(1).sum())


@pytest.mark.parametrize(("width", "height"), SIZES)
def test_capitals_are_at_least_5_percent_of_the_shorter_side(width: int, height: int) -> None:
    # GB 45438-2025, 5.4. H has no overshoot.
    assert letters(label(text="AI H"), film(width, height)) >= 0.05 * min(width, height)


@pytest.mark.media
def test_a_chinese_label_has_the_required_height_too(media: Callable[[str], Path]) -> None:
    path = media("fonts/DroidSansFallback.ttf")
    font = File(hashlib.sha256(path.read_bytes()).hexdigest(), path.name, path)
    assert letters(label(text="AI生成", font=font, language="zh"), film(1080, 1920)) >= 54


@pytest.mark.parametrize(("width", "height"), SIZES)
def test_the_plate_is_inside_the_safe_area_at_the_top_right(width: int, height: int) -> None:
    left, top, right, _ = box(label().draw(film(width, height)))
    tall = height > width
    side = -(-(6 if tall else 5) * width // 100)
    assert right == width - side
    assert top == -(-(14 if tall else 5) * height // 100)
    assert left > side


def test_the_label_is_legible_over_black_and_over_white() -> None:
    canvas, made = film(1280, 720), label()
    overlay = Overlay(made.draw(canvas), canvas)
    left, top, right, bottom = box(made.draw(canvas))
    for ground in (16, 235):
        frame = Frame(
            np.full((720, 1280), ground, np.uint8), *(np.full((360, 640), 128, np.uint8) for _ in "ab")
        )
        blend_overlay(frame, overlay, made.pose(0, 50, CLOCK))
        signal = (frame.y[top:bottom, left:right].astype(float) - 16) / 219
        light = np.where(signal <= 0.04045, signal / 12.92, ((signal + 0.055) / 1.055) ** 2.4)
        measured = (light.max() + 0.05) / (light[1, 1] + 0.05)
        assert measured >= made.contrast - 0.2
        assert measured >= 4.5


def test_contrast_is_the_wcag_ratio() -> None:
    assert label(plate_opacity=1.0).contrast == pytest.approx(21)
    # #767676 on white is the well-known 4.54:1.
    assert label(colour="#767676", plate_colour="#ffffff", plate_opacity=1.0).contrast == pytest.approx(
        4.54, abs=0.01
    )


@pytest.mark.parametrize(
    "knobs",
    [
        {"plate_opacity": 0.3},
        {"plate_opacity": 0.0},
        {"colour": "#808080", "plate_colour": "#707070"},
        {"colour": "#777777", "plate_colour": "#ffffff", "plate_opacity": 1.0},
        {"opacity": 0.5, "plate_opacity": 0.75},
    ],
)
def test_a_label_that_could_vanish_is_refused(knobs: dict[str, object]) -> None:
    with pytest.raises(JobError, match=r"cannot be read over every picture; expected a contrast"):
        label(**knobs)


def test_the_label_neither_moves_nor_fades() -> None:
    made = label(opacity=0.9)
    assert {made.pose(frame, 50, CLOCK) for frame in range(50)} == {made.pose(0, 50, CLOCK)}
    assert made.pose(0, 50, CLOCK).opacity == 0.9
    assert made.pose(50, 50, CLOCK).opacity == 0


@pytest.mark.parametrize("text", ["", " "])
def test_an_empty_label_is_an_error(text: str) -> None:
    with pytest.raises(JobError, match=r"label\.text: no text"):
        label(text=text)


def test_a_label_too_long_for_a_narrow_frame_says_so() -> None:
    with pytest.raises(JobError, match=r"label\.text: the text (is \d+ px too wide|needs more lines)"):
        label(text="MADE ENTIRELY WITH ARTIFICIAL INTELLIGENCE").draw(film(1080, 1920))


def test_a_label_declares_what_it_is() -> None:
    action = label().declare(Span(0, 50))
    assert (action.name, action.source_type) == ("c2pa.addedText", HUMAN_EDITS)
    assert action.description == "visible AI label"


def test_a_label_that_drifts_is_set_once_and_moved(monkeypatch: pytest.MonkeyPatch) -> None:
    canvas, made = film(640, 360), label(drift=1.5, text="AI drifts")
    rest = made.draw(canvas)
    counted = list[str]()

    def counting(copy: TextSpec, *args: Any, **named: Any) -> TypeBlock:
        counted.append(copy.text)
        return set_type(copy, *args, **named)

    monkeypatch.setattr("post.picture.label.set_type", counting)
    moved = [made.draw_moment(canvas, (frame, 8)) for frame in range(8)]
    assert counted == ["AI drifts"]
    radius = made.sway_px(canvas) - 1
    for frame, each in enumerate(moved):
        assert each.alpha.sum() == pytest.approx(rest.alpha.sum(), rel=1e-4)
        across = np.average(np.arange(each.alpha.shape[1]) + each.left, weights=each.alpha.sum(0))
        home = np.average(np.arange(rest.alpha.shape[1]) + rest.left, weights=rest.alpha.sum(0))
        assert across - home == pytest.approx(radius * np.cos(2 * np.pi * frame / 8), abs=1 / 16)
    assert np.array_equal(made.draw(canvas).rgba, rest.rgba)
