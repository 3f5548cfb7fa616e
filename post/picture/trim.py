"""Trim: the part of a take that a shot uses."""

from __future__ import annotations

from post.knob import knob
from post.stage import Setting, parameters, stage
from post.values.claim import HUMAN_EDITS, Action
from post.values.time import Span


@stage("trim", version=1)
class Trim(Setting):
    """A part of a take: from `start`, for `length` of film time. The planner makes one for each shot."""

    does = "time"
    start: str = knob(default="0s", kind="duration", doc="where in the take the shot starts")
    length: str = knob(kind="duration", doc="how long the shot is on screen")

    def declare(self, where: Span) -> Action:
        return Action("c2pa.trimmed", HUMAN_EDITS, where, parameters(self), "trimmed to the shot")
