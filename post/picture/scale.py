"""Scale: the size a source is brought to."""

from __future__ import annotations

from post.knob import knob
from post.stage import Setting, parameters, stage
from post.values.claim import Action
from post.values.time import Span


@stage("scale", version=1)
class Scale(Setting):
    """Lanczos scaling in square pixels that keeps the aspect ratio. The planner adds it where a source's size is not
    the film's."""

    does = "frame"
    width: int = knob(lo=16, hi=16384, unit="px", doc="width of the film")
    height: int = knob(lo=16, hi=16384, unit="px", doc="height of the film")

    def declare(self, where: Span) -> Action:
        return Action("c2pa.resized.proportional", "", where, parameters(self), "scaled to the film")
