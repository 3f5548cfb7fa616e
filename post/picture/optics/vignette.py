"""Vignette: light that a lens loses towards the corners."""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from post.knob import knob
from post.picture.optics.light import EXPONENT
from post.stage import FrameEffect, parameters, stage
from post.values.array import Array
from post.values.claim import ALGORITHMIC, Action
from post.values.time import Span


@stage("vignette", version=1)
class Vignette(FrameEffect):
    """Makes corners darker than the middle, in stops of light; below 0, brighter (to undo a lens's own)."""

    stops: float = knob(default=0.0, lo=-4, hi=4, unit="stops", doc="light lost in the corners; 0 is none")
    start: float = knob(
        default=0.3, lo=0, hi=0.95, doc="where it begins, as a share of the way from the middle to a corner"
    )
    roundness: float = knob(
        default=0.0, lo=0, hi=1, doc="0 follows the frame's shape, 1 is a circle in any frame"
    )

    def frames(self, rgb: Array, frame: int) -> Array:  # noqa: ARG002  every frame alike
        if self.stops == 0:
            return rgb
        gain = _gain(self, rgb.shape[0], rgb.shape[1])
        return np.asarray(rgb * gain[..., None])

    def declare(self, where: Span) -> Action | None:
        if self.stops == 0:
            return None
        return Action("c2pa.filtered", ALGORITHMIC, where, parameters(self), "vignette")


@lru_cache(maxsize=4)
def _gain(vignette: Vignette, height: int, width: int) -> Array:
    """Returns the factor for R'G'B' at each pixel, (height, width) float32.

    On a display with an exponent of 2.4, light times g is R'G'B' times g ** (1 / 2.4), so nothing is linearised.
    """
    down = (np.arange(height) + 0.5) / height * 2 - 1
    across = (np.arange(width) + 0.5) / width * 2 - 1
    longer = max(height, width)
    tall, wide = (1 + vignette.roundness * (side / longer - 1) for side in (height, width))
    far = np.hypot(down[:, None] * tall, across[None] * wide) / np.hypot(tall, wide)
    share = np.clip((far - vignette.start) / (1 - vignette.start), 0, 1)
    # Its slope is 0 where it begins and rises to the corner, as the fourth power of a cosine does.
    lost = vignette.stops * share**2
    return np.asarray(2.0 ** (-lost / EXPONENT), np.float32)
