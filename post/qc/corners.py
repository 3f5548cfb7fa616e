"""Works with the corners of what stands askew in a frame."""

from __future__ import annotations

import numpy as np

from post.values.array import Array
from post.values.claim import Box


def box_around(corners: Array) -> Box:
    """Returns the upright box around points, in whole pixels: left, top, right, bottom. corners: (n, 2) x and y."""
    (left, top), (right, bottom) = np.floor(corners.min(0)), np.ceil(corners.max(0))
    return int(left), int(top), int(right), int(bottom)
