"""Films whose frames show their number, as a pattern and in digits, and what a screenshot shows of it."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path

import numpy as np
from PIL import Image as Picture
from PIL import ImageDraw

from post.takes.made.scenes import Image
from post.takes.made.synthetic import ClipRecipe, make_clip
from tests.made.numbered import BITS, numbered

CLEAR = 40  # codes between white and black, at least, for a bit to count as read


def burnt(width: int, height: int, number: int) -> Image:
    """Returns the pattern of a number with its digits in the middle, (height, width, 3) float32, 0..1."""
    image = numbered(width, height, number)
    box = Picture.new("L", (64, 22), 0)
    ImageDraw.Draw(box).text((4, 2), f"{number:05}", fill=255, font_size=18)
    top, left = (height - 22) // 2, (width - 64) // 2
    image[top : top + 22, left : left + 64] = (np.asarray(box, np.float32) / 255)[..., None]
    return image


def burnt_film(path: Path, recipe: ClipRecipe, number: Callable[[int], int] = int) -> Path:
    """Writes a clip whose frame i shows number(i)."""
    return make_clip(path, recipe, lambda i: burnt(recipe.width, recipe.height, number(i)))


def number_in(screenshot: bytes) -> int:
    """Returns the number in a PNG of the picture. Fails where a bit is neither white nor black."""
    plane = np.asarray(Picture.open(io.BytesIO(screenshot)).convert("L")).astype(np.float64)
    height, width = plane.shape
    middle = (np.arange(BITS) * 2 + 1) * width // (2 * BITS)
    upper, lower = plane[height // 4, middle], plane[3 * height // 4, middle]
    assert np.all(np.abs(upper - lower) > CLEAR), "no number in this picture"
    return sum(1 << bit for bit, up, low in zip(reversed(range(BITS)), upper, lower, strict=True) if up > low)
