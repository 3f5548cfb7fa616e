"""Repairs a clip's frames before they are scaled and graded.

Repairs work on 16-bit planes in limited range. The result has 10 bits and is dithered once, at the end: an
undithered 10-bit gradient has bands too (CAMBI 7 where the dithered one has 0.1).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from fractions import Fraction
from functools import cache, cached_property

import numpy as np
from av import VideoFrame

from post.errors import SourceError
from post.picture.kernel.noise import DITHER_ROWS, DITHER_SLACK, dither_field, hash_frame
from post.render.frame_planes import planes_of
from post.stage import Planes16, RepairStage
from post.takes.conform import Framer
from post.takes.frame_planes import plane_codes, repeat_right_edge
from post.values import Format, Picture, StageCall, Window
from post.values.array import Array
from post.values.ycbcr import code_range

# Pixel formats whose planes are read as they are; every other format is converted to CONVERTED first.
PLANAR = re.compile(r"(?:yuvj?(?P<chroma>420|422|444)p|gray)(?:(?P<depth>10|12|14|16)le)?")
CONVERTED = "yuv422p10le"
WHOLE = Window(Fraction(0), Fraction(0), Fraction(1), Fraction(1))
SALTS = (0x2545F491, 0x6C8E9CF5, 0x1B873593)  # of the dither in Y, Cb and Cr
GREY = 512 << 6


def repaired_picture(picture: Picture) -> Picture:
    """Returns a picture's format after its repairs: the same grid, 10 bits, limited range.

    The size stays, except that a format that has to be converted loses an odd last row or column.
    """
    planar = PLANAR.fullmatch(picture.pixel_format)
    name = f"yuv{planar['chroma'] or '420'}p10le" if planar else CONVERTED
    repaired = replace(picture, pixel_format=name, depth=10, colour=replace(picture.colour, range="limited"))
    if planar:
        return repaired
    return replace(repaired, width=picture.width & ~1, height=picture.height & ~1)


class RepairedClip:
    """A clip whose frames are repaired when they are read: in any order, fastest in rising order.

    decoded: returns the clip's frame of a number; picture: what those frames are; calls: the repairs, in the
    order they are done. It reads the frames that the repairs need, and keeps as many planes as that takes.
    """

    def __init__(
        self, decoded: Callable[[int], VideoFrame], picture: Picture, calls: Sequence[StageCall]
    ) -> None:
        self._decoded, self._picture = decoded, picture
        self._repaired = repaired_picture(picture)
        self._repairs = [_repair(call) for call in calls]
        self._cached: list[dict[int, Planes16]] = [{} for _ in range(len(calls) + 1)]

    def frame(self, number: int) -> VideoFrame:
        """Returns frame `number` of the clip's grid, repaired. Raises SourceError as PictureReader.frame does."""
        picture = self._repaired
        made = VideoFrame(picture.width, picture.height, picture.pixel_format)
        for i, plane in enumerate(self._after(len(self._repairs), number)):
            plane_codes(made, i)[:] = dither_to_ten_bits(plane, number, i)
        repeat_right_edge(made)
        return made

    def _after(self, count: int, number: int) -> Planes16:
        """Returns the frame's planes after the first `count` repairs."""
        cached = self._cached[count]
        if number not in cached:
            cached[number] = self._make(count, number)
            while len(cached) > self._most_cached(count):
                # Not the oldest: read backwards, that is the one that is read next.
                del cached[max(cached, key=lambda other: abs(other - number))]
        return cached[number]

    def _most_cached(self, count: int) -> int:
        """Returns how many frames the next repair reads at once."""
        return 2 * self._repairs[count].reach + 1 if count < len(self._repairs) else 1

    def _make(self, count: int, number: int) -> Planes16:
        if not count:
            return self._source(number)
        repair = self._repairs[count - 1]
        first, last = max(0, number - repair.reach), min(self._picture.length - 1, number + repair.reach)
        return repair.repair(number, {i: self._after(count - 1, i) for i in range(first, last + 1)})

    def _source(self, number: int) -> Planes16:
        decoded, picture = self._decoded(number), self._picture
        got = (decoded.width, decoded.height, decoded.format.name)
        if got != (picture.width, picture.height, picture.pixel_format):
            raise SourceError(
                "changes its size or format within the clip",
                where="clip",
                expected=f"{picture.width}x{picture.height} {picture.pixel_format}",
                got="{}x{} {}".format(*got),
                fix="cut it where it changes, or export it again",
            )
        return self._planes(decoded)

    def _planes(self, decoded: VideoFrame) -> Planes16:
        """Returns a decoded frame as 16-bit planes in limited range."""
        planar = PLANAR.fullmatch(decoded.format.name)
        if planar is None:
            y, cb, cr = planes_of(self._converter.frame(decoded))
            return y << np.uint16(6), cb << np.uint16(6), cr << np.uint16(6)
        depth, full = int(planar["depth"] or 8), self._picture.colour.range == "full"
        y = _sixteen(plane_codes(decoded, 0), depth, full, chroma=False)
        if planar["chroma"] is None:
            neutral = np.full(((y.shape[0] + 1) // 2, (y.shape[1] + 1) // 2), GREY, np.uint16)
            return y, neutral, neutral
        cb, cr = (_sixteen(plane_codes(decoded, i), depth, full, chroma=True) for i in (1, 2))
        return y, cb, cr

    @cached_property
    def _converter(self) -> Framer:
        made = self._repaired
        film = Format(made.width, made.height, made.grid, made.length, 10, "422")
        return Framer(replace(self._picture, rotation=0), WHOLE, film)


def _repair(call: StageCall) -> RepairStage:
    return RepairStage.from_call(call)


def _sixteen(codes: Array, depth: int, full: bool, *, chroma: bool) -> Array:
    """Returns codes of `depth` bits as limited-range 10-bit codes times 64, uint16."""
    if not full:
        return np.asarray(codes.astype(np.uint16) << np.uint16(16 - depth))
    return np.asarray(_from_full(depth, chroma)[codes])


@cache
def _from_full(depth: int, chroma: bool) -> Array:
    """Returns each full-range code of `depth` bits in limited range, (2**depth,) uint16 10-bit codes times 64."""
    full, limited = code_range("full", depth), code_range("limited", 10)
    code = np.arange(1 << depth)
    if chroma:
        tenth = limited.neutral + (code - full.neutral) / full.chroma * limited.chroma
    else:
        tenth = limited.black + code / full.luma * limited.luma
    return np.asarray(np.rint(tenth * 64).astype(np.uint16))


def dither_to_ten_bits(plane: Array, frame: int, number: int) -> Array:
    """Returns a 16-bit plane at 10 bits, uint16, dithered unless every sample is a whole 10-bit code.

    frame: the clip's frame number; number: 0, 1 or 2 for Y, Cb or Cr. Both seed the dither.
    """
    if not np.bitwise_or.reduce(plane, axis=None) & 63:
        return np.asarray(plane >> np.uint16(6))
    height, width = plane.shape
    field, out = dither_field(width), np.empty(plane.shape, np.uint16)
    for block, top in enumerate(range(0, height, DITHER_ROWS)):
        left = hash_frame(frame, block, SALTS[number]) % DITHER_SLACK
        rows = plane[top : top + DITHER_ROWS]
        codes = rows.astype(np.int32)
        # The field is triangular over two steps of 64; half a step more rounds.
        codes += field[: len(rows), left : left + width] >> 1
        codes += 32
        codes >>= 6
        out[top : top + DITHER_ROWS] = np.clip(codes, 0, 1023, out=codes)
    return out
