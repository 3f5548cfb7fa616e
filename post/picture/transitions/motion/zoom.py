"""Zoom: a fast zoom from one shot into the next."""

from __future__ import annotations

import math

from post.knob import knob
from post.picture.transitions.motion.camera_move import CameraMove
from post.picture.transitions.tools.blurring import expose
from post.picture.transitions.tools.warping import middle, turn_and_scale, warp
from post.stage import Planes16, parameters, stage
from post.values.claim import HUMAN_EDITS, Action
from post.values.time import Span


@stage("zoom", version=1)
class Zoom(CameraMove):
    """The outgoing picture grows, the next one grows up to its size; both are blurred by the zoom."""

    amount: float = knob(default=3.0, lo=1.1, hi=8, doc="how many times each picture's size changes")
    direction: str = knob(default="in", choices=("in", "out"), doc="in comes closer, out goes away")

    def move(self, picture: Planes16, way: float, shutter: float) -> Planes16:
        rate = math.log(self.amount) * (1 if self.direction == "in" else -1)
        moved = warp(picture, turn_and_scale(0, math.exp(rate * way), middle(picture)), "mirror")
        opened = rate * shutter
        reach = abs(opened) * math.hypot(*picture[0].shape) / 2
        return expose(moved, turn_and_scale(0, math.exp(opened), middle(picture)), reach)

    def declare(self, where: Span) -> Action:
        return Action("c2pa.edited", HUMAN_EDITS, where, parameters(self), f"zoom {self.direction}")
