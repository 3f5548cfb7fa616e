"""Slide: the next shot slides over this one, or this one slides off the next."""

from __future__ import annotations

import numpy as np

from post.knob import knob
from post.picture.transitions.motion.direction import DIRECTION, DIRECTIONS
from post.picture.transitions.picture_transition import Moment, PictureTransition
from post.picture.transitions.tools.ease import EASE, EASES, eased
from post.picture.transitions.tools.mixing import mix_masked, plain_picture
from post.picture.transitions.tools.seam import edge_mask
from post.picture.transitions.tools.warping import shift, warp
from post.stage import Planes16, parameters, stage
from post.values.array import Array
from post.values.claim import HUMAN_EDITS, Action
from post.values.time import Span
from post.values.ycbcr import code_range

REACH = 0.06  # of the shadow, of the frame's side along which it moves


@stage("slide", version=1)
class Slide(PictureTransition):
    """One picture lies still, the other moves over it, with a soft shadow at its edge."""

    mode: str = knob(
        default="cover",
        choices=("cover", "uncover"),
        doc="cover moves the next shot in, uncover this one out",
    )
    direction: str = knob(default="left", choices=tuple(DIRECTIONS), doc=DIRECTION)
    shadow: float = knob(
        default=0.35, lo=0, hi=1, doc="strength of the shadow on the picture below; 0 is none"
    )
    ease: str = knob(default="smooth", choices=EASES, doc=EASE)

    def mix(self, going: Planes16, coming: Planes16, moment: Moment) -> Planes16:
        height, width = going[0].shape
        right, down = DIRECTIONS[self.direction]
        way = eased(moment.share, self.ease)
        moved = (right * way * width, down * way * height)
        rest = (moved[0] - right * width, moved[1] - down * height)
        mask = edge_mask((height, width), (right, down), moved)
        if self.mode == "cover":
            below, above = going, warp(coming, shift(*rest), "edge")
        else:
            below, above, mask = coming, warp(going, shift(*moved), "edge"), np.float32(1) - mask
        if self.shadow:
            dark = plain_picture((int(code_range("limited", 16).black), 1 << 15, 1 << 15), below)
            below = mix_masked(below, dark, self._shade(mask, (right, down), way))
        return mix_masked(below, above, mask)

    def _shade(self, above: Array, towards: tuple[int, int], way: float) -> Array:
        """Returns how dark the picture below is, 0..1: most at the edge of the one above; none at rest."""
        axis = 1 if towards[0] else 0
        line = above.max(axis=1 - axis)
        length = len(line)
        inside = np.flatnonzero(line > 0)
        place = np.arange(length, dtype=np.float32)
        if not len(inside):
            return np.zeros_like(above)
        away = np.maximum(inside[0] - place, place - inside[-1]) / np.float32(REACH * length)
        strength = self.shadow * min(1.0, 12 * min(way, 1 - way))
        shade = (strength * np.exp(-np.maximum(away, 0) * 3)).astype(np.float32)
        wide = shade[None, :] if axis else shade[:, None]
        return np.ascontiguousarray(np.broadcast_to(wide, above.shape))

    def declare(self, where: Span) -> Action:
        return Action("c2pa.edited", HUMAN_EDITS, where, parameters(self), f"{self.mode} {self.direction}")
