"""The codes that repairs work in: limited range, 10 bits times 64, in uint16."""

from __future__ import annotations

import numpy as np

from post.values.array import Array
from post.values.ycbcr import code_range

LIMITED = code_range("limited", 16)  # 10-bit codes times 64 are 16-bit codes
BLACK, LUMA, CHROMA, GREY = LIMITED.black, LIMITED.luma, LIMITED.chroma, LIMITED.neutral
CODE8 = 256.0  # of these codes are one code of an 8-bit picture
TOP = 65535.0


def round_codes(values: Array) -> Array:
    """Returns float32 codes as uint16: halves to even, clipped to 16 bits. Changes `values`."""
    np.rint(values, out=values)
    return np.asarray(np.clip(values, 0, TOP, out=values).astype(np.uint16))


def signal_by_code() -> Array:
    """Returns luma, 0..1, for each 10-bit limited-range code: (1024,) float64."""
    codes = code_range("limited", 10)
    return np.asarray(np.clip((np.arange(1024) - codes.black) / codes.luma, 0, 1))


def resize_like(plane: Array, like: Array) -> Array:
    """Returns a float32 plane at another's size: averaged if it gets smaller, linear if larger."""
    import cv2

    if plane.shape == like.shape:
        return plane
    smaller = plane.shape[1] > like.shape[1] or plane.shape[0] > like.shape[0]
    way = cv2.INTER_AREA if smaller else cv2.INTER_LINEAR
    return np.asarray(cv2.resize(plane, like.shape[::-1], interpolation=way))
