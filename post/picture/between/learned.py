"""Frames between two frames by a trained network: by halves, and along the motion of the search within the last."""

from __future__ import annotations

from functools import cached_property

import numpy as np

from post.picture.between.mix import mix_at
from post.picture.between.motion import pixel_grid
from post.picture.between.network import run_network
from post.picture.between.pair import FramePair
from post.picture.repair.codes import BLACK, CHROMA, GREY, LUMA, resize_like
from post.stage import Planes16
from post.values.array import Array

HALVINGS = 2  # each is a run of the network; within the quarter that is left, motion is searched
NEAR = 1 / 64


class LearnedPair(FramePair):
    """Two frames one after the other; what is between is made by the network, where motion is followed at all."""

    def __init__(self, before: Planes16, after: Planes16, halvings: int = HALVINGS) -> None:
        super().__init__(before, after, "flow")
        self._halvings = halvings

    def _made(self, t: float) -> Planes16:
        if not self._halvings:
            return super()._made(t)
        if abs(t - 0.5) < NEAR:
            return self._middle
        first, second = self._halves
        return first.at(2 * t) if t < 0.5 else second.at(2 * t - 1)

    @cached_property
    def _halves(self) -> tuple[LearnedPair, LearnedPair]:
        rest = self._halvings - 1
        return LearnedPair(self._before, self._middle, rest), LearnedPair(self._middle, self._after, rest)

    @cached_property
    def _middle(self) -> Planes16:
        motion, share = run_network(np.concatenate([_rgb(self._before), _rgb(self._after)]))
        there = [np.moveaxis(part, 0, -1) + pixel_grid(share.shape) for part in (motion[:2], motion[2:])]
        places = (there[0], there[1])
        y, cb, cr = (
            mix_at((a, b), places, 1 - share) for a, b in zip(self._before, self._after, strict=True)
        )
        return y, cb, cr


def _rgb(planes: Planes16) -> Array:
    """Returns R'G'B' of planes, 0..1, (3, height, width) float32, as if they were BT.709: the network only looks for
    motion in it."""
    luma = (planes[0].astype(np.float32) - BLACK) / LUMA
    cb, cr = ((resize_like(plane.astype(np.float32), luma) - GREY) / CHROMA for plane in planes[1:])
    # H.273, the inverse of matrix 1.
    rgb = np.stack([luma + 1.5748 * cr, luma - 0.1873 * cb - 0.4681 * cr, luma + 1.8556 * cb])
    return np.asarray(np.clip(rgb, 0, 1), np.float32)
