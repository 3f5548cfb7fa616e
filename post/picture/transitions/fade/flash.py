"""Flash: the exposure opens until all is white, and the next shot comes out of the light."""

from __future__ import annotations

from post.knob import knob
from post.picture.transitions.picture_transition import Moment, PictureTransition
from post.picture.transitions.tools.ease import between
from post.picture.transitions.tools.lighting import expose_by
from post.picture.transitions.tools.mixing import mix_evenly
from post.stage import Planes16, parameters, stage
from post.values.claim import HUMAN_EDITS, Action
from post.values.time import Span


@stage("flash", version=1)
class Flash(PictureTransition):
    """Bright parts burn out first, as when a camera is overexposed; the flash comes fast and goes slowly."""

    stops: float = knob(default=6.0, lo=1, hi=8, unit="stops", doc="how far the exposure opens")
    peak: float = knob(default=0.35, lo=0.1, hi=0.9, doc="when it is brightest, as a share of the transition")

    def mix(self, going: Planes16, coming: Planes16, moment: Moment) -> Planes16:
        share = moment.share
        before = share < self.peak
        near = share / self.peak if before else (1 - share) / (1 - self.peak)
        stops = self.stops * near**2
        seen = between(share, self.peak * 0.75, self.peak + (1 - self.peak) * 0.15)
        if seen <= 0:
            return expose_by(going, stops)
        arriving = expose_by(coming, stops)
        return arriving if seen >= 1 else mix_evenly(expose_by(going, stops), arriving, seen)

    def declare(self, where: Span) -> Action:
        return Action("c2pa.edited", HUMAN_EDITS, where, parameters(self), "flash")
