"""Keeps the bars beside a picture black, or of their own colour, whatever is done to the picture."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from post.picture.kernel import Planes
from post.takes.conform import PixelBox
from post.values.colour import Colour
from post.values.plan.segment import BLACK, BLUR
from post.values.ycbcr import chroma_of_rgb, code_range, luma_of

Codes = tuple[int, int, int]


def enclosing_rectangle(boxes: Sequence[PixelBox]) -> tuple[int, int, int, int]:
    """Returns the smallest rectangle that holds all boxes: left, top, right, bottom (the last two outside)."""
    left, top = min(box.x for box in boxes), min(box.y for box in boxes)
    return left, top, max(box.x + box.width for box in boxes), max(box.y + box.height for box in boxes)


def ground_codes(ground: str, colour: Colour, depth: int) -> Codes:
    """Returns the codes (Y, Cb, Cr) of what lies beside a picture: black, or a colour as #rrggbb, display-encoded.

    depth: of limited range; 16 is the kernel's intermediate, 10-bit codes times 64.
    """
    rgb = np.array([int((BLACK if ground == BLUR else ground)[at : at + 2], 16) / 255 for at in (1, 3, 5)])
    luma = luma_of(rgb, colour)
    cb, cr = chroma_of_rgb(rgb, luma, colour)
    codes = code_range("limited", depth)
    made = (codes.black + codes.luma * luma, *(codes.neutral + codes.chroma * each for each in (cb, cr)))
    y, blue, red = (round(float(each)) for each in made)
    return y, blue, red


def paint_bars(planes: Planes, boxes: Sequence[PixelBox], colour: Codes) -> None:
    """Writes a colour outside the smallest rectangle around `boxes`, in place. planes: limited range."""
    left, top, right, bottom = enclosing_rectangle(boxes)
    height, width = planes.y.shape
    if (left, top, right, bottom) == (0, 0, width, height):
        return
    for plane, code in zip(planes, colour, strict=True):
        down, across = height // plane.shape[0], width // plane.shape[1]
        plane[: top // down] = code
        plane[bottom // down :] = code
        plane[top // down : bottom // down, : left // across] = code
        plane[top // down : bottom // down, right // across :] = code
