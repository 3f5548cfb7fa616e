"""Degrain: averages each frame with its neighbours along the motion, where they show the same thing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from post.knob import Series, knob
from post.picture.repair.codes import CODE8, resize_like, round_codes, signal_by_code
from post.stage import Planes16, RepairStage, parameters, stage
from post.values.array import Array
from post.values.claim import HUMAN_EDITS, Action
from post.values.time import Span

FLOW_SIDE = (
    640  # motion is searched in a picture whose longer side is at least this, and less than twice this
)
# Frames are compared over so many pixels of the picture at half its size: grain averages out there, motion not.
PATCH = 3
CLEAR = 1.2  # times grain's mean square difference: a neighbour within it counts in full
NO_SECOND_MAP = np.empty((0, 0), np.float32)  # both coordinates are in the first
BASE = 0.15  # codes: frames without grain differ by this much, from rounding and the codec


@stage("degrain", version=1)
class Degrain(RepairStage):
    """Averages grain away along the motion, over frames that show the same thing. Where it cannot follow the motion,
    it keeps the frame."""

    radius: int = knob(
        default=2, lo=1, hi=4, unit="frames", doc="neighbours on either side that are averaged"
    )
    sigma: Series = knob(
        default=(),
        lo=0,
        hi=32,
        doc="the grain's strength in 8-bit codes, as measured where none is given: one number, or several from"
        " black to white",
    )
    strength: float = knob(default=1.0, lo=0, hi=1, doc="how much of the average goes in; 0 leaves it alone")
    cuts: Series = knob(
        default=(),
        lo=0,
        hi=1 << 31,
        unit="frames",
        internal=True,
        doc="frames of the clip at which shots start",
    )

    @property
    def reach(self) -> int:
        return self.radius

    def repair(self, frame: int, near: Mapping[int, Planes16]) -> Planes16:
        planes = near[frame]
        others = [near[number] for number in self._same_shot(frame) if number in near]
        if not others or not self.strength:
            return planes
        mean = average_along_motion(planes, others, self._allowed(planes[0]))
        return mean if self.strength == 1 else _mixed(planes, mean, self.strength)

    def _same_shot(self, frame: int) -> list[int]:
        """Returns the neighbours, nearest first, with no cut between them and the frame."""
        reach = range(1, self.radius + 1)
        around = [frame + sign * step for step in reach for sign in (-1, 1)]
        return [other for other in around if not any(_between(cut, frame, other) for cut in self.cuts)]

    def _allowed(self, luma: Array) -> Array:
        """Returns the mean square difference that grain makes between two frames, in codes: (height, width) float32."""
        levels = np.linspace(0, 1, len(self.sigma)) if len(self.sigma) > 1 else np.zeros(1)
        sigma = np.interp(signal_by_code(), levels, self.sigma) if self.sigma else np.zeros(1024)
        table = (2 * CODE8**2 * (sigma**2 + BASE**2)).astype(np.float32)
        return np.asarray(table[luma >> np.uint16(6)])

    def declare(self, where: Span) -> Action | None:
        if not self.strength or not any(self.sigma):
            return None
        return Action("c2pa.filtered", HUMAN_EDITS, where, parameters(self), "degrained")


def _between(cut: float, a: int, b: int) -> bool:
    return min(a, b) < cut <= max(a, b)


def average_along_motion(planes: Planes16, others: Sequence[Planes16], allowed: Array) -> Planes16:
    """Returns the mean of the frame and the others, moved onto its pixels, where they agree.

    allowed: the mean square difference that is grain, at each pixel of luma.
    """
    import cv2

    search, half = _Search(planes[0]), _halved(planes[0])
    allowed = resize_like(allowed, half)
    sums, total = [plane.astype(np.float32) for plane in planes], np.ones(half.shape, np.float32)
    for other in others:
        motion = search.to(other[0])
        there = _moved(other[0], motion)
        weight = _weight(half, _halved(there), allowed)
        total += weight
        cv2.accumulateProduct(there, resize_like(weight, there), sums[0])
        for i in (1, 2):
            moved = _moved(other[i], motion)
            cv2.accumulateProduct(moved, resize_like(weight, moved), sums[i])
    y, cb, cr = (round_codes(np.divide(part, resize_like(total, part), out=part)) for part in sums)
    return y, cb, cr


def _mixed(planes: Planes16, mean: Planes16, strength: float) -> Planes16:
    share = np.float32(strength)
    y, cb, cr = (
        round_codes(a + share * (b.astype(np.float32) - a)) for a, b in zip(planes, mean, strict=True)
    )
    return y, cb, cr


def _weight(here: Array, there: Array, allowed: Array) -> Array:
    """Returns a neighbour's weight, at half the size: 1 where it differs by no more than grain, falling to 0."""
    import cv2

    apart = there - here
    square = cv2.boxFilter(np.multiply(apart, apart, out=apart), -1, (PATCH, PATCH))
    square /= allowed
    return np.asarray(np.clip(1 + CLEAR - square, 0, 1))


