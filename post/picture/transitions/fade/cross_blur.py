"""Cross-blur: one shot goes out of focus, the next comes into it."""

from __future__ import annotations

import math

from post.knob import knob
from post.picture.transitions.picture_transition import Moment, PictureTransition
from post.picture.transitions.tools.blurring import blur
from post.picture.transitions.tools.ease import between
from post.picture.transitions.tools.mixing import mix_evenly
from post.stage import Planes16, parameters, stage
from post.values.claim import HUMAN_EDITS, Action
from post.values.time import Span


@stage("cross-blur", version=1)
class CrossBlur(PictureTransition):
    """A dissolve through blur: both pictures are softest where they mix."""

    radius: float = knob(
        default=4.0, lo=0.2, hi=20, unit="%", doc="of the blur in the middle, of the frame's height"
    )

    def mix(self, going: Planes16, coming: Planes16, moment: Moment) -> Planes16:
        share = moment.share
        sigma = self.radius / 100 * going[0].shape[0]
        seen = between(share, 0.25, 0.75)
        if seen <= 0:
            return blur(going, sigma * _opened(share / 0.75))
        arriving = blur(coming, sigma * _opened((1 - share) / 0.75))
        return (
            arriving if seen >= 1 else mix_evenly(blur(going, sigma * _opened(share / 0.75)), arriving, seen)
        )

    def declare(self, where: Span) -> Action:
        return Action("c2pa.edited", HUMAN_EDITS, where, parameters(self), "cross-blur")


def _opened(share: float) -> float:
    return math.sin(min(share, 1.0) * math.pi / 2) ** 2
