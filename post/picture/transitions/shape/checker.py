"""Checker: every second square turns first, the others follow."""

from __future__ import annotations

import numpy as np

from post.knob import knob
from post.picture.transitions.shape.order import OrderTransition, grid, stretched
from post.stage import parameters, stage
from post.values.array import Array
from post.values.claim import HUMAN_EDITS, Action
from post.values.time import Span


@stage("checker", version=1)
class Checker(OrderTransition):
    """A board of squares, each of which is wiped from its left."""

    rows: int = knob(default=6, lo=2, hi=40, doc="of squares; columns follow, so that they are squares")

    def when(self, height: int, width: int) -> Array:
        x, y = grid(height, width)
        columns = max(2, round(self.rows * width / height))
        across, down = x * columns, y * self.rows
        late = np.mod(np.floor(across) + np.floor(down), 2)
        return stretched((across - np.floor(across) + late) / 2 + 0 * y)

    def declare(self, where: Span) -> Action:
        return Action("c2pa.edited", HUMAN_EDITS, where, parameters(self), "checker")
