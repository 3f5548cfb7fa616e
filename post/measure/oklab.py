"""Converts to Oklab, the space in which colours are compared and fits are judged."""

from __future__ import annotations

import numpy as np

from post.values.array import Array
from post.values.colour import BT709
from post.values.srgb import srgb_light_of
from post.values.ycbcr import rgb_weights

# B. Ottosson, "A perceptual color space for image processing", 2020; the linear-sRGB matrices of 2021-01-25.
_TO_LMS = np.array(
    [
        [0.4122214708, 0.5363325363, 0.0514459929],
        [0.2119034982, 0.6806995451, 0.1073969566],
        [0.0883024619, 0.2817188376, 0.6299787005],
    ]
)
_TO_LAB = np.array(
    [
        [0.2104542553, 0.7936177850, -0.0040720468],
        [1.9779984951, -2.4285922050, 0.4505937099],
        [0.0259040371, 0.7827717662, -0.8086757660],
    ]
)
# ITU-R BT.709-6, 3.2.
LUMA = np.array(rgb_weights(BT709), np.float32)
# A unit of chroma counts twice a unit of lightness: balance is seen before exposure is.
WEIGHTS = np.array([1.0, 2.0, 2.0])


def oklab(rgb: Array) -> Array:
    """Returns (n, 3) Oklab of (n, 3) R'G'B', which is clipped to 0..1 and decoded by the sRGB curve."""
    return np.asarray(np.cbrt(srgb_light_of(np.clip(rgb, 0, 1)) @ _TO_LMS.T) @ _TO_LAB.T)


def weighted(rgb: Array) -> Array:
    """Returns Oklab with chroma counted twice, the space of distances."""
    return np.asarray(oklab(rgb) * WEIGHTS)
