"""Soften: reduces detail to what a lens would have resolved."""

from __future__ import annotations

import numpy as np

from post.knob import knob
from post.picture.optics.light import blur, share_of_height
from post.stage import FrameEffect, parameters, stage
from post.values.array import Array
from post.values.claim import ALGORITHMIC, Action
from post.values.time import Span


@stage("soften", version=1)
class Soften(FrameEffect):
    """A Gaussian blur, mixed with the picture. It softens generated clips, which are sharper than any lens makes
    them; a radius of 0.05 % is half a pixel at 1080 lines."""

    # It blurs encoded values, not light, because a generator, a camera or a codec sharpens encoded values.
    # A lens's own glow is `bloom`.
    radius: float = knob(
        default=0.08, lo=0.01, hi=2, unit="%",
        doc="the blur's standard deviation, as a share of the frame's height",
    )  # fmt: skip
    amount: float = knob(default=0.0, lo=0, hi=1, doc="how much of the blur is mixed in; 0 is none")

    def frames(self, rgb: Array, frame: int) -> Array:  # noqa: ARG002  every frame alike
        if self.amount == 0:
            return rgb
        blurred = blur(rgb, share_of_height(self.radius, rgb))
        blurred *= np.float32(self.amount)
        blurred += np.float32(1 - self.amount) * rgb
        return blurred

    def declare(self, where: Span) -> Action | None:
        if self.amount == 0:
            return None
        return Action("c2pa.filtered", ALGORITHMIC, where, parameters(self), "softening")
