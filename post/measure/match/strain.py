"""Says how far a change of colour exceeds what guards allow: a guard only holds or fails, which leads no search."""

from __future__ import annotations

import numpy as np

from post.measure.match.guards import CODE, SEEN_TO_CLIP, SLOPE, STEP, Colour, Scene, may_clip
from post.measure.oklab import LUMA
from post.values.array import Array

# An excess counts from a little below the limit, and so much: as figures of `balance_curve.solve`.
SHY, PER_SLOPE, PER_CLIPPED = 0.95, 0.3, 4.0
RAMP = 24
STEPPED = 800  # pixels by which steps are judged


class Strain:
    """Says by how much changes of a scene exceed what `slope`, `clipping` and `step` of `guards` allow.

    pixels: of the target; the reference is that of the scene.
    """

    def __init__(self, scene: Scene) -> None:
        here, there = scene.target, scene.reference
        low, high = np.clip(np.percentile(here @ LUMA, [2, 98]), 0.02, 0.98)
        self._ramp = np.linspace(low, max(high, low + 0.05), RAMP)
        few = here[:: max(1, len(here) // STEPPED)]
        self._tried = np.concatenate([np.repeat(self._ramp[:, None], 3, 1), few, few + CODE, here])
        self._few = len(few)
        self._whole = [~(here <= CODE).any(1), ~(here >= 1 - CODE).any(1)]
        self._allowed = [may_clip(there <= CODE), may_clip(there >= 1 - CODE)]

    def of(self, colour: Colour) -> Array:
        """Returns (5,): the excess of slope below and above, of steps, of what newly clips in black and in white; 0
        where there is none."""
        ramp, few, next_to, out = np.split(colour(self._tried), np.cumsum([RAMP, self._few, self._few]))
        rise = np.diff(ramp @ LUMA) / np.diff(self._ramp)
        steep = np.percentile(_most(np.abs(next_to - few)), 99) / CODE
        over = np.array([SLOPE[0] / SHY - rise.min(), rise.max() - SHY * SLOPE[1], steep - SHY * STEP])
        lost = [
            float((_share(beyond) * whole).mean()) - SHY * allowed
            for beyond, whole, allowed in zip(
                (_most(-out), _most(out) - 1), self._whole, self._allowed, strict=True
            )
        ]
        return np.asarray(np.maximum(np.r_[PER_SLOPE * over, PER_CLIPPED * np.array(lost)], 0))


def _most(rgb: Array) -> Array:
    return np.asarray(np.maximum(np.maximum(rgb[:, 0], rgb[:, 1]), rgb[:, 2]))


def _share(beyond: Array) -> Array:
    """Returns how much each pixel counts as clipped: half of one at SEEN_TO_CLIP beyond the range."""
    return np.clip(beyond / (2 * SEEN_TO_CLIP), 0, 1)
