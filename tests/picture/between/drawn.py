"""Pictures whose true in-betweens are known: grounds that slide, and things that move over them."""

from __future__ import annotations

import cv2
import numpy as np

from post.stage import Planes16
from post.values.array import Array

HEIGHT, WIDTH = 180, 316  # no multiple of 16


def ground(dx: float, dy: float = 0.0, seed: int = 1, size: tuple[int, int] = (HEIGHT, WIDTH)) -> Array:
    """Returns a smooth random texture moved by (dx, dy) pixels: (height, width) float32, 16-bit codes."""
    height, width = size
    field = np.random.default_rng(seed).uniform(0, 1, (height + 80, width + 80)).astype(np.float32)
    field = np.asarray(cv2.GaussianBlur(field, (0, 0), 2.0), np.float32)
    field = (field - field.mean()) / field.std()
    xs, ys = np.meshgrid(np.arange(width, dtype=np.float32), np.arange(height, dtype=np.float32))
    moved = cv2.remap(field, xs + 40 - dx, ys + 40 - dy, cv2.INTER_CUBIC)
    return np.asarray(np.clip(128 + 25 * moved, 20, 235) * 256, np.float32)


def planes(luma: Array) -> Planes16:
    """Returns a luma as planes with chroma of half its size, rounded up, that shows the same."""
    height, width = luma.shape
    chroma = cv2.resize(luma, ((width + 1) // 2, (height + 1) // 2), interpolation=cv2.INTER_AREA)
    y, cb, cr = (np.asarray(np.rint(plane), np.uint16) for plane in (luma, chroma, 65535 - chroma))
    return y, cb, cr


def apart(a: Array, b: Array) -> float:
    """Returns the root mean square difference of two planes in 8-bit codes."""
    return float(np.sqrt(np.mean((a.astype(np.float64) - b) ** 2)) / 256)
