"""Whip pan: the camera is swung from one shot to the next, so fast that the picture becomes streaks."""

from __future__ import annotations

from post.knob import knob
from post.picture.transitions.motion.camera_move import CameraMove
from post.picture.transitions.motion.direction import DIRECTION, DIRECTIONS
from post.picture.transitions.tools.blurring import streak
from post.picture.transitions.tools.warping import shift, warp
from post.stage import Planes16, parameters, stage
from post.values.claim import HUMAN_EDITS, Action
from post.values.time import Span


@stage("whip-pan", version=1)
class WhipPan(CameraMove):
    """Both pictures race in one direction, blurred along it. Beyond its edges each is mirrored: no edge is seen."""

    direction: str = knob(default="left", choices=tuple(DIRECTIONS), doc=DIRECTION)
    travel: float = knob(default=1.5, lo=0.5, hi=6, doc="how far, in widths (or heights) of the frame")

    def move(self, picture: Planes16, way: float, shutter: float) -> Planes16:
        height, width = picture[0].shape
        right, down = DIRECTIONS[self.direction]
        across, along = right * self.travel * width, down * self.travel * height
        moved = warp(picture, shift(across * way, along * way), "mirror")
        return streak(moved, abs(across + along) * shutter, down != 0)

    def declare(self, where: Span) -> Action:
        return Action("c2pa.edited", HUMAN_EDITS, where, parameters(self), f"whip pan {self.direction}")
