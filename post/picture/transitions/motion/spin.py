"""Spin: one fast turn of the camera from one shot into the next."""

from __future__ import annotations

import math

from post.knob import knob
from post.picture.transitions.motion.camera_move import CameraMove
from post.picture.transitions.tools.blurring import expose
from post.picture.transitions.tools.warping import middle, turn_and_scale, warp
from post.stage import Planes16, parameters, stage
from post.values.claim import HUMAN_EDITS, Action
from post.values.time import Span


@stage("spin", version=1)
class Spin(CameraMove):
    """Both pictures turn about the middle, blurred by the turn. Beyond their edges they are mirrored."""

    angle: float = knob(default=120.0, lo=15, hi=720, unit="degrees", doc="how far the camera turns")
    direction: str = knob(
        default="clockwise", choices=("clockwise", "counter"), doc="which way the pictures turn"
    )

    def move(self, picture: Planes16, way: float, shutter: float) -> Planes16:
        degrees = self.angle * (1 if self.direction == "clockwise" else -1)
        moved = warp(picture, turn_and_scale(degrees * way, 1, middle(picture)), "mirror")
        opened = degrees * shutter
        reach = math.radians(abs(opened)) * math.hypot(*picture[0].shape) / 2
        return expose(moved, turn_and_scale(opened, 1, middle(picture)), reach)

    def declare(self, where: Span) -> Action:
        return Action("c2pa.edited", HUMAN_EDITS, where, parameters(self), f"spin {self.direction}")
