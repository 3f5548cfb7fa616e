"""Push: the next shot pushes this one out of the frame."""

from __future__ import annotations

from post.knob import knob
from post.picture.transitions.motion.direction import DIRECTION, DIRECTIONS
from post.picture.transitions.picture_transition import Moment, PictureTransition
from post.picture.transitions.tools.ease import EASE, EASES, eased
from post.picture.transitions.tools.mixing import mix_masked
from post.picture.transitions.tools.seam import edge_mask
from post.picture.transitions.tools.warping import shift, warp
from post.stage import Planes16, parameters, stage
from post.values.claim import HUMAN_EDITS, Action
from post.values.time import Span


@stage("push", version=1)
class Push(PictureTransition):
    """Both pictures move together, edge to edge, by fractions of a sample."""

    direction: str = knob(default="left", choices=tuple(DIRECTIONS), doc=DIRECTION)
    ease: str = knob(default="smooth", choices=EASES, doc=EASE)

    def mix(self, going: Planes16, coming: Planes16, moment: Moment) -> Planes16:
        height, width = going[0].shape
        right, down = DIRECTIONS[self.direction]
        way = eased(moment.share, self.ease)
        moved = (right * way * width, down * way * height)
        rest = (moved[0] - right * width, moved[1] - down * height)
        return mix_masked(
            warp(going, shift(*moved), "edge"),
            warp(coming, shift(*rest), "edge"),
            edge_mask((height, width), (right, down), moved),
        )

    def declare(self, where: Span) -> Action:
        return Action("c2pa.edited", HUMAN_EDITS, where, parameters(self), f"push {self.direction}")
