"""CIEDE2000 is that of its authors' own table, and L*a*b* that of scikit-image."""

from __future__ import annotations

import numpy as np
import pytest
from skimage.color import deltaE_ciede2000, rgb2lab

from post.values.brand.difference import ciede2000, lab

# G. Sharma, W. Wu, E. Dalal 2005, Table 1: pairs that tell wrong handling of hue apart.
PAIRS = (
    ((50.0, 2.6772, -79.7751), (50.0, 0.0, -82.7485), 2.0425),
    ((50.0, -1.3802, -84.2814), (50.0, 0.0, -82.7485), 1.0000),
    ((50.0, 0.0, 0.0), (50.0, -1.0, 2.0), 2.3669),
    ((50.0, 2.5, 0.0), (50.0, 0.0, -2.5), 4.3065),
    ((50.0, 2.49, -0.001), (50.0, -2.49, 0.0011), 7.2195),
    ((60.2574, -34.0099, 36.2677), (60.4626, -34.1751, 39.4387), 1.2644),
    ((2.0776, 0.0795, -1.1350), (0.9033, -0.0636, -0.5514), 0.9082),
)


@pytest.mark.parametrize(("one", "other", "apart"), PAIRS)
def test_the_authors_pairs(one: tuple[float, ...], other: tuple[float, ...], apart: float) -> None:
    assert float(ciede2000(np.array(one), np.array(other))) == pytest.approx(apart, abs=1e-4)
    assert float(ciede2000(np.array(other), np.array(one))) == pytest.approx(apart, abs=1e-4)


def test_random_colours_agree_with_scikit_image() -> None:
    one, other = np.random.default_rng(3).random((2, 500, 3))
    assert np.abs(lab(one) - rgb2lab(one)).max() < 0.02
    theirs = deltaE_ciede2000(rgb2lab(one), rgb2lab(other))  # type: ignore[no-untyped-call]
    assert np.abs(ciede2000(lab(one), lab(other)) - theirs).max() < 0.03
