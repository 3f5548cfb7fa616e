"""Split: this shot parts in the middle and its halves move aside."""

from __future__ import annotations

import numpy as np

from post.knob import knob
from post.picture.transitions.picture_transition import Moment, PictureTransition
from post.picture.transitions.tools.ease import EASE, EASES, eased
from post.picture.transitions.tools.mixing import mix_masked
from post.picture.transitions.tools.seam import edge_mask
from post.picture.transitions.tools.warping import shift, warp
from post.stage import Planes16, parameters, stage
from post.values.claim import HUMAN_EDITS, Action
from post.values.time import Span


@stage("split", version=1)
class Split(PictureTransition):
    """The halves slide apart and uncover the next shot."""

    along: str = knob(
        default="vertical", choices=("vertical", "horizontal"),
        doc="the line that it parts at: the halves of vertical move left and right, of horizontal up and down",
    )  # fmt: skip
    ease: str = knob(default="smooth", choices=EASES, doc=EASE)

    def mix(self, going: Planes16, coming: Planes16, moment: Moment) -> Planes16:
        height, width = going[0].shape
        upright = self.along == "vertical"
        half = (width if upright else height) // 4 * 2
        way = eased(moment.share, self.ease)
        first = _moved(_part(going, upright, 0, half), upright, -way)
        last = _moved(_part(going, upright, half, None), upright, way)
        axis = 1 if upright else 0
        above = [np.concatenate(pair, axis) for pair in zip(first[0], last[0], strict=True)]
        mask = np.concatenate([first[1], last[1]], axis)
        return mix_masked((above[0], above[1], above[2]), coming, mask)

    def declare(self, where: Span) -> Action:
        return Action("c2pa.edited", HUMAN_EDITS, where, parameters(self), f"split, {self.along}")


def _part(planes: Planes16, upright: bool, first: int, stop: int | None) -> Planes16:
    """Returns columns (or rows) of a picture, given in luma samples."""
    y, cb, cr = (
        plane[:, _scaled(first, scale) : _scaled(stop, scale)]
        if upright
        else plane[_scaled(first, scale) : _scaled(stop, scale)]
        for plane in planes
        for scale in [planes[0].shape[1 if upright else 0] // plane.shape[1 if upright else 0]]
    )
    return y, cb, cr


def _scaled(place: int | None, scale: int) -> int | None:
    return None if place is None else place // scale


def _moved(part: Planes16, upright: bool, way: float) -> tuple[Planes16, np.ndarray]:
    """Returns a half that has moved by `way` of its own size, and where the picture below is seen."""
    height, width = part[0].shape
    moved = (way * width, 0.0) if upright else (0.0, way * height)
    side = 1 if way > 0 else -1
    towards = (side, 0) if upright else (0, side)
    return warp(part, shift(*moved), "edge"), edge_mask((height, width), towards, moved)
