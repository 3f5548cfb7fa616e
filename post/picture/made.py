"""Made: a picture that no file holds."""

from __future__ import annotations

from post.knob import knob
from post.stage import Setting, parameters, stage
from post.takes.made.source import MAKES
from post.values.claim import DIGITAL_CREATION, Action
from post.values.time import Span


@stage("made", version=1)
class Made(Setting):
    """Black, a colour, the colour bars of SMPTE RP 219 or the ground of a slate, drawn at the film's size. A take asks
    for it by its key `make`. No look, optics, grain, match or repair of the house or the job touches it."""

    does = "frame"
    make: str = knob(choices=MAKES, doc="what is made")
    fill: str = knob(default="#000000", kind="hex", doc="the colour, of `colour` and `slate`")

    def declare(self, where: Span) -> Action:
        return Action("c2pa.drawing", DIGITAL_CREATION, where, parameters(self), f"made here: {self.make}")
