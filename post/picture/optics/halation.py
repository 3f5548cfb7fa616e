"""Halation: light passes through the film, is reflected by its base, and exposes it again from behind."""

from __future__ import annotations

import numpy as np

from post.knob import knob
from post.picture.optics.light import blur, decode_light, encode_light, share_of_height
from post.stage import FrameEffect, parameters, stage
from post.values.array import Array
from post.values.claim import ALGORITHMIC, Action
from post.values.time import Span


@stage("halation", version=1)
class Halation(FrameEffect):
    """A warm glow around lights, strongest against dark surroundings, as on film without its backing.

    The red layer lies nearest to the base, which reflects the light: so the glow is red.
    """

    strength: float = knob(
        default=0.0, lo=0, hi=50, unit="%", doc="share of a light that comes back; 0 is none, 10 is a lot"
    )
    radius: float = knob(
        default=0.8, lo=0.1, hi=10, unit="%", doc="of the glow, as a share of the frame's height"
    )
    threshold: float = knob(
        default=0.5,
        lo=0,
        hi=0.95,
        doc="light (1 is white) above which it comes back: a backing stops the rest",
    )
    colour: str = knob(default="#ff4018", kind="hex", doc="the glow's colour, as a display shows it")

    def frames(self, rgb: Array, frame: int) -> Array:  # noqa: ARG002  every frame alike
        if self.strength == 0:
            return rgb
        light = decode_light(rgb)
        # Light reaches the base through all layers: it is one light, not three.
        excess = np.maximum(light.mean(axis=2) - np.float32(self.threshold), np.float32(0))
        if not excess.any():
            return rgb
        excess /= np.float32(1 - self.threshold)
        # Film is balanced for the light that returns within a bright area: white stays white.
        glow = np.maximum(blur(excess, share_of_height(self.radius, rgb)) - excess, np.float32(0))
        light += (np.float32(self.strength / 100) * glow)[..., None] * self._tint
        return encode_light(light)

    @property
    def _tint(self) -> Array:
        """Returns display light of the glow's colour, its strongest channel 1."""
        codes = [int(self.colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
        light = decode_light(np.array(codes, np.float32))
        return np.asarray(light / max(float(light.max()), 1e-6))

    def declare(self, where: Span) -> Action | None:
        if self.strength == 0:
            return None
        return Action("c2pa.filtered", ALGORITHMIC, where, parameters(self), "halation")
