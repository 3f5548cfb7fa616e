"""Makes 16-bit planes for repairs from 8-bit codes with fractions."""

from __future__ import annotations

import numpy as np

from post.stage import Planes16
from post.values.array import Array


def planes(luma: Array, cb: float = 128.0, cr: float = 128.0) -> Planes16:
    """Returns 4:2:0 planes; chroma is the same everywhere."""
    half = ((luma.shape[0] + 1) // 2, (luma.shape[1] + 1) // 2)
    return sixteen(luma), sixteen(np.full(half, cb)), sixteen(np.full(half, cr))


def sixteen(codes: Array) -> Array:
    return np.asarray(np.clip(np.rint(np.asarray(codes) * 256), 0, 65535).astype(np.uint16))


def eight(plane: Array) -> Array:
    return np.asarray(plane / 256)
