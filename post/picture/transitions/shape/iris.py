"""Iris: a shape opens in the middle, or closes on it."""

from __future__ import annotations

import numpy as np

from post.knob import knob
from post.picture.transitions.shape.order import OrderTransition, grid, stretched
from post.stage import parameters, stage
from post.values.array import Array
from post.values.claim import HUMAN_EDITS, Action
from post.values.time import Span


@stage("iris", version=1)
class Iris(OrderTransition):
    """A circle, a diamond or a box about a point opens on the next shot; reversed, it closes on this one."""

    shape: str = knob(default="circle", choices=("circle", "diamond", "box"), doc="of the opening")
    x: float = knob(default=0.5, lo=0, hi=1, doc="where it opens, from the left, as a share of the width")
    y: float = knob(default=0.5, lo=0, hi=1, doc="where it opens, from the top, as a share of the height")

    def when(self, height: int, width: int) -> Array:
        x, y = grid(height, width)
        across, down = (x - self.x) * width / height, y - self.y
        if self.shape == "circle":
            return stretched(np.hypot(across, down))
        if self.shape == "diamond":
            return stretched(abs(across) + abs(down))
        return stretched(np.maximum(abs(across), abs(down)))

    def declare(self, where: Span) -> Action:
        return Action("c2pa.edited", HUMAN_EDITS, where, parameters(self), f"iris: {self.shape}")
