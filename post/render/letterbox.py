"""Keeps the bars beside a picture black, whatever is done to the picture."""

from __future__ import annotations

from collections.abc import Sequence

from post.picture.kernel import Planes
from post.takes.conform import PixelBox
from post.values.ycbcr import code_range


def enclosing_rectangle(boxes: Sequence[PixelBox]) -> tuple[int, int, int, int]:
    """Returns the smallest rectangle that holds all boxes: left, top, right, bottom (the last two outside)."""
    left, top = min(box.x for box in boxes), min(box.y for box in boxes)
    return left, top, max(box.x + box.width for box in boxes), max(box.y + box.height for box in boxes)


def blacken_bars(planes: Planes, boxes: Sequence[PixelBox], depth: int) -> None:
    """Writes black outside the smallest rectangle around `boxes`, in place.

    planes: limited range, `depth` bits; a depth of 16 is the kernel's intermediate, 10-bit codes times 64.
    """
    left, top, right, bottom = enclosing_rectangle(boxes)
    height, width = planes.y.shape
    if (left, top, right, bottom) == (0, 0, width, height):
        return
    codes = code_range("limited", depth)
    for plane, black in zip(planes, (codes.black, codes.neutral, codes.neutral), strict=True):
        down, across = height // plane.shape[0], width // plane.shape[1]
        plane[: top // down] = black
        plane[bottom // down :] = black
        plane[top // down : bottom // down, : left // across] = black
        plane[top // down : bottom // down, right // across :] = black
