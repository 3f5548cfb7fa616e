"""Light on a display, and light that spreads."""

from __future__ import annotations

import numpy as np

from post.values.array import Array

# BT.1886's exponent, with a black of 0, as of a reference display in a dark room.
EXPONENT = 2.4
# A blur wider than this, in pixels (standard deviation), is done on a smaller picture: it leaves no detail.
WIDE = 4.0


def decode_light(rgb: Array) -> Array:
    """Returns display light of float32 display-encoded R'G'B', any shape; 1 is white, 0 for values below black.

    Source: ITU-R BT.1886, with a black of 0.
    """
    import cv2

    return np.asarray(cv2.pow(np.maximum(rgb, np.float32(0)), EXPONENT)).reshape(rgb.shape)


def encode_light(light: Array) -> Array:
    """Returns the R'G'B' that shows this light: the inverse of `decode_light` from black up."""
    import cv2

    return np.asarray(cv2.pow(np.maximum(light, np.float32(0)), 1 / EXPONENT)).reshape(light.shape)


def blur(picture: Array, sigma: float) -> Array:
    """Returns a picture, (height, width, ...) float32, blurred by a Gaussian of `sigma` pixels.

    Beyond its edges, the picture is taken to go on as it is at them. The mean does not change.
    """
    import cv2

    step = max(1, int(sigma / WIDE))
    height, width = picture.shape[:2]
    small = picture
    if step > 1:
        size = (max(1, width // step), max(1, height // step))
        small = cv2.resize(picture, size, interpolation=cv2.INTER_AREA)
    # Averaging over a step is a blur of step / sqrt(12); the Gaussian does the rest.
    rest = np.sqrt(max(sigma**2 - (step**2 - 1) / 12, 0.01)) / step
    blurred = cv2.GaussianBlur(small, (0, 0), rest, borderType=cv2.BORDER_REPLICATE)
    if step > 1:
        blurred = cv2.resize(blurred, (width, height), interpolation=cv2.INTER_LINEAR)
    return np.asarray(blurred, np.float32).reshape(picture.shape)


def share_of_height(share_pct: float, rgb: Array) -> float:
    """Returns a length in per cent of the frame's height as pixels of this frame."""
    return share_pct / 100 * float(rgb.shape[0])
