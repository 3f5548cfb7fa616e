"""Dissolve: one shot fades into the next."""

from __future__ import annotations

from post.knob import knob
from post.stage import TransitionStage, parameters, stage
from post.values.claim import HUMAN_EDITS, Action
from post.values.time import Span


@stage("dissolve", version=1)
class Dissolve(TransitionStage):
    """A mix of finished colour, before grain, so that grain does not thin out in the middle."""

    curve: str = knob(
        default="linear", choices=("linear", "smooth"), doc="how the mix goes from the one shot to the other"
    )

    def weight(self, share: float) -> float:
        return share if self.curve == "linear" else share * share * (3 - 2 * share)

    def declare(self, where: Span) -> Action:
        return Action("c2pa.edited", HUMAN_EDITS, where, parameters(self), "dissolve")
