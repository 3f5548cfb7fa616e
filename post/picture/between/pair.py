"""Two neighbouring frames, and any frame between them."""

from __future__ import annotations

from functools import cached_property

import numpy as np

from post.picture.between.confidence import Choice, choose
from post.picture.between.hedge import hedge_at
from post.picture.between.mix import LEAN, astray, mix_at, shares_at
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
        forward, backward = self.motion.coarse
        return self._astray(forward, backward), self._astray(backward, forward)

    def _astray(self, there: Array, back: Array) -> Array:
        """Returns `astray` of two coarse motions for each pixel of the half-size frame."""
        import cv2

        missed = 2 * astray(there / 2, back / 2)
        return np.asarray(cv2.resize(missed, self.motion.before.shape[::-1]))

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
        leans = np.minimum(np.abs(shares - np.float32(t)) / np.float32(min(LEAN, t, 1 - t)), 1)
        hedge = hedge_at(self.motion, places, leans, t)
        pairs = zip(self._before, self._after, strict=True)
        # What a cubic adds to chroma is not seen, and takes three times the time.
        y, cb, cr = (
            mix_at(pair, places, shares, hedge, cubic=plane == 0) for plane, pair in enumerate(pairs)
        )
        return y, cb, cr


def blend(before: Planes16, after: Planes16, t: float) -> Planes16:
    """Returns `t` (0..1) of the second frame and the rest of the first."""
    import cv2

    y, cb, cr = (np.asarray(cv2.addWeighted(a, 1 - t, b, t, 0)) for a, b in zip(before, after, strict=True))
    return y, cb, cr
