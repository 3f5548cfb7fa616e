from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from scipy.interpolate import PchipInterpolator

from post.picture.colour.tone_curve import ToneCurve, blend_by_luma, read_curve

RISING = st.lists(st.integers(0, 100), min_size=2, max_size=9, unique=True).map(sorted)


@st.composite
def curves(draw: st.DrawFn) -> ToneCurve:
    x = draw(RISING)
    y = sorted(draw(st.lists(st.integers(-40, 140), min_size=len(x), max_size=len(x))))
    return ToneCurve(tuple((a / 100, b / 100) for a, b in zip(x, y, strict=True)))


@given(curves())
def test_a_curve_never_falls_and_passes_its_knots(curve: ToneCurve) -> None:
    value = np.linspace(-0.5, 1.5, 1201)
    assert np.diff(curve(value)).min() >= -1e-12
    x, y = np.array(curve.knots).T
    assert np.abs(curve(x) - y).max() < 1e-12


@given(curves())
def test_a_curve_is_scipys_monotone_interpolant_between_its_knots(curve: ToneCurve) -> None:
    x, y = np.array(curve.knots).T
    value = np.linspace(x[0], x[-1], 333)
    assert np.abs(curve(value) - PchipInterpolator(x, y)(value)).max() < 1e-9


def test_a_curve_is_straight_beyond_its_ends() -> None:
    curve = ToneCurve(((0.0, 0.0), (0.5, 0.4), (1.0, 1.0)))
    below, above = curve(np.array([-0.3, -0.2, -0.1, 0.0])), curve(np.array([1.0, 1.1, 1.2, 1.3]))
    assert np.ptp(np.diff(below)) < 1e-12
    assert np.ptp(np.diff(above)) < 1e-12


def test_knots_written_as_text_are_read() -> None:
    assert read_curve("0:0, .25 : 0.2,1:1", "x").knots == ((0, 0), (0.25, 0.2), (1, 1))
    assert read_curve("0:0, 0.3:0.3, 1:1", "x").straight
    assert not read_curve("0:0.01, 1:1", "x").straight


def test_a_value_by_luma_meets_its_three_values_and_stays_between_them() -> None:
    luma = np.linspace(-0.5, 1.5, 401)
    value = blend_by_luma(luma, 0.5, 2.0, 1.0)
    assert list(blend_by_luma(np.array([-1, 0, 0.5, 1, 2]), 0.5, 2.0, 1.0)) == [0.5, 0.5, 2.0, 1.0, 1.0]
    assert 0.5 <= value.min() <= value.max() <= 2.0
    assert np.abs(np.diff(value)).max() < 0.03
