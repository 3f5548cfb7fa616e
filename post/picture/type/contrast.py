"""Computes the contrast of two colours, as the Web Content Accessibility Guidelines have it.

Source: WCAG 2.2, "contrast ratio" and "relative luminance"; 1.4.3: at least 4.5, and 3 for large type.
"""

from __future__ import annotations

import numpy as np

from post.values.array import Array
from post.values.colour import BT709
from post.values.srgb import srgb_light_of
from post.values.ycbcr import rgb_weights

LEAST_CONTRAST, LEAST_CONTRAST_LARGE = 4.5, 3.0
FLARE = 0.05  # light that a screen reflects, of its white


def luminance(rgb: Array) -> Array:
    """Returns relative luminance, 0..1, of display-encoded R'G'B' (..., 3), 0..1: the shape without its last axis."""
    # WCAG's weights of light are those of BT.709's luma: sRGB has the same primaries.
    return np.asarray(srgb_light_of(rgb) @ np.array(rgb_weights(BT709)))


def contrast(a: Array, b: Array) -> Array:
    """Returns the contrast ratio, 1..21, of two relative luminances: their common shape."""
    return np.asarray((np.maximum(a, b) + FLARE) / (np.minimum(a, b) + FLARE))
