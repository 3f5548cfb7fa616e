"""Two neighbouring frames, and any frame between them."""

from __future__ import annotations

from functools import cached_property

import numpy as np

from post.picture.between.confidence import Choice, choose
from post.picture.between.mix import astray, mix_at, shares_at
from post.picture.between.motion import Motion, Quality, find_motion, places_between
from post.stage import Planes16
from post.values.array import Array


class FramePair:
    """Two frames one after the other, as planes of 16 bits. Their motion is searched when it is first needed."""

    def __init__(self, before: Planes16, after: Planes16, quality: Quality) -> None:
        self._before, self._after, self._quality = before, after, quality

    @cached_property
    def motion(self) -> Motion:
        """The motion between the two."""
        return find_motion(self._before[0], self._after[0], self._quality)

    @cached_property
    def choice(self) -> Choice:
        """What is shown between the two."""
        return choose(self.motion)

    @cached_property
    def _lost(self) -> tuple[Array, Array]:
        motion = self.motion
        return astray(motion.forward, motion.backward), astray(motion.backward, motion.forward)

    def at(self, t: float) -> Planes16:
        """Returns the frame at `t`, above 0 and below 1: planes like those of the two."""
        if self.choice == "hold":
            return self._after if t >= 0.5 else self._before
        if self.choice == "blend":
            return blend(self._before, self._after, t)
        return self._made(t)

    def _made(self, t: float) -> Planes16:
        """Returns the frame at `t`, made by motion."""
        places = places_between(self.motion, t)
        shares = shares_at(self._lost, places, t)
        y, cb, cr = (mix_at((a, b), places, shares) for a, b in zip(self._before, self._after, strict=True))
        return y, cb, cr


def blend(before: Planes16, after: Planes16, t: float) -> Planes16:
    """Returns `t` (0..1) of the second frame and the rest of the first."""
    import cv2

    y, cb, cr = (np.asarray(cv2.addWeighted(a, 1 - t, b, t, 0)) for a, b in zip(before, after, strict=True))
    return y, cb, cr
