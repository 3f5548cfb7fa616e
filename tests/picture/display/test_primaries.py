from __future__ import annotations

import numpy as np
import PyOpenColorIO as ocio  # noqa: N813
import pytest

from post.picture.colour.develop import CONFIG
from post.picture.display.primaries import matrix_between
from post.values.colour import CHROMATICITIES, LUMA_WEIGHTS, light_weights

# ITU-R BT.2087-0, 2: BT.709 to BT.2020.
TO_2020 = np.array([[0.6274, 0.3293, 0.0433], [0.0691, 0.9195, 0.0114], [0.0164, 0.0880, 0.8956]])


def test_bt2020_is_as_the_standard_writes_it() -> None:
    assert np.abs(matrix_between(1, 9) - TO_2020).max() < 6e-5


def test_luminance_is_as_the_standards_weigh_it() -> None:
    for primaries, matrix in ((1, 1), (9, 9)):
        red, _, blue = light_weights(primaries)
        assert (red, blue) == pytest.approx(LUMA_WEIGHTS[matrix], abs=5e-5)
    # SMPTE EG 432-1, 3.3: P3 with D65.
    assert light_weights(12) == pytest.approx((0.2290, 0.6917, 0.0793), abs=5e-5)


@pytest.mark.parametrize(("code", "space"), [(9, "Linear Rec.2020"), (12, "Linear P3-D65")])
def test_opencolorio_converts_alike(code: int, space: str) -> None:
    config = ocio.Config.CreateFromFile(CONFIG)
    transform = ocio.ColorSpaceTransform(src=space, dst="Linear Rec.709 (sRGB)")
    theirs = config.getProcessor(transform).getDefaultCPUProcessor()
    light = np.random.default_rng(1).random((64, 3))
    pixels = light.astype(np.float32)
    theirs.applyRGB(pixels)
    assert np.abs(light @ matrix_between(code, 1).T - pixels).max() < 2e-5


@pytest.mark.parametrize("code", CHROMATICITIES)
def test_white_stays_white(code: int) -> None:
    assert matrix_between(code, 1) @ np.ones(3) == pytest.approx(np.ones(3), abs=1e-12)
    assert matrix_between(1, code) @ matrix_between(code, 1) == pytest.approx(np.eye(3), abs=1e-9)


@pytest.mark.parametrize("code", [5, 6, 7, 22])
def test_primaries_next_to_those_of_bt709_are_shown_as_they_are(code: int) -> None:
    assert np.array_equal(matrix_between(code, 1), np.eye(3))
