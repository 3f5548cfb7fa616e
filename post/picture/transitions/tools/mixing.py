"""Mixes two pictures sample by sample: by one weight, or by a mask."""

from __future__ import annotations

import numpy as np

from post.stage import Planes16
from post.values.array import Array
from post.values.colour import Colour
from post.values.ycbcr import chroma_of_rgb, code_range, luma_of

UNIT = 1 << 16
BAND = 64  # rows at a time: temporaries stay in cache


def chroma_step(planes: Planes16) -> tuple[int, int]:
    """Returns how many luma columns and rows there are to a chroma sample."""
    y, cb, _ = planes
    return y.shape[1] // cb.shape[1], y.shape[0] // cb.shape[0]


def at_chroma(mask: Array, across: int, down: int) -> Array:
    """Returns a luma mask, (height, width) float32, at chroma samples, which are left-sited.

    Weights are 1-2-1 along a row, and equal over the rows that a chroma row stands for.
    """
    if down == 2:
        mask = (mask[::2] + mask[1::2]) * np.float32(0.5)
    if across == 1:
        return mask
    here = mask[:, ::2]
    out = here + mask[:, 1::2]
    out[:, 1:] += here[:, 1:] + mask[:, 1:-1:2]
    out[:, 0] += here[:, 0] + here[:, 0]
    out *= np.float32(0.25)
    return out


def plane_masks(mask: Array, planes: Planes16) -> tuple[Array, Array]:
    """Returns a mask at luma samples and at chroma samples, uint32, UNIT for 1. mask: (height, width) float32, 0..1."""
    across, down = chroma_step(planes)
    return _units(mask), _units(at_chroma(mask, across, down))


def _units(mask: Array) -> Array:
    return np.asarray((mask * np.float32(UNIT) + np.float32(0.5)).astype(np.uint32))


def mix_masked(going: Planes16, coming: Planes16, mask: Array) -> Planes16:
    """Returns `coming` where the mask is 1, `going` where it is 0, and their mix between.

    mask: (height, width) float32, 0..1, at luma samples.
    """
    luma, chroma = plane_masks(mask, going)
    y, cb, cr = (
        _mixed(a, b, weight) for a, b, weight in zip(going, coming, (luma, chroma, chroma), strict=True)
    )
    return y, cb, cr


def mix_evenly(going: Planes16, coming: Planes16, weight: float) -> Planes16:
    """Returns `weight` (0..1) of `coming` and the rest of `going`."""
    share = np.uint32(round(min(max(weight, 0.0), 1.0) * UNIT))
    y, cb, cr = (_mixed(a, b, share) for a, b in zip(going, coming, strict=True))
    return y, cb, cr


def _mixed(a: Array, b: Array, weight: Array | np.uint32) -> Array:
    out = np.empty(a.shape, np.uint16)
    for top in range(0, a.shape[0], BAND):
        rows = slice(top, top + BAND)
        share = weight[rows] if isinstance(weight, np.ndarray) else weight
        # 65535 * 65536 + 32768 is below 2**32.
        mixed = a[rows] * (np.uint32(UNIT) - share)
        mixed += b[rows] * share
        mixed += np.uint32(UNIT // 2)
        np.right_shift(mixed, 16, out=out[rows], casting="unsafe")
    return out


def colour_codes(colour: str, film: Colour) -> tuple[int, int, int]:
    """Returns the 16-bit codes of a colour such as #ffcc00, as a display shows it."""
    rgb = np.array([[int(colour[k : k + 2], 16) / 255 for k in (1, 3, 5)]])
    luma = luma_of(rgb, film)
    cb, cr = chroma_of_rgb(rgb, luma, film)
    codes = code_range("limited", 16)
    found = (luma * codes.luma + codes.black, *(c * codes.chroma + codes.neutral for c in (cb, cr)))
    y, u, v = (min(round(float(code[0])), 65535) for code in found)
    return y, u, v


def plain_picture(codes: tuple[int, int, int], like: Planes16) -> Planes16:
    """Returns a picture of one colour, of the shapes of `like`."""
    y, cb, cr = (np.full(plane.shape, code, np.uint16) for plane, code in zip(like, codes, strict=True))
    return y, cb, cr
