"""Converts Y'CbCr planes to float R'G'B' frames and back, for frame effects."""

from __future__ import annotations

import numpy as np

from post.picture.kernel.fixed_point import ten_bit_range
from post.picture.kernel.planes import Depth, Planes, new_planes
from post.values.array import Array
from post.values.colour import Colour
from post.values.ycbcr import chroma_of_rgb, luma_of, rgb_of


def to_rgb(planes: Planes, depth: Depth, colour: Colour, chroma: str) -> Array:
    """Returns planes as (height, width, 3) float32 display-encoded R'G'B'; values may leave the legal range 0..1.

    chroma: "420" or "422", left-sited; it is enlarged linearly.
    """
    y, cb, cr = (_normal(p, depth, colour, p is not planes.y) for p in planes)
    cb, cr = (chroma_at_full_size(c, chroma) for c in (cb, cr))
    return np.stack(rgb_of(y, cb, cr, colour), -1)


def from_rgb(rgb: Array, colour: Colour, chroma: str) -> Planes:
    """Returns 16-bit intermediate planes (10-bit codes times 64) of a (height, width, 3) float32 R'G'B' frame.

    Chroma is averaged to its left site: weights 1-2-1 along a row, and with "420" over two rows.
    """
    y = luma_of(rgb, colour)
    black, luma, span = ten_bit_range(colour, 16)
    out = new_planes(y.shape[0], y.shape[1], 16, chroma)
    _put(out.y, y, 64 * luma, 64 * black)
    for plane, c in zip((out.cb, out.cr), chroma_of_rgb(rgb, y, colour), strict=True):
        _put(plane, _half_size(c, chroma), 64 * span, 32768)
    return out


def _put(plane: Array, value: Array, span: float, black: float) -> None:
    # A NaN has no defined integer: it becomes black, which can be seen.
    code = np.nan_to_num(value * np.float32(span) + np.float32(black), nan=0.0)
    plane[...] = np.clip(np.rint(code), 0, 65535)


def _normal(plane: Array, depth: Depth, colour: Colour, is_chroma: bool) -> Array:
    """Returns luma 0..1 or chroma -.5..+.5, float32."""
    black, luma, span = ten_bit_range(colour, depth)
    unit = np.float32(2.0 ** (10 - depth))
    if is_chroma:
        return (plane * unit - np.float32(512)) / np.float32(span)
    return (plane * unit - np.float32(black)) / np.float32(luma)


def chroma_at_full_size(c: Array, chroma: str) -> Array:
    """Returns left-sited chroma enlarged linearly to luma's size; that of "444" as it is."""
    if chroma == "444":
        return c
    if chroma == "420":
        c = _twice_as_high(c)
    wide = np.repeat(c, 2, axis=1)
    wide[:, 1:-1:2] = (c[:, :-1] + c[:, 1:]) * np.float32(0.5)
    return wide


def _twice_as_high(c: Array) -> Array:
    """Returns rows at 1/4 and 3/4 between chroma rows."""
    high = np.repeat(c, 2, axis=0) * np.float32(0.75)
    quarter = c * np.float32(0.25)
    high[2::2] += quarter[:-1]
    high[0] += quarter[0]
    high[1:-1:2] += quarter[1:]
    high[-1] += quarter[-1]
    return high


def _half_size(c: Array, chroma: str) -> Array:
    if chroma == "420":
        c = (c[::2] + c[1::2]) * np.float32(0.5)
    before = np.concatenate([c[:, :1], c[:, 1:-1:2]], axis=1)
    return np.asarray((before + 2 * c[:, ::2] + c[:, 1::2]) * np.float32(0.25))
