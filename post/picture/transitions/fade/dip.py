"""Dip: one shot fades to a colour, and the next one comes out of it."""

from __future__ import annotations

from post.knob import knob
from post.picture.transitions.picture_transition import Moment, PictureTransition
from post.picture.transitions.tools.ease import EASE, EASES, eased
from post.picture.transitions.tools.mixing import colour_codes, mix_evenly, plain_picture
from post.stage import Planes16, parameters, stage
from post.values.claim import HUMAN_EDITS, Action
from post.values.time import Span

# Where the film begins or ends, half a dip is the whole fade.
_HALF = {"cut": (1.0, 0.0), "opening": (0.5, 0.5), "ending": (0.5, 0.0)}


@stage("dip", version=1)
class Dip(PictureTransition):
    """To black, white or a colour and out of it. At the start of a film it comes out of the colour, at its end it goes
    to it."""

    colour: str = knob(default="#000000", kind="hex", doc="what it dips to: #000000 is black, #ffffff white")
    hold: float = knob(
        default=0.0, lo=0, hi=80, unit="%", doc="of the transition that shows the colour alone"
    )
    ease: str = knob(default="smooth", choices=EASES, doc=EASE)

    def mix(self, going: Planes16, coming: Planes16, moment: Moment) -> Planes16:
        scale, start = _HALF[moment.edge]
        share = start + scale * moment.share
        plain = plain_picture(colour_codes(self.colour, moment.film.colour), going)
        fade = (1 - self.hold / 100) / 2
        left = min(share, 1 - share) / fade
        if left >= 1:
            return plain
        return mix_evenly(going if share < 0.5 else coming, plain, eased(left, self.ease))

    def declare(self, where: Span) -> Action:
        return Action("c2pa.edited", HUMAN_EDITS, where, parameters(self), f"dip to {self.colour}")
