"""Transitions in which both pictures take part in one fast camera move, and one dissolves into the other within it."""

from __future__ import annotations

from abc import abstractmethod
from dataclasses import dataclass

from post.knob import knob
from post.picture.transitions.picture_transition import Moment, PictureTransition
from post.picture.transitions.tools.ease import EASE, EASES, between, eased, speed
from post.picture.transitions.tools.mixing import mix_evenly
from post.stage import Planes16

# The part of the transition in which both pictures are seen: the middle, where they move fastest.
FIRST, LAST = 0.41, 0.59


@dataclass(frozen=True, kw_only=True)
class CameraMove(PictureTransition):
    """A move that starts on the outgoing picture and ends on the incoming one."""

    blur: float = knob(
        default=0.6,
        lo=0,
        hi=2,
        doc="length of the motion blur, in shares of a frame's movement; 0.5 is a 180 degree shutter",
    )
    ease: str = knob(default="strong", choices=EASES, doc=EASE)

    @abstractmethod
    def move(self, picture: Planes16, way: float, shutter: float) -> Planes16:
        """Returns a picture that has come `way` (-1..1) of the whole move; 0 is at rest.

        shutter: how much of the move its exposure takes.
        """

    def mix(self, going: Planes16, coming: Planes16, moment: Moment) -> Planes16:
        way = eased(moment.share, self.ease)
        shutter = self.blur * speed(moment.share, self.ease) * moment.frame_share
        seen = between(moment.share, FIRST, LAST)
        if seen <= 0:
            return self.move(going, way, shutter)
        arriving = self.move(coming, way - 1, shutter)
        return arriving if seen >= 1 else mix_evenly(self.move(going, way, shutter), arriving, seen)
