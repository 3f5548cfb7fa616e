"""Finds where lines of type stand in a frame, in whatever script.

Source: M. Liao et al., "Real-time Scene Text Detection with Differentiable Binarization", AAAI 2020: the network gives
how likely each pixel is the core of a line; a core is widened by its area over its perimeter.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from post.qc.corners import box_around
from post.qc.text.network import DETECTOR, open_network
from post.values.array import Array

SIDE = 576  # pixels of the shorter side that is searched: type of 1.2 % of a 1080p frame's height is found
STEP = 32  # the network takes whole multiples
LIKELY, LEAST = 0.3, 0.5  # of a pixel of a core; of a core, on average
WIDENED = 1.6  # by how much of its area over its perimeter a core is widened
BESIDE = 0.15  # of its height, more at both ends: a full stop is easily lost
NARROWEST = 3.0  # pixels of a core
MOST_LINES = 60


@dataclass(frozen=True, eq=False)
class TypeLine:
    """A line of type. corners: (4, 2) float32 x and y in the frame's pixels, clockwise from its top left; likely:
    0..1."""

    corners: Array
    likely: float

    @property
    def box(self) -> tuple[int, int, int, int]:
        """Left, top, right and bottom of the upright rectangle around it."""
        return box_around(self.corners)

    @property
    def size(self) -> tuple[float, float]:
        """Its width and height along its own edges."""
        a, b, c, d = self.corners
        wide = max(np.linalg.norm(a - b), np.linalg.norm(d - c))
        return float(wide), float(max(np.linalg.norm(a - d), np.linalg.norm(b - c)))


def find_type(rgb: Array) -> list[TypeLine]:
    """Returns the lines of type in a frame, (height, width, 3) uint8, from its top down."""
    height, width = rgb.shape[:2]
    scale = SIDE / min(height, width)
    size = tuple(max(STEP, round(each * scale / STEP) * STEP) for each in (width, height))
    small = cv2.resize(rgb, size, interpolation=cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR)
    # Trained on pictures whose colours came in the order of OpenCV.
    given = (small[..., ::-1].astype(np.float32) / 127.5 - 1).transpose(2, 0, 1)[None]
    likely = open_network(DETECTOR).run(None, {"x": np.ascontiguousarray(given)})[0][0, 0]
    unit = np.array([width / size[0], height / size[1]], np.float32)
    lines = _lines(np.asarray(likely), unit)
    return sorted(lines, key=lambda each: (each.box[1], each.box[0]))[:MOST_LINES]


def _lines(likely: Array, unit: Array) -> list[TypeLine]:
    core = cv2.dilate((likely > LIKELY).astype(np.uint8), np.ones((2, 2), np.uint8))
    shapes, _ = cv2.findContours(core, cv2.RETR_LIST, cv2.CHAIN_APPROX_SIMPLE)
    found = []
    for shape in shapes:
        middle, (wide, high), angle = cv2.minAreaRect(shape)
        if min(wide, high) < NARROWEST:
            continue
        mean = _mean_within(likely, cv2.boxPoints((middle, (wide, high), angle)))
        if mean < LEAST:
            continue
        more = WIDENED * wide * high / (wide + high)
        along = BESIDE * (min(wide, high) + more)
        size = (wide + more + along, high + more) if wide >= high else (wide + more, high + more + along)
        found.append(TypeLine(_clockwise(cv2.boxPoints((middle, size, angle)) * unit), mean))
    return found


def _mean_within(likely: Array, corners: Array) -> float:
    left, top = np.maximum(np.floor(corners.min(0)).astype(int), 0)
    right, bottom = np.ceil(corners.max(0)).astype(int) + 1
    part = likely[top:bottom, left:right]
    inside = np.zeros(part.shape, np.uint8)
    cv2.fillPoly(inside, [np.rint(corners - [left, top]).astype(np.int32)], 1)
    return float(part[inside > 0].mean()) if inside.any() else 0.0


def _clockwise(corners: Array) -> Array:
    """Returns four corners clockwise from the top left one."""
    total, apart = corners.sum(1), corners[:, 1] - corners[:, 0]
    order = [total.argmin(), apart.argmin(), total.argmax(), apart.argmax()]
    return np.asarray(corners[order], np.float32)
