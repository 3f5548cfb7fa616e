"""Bars beside a picture that does not fill the film: black they stay, whatever is done to the picture."""

from __future__ import annotations

from collections.abc import Sequence

from post.picture.kernel import Planes
from post.takes.conform import PixelBox


def enclosing_rectangle(boxes: Sequence[PixelBox]) -> tuple[int, int, int, int]:
    """The smallest rectangle around `boxes`: left, top, right, bottom."""
    left, top = min(box.x for box in boxes), min(box.y for box in boxes)
    return left, top, max(box.x + box.width for box in boxes), max(box.y + box.height for box in boxes)


def blacken_bars(planes: Planes, boxes: Sequence[PixelBox], depth: int) -> None:
    """Black outside the smallest rectangle around `boxes`, in place. Limited range.

    planes: of `depth` bits; 16 are 10-bit codes times 64, as between the kernel's steps.
    """
    left, top, right, bottom = enclosing_rectangle(boxes)
    height, width = planes.y.shape
    if (left, top, right, bottom) == (0, 0, width, height):
        return
    for plane, code in zip(planes, (16, 128, 128), strict=True):
        down, across = height // plane.shape[0], width // plane.shape[1]
        black = code << (depth - 8)
        plane[: top // down] = black
        plane[bottom // down :] = black
        plane[top // down : bottom // down, : left // across] = black
        plane[top // down : bottom // down, right // across :] = black
