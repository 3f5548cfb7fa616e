"""Light leak: warm light floods in from the side of the camera and hides the cut."""

from __future__ import annotations

import numpy as np

from post.knob import knob
from post.picture.transitions.picture_transition import Moment, PictureTransition
from post.picture.transitions.tools.ease import between
from post.picture.transitions.tools.lighting import Glow, add_glow
from post.picture.transitions.tools.mixing import mix_evenly
from post.picture.transitions.tools.soft_noise import random_numbers, soft_noise
from post.stage import Planes16, parameters, stage
from post.values.array import Array
from post.values.claim import HUMAN_EDITS, Action
from post.values.time import Span

ROWS = 36  # of the light, which is smooth


@stage("light-leak", version=1)
class LightLeak(PictureTransition):
    """A flare crosses the frame, brightest in the middle of the transition, while one shot dissolves into the next."""

    strength: float = knob(default=1.0, lo=0.1, hi=2, doc="of the light")
    colour: str = knob(
        default="#ff6a1e", kind="hex", doc="of its edges; towards its middle it is nearly white"
    )
    seed: int = knob(default=1, lo=0, hi=65535, doc="another number is another leak")

    def mix(self, going: Planes16, coming: Planes16, moment: Moment) -> Planes16:
        under = mix_evenly(going, coming, between(moment.share, 0.3, 0.7))
        height, width = going[0].shape
        return add_glow(under, self._light(moment.share, width / height), moment.film.colour)

    def _light(self, share: float, aspect: float) -> Glow:
        size = (ROWS, max(2, round(ROWS * aspect)))
        y, x = np.mgrid[0 : size[0], 0 : size[1]].astype(np.float32)
        x, y = (x + 0.5) / size[1] - 0.5, (y + 0.5) / size[0] - 0.5
        side, tilt, drift = random_numbers(3, self.seed)
        angle = (tilt - 0.5) * 1.6 + (np.pi if side > 0.5 else 0)
        along = x * np.cos(angle) + y * np.sin(angle)
        rise = np.sin(np.pi * share) ** 1.3
        # The flare comes in from one side, passes over the middle and leaves by the other.
        place = np.float32(-0.95 + 1.9 * share)
        flow = soft_noise(size, (3, 4), share * 2 + drift, self.seed + 1) - np.float32(0.5)
        away = (along - place + 0.5 * flow) / np.float32(0.2 + 0.24 * rise)
        heat = np.exp(-(away**2)) + np.float32(0.4) * np.exp(-((away + 1.1) ** 2) * 1.5)
        veil = np.float32(0.3) * soft_noise(size, (2, 3), share * 3, self.seed + 2)
        heat = np.maximum((heat + veil) * np.float32(self.strength * rise * 0.92), 0)
        return heat_glow(heat, self.colour, 0.55)

    def declare(self, where: Span) -> Action:
        return Action("c2pa.edited", HUMAN_EDITS, where, parameters(self), "light leak")


def heat_glow(heat: Array, colour: str, cover: float) -> Glow:
    """Returns light of that heat: from nothing, by the colour, to white where heat is 1.2 and more.

    cover: how much of the picture the hottest light hides, 0..1.
    """
    tint = np.array([int(colour[k : k + 2], 16) / 255 for k in (1, 3, 5)], np.float32)
    warm = tint + (1 - tint) * np.array([1, 0.72, 0.35], np.float32)
    level = heat[..., None]
    low = tint * np.clip(level / 0.55, 0, 1) ** 1.2
    middle = low + (warm - low) * np.clip((level - 0.4) / 0.5, 0, 1)
    rgb = middle + (1 - middle) * np.clip((level - 0.8) / 0.45, 0, 1) ** 1.3
    return Glow(rgb.astype(np.float32), (cover * np.clip(heat, 0, 1)).astype(np.float32))
