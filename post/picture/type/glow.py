"""Glow: light that type throws around it. It spreads and adds as light does, not as display codes do."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from post.picture.motion.sprite import Sheet, blurred, joined
from post.stage import Raster

# A lens scatters most light near its source and a little of it far: two Gaussians, as (share, widths of the first).
SPREAD = ((0.65, 1.0), (0.35, 3.0))


@dataclass(frozen=True, slots=True)
class TypeGlow:
    """strength: of the light added where type is all around, 1 is as bright as the colour; sigma: pixels."""

    colour: tuple[float, float, float]
    strength: float
    sigma: float


def glow_of(ink: Sheet, glow: TypeGlow) -> Raster:
    """Returns the light around letters, to lay under them. ink: their coverage, placed in the frame."""
    light = joined([(blurred(ink, glow.sigma * width), share * glow.strength) for share, width in SPREAD])
    rgba = np.empty((*light.alpha.shape, 4), np.float32)
    rgba[..., :3] = glow.colour
    rgba[..., 3] = light.alpha
    return Raster(rgba, light.left, light.top, blend="add-light")
