"""Ripple: rings run over the picture as over water, and the next shot comes up through them."""

from __future__ import annotations

import math

import numpy as np

from post.knob import knob
from post.picture.transitions.picture_transition import Moment, PictureTransition
from post.picture.transitions.tools.ease import between
from post.picture.transitions.tools.mixing import mix_evenly
from post.picture.transitions.tools.warping import displace
from post.stage import Planes16, parameters, stage
from post.values.array import Array
from post.values.claim import HUMAN_EDITS, Action
from post.values.time import Span


@stage("ripple", version=1)
class Ripple(PictureTransition):
    """Both pictures are bent by the same rings while one dissolves into the other."""

    height: float = knob(default=4.0, lo=0.1, hi=10, unit="%", doc="of the waves, of the frame's height")
    length: float = knob(default=14.0, lo=4, hi=60, unit="%", doc="of a wave, of the frame's height")
    speed: float = knob(default=2.0, lo=0, hi=8, doc="how many waves pass during the transition")

    def mix(self, going: Planes16, coming: Planes16, moment: Moment) -> Planes16:
        rows, columns = going[0].shape
        strength = math.sin(math.pi * moment.share) ** 2 * self.height / 100 * rows
        middle = np.float32((columns - 1) / 2), np.float32((rows - 1) / 2)
        number = 2 * math.pi / (self.length / 100 * rows)
        phase = 2 * math.pi * self.speed * moment.share
        reach = math.hypot(rows, columns) / 2

        def move(x: Array, y: Array) -> tuple[Array, Array]:
            dx, dy = x - middle[0], y - middle[1]
            radius = np.hypot(dx, dy)
            wave = np.sin(radius * number - phase) * strength * np.exp(-radius / reach * 1.2)
            away = wave / np.maximum(radius, np.float32(self.length / 100 * rows / 4))
            return dx * away, dy * away

        seen = between(moment.share, 0.25, 0.75)
        if seen <= 0:
            return displace(going, move)
        arriving = displace(coming, move)
        return arriving if seen >= 1 else mix_evenly(displace(going, move), arriving, seen)

    def declare(self, where: Span) -> Action:
        return Action("c2pa.edited", HUMAN_EDITS, where, parameters(self), "ripple")
