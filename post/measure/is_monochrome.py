"""Tells a picture with colours from one that is black and white, perhaps under a tint."""

from __future__ import annotations

import numpy as np

from post.measure.oklab import oklab
from post.values.array import Array

# Oklab's chroma up to which what is left beside a tint is rounding and noise: black and white.
LEAST_HUES = 0.012
MOST_PIXELS = 4000


def hue_share(rgb: Array) -> float:
    """Returns how much chroma does not follow from lightness: its 98th percentile, in units of Oklab.

    rgb: (n, 3) display-encoded R'G'B', 0..1. All the colour of a tinted print follows from its lightness.
    """
    lab = oklab(rgb[:: max(1, len(rgb) // MOST_PIXELS)])
    design = np.stack([np.ones(len(lab)), lab[:, 0]], 1)
    left = lab[:, 1:] - design @ np.linalg.lstsq(design, lab[:, 1:], rcond=None)[0]
    return float(np.percentile(np.hypot(left[:, 0], left[:, 1]), 98))
