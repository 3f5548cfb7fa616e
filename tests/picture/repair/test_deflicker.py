"""Deflicker's gains against the arithmetic of light."""

from __future__ import annotations

import numpy as np
import pytest

from post.errors import AnswerprintError
from post.picture.repair.deflicker import Deflicker, relight
from post.values import Span
from post.values.array import Array
from tests.picture.repair.planes import eight, planes

RAMP = np.tile(np.linspace(16, 235, 220), (8, 1))
GAIN = (1.18, 1.18, 1.18)


def light(signal: Array) -> Array:
    """IEC 61966-2-1, 5.2."""
    return np.where(signal <= 0.04045, signal / 12.92, ((signal + 0.055) / 1.055) ** 2.4)


def signal(light_: Array) -> Array:
    return np.where(light_ <= 0.0031308, light_ * 12.92, 1.055 * light_ ** (1 / 2.4) - 0.055)


@pytest.mark.parametrize("gain", [0.75, 0.98, 1.02, 1.3])
def test_greys_get_the_light_they_are_given(gain: float) -> None:
    found = (eight(relight(planes(RAMP), (gain, gain, gain))[0]) - 16) / 219
    wanted = signal(light((RAMP - 16) / 219) * gain)
    plain = ((RAMP - 16) / 219 < 0.7) & (RAMP > 16 + 0.06 * 219)
    assert np.abs(found - wanted)[plain].max() < 0.1 / 219
    # In the curve's foot, a straight line replaces the curve.
    assert np.abs(found - wanted)[RAMP < 16 + 0.06 * 219].max() < 0.6 / 219


@pytest.mark.parametrize("gain", [0.6, 0.9, 1.1, 1.6])
def test_black_and_white_stay_and_the_order_of_codes_is_kept(gain: float) -> None:
    found = relight(planes(RAMP), (gain, gain, gain))[0][0].astype(int)
    assert found[0] == 16 * 256
    assert found[-1] == 235 * 256
    steps = np.diff(found) / 256
    assert steps.min() > 0.3
    assert steps.max() < 2


def test_each_colour_gets_its_own_gain() -> None:
    """Compares a flat patch of a known colour with the same gains on its R'G'B'."""
    rgb = np.array([0.5, 0.4, 0.3])
    gain = (1.1, 0.95, 0.85)
    y = rgb @ [0.2126, 0.7152, 0.0722]
    cb, cr = (rgb[2] - y) / 1.8556, (rgb[0] - y) / 1.5748
    out = relight(planes(np.full((16, 16), 16 + 219 * y), 128 + 224 * cb, 128 + 224 * cr), gain)
    y2, cb2, cr2 = (eight(plane)[4, 4] for plane in out)
    luma, blue, red = (y2 - 16) / 219, (cb2 - 128) / 224 * 1.8556, (cr2 - 128) / 224 * 1.5748
    green = luma - (0.2126 * red + 0.0722 * blue) / 0.7152
    found = np.array([luma + red, green, luma + blue])
    assert np.abs(found - signal(light(rgb) * gain)).max() < 0.3 / 255


def test_gains_belong_to_frames() -> None:
    stage, source = Deflicker(first=7, gains=(*GAIN, 1.0, 1.0, 1.0)), planes(RAMP)
    assert stage.gain(7) == GAIN
    assert (stage.repair(7, {7: source})[0] == relight(source, GAIN)[0]).all()
    for other in (6, 8, 9):
        assert stage.repair(other, {other: source}) is source


def test_odd_sizes_are_kept() -> None:
    y, cb, cr = relight(planes(np.full((9, 15), 100.0)), (1.1, 1.0, 0.9))
    assert (y.shape, cb.shape, cr.shape) == ((9, 15), (5, 8), (5, 8))


def test_gains_that_change_nothing_are_not_declared() -> None:
    assert Deflicker(gains=(1.0,) * 6).declare(Span(0, 2)) is None
    action = Deflicker(gains=(*GAIN,) * 40).declare(Span(0, 40))
    assert action is not None
    assert action.name == "c2pa.adjustedColor"
    # Forty frames' numbers are in the plan; the manifest names them by their digest.
    assert dict(action.parameters)["org.answerprint.deflicker.gains"].startswith("120 numbers, sha256:")  # type: ignore[union-attr]  # text


def test_a_frame_without_all_three_gains_is_refused() -> None:
    with pytest.raises(AnswerprintError, match=r"not three gains for each frame"):
        Deflicker(gains=(1.0, 1.0))
