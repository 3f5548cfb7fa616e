"""Makes frames that show their own number, as a pattern that survives a codec, scaling and grading.

Twelve columns, one for each bit, the highest on the left: the upper half is white for 1, the lower half the opposite.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
from av import VideoFrame

from post.takes.frame_planes import luma
from post.takes.made.scenes import Image
from post.takes.made.synthetic import ClipRecipe, make_clip

BITS = 12


def numbered(width: int, height: int, number: int) -> Image:
    """Returns the pattern of a number, (height, width, 3) float32, 0..1."""
    bits = np.array([(number >> bit) & 1 for bit in reversed(range(BITS))], np.float32)
    row = bits[np.arange(width) * BITS // width] * np.float32(0.7) + np.float32(0.15)
    image = np.where((np.arange(height) < height // 2)[:, None], row, 1 - row)
    return np.repeat(image[..., None], 3, axis=-1).astype(np.float32)


def number_of(frame: VideoFrame) -> int:
    """Returns the number in a decoded frame with luma (or green) first. Fails where there is no pattern."""
    plane = luma(frame).astype(np.float64)
    height, width = plane.shape
    middle = (np.arange(BITS) * 2 + 1) * width // (2 * BITS)
    upper, lower = plane[height // 4, middle], plane[3 * height // 4, middle]
    assert np.all(np.abs(upper - lower) > 0.2 * plane.max()), "no number in this frame"
    return int(
        sum(1 << bit for bit, up, low in zip(reversed(range(BITS)), upper, lower, strict=True) if up > low)
    )


def numbered_clip(path: Path, recipe: ClipRecipe) -> Path:
    """Writes the recipe's clip, in which every frame shows its number."""
    return make_clip(path, recipe, lambda i: numbered(recipe.width, recipe.height, i))


SMALL = ClipRecipe(width=192, height=96, frames=40)


def small(**changes: object) -> ClipRecipe:
    """Returns the recipe of a 192x96 clip of 40 frames, with changes."""
    return replace(SMALL, **changes)  # type: ignore[arg-type]  # checked by the Recipe itself
