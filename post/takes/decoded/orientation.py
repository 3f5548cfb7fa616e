"""Reads a display matrix as one of the eight ways to lay a picture down: mirrored or not, then turned."""

from __future__ import annotations

import struct
from dataclasses import dataclass
from math import hypot, tan

import numpy as np

from post.values.array import Array
from post.values.media import Picture

# Of the matrix's terms beside the two that matter, against those: what a player takes for straight (a degree).
CROOKED = tan(np.pi / 180)
# (a, b, c, d) of a turn clockwise by so many degrees: x' = a x + c y, y' = b x + d y, y downwards.
TURNS = {0: (1, 0, 0, 1), 90: (0, 1, -1, 0), 180: (-1, 0, 0, -1), 270: (0, -1, 1, 0)}
# FFmpeg's filters.
_STEPS = {90: (("transpose", "clock"),), 180: (("hflip", ""), ("vflip", "")), 270: (("transpose", "cclock"),)}
Step = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Orientation:
    """How to lay a picture down: mirrored left to right first, then turned by `rotation` degrees clockwise.

    exact: the file asks for just that, up to scale.
    """

    flipped: bool = False
    rotation: int = 0
    exact: bool = True


def read_display_matrix(matrix: bytes) -> Orientation:
    """Returns the orientation nearest to a display matrix of nine 32-bit integers, as FFmpeg gives it.

    Source: ISO/IEC 14496-12, 6.2.2; its scale is no turn, and FFmpeg puts it into the pixels' shape.
    """
    a, b, u, c, d, v, *_ = struct.unpack_from("<9i", matrix)
    flipped = a * d < b * c
    if flipped:
        a, b = -a, -b
    across, down = hypot(a, b), hypot(c, d)
    if not across or not down:
        return Orientation(exact=False)
    unit = a / across, b / across, c / down, d / down

    def apart(rotation: int) -> float:
        return float(max(abs(one - other) for one, other in zip(unit, TURNS[rotation], strict=True)))

    rotation = min(TURNS, key=apart)
    return Orientation(flipped, rotation, apart(rotation) <= CROOKED and not u and not v)


def upright_steps(picture: Picture) -> tuple[Step, ...]:
    """Returns the filters of FFmpeg, with their arguments, that lay a picture's frames upright."""
    return (*((("hflip", ""),) if picture.flipped else ()), *_STEPS.get(picture.rotation, ()))


def upright_array(samples: Array, picture: Picture) -> Array:
    """Returns (height, width, ...) samples of a frame of the picture, upright: a view."""
    return np.rot90(samples[:, ::-1] if picture.flipped else samples, -picture.rotation // 90)


def square_pixels(samples: Array, picture: Picture) -> Array:
    """Returns (height, width) samples of an upright frame of the picture in square pixels: a copy."""
    import cv2

    width, height = picture.shown
    shown = (round(width), height)
    if shown == samples.shape[::-1]:
        return samples.copy()
    return np.asarray(cv2.resize(np.ascontiguousarray(samples), shown, interpolation=cv2.INTER_AREA))
