"""Decodes the sRGB curve to linear light. Source: IEC 61966-2-1, 5.2."""

from __future__ import annotations

import numpy as np

from post.values.array import Array

# Up to this signal the curve is a straight line.
_LINEAR_TO, _SLOPE, _OFFSET, _GAMMA = 0.04045, 12.92, 0.055, 2.4


def srgb_light_of(signal: Array) -> Array:
    """Returns linear light of display-encoded values, 0..1: the same shape, and the same float dtype."""
    power = ((signal + _OFFSET) / (1 + _OFFSET)) ** _GAMMA
    return np.asarray(np.where(signal <= _LINEAR_TO, signal / _SLOPE, power))
