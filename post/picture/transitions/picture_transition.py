"""Defines a transition that makes its own picture out of the two shots, and what it is told of each frame."""

from __future__ import annotations

from abc import abstractmethod
from dataclasses import dataclass
from typing import Literal

from post.stage import Planes16, TransitionStage
from post.values.colour import Format

Edge = Literal["cut", "opening", "ending"]


@dataclass(frozen=True, slots=True)
class Moment:
    """One frame of a transition.

    share: of the transition that has passed, above 0 and below 1; place: the frame's number in the transition, from 0;
    length: frames of the transition; seed: of what is random in the frame, the same wherever in a film it lies; film:
    the film's format (planes are smaller where bars surround the picture); edge: "opening" or "ending" where the film
    itself begins or ends: one of the pictures is then black, and the share is 0 in its first frame, 1 in its last.
    """

    share: float
    place: int
    length: int
    seed: int
    film: Format
    edge: Edge = "cut"

    @property
    def frame_share(self) -> float:
        """Returns how much of the transition one frame is."""
        return 1 / (self.length + 1)


class PictureTransition(TransitionStage):
    """A transition that is more than a mix of two frames by one weight.

    `weight` is that of the incoming shot's grain, which is added after the transition.
    """

    def weight(self, share: float) -> float:
        """Returns the weight of the incoming shot's grain, 0..1."""
        return share * share * (3 - 2 * share)

    @abstractmethod
    def mix(self, going: Planes16, coming: Planes16, moment: Moment) -> Planes16:
        """Returns one frame of the transition.

        going, coming: planes of Y', Cb and Cr of the outgoing and the incoming shot, graded and before grain: uint16,
        10-bit limited-range codes times 64, chroma left-sited, without bars. Returns three planes of the same shapes
        and type, every sample written. Must not change its inputs, nor depend on earlier calls: frames come in any
        order, in several processes and threads. At a share of 0 it returns the outgoing picture, at 1 the incoming.
        Raises JobError if the transition cannot be made, for example by a file that cannot be read.
        """
