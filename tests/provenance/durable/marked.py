"""Makes small films with a watermark."""

from __future__ import annotations

import cv2
import numpy as np

from post.values.array import Array
from provenance.durable.watermark_pattern import make_tile

KEY, OTHER = bytes(range(32)), bytes(range(1, 33))
IDENTIFIER = 0x0A1B2C3D


def film(height: int = 288, width: int = 384, frames: int = 8, seed: int = 3) -> list[Array]:
    """Returns a pan over a picture with edges, shades and noise: (height, width) uint8 luma."""
    rng = np.random.default_rng(seed)
    wide = cv2.GaussianBlur(rng.normal(0, 1, (height, width + 64)).astype(np.float32), (0, 0), 12) * 400 + 120
    for _ in range(12):
        x, y = int(rng.integers(width)), int(rng.integers(height))
        cv2.rectangle(wide, (x, y), (x + 50, y + 40), float(rng.integers(40, 220)), -1)
    views = (wide[:, 3 * n : 3 * n + width] + rng.normal(0, 1.5, (height, width)) for n in range(frames))
    return [np.clip(view, 16, 235).astype(np.uint8) for view in views]


def marked(frames: list[Array], strength: float = 1.6, identifier: int = IDENTIFIER) -> list[Array]:
    """Returns the frames with a watermark of the same strength everywhere, in 8-bit codes."""
    height, width = frames[0].shape
    pattern = np.tile(make_tile(KEY, identifier), (height // 256 + 1, width // 256 + 1))[:height, :width]
    return [np.clip(np.rint(frame + strength * pattern), 0, 255).astype(np.uint8) for frame in frames]
