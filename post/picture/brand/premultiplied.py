"""Works on pictures whose colour is multiplied by their alpha: (height, width, 4) float32, 0..1.

Only such a picture can be scaled without a fringe: the colour of clear pixels counts for nothing.
"""

from __future__ import annotations

import numpy as np

from post.takes.stills.pixels import Pixels
from post.values.array import Array


def premultiplied(pixels: Pixels, already: bool = False) -> Array:
    """Returns decoded pixels multiplied by their alpha. already: they are stored so; what is above alpha is clipped."""
    top = np.float32(pixels.top)
    height, width = pixels.codes.shape[:2]
    rgba = np.ones((height, width, 4), np.float32)
    np.divide(pixels.codes, top, out=rgba[..., :3])
    if pixels.alpha is None:
        return rgba
    np.divide(pixels.alpha, top, out=rgba[..., 3])
    if already:
        np.minimum(rgba[..., :3], rgba[..., 3:], out=rgba[..., :3])
    else:
        rgba[..., :3] *= rgba[..., 3:]
    return rgba


def scaled(pixels: Array, width: int, height: int) -> Array:
    """Returns a premultiplied picture at another size, by a Lanczos filter as wide as the reduction needs."""
    from PIL import Image

    if pixels.shape[:2] == (height, width):
        return pixels
    planes = [Image.fromarray(np.ascontiguousarray(pixels[..., i])) for i in range(4)]
    sized = [np.asarray(plane.resize((width, height), Image.Resampling.LANCZOS)) for plane in planes]
    # A Lanczos filter overshoots: alpha is clipped to 0..1, and colour to its alpha.
    alpha = np.clip(sized[3], 0, 1)
    return np.stack([*(np.clip(plane, 0, alpha) for plane in sized[:3]), alpha], -1)
