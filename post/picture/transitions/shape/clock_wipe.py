"""Clock: a hand turns about a point and brings the next shot with it."""

from __future__ import annotations

import numpy as np

from post.knob import knob
from post.picture.transitions.shape.order import OrderTransition, grid
from post.stage import parameters, stage
from post.values.array import Array
from post.values.claim import HUMAN_EDITS, Action
from post.values.time import Span


@stage("clock", version=1)
class ClockWipe(OrderTransition):
    """One hand or several turn clockwise about a point; reversed, the other way."""

    hands: int = knob(default=1, lo=1, hi=12, doc="how many turn at once")
    start: float = knob(
        default=0.0, lo=0, hi=360, unit="degrees", doc="where the first starts, from twelve o'clock"
    )
    x: float = knob(
        default=0.5, lo=0, hi=1, doc="what they turn about, from the left, as a share of the width"
    )
    y: float = knob(
        default=0.5, lo=0, hi=1, doc="what they turn about, from the top, as a share of the height"
    )

    def when(self, height: int, width: int) -> Array:
        x, y = grid(height, width)
        turn = np.arctan2((x - self.x) * width / height, self.y - y) / (2 * np.pi) - self.start / 360
        return np.asarray(np.mod(turn, 1 / self.hands) * self.hands, np.float32)

    def declare(self, where: Span) -> Action:
        return Action("c2pa.edited", HUMAN_EDITS, where, parameters(self), "clock wipe")
