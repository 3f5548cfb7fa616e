"""Wipe: an edge of a standard shape uncovers the next shot."""

from __future__ import annotations

import numpy as np

from post.errors import JobError
from post.knob import knob
from post.picture.transitions.shape.order import OrderTransition, grid, stretched
from post.picture.transitions.shape.wipe_codes import WIPES
from post.stage import parameters, stage
from post.values.array import Array
from post.values.claim import HUMAN_EDITS, Action
from post.values.time import Span


@stage("wipe", version=1)
class Wipe(OrderTransition):
    """An edge moves over the frame, in one of the shapes that SMPTE numbers. Editors know them by these numbers."""

    code: int = knob(
        default=1, lo=1, hi=254, source="SMPTE 258M",
        doc="1 bar from the left, 2 from the top, 3 to 8 boxes, 21 and 22 barn doors, 23 to 26 boxes from a side, "
        "41 to 48 diagonals, 61 to 68 points and Vs, 101 box, 102 diamond, 119 circle, 120 and 121 ellipses, 201 to "
        "214 clocks and fans, 221 to 244 hands and fans about a side or a corner, 251 to 254 saloon doors",
    )  # fmt: skip

    def agree(self) -> None:
        """Checks that the code is one that is made here. Raises JobError if it is not."""
        if self.code not in WIPES:
            known = ", ".join(map(str, WIPES))
            raise JobError("no wipe of this code", where="wipe.code", expected=known, got=self.code)

    def when(self, height: int, width: int) -> Array:
        x, y = grid(height, width)
        _, order = WIPES[self.code]
        return stretched(np.broadcast_to(order(x, y, width / height), (height, width)))

    def declare(self, where: Span) -> Action:
        return Action("c2pa.edited", HUMAN_EDITS, where, parameters(self), f"wipe: {WIPES[self.code][0]}")
