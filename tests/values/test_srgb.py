"""The sRGB curve against values of the standard's formula, worked out in decimal arithmetic."""

from __future__ import annotations

import numpy as np
import pytest

from post.values.srgb import srgb_light_of

# IEC 61966-2-1, 5.2, to 15 digits: black, the last of the straight part, just past it, middle, white.
EXACT = (
    (0.0, 0.0),
    (0.04045, 0.00313080495356037),
    (0.0405, 0.00313474478590341),
    (0.5, 0.214041140482233),
    (1.0, 1.0),
)


@pytest.mark.parametrize(("signal", "light"), EXACT)
def test_the_curve_is_the_standards(signal: float, light: float) -> None:
    assert float(srgb_light_of(np.array(signal))) == pytest.approx(light, rel=1e-13, abs=0)


def test_single_precision_stays_single() -> None:
    found = srgb_light_of(np.array([[0.02, 0.5]], np.float32))
    assert found.dtype == np.float32
    assert found == pytest.approx(np.array([[0.02 / 12.92, 0.214041140482233]]), rel=1e-6)
