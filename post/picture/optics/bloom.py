"""Bloom: a diffusion filter scatters light around bright things."""

from __future__ import annotations

import numpy as np

from post.knob import knob
from post.picture.optics.light import blur, decode_light, encode_light, share_of_height
from post.stage import FrameEffect, parameters, stage
from post.values.array import Array
from post.values.claim import ALGORITHMIC, Action
from post.values.time import Span

# Shares of the light, and radii, of two Gaussians: a filter's particles scatter narrowly and widely.
NARROW, WIDE = (0.6, 0.35), (0.4, 1.6)


@stage("bloom", version=1)
class Bloom(FrameEffect):
    """Scatters a share of the light around its place, as a mist filter does: lights glow, blacks lift.

    The total of the light stays the same: it is moved, not added.
    """

    strength: float = knob(
        default=0.0, lo=0, hi=50, unit="%", doc="share of the light that is scattered; 0 is none, 12 is a lot"
    )
    radius: float = knob(
        default=2.0, lo=0.1, hi=20, unit="%", doc="how far, as a share of the frame's height (half the light)"
    )
    threshold: float = knob(
        default=0.0, lo=0, hi=0.95,
        doc="light (1 is white) above which it scatters; 0 is a real filter, higher spares the shadows",
    )  # fmt: skip

    def frames(self, rgb: Array, frame: int) -> Array:  # noqa: ARG002  every frame alike
        if self.strength == 0:
            return rgb
        light = decode_light(rgb)
        source = np.maximum(light - np.float32(self.threshold), np.float32(0))
        share, wide = np.float32(self.strength / 100), share_of_height(self.radius, rgb)
        for part, times in (NARROW, WIDE):
            light += share * np.float32(part) * blur(source, wide * times)
        light -= share * source
        return encode_light(light)

    def declare(self, where: Span) -> Action | None:
        if self.strength == 0:
            return None
        return Action("c2pa.filtered", ALGORITHMIC, where, parameters(self), "bloom")
