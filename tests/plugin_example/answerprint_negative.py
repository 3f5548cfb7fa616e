"""Film negatives, as a stage for Answerprint."""

import numpy as np

from post.knob import knob
from post.stage import ColourStage, parameters, stage
from post.values.array import Array
from post.values.claim import HUMAN_EDITS, Action
from post.values.time import Span

ORANGE = np.array((1.0, 0.62, 0.4))  # R'G'B' of a colour negative's base


@stage("negative", version=1)
class Negative(ColourStage):
    """A picture turned into its negative."""

    amount: float = knob(
        default=1.0, lo=0, hi=1, doc="0 leaves the picture as it is, 1 is the whole negative"
    )
    base: float = knob(default=0.0, lo=0, hi=1, doc="how orange the film base is; 0 is clear")

    def colour(self, rgb: Array) -> Array:
        negative = (1 - rgb) * (1 - self.base * (1 - ORANGE))
        return np.asarray(rgb + (negative - rgb) * self.amount)

    def declare(self, where: Span) -> Action | None:
        if self.amount == 0:
            return None
        return Action("c2pa.adjustedColor", HUMAN_EDITS, where, parameters(self), "negative")
