"""The match stage: ten parameters that are an ASC CDL, and a table."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from post.errors import JobError, Problems
from post.knob import knobs_of
from post.picture.colour.lut_file import cdl
from post.picture.colour.match import NODES, STEP, ColourMatch, read_residual, trilinear, write_residual
from post.picture.kernel import bake_lut
from post.stage import call_of, open_call
from post.stage_knobs import make
from post.values.colour import BT709
from post.values.time import Span

FILM = Span(0, 24)
TEN: dict[str, Any] = {
    "exposure": (0.4, -0.1, 0.2),
    "offset": (0.01, 0.0, -0.02),
    "gamma": (0.9, 1.1, 1.0),
    "saturation": 1.2,
}


def noise(n: int = 2000, low: float = 0.0, high: float = 1.0) -> Any:
    return np.random.default_rng(0).uniform(low, high, (n, 3))


def a_table() -> Any:
    return np.random.default_rng(1).uniform(-0.05, 0.05, (NODES, NODES, NODES, 3))


def test_the_ten_parameters_work_as_the_asc_cdl_that_is_exported() -> None:
    match, rgb = ColourMatch(**TEN), noise(low=-0.1, high=1.2)
    another = cdl(match.slope, match.offset, match.gamma, match.saturation)
    assert np.abs(match.colour(rgb) - another(rgb)).max() < 3e-6


def test_a_stop_doubles_display_light() -> None:
    grey = np.full((1, 3), 0.4)
    lighter = ColourMatch(exposure=(1, 1, 1)).colour(grey)
    assert lighter**2.4 == pytest.approx(2 * grey**2.4)


def test_the_defaults_change_nothing_and_declare_nothing() -> None:
    rgb = noise()
    assert np.abs(ColourMatch().colour(rgb) - rgb).max() < 1e-12
    assert ColourMatch().declare(FILM) is None


def test_a_match_declares_that_an_algorithm_adjusted_colour() -> None:
    action = ColourMatch(**TEN).declare(FILM)
    assert action is not None
    assert action.name == "c2pa.adjustedColor"
    assert action.source_type.endswith("/algorithmicallyEnhanced")
    assert dict(action.parameters)["org.answerprint.match.saturation"] == 1.2


def test_a_residual_comes_back_from_its_text_within_half_a_step() -> None:
    table = a_table()
    assert np.abs(read_residual(write_residual(table)) - table).max() <= STEP / 2 + 1e-12
    assert write_residual(0 * table) == ""


def test_a_residual_is_added_to_the_colour_after_the_ten_parameters() -> None:
    residual = write_residual(a_table())
    rgb = noise()
    added = ColourMatch(**TEN, residual=residual).colour(rgb) - ColourMatch(**TEN).colour(rgb)
    assert np.abs(added - trilinear(read_residual(residual), rgb)).max() < 1e-12


def test_a_table_is_exact_at_its_nodes_and_for_linear_functions() -> None:
    axis = np.linspace(0, 1, NODES)
    red, green, blue = np.meshgrid(axis, axis, axis, indexing="ij")
    nodes = np.stack([red, green, blue], -1)
    bent = np.sin(9 * nodes)
    assert np.abs(trilinear(bent, nodes.reshape(-1, 3)) - bent.reshape(-1, 3)).max() < 1e-12
    mix = np.array([[0.2, 0.1, 0.0], [0.3, -0.4, 0.1], [0.5, 0.0, 0.9]])
    assert np.abs(trilinear(nodes @ mix, noise()) - noise() @ mix).max() < 1e-12


def test_a_match_survives_plan_data_and_the_text_of_a_job() -> None:
    match = ColourMatch(**TEN, residual=write_residual(a_table()))
    assert open_call(call_of(match)) == match
    assert make("match", {name: getattr(match, name) for name in knobs_of(ColourMatch)}) == match


@pytest.mark.parametrize("text", ["nonsense", "zzzz", "\x00", "x" * 4000, write_residual(a_table())[:-8]])
def test_text_that_is_no_residual_is_refused_with_the_name_of_the_knob(text: str) -> None:
    with pytest.raises(JobError, match=r"match\.residual: not a residual table; expected .*leave it empty"):
        ColourMatch(residual=text)


def test_a_residual_of_another_size_is_refused() -> None:
    small = write_residual(np.ones((5, 5, 5, 3)))
    with pytest.raises(JobError, match="750 bytes"):
        ColourMatch(residual=small)


def test_a_gain_out_of_bounds_is_refused_with_the_name_of_the_knob() -> None:
    with pytest.raises(Problems, match=r"match\.exposure: out of range"):
        make("match", {"exposure": [5, 0, 0]})


@settings(max_examples=60, deadline=None)
@given(st.tuples(*[st.floats(-4, 4)] * 3), st.tuples(*[st.floats(0.1, 4)] * 3), st.floats(0, 4))
def test_every_setting_gives_finite_numbers(exposure: Any, gamma: Any, saturation: float) -> None:
    match = ColourMatch(exposure=exposure, offset=(-1, 0, 1), gamma=gamma, saturation=saturation)
    corners = np.array(np.meshgrid([-0.1, 0, 1], [0, 0.5, 1], [0, 1, 1.2])).reshape(3, -1).T
    assert np.isfinite(match.colour(corners)).all()


def test_a_match_becomes_one_table_of_the_kernel() -> None:
    assert not bake_lut(ColourMatch(**TEN, residual=write_residual(a_table())).colour, BT709, BT709).identity