def _halved(plane: Array) -> Array:
    """Returns the means of 2 x 2 samples, float32; an odd last row or column is averaged alone."""
    import cv2

    height, width = plane.shape
    size = (width + 1) // 2, (height + 1) // 2
    return np.asarray(cv2.resize(plane, size, interpolation=cv2.INTER_AREA), np.float32)


class _Search:
    """Motion from one frame to others. Source: T. Kroeger et al., "Fast Optical Flow using Dense Inverse
    Search", ECCV 2016, as OpenCV has it."""

    def __init__(self, luma: Array) -> None:
        import cv2

        cv2.setNumThreads(1)
        self._grey = _grey(luma)
        self._dis = cv2.DISOpticalFlow.create(cv2.DISOPTICAL_FLOW_PRESET_FAST)
        # Searching down to full size of the small picture is .9 dB better than the preset's quarter. Variational
        # refinement would add .02 dB for a third of the time, and is left out.
        self._dis.setFinestScale(0)
        self._dis.setVariationalRefinementIterations(0)

    def to(self, luma: Array) -> Array:
        """Returns the motion to another luma: (height, width, 2) float32, in pixels of the searched size; 0 where the
        picture is too small to search."""
        if min(self._grey.shape) < 16:
            return np.zeros((*self._grey.shape, 2), np.float32)
        return np.asarray(
            self._dis.calc(self._grey, _grey(luma), np.zeros((*self._grey.shape, 2), np.float32))
        )


def _grey(luma: Array) -> Array:
    """Returns luma as uint8, halved while its longer side stays at least FLOW_SIDE."""
    import cv2

    plane = luma
    while max(plane.shape) >= 2 * FLOW_SIDE and min(plane.shape) >= 32:
        height, width = plane.shape[0] // 2, plane.shape[1] // 2
        plane = cv2.resize(plane[: 2 * height, : 2 * width], (width, height), interpolation=cv2.INTER_AREA)
    return np.asarray(plane >> np.uint16(8), np.uint8)


def _motion_at(motion: Array, shape: tuple[int, ...]) -> Array:
    """Returns the motion for a picture of another size, in that picture's pixels."""
    import cv2

    height, width = shape[:2]
    if motion.shape[:2] == (height, width):
        return motion
    scale = np.array([width / motion.shape[1], height / motion.shape[0]], np.float32)
    return np.asarray(cv2.resize(motion * scale, (width, height), interpolation=cv2.INTER_LINEAR))


def _moved(plane: Array, motion: Array) -> Array:
    """Returns the plane moved along the motion, float32: each pixel's sample from where the motion points."""
    import cv2

    height, width = plane.shape
    places = _motion_at(motion, plane.shape).copy()
    places[..., 0] += np.arange(width, dtype=np.float32)
    places[..., 1] += np.arange(height, dtype=np.float32)[:, None]
    out = cv2.remap(plane, places, NO_SECOND_MAP, cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(out, np.float32)
