"""Mosaic: one shot breaks into ever larger squares, which become the next."""

from __future__ import annotations

import numpy as np

from post.knob import knob
from post.picture.transitions.picture_transition import Moment, PictureTransition
from post.picture.transitions.tools.ease import between
from post.picture.transitions.tools.mixing import chroma_step, mix_evenly
from post.stage import Planes16, parameters, stage
from post.values.array import Array
from post.values.claim import HUMAN_EDITS, Action
from post.values.time import Span


@stage("mosaic", version=1)
class Mosaic(PictureTransition):
    """Pixels that grow to the middle of the transition and shrink after it."""

    size: float = knob(
        default=8.0, lo=1, hi=40, unit="%", doc="of the largest squares, of the frame's height"
    )

    def mix(self, going: Planes16, coming: Planes16, moment: Moment) -> Planes16:
        share = moment.share
        largest = self.size / 100 * going[0].shape[0]
        grown = min(share, 1 - share) / 0.5
        side = 2 * round(largest**grown / 2)
        seen = between(share, 0.4, 0.6)
        if seen <= 0:
            return _squares(going, side)
        if seen >= 1:
            return _squares(coming, side)
        return mix_evenly(_squares(going, side), _squares(coming, side), seen)

    def declare(self, where: Span) -> Action:
        return Action("c2pa.edited", HUMAN_EDITS, where, parameters(self), "mosaic")


def _squares(planes: Planes16, side: int) -> Planes16:
    """Returns the picture in squares of `side` luma samples, an even number, laid out about the middle."""
    if side < 2:
        return planes
    across, down = chroma_step(planes)
    y, cb, cr = (
        _cells(plane, (side, side) if plane is planes[0] else (side // down, side // across))
        for plane in planes
    )
    return y, cb, cr


def _cells(plane: Array, side: tuple[int, int]) -> Array:
    """Returns means over cells of (rows, columns), which begin so that the frame's middle is a corner of four."""
    import cv2

    height, width = plane.shape
    rows, columns = side
    lead = [-(size // 2) % step for size, step in ((height, rows), (width, columns))]
    tail = [-(size + before) % step for size, before, step in zip((height, width), lead, side, strict=True)]
    wide = np.asarray(
        cv2.copyMakeBorder(
            np.ascontiguousarray(plane), lead[0], tail[0], lead[1], tail[1], cv2.BORDER_REFLECT
        )
    )
    size = (wide.shape[1] // columns, wide.shape[0] // rows)
    small = np.asarray(cv2.resize(wide, size, interpolation=cv2.INTER_AREA))
    full = small.repeat(rows, 0).repeat(columns, 1)
    return np.ascontiguousarray(full[lead[0] : lead[0] + height, lead[1] : lead[1] + width])
