"""Saturated type on a saturated plate is told, with the error that chroma makes of it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from post.job.model import Timed
from post.picture.title import Title
from post.picture.type.fringe import edge_error
from post.plan.layers import draw_layer
from post.plan.titles.saturated_edges import saturated_edge_warnings
from post.values import BT709, Format, Span
from tests.plan.made import FILM_CLOCK

FILM = Format(640, 360, FILM_CLOCK, 48, 8, "420", BT709)
RED, GREEN, WHITE, BLACK = (1, 0, 0), (0, 1, 0), (1, 1, 1), (0, 0, 0)


def told(**knobs: object) -> list[str]:
    title = Title(text="Winter", **{"plate": True, "plate_opacity": 1.0, **knobs})  # type: ignore[arg-type]
    layer = draw_layer(Timed(title, "0s", "1s", "spot.yaml:4"), FILM)
    return [each.got for each in saturated_edge_warnings({"wide": (FILM, [layer])}, Span(0, 48))]


def test_grey_edges_have_no_error_and_saturated_ones_have() -> None:
    assert edge_error(WHITE, BLACK, FILM) == pytest.approx(0, abs=1e-3)
    assert edge_error(RED, GREEN, FILM) == edge_error(GREEN, RED, FILM) == pytest.approx(0.56, abs=0.02)
    assert edge_error(RED, GREEN, FILM) > edge_error(WHITE, RED, FILM) > 0.1


def test_half_the_samples_down_too_make_it_worse_or_equal() -> None:
    assert edge_error(RED, GREEN, replace(FILM, chroma="422")) <= edge_error(RED, GREEN, FILM)


def test_red_on_green_is_told_and_white_on_red_is_not() -> None:
    assert told(colour="#ff0000", plate_colour="#00ff00") == [
        "an error of 0.56 of full scale at their edges in wide"
    ]
    assert told(colour="#ffffff", plate_colour="#ff0000") == []
    assert told(colour="#ff0000", plate_colour="#00ff00", plate_opacity=0.3) == []
    assert told(colour="#ff0000", plate_colour="#00ff00", plate=False) == []


def test_a_second_line_is_told_of_its_own_plate() -> None:
    second = {"second": "Director", "second_plate": True, "second_plate_colour": "#0000ff"}
    assert len(told(colour="#ffffff", second_colour="#ffff00", **second)) == 1
