"""Blurs pictures: in every direction, along a line, or along a turn or a zoom."""

from __future__ import annotations

import math

import numpy as np

from post.picture.transitions.tools.mixing import chroma_step
from post.picture.transitions.tools.warping import warp
from post.stage import Planes16
from post.values.array import Array

WIDE = 3.0  # samples, one sigma: a wider blur is made on a smaller picture, which has as much detail
SPACING = 2.5  # samples between two exposures of a moving picture: further apart, each is seen as a picture


def blur(planes: Planes16, sigma: float) -> Planes16:
    """Returns the picture blurred by a Gaussian of `sigma` luma samples. Beyond its edges it is mirrored."""
    across, down = chroma_step(planes)
    if sigma < 0.1:
        return planes
    y, cb, cr = (
        _blurred(plane, *((sigma, sigma) if plane is planes[0] else (sigma / across, sigma / down)))
        for plane in planes
    )
    return y, cb, cr


def _blurred(plane: Array, across: float, down: float) -> Array:
    import cv2

    step = 1 << max(0, int(math.log2(max(min(across, down) / WIDE, 1.0))))
    height, width = plane.shape
    small = np.ascontiguousarray(plane)
    if step > 1:
        size = (max(1, round(width / step)), max(1, round(height / step)))
        small = np.asarray(cv2.resize(small, size, interpolation=cv2.INTER_AREA))
    # Averaging over a step and enlarging linearly are blurs of their own: (step^2 - 1) / 12 and step^2 / 6.
    own = (step**2 - 1) / 12 + (step**2 / 6 if step > 1 else 0)
    rest = [math.sqrt(max(s**2 - own, 0.01)) / step for s in (across, down)]
    small = np.asarray(
        cv2.GaussianBlur(small, (0, 0), rest[0], sigmaY=rest[1], borderType=cv2.BORDER_REFLECT)
    )
    if step > 1:
        small = np.asarray(cv2.resize(small, (width, height), interpolation=cv2.INTER_LINEAR))
    return small


def streak(planes: Planes16, length: float, down_the_frame: bool) -> Planes16:
    """Returns the picture as a shutter sees it that moves by `length` luma samples along a row, or along a column."""
    import cv2

    across, down = chroma_step(planes)
    made = []
    for plane in planes:
        step = 1 if plane is planes[0] else (down if down_the_frame else across)
        side = 2 * round(length / step / 2) + 1  # odd: an even one would move the picture by half a sample
        size = (1, side) if down_the_frame else (side, 1)
        one = np.ascontiguousarray(plane)
        made.append(
            np.asarray(cv2.boxFilter(one, -1, size, borderType=cv2.BORDER_REFLECT)) if side > 1 else one
        )
    y, cb, cr = made
    return y, cb, cr


def expose(planes: Planes16, move: Array, reach: float) -> Planes16:
    """Returns the picture as a shutter sees it that is open during a turn or a zoom.

    move: (3, 3), the whole movement during the exposure, as `warp` takes it; reach: how far the movement takes the
    picture's corners, luma samples. Exposures are doubled: a picture and its half-moved self, those two and theirs, ...
    """
    import cv2

    if reach < 1:
        return planes
    scale = 1 if reach < 24 else 2 if reach < 160 else 4
    small = planes if scale == 1 else _resized(planes, scale)
    times = max(1, math.ceil(math.log2(reach / scale / SPACING)))
    shrink = np.diag([1 / scale, 1 / scale, 1.0])
    shrink[:2, 2] = (1 / scale - 1) / 2
    for k in range(times):
        part = shrink @ _power(move, 0.5 ** (k + 1)) @ np.linalg.inv(shrink)
        moved = warp(small, part, "mirror", "linear")
        y, cb, cr = (
            np.asarray(cv2.addWeighted(np.ascontiguousarray(a), 0.5, b, 0.5, 0.0))
            for a, b in zip(small, moved, strict=True)
        )
        small = y, cb, cr
    if scale == 1:
        return small
    y, cb, cr = (
        np.asarray(cv2.resize(plane, (to.shape[1], to.shape[0]), interpolation=cv2.INTER_LINEAR))
        for plane, to in zip(small, planes, strict=True)
    )
    return y, cb, cr


def _resized(planes: Planes16, scale: int) -> Planes16:
    import cv2

    across, down = chroma_step(planes)
    height, width = planes[1].shape
    # Whole chroma samples, so that luma and chroma keep their ratio.
    columns, rows = max(1, width // scale), max(1, height // scale)
    sizes = ((columns * across, rows * down), (columns, rows), (columns, rows))
    y, cb, cr = (
        np.asarray(cv2.resize(np.ascontiguousarray(plane), size, interpolation=cv2.INTER_AREA))
        for plane, size in zip(planes, sizes, strict=True)
    )
    return y, cb, cr


def _power(move: Array, share: float) -> Array:
    """Returns a share of a movement: its matrix to that power, by its logarithm about its fixed point."""
    turn = move[:2, :2]
    scale = math.sqrt(abs(float(np.linalg.det(turn))))
    angle = math.atan2(turn[1, 0], turn[0, 0])
    size, at = scale**share, angle * share
    part = size * np.array([[math.cos(at), -math.sin(at)], [math.sin(at), math.cos(at)]])
    fixed = np.linalg.solve(np.eye(2) - turn, move[:2, 2])
    out = np.eye(3)
    out[:2, :2], out[:2, 2] = part, fixed - part @ fixed
    return out
