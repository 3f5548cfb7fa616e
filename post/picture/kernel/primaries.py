"""Converts between BT.709 and BT.2020 primaries, through display light."""

from __future__ import annotations

import numpy as np

from post.values.array import Array
from post.values.colour import Colour

# ITU-R BT.2087-0, 2 (M2: BT.709 to BT.2020), and its inverse.
TO_2020 = np.array([[0.6274, 0.3293, 0.0433], [0.0691, 0.9195, 0.0114], [0.0164, 0.0880, 0.8956]])
TO_709 = np.linalg.inv(TO_2020)
GAMMA = 2.4  # ITU-R BT.1886, annex 1, with black at 0
BT2020_PRIMARIES = 9


def convert_primaries(rgb: Array, source: Colour, film: Colour) -> Array:
    """Returns (n, 3) float64 display-encoded R'G'B', 0..1, of the source with the film's primaries.

    The small differences between BT.601's and BT.709's primaries are ignored, as players ignore them.
    """
    wide = source.primaries == BT2020_PRIMARIES
    if wide == (film.primaries == BT2020_PRIMARIES):
        return rgb
    light = rgb**GAMMA @ (TO_709 if wide else TO_2020).T
    return np.asarray(np.clip(light, 0, 1) ** (1 / GAMMA))
