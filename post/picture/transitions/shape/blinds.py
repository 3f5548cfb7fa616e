"""Blinds: slats that turn all at once, or one after the other."""

from __future__ import annotations

import numpy as np

from post.knob import knob
from post.picture.transitions.shape.order import OrderTransition, grid, stretched
from post.stage import parameters, stage
from post.values.array import Array
from post.values.claim import HUMAN_EDITS, Action
from post.values.time import Span


@stage("blinds", version=1)
class Blinds(OrderTransition):
    """The frame in slats, each of which is wiped."""

    count: int = knob(default=10, lo=2, hi=60, doc="of slats")
    along: str = knob(default="horizontal", choices=("horizontal", "vertical"), doc="how the slats lie")
    lag: float = knob(default=0.35, lo=0, hi=1, doc="how much later the last slat starts: 0 is all at once")

    def when(self, height: int, width: int) -> Array:
        x, y = grid(height, width)
        place = (y + 0 * x if self.along == "horizontal" else x + 0 * y) * self.count
        slat = np.floor(place)
        return stretched((1 - self.lag) * (place - slat) + self.lag * slat / (self.count - 1))

    def declare(self, where: Span) -> Action:
        return Action("c2pa.edited", HUMAN_EDITS, where, parameters(self), "blinds")
