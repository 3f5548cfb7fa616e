"""Deband: smooths the steps of an 8-bit gradient, to values that round to the same 8 bits."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from post.knob import knob
from post.picture.repair.codes import CODE8, GREY, round_codes
from post.stage import Planes16, RepairStage, parameters, stage
from post.values.array import Array
from post.values.claim import HUMAN_EDITS, Action
from post.values.time import Span

GRID = 4  # the surface under a gradient is made at a quarter of the picture's size
SOFTEST = 2.0  # 8-bit codes: where the surroundings vary by this, half of the smoothing is left


@stage("deband", version=1)
class Deband(RepairStage):
    """Smooths the bands of a flat gradient. No sample moves further than rounding could have moved it."""

    most: float = knob(
        default=0.5,
        lo=0,
        hi=4,
        unit="codes",
        doc="how far a sample may move, in 8-bit codes: half a code is as far as rounding moved it",
    )
    reach_share: float = knob(
        default=0.02,
        lo=0.002,
        hi=0.2,
        doc="how far it looks for a gradient, as a share of the picture's height",
    )

    def repair(self, frame: int, near: Mapping[int, Planes16]) -> Planes16:
        if not self.most:
            return near[frame]
        y, cb, cr = (self._filled(plane) for plane in near[frame])
        return y, cb, cr

    def _filled(self, plane: Array) -> Array:
        if min(plane.shape) < 4 * GRID:
            return plane
        codes: Array = plane.astype(np.float32)
        reach = max(2, round(self.reach_share * plane.shape[0] / GRID))
        most = np.float32(self.most * CODE8)
        return round_codes(codes + np.clip(smooth_gradients(codes, reach) - codes, -most, most))

    def declare(self, where: Span) -> Action | None:
        if not self.most:
            return None
        return Action("c2pa.filtered", HUMAN_EDITS, where, parameters(self), "debanded")


def smooth_gradients(codes: Array, reach: int) -> Array:
    """Returns the plane, smoothed where it is flat or a gradient, and nearly unchanged at edges and in texture.

    reach: in samples of a picture GRID times smaller. Source: K. He, J. Sun, "Fast Guided Filter", 2015.
    """
    import cv2

    height, width = codes.shape
    small: Array = cv2.resize(codes, (width // GRID, height // GRID), interpolation=cv2.INTER_AREA)
    small = small - np.float32(GREY)  # squares of codes about 0 keep their last digits in float32
    mean = _box(small, reach)
    spread = np.maximum(_box(small * small, reach) - mean * mean, 0)
    follow = spread / (spread + np.float32((SOFTEST * CODE8) ** 2))
    level = mean - follow * mean + (1 - follow) * np.float32(GREY)
    follow, level = (
        cv2.resize(_box(part, reach), (width, height), interpolation=cv2.INTER_LINEAR)
        for part in (follow, level)
    )
    return np.asarray(follow * codes + level)


def _box(plane: Array, reach: int) -> Array:
    import cv2

    side = 2 * reach + 1
    return np.asarray(cv2.boxFilter(plane, -1, (side, side), borderType=cv2.BORDER_REPLICATE))
