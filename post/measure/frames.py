"""Gives measures the frames of a clip one after the other, each with the one before it, as planes of codes.

Heavy views (a small picture, the motion between two frames) are made once, when the first measure asks.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any, Protocol

import numpy as np

from post.takes.decoded.pixel_format import RGB_AS_BT709, is_rgb
from post.takes.frame_planes import plane_view
from post.takes.open_picture import open_picture
from post.values.array import Array
from post.values.colour import Range
from post.values.media import Picture

# The small picture's longer side is at least this and less than twice it. Motion of 8 % of the width from
# one frame to the next is still found in it.
SMALL_SIDE = 128
# Formats whose planes are taken as they are; any other is converted. Alpha is of no interest.
PLANES_AS_THEY_ARE = re.compile(r"(yuvj?4(?:20|22|44|40|11|10)p|gray)(?:(\d+)le)?")
CONVERTED_TO = "yuv444p10le"


class Decoded(Protocol):
    """The part of a decoded frame that measures use: any decoder may provide it."""

    @property
    def format(self) -> Any:
        """The pixel format."""

    @property
    def planes(self) -> Sequence[Any]:
        """The planes of samples."""

    def reformat(
        self,
        *,
        format: str,  # noqa: A002  the decoder's word
        dst_colorspace: str | int | None = None,
        dst_color_range: str | int | None = None,
    ) -> Decoded: ...


@dataclass(frozen=True, eq=False)
class Small:
    """A frame reduced by averaging. luma, cb, cr: (height, width) float32, in 8-bit codes."""

    luma: Array
    cb: Array
    cr: Array

    @cached_property
    def grey(self) -> Array:
        """The luma as (height, width) uint8, for motion estimation."""
        return np.rint(self.luma).astype(np.uint8)

    @cached_property
    def grid(self) -> tuple[Array, Array]:
        """The x and the y of every pixel, (height, width) float32 each."""
        height, width = self.luma.shape
        ys, xs = np.mgrid[0:height, 0:width].astype(np.float32)
        return xs, ys


@dataclass(frozen=True, eq=False)
class Frame:
    """One frame of the grid of a clip. luma, chroma: planes of codes of `depth` bits, uint8 or uint16; chroma is
    empty for a grey clip. range: limited or full; from_rgb: they were converted from RGB, by BT.709."""

    number: int
    luma: Array
    chroma: tuple[Array, ...]
    depth: int
    range: Range
    from_rgb: bool = False

    @property
    def unit(self) -> int:
        """How many codes make one 8-bit code."""
        return 1 << (self.depth - 8)

    @cached_property
    def small(self) -> Small:
        import cv2

        luma = smaller(self.luma, SMALL_SIDE)
        size = luma.shape[::-1]
        planes = [cv2.resize(plane, size, interpolation=cv2.INTER_AREA) for plane in self.chroma]
        neutral = np.full(luma.shape, 128 * self.unit, luma.dtype)
        cb, cr = planes or (neutral, neutral)
        return Small(*(np.asarray(plane, np.float32) / self.unit for plane in (luma, cb, cr)))

    def same_as(self, other: Frame) -> bool:
        """Returns whether the other frame has exactly the same codes."""
        mine, theirs = (self.luma, *self.chroma), (other.luma, *other.chroma)
        return len(mine) == len(theirs) and all(map(np.array_equal, mine, theirs))


@dataclass(frozen=True, eq=False)
class Step:
    """A frame and the one before it; None before the first."""

    before: Frame | None
    frame: Frame

    @cached_property
    def motion(self) -> Array:
        """The motion of each small pixel of the frame before, (height, width, 2) float32, in small pixels."""
        assert self.before is not None
        return motion_between(self.before.small, self.frame.small)


def walk(path: Path, picture: Picture) -> Iterator[Step]:
    """Yields every frame of the grid in order, and holds two at a time. Raises SourceError at a damaged frame."""
    before: Frame | None = None
    with open_picture(path, picture) as reader:
        for number in range(picture.length):
            frame = frame_of(number, reader.frame(number), picture.colour.range)
            yield Step(before, frame)
            before = frame


def frame_of(number: int, decoded: Decoded, spread: Range) -> Frame:
    """Returns the planes of a decoded frame, without a copy if its format allows."""
    plain = PLANES_AS_THEY_ARE.fullmatch(decoded.format.name)
    if plain is None:
        if not is_rgb(decoded.format):  # packed and semi-planar YUV keeps its matrix and range
            return frame_of(number, decoded.reformat(format=CONVERTED_TO), spread)
        made = frame_of(number, decoded.reformat(format=CONVERTED_TO, **RGB_AS_BT709), "limited")
        return replace(made, from_rgb=True)
    depth = int(plain[2] or 8)
    luma, *chroma = (plane_view(plane, np.uint8 if depth == 8 else np.uint16) for plane in decoded.planes)
    return Frame(number, luma, tuple(chroma), depth, spread)


def smaller(plane: Array, side: int) -> Array:
    """Returns the plane halved by averaging as often as its longer side stays at least `side`."""
    import cv2

    # Halving again and again is 3 times faster than one step: 2x2 averaging is vectorised.
    while max(plane.shape) >= 2 * side and min(plane.shape) >= 4:
        height, width = plane.shape[0] // 2, plane.shape[1] // 2
        plane = cv2.resize(plane[: 2 * height, : 2 * width], (width, height), interpolation=cv2.INTER_AREA)
    return plane


def motion_between(a: Small, b: Small, guess: tuple[float, float] | None = None) -> Array:
    """Returns (height, width, 2) float32: the pixel of a at p is that of b at p + motion. guess: a first shift.

    Zero where the picture is too small to tell. Source: T. Kroeger et al., "Fast Optical Flow using Dense
    Inverse Search", ECCV 2016, as OpenCV has it.
    """
    height, width = a.luma.shape
    motion = np.zeros((height, width, 2), np.float32)
    if min(height, width) < 16 or a.luma.shape != b.luma.shape:
        return motion
    import cv2

    cv2.setNumThreads(1)
    search = cv2.DISOpticalFlow.create(cv2.DISOPTICAL_FLOW_PRESET_FAST)
    if guess is not None:
        motion[:] = guess
    return np.asarray(search.calc(a.grey, b.grey, motion))


def moved(plane: Array, like: Small, motion: Array) -> Array:
    """Returns the plane of b moved onto the pixels of a by the motion from a to b. like: either of the two."""
    import cv2

    xs, ys = like.grid
    return np.asarray(
        cv2.remap(
            plane, xs + motion[..., 0], ys + motion[..., 1], cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE
        )
    )
