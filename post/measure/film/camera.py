"""Measures how the camera moves: the shift, zoom and roll that most of the picture shares from each frame to the next.

A similarity is fitted to dense motion by iteratively reweighted least squares with Cauchy's weights, so that what moves
by itself counts little. Flat parts, where motion cannot be seen, do not count.
Source of the weights: P. Holland and R. Welsch, "Robust regression using iteratively reweighted least-squares",
Communications in Statistics 6 (1977).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from post.measure.fact import ClipLength, Known, Measure, measure
from post.measure.frames import Small, Step
from post.values.array import Array

STRIDE = 3  # small pixels from one that is looked at to the next
ROUNDS = 12
# In small pixels: the residual at which a pixel has half its weight, and up to which it moves with the camera, or this
# share of its motion.
SCALE, FOLLOWS, FOLLOWS_SHARE = 0.35, 0.6, 0.25
SMOOTH, REFINED = 1.0, 8  # small pixels; rounds
STEEP = 3.0  # 8-bit codes a pixel: a flatter place shows no motion
LEAST_POINTS = 60


@dataclass(frozen=True, slots=True)
class CameraMoves:
    """The camera's movement from each frame to the next, one value for each pair of frames.

    pan, tilt: in % of the picture's width as it is stored, to the right and up; zoom: in % of its size, in is above 0;
    roll: in degrees; share: of what shows motion, how much moves with the camera, 0..1; 0 where nothing can be seen.
    """

    pan: tuple[float, ...]
    tilt: tuple[float, ...]
    zoom: tuple[float, ...]
    roll: tuple[float, ...]
    share: tuple[float, ...]


@measure("camera", version=1, gives=CameraMoves)
class CameraMeasure(Measure):
    def __init__(self, footage: ClipLength) -> None:  # noqa: ARG002  it takes any length
        self._rows: list[tuple[float, float, float, float, float]] = []

    def see(self, step: Step) -> None:
        if step.before is None:
            return
        small = step.before.small
        if step.before.same_as(step.frame):
            self._rows.append((0.0, 0.0, 0.0, 0.0, 1.0))
        elif step.frame.small.luma.shape != small.luma.shape:
            self._rows.append((0.0, 0.0, 0.0, 0.0, 0.0))
        else:
            self._rows.append(camera_move(small, step.frame.small, step.motion))

    def found(self, known: Known) -> CameraMoves:  # noqa: ARG002  it needs no other measure
        columns = [tuple(round(value, 4) for value in column) for column in zip(*self._rows, strict=True)]
        pan, tilt, zoom, roll, share = columns or [()] * 5
        return CameraMoves(pan, tilt, zoom, roll, share)


def camera_move(small: Small, after: Small, motion: Array) -> tuple[float, float, float, float, float]:
    """Returns pan, tilt, zoom, roll and share of one step, as `CameraMoves` has them.

    small: the frame before; after: the next one; motion: from one to the other, (height, width, 2) in pixels.
    """
    height, width = small.luma.shape
    rows, moved = _points(small, motion)
    if len(rows) < LEAST_POINTS:
        return 0.0, 0.0, 0.0, 0.0, 0.0
    # Around the middle: a shift, then what grows with the distance from it.
    x, y = rows[:, 0] - width / 2, rows[:, 1] - height / 2
    one, none = np.ones_like(x), np.zeros_like(x)
    across, down = np.stack([one, none, x, -y], 1), np.stack([none, one, y, x], 1)
    found = np.array([*np.median(moved, axis=0), 0.0, 0.0])
    for _ in range(ROUNDS):
        residual = np.hypot(moved[:, 0] - across @ found, moved[:, 1] - down @ found)
        weight = 1 / (1 + (residual / SCALE) ** 2)
        normal = (across * weight[:, None]).T @ across + (down * weight[:, None]).T @ down
        right = (across * weight[:, None]).T @ moved[:, 0] + (down * weight[:, None]).T @ moved[:, 1]
        found = np.linalg.solve(normal + 1e-9 * np.eye(4), right)
    residual = np.hypot(moved[:, 0] - across @ found, moved[:, 1] - down @ found)
    near = residual <= np.maximum(FOLLOWS, FOLLOWS_SHARE * np.hypot(moved[:, 0], moved[:, 1]))
    if near.sum() >= LEAST_POINTS:
        found = _refined(small, after, rows[near], found)
    shift_x, shift_y, zoom, roll = (float(each) for each in found)
    return (
        -100 * shift_x / width, 100 * shift_y / width, 100 * zoom, float(np.degrees(roll)), float(near.mean()),
    )  # fmt: skip


def _refined(before: Small, after: Small, places: Array, found: Array) -> Array:
    """Returns a similarity made exact on the pictures themselves: dense motion is drawn towards none where it is less
    than a pixel. places: (n, 2), those that follow it; found: shift, zoom and roll.

    Source: B. Lucas and T. Kanade, "An Iterative Image Registration Technique", IJCAI 1981.
    """
    import cv2

    height, width = before.luma.shape
    columns, rows = places[:, 0].astype(int), places[:, 1].astype(int)
    x, y = places[:, 0] - width / 2, places[:, 1] - height / 2
    first, second = (cv2.GaussianBlur(each.luma, (0, 0), SMOOTH) for each in (before, after))
    slope_x, slope_y = (cv2.Sobel(second, cv2.CV_32F, *axis, scale=1 / 8) for axis in ((1, 0), (0, 1)))
    wanted = first[rows, columns]
    for _ in range(REFINED):
        shift_x, shift_y, zoom, roll = found
        at_x = (places[:, 0] + shift_x + zoom * x - roll * y).astype(np.float32)
        at_y = (places[:, 1] + shift_y + roll * x + zoom * y).astype(np.float32)
        seen, gx, gy = (
            cv2.remap(each, at_x, at_y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE).ravel()
            for each in (second, slope_x, slope_y)
        )
        inside = (at_x >= 1) & (at_x <= width - 2) & (at_y >= 1) & (at_y <= height - 2)
        off = wanted - seen
        scale = max(1.0, 1.5 * float(np.median(np.abs(off))))
        weight = inside / (1 + (off / scale) ** 2)
        jacobian = np.stack([gx, gy, gx * x + gy * y, gy * x - gx * y], 1)
        normal = (jacobian * weight[:, None]).T @ jacobian + 1e-6 * np.eye(4)
        found = found + np.linalg.solve(normal, (jacobian * weight[:, None]).T @ off)
    return found


def _points(small: Small, motion: Array) -> tuple[Array, Array]:
    """Returns the places that show motion, (n, 2) as x and y, and how each moves, (n, 2) float64."""
    luma = small.luma
    steep = np.zeros(luma.shape, np.float32)
    steep[1:-1, 1:-1] = np.hypot(luma[1:-1, 2:] - luma[1:-1, :-2], luma[2:, 1:-1] - luma[:-2, 1:-1]) / 2
    grid = np.zeros(luma.shape, bool)
    grid[::STRIDE, ::STRIDE] = True
    ys, xs = np.nonzero(grid & (steep >= STEEP))
    return np.stack([xs, ys], 1).astype(np.float64), motion[ys, xs].astype(np.float64)
