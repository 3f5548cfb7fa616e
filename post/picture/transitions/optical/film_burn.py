"""Film burn: the end of a roll, fogged by light: spots of orange and white flicker and swallow the frame."""

from __future__ import annotations

import numpy as np

from post.knob import knob
from post.picture.transitions.optical.light_leak import heat_glow
from post.picture.transitions.picture_transition import Moment, PictureTransition
from post.picture.transitions.tools.ease import between
from post.picture.transitions.tools.lighting import Glow, add_glow
from post.picture.transitions.tools.mixing import mix_evenly
from post.picture.transitions.tools.soft_noise import layered_noise, random_numbers
from post.stage import Planes16, parameters, stage
from post.values.claim import HUMAN_EDITS, Action
from post.values.time import Span

ROWS = 90


@stage("film-burn", version=1)
class FilmBurn(PictureTransition):
    """Fog grows in from one edge, hot in its middle, red at its rim, until all is white; the next shot comes out."""

    strength: float = knob(default=1.0, lo=0.3, hi=2, doc="of the fog")
    colour: str = knob(default="#e8380c", kind="hex", doc="of its rim")
    flicker: float = knob(default=0.3, lo=0, hi=1, doc="by how much it differs from frame to frame")
    seed: int = knob(default=1, lo=0, hi=65535, doc="another number is another burn")

    def mix(self, going: Planes16, coming: Planes16, moment: Moment) -> Planes16:
        under = mix_evenly(going, coming, between(moment.share, 0.44, 0.56))
        height, width = going[0].shape
        return add_glow(under, self._fog(moment, width / height), moment.film.colour)

    def _fog(self, moment: Moment, aspect: float) -> Glow:
        size = (ROWS, max(2, round(ROWS * aspect)))
        y, x = np.mgrid[0 : size[0], 0 : size[1]].astype(np.float32)
        side, tilt = random_numbers(2, self.seed)
        along = (x + 0.5) / size[1] if side > 0.5 else 1 - (x + 0.5) / size[1]
        along = along + np.float32(tilt - 0.5) * ((y + 0.5) / size[0] - 0.5)
        near = 1 - abs(2 * moment.share - 1)
        # Each frame of a roll was fogged by itself, so the fog jumps; between its jumps it flows.
        jump = random_numbers(moment.place + 1, self.seed + 3)[-1] - 0.5
        fog = layered_noise(size, (3, 5), moment.share * 5 + 0.6 * self.flicker * jump, self.seed + 5)
        level = 0.75 * near + 1.3 * near**4 + 0.5 * self.flicker * jump * near
        heat = np.maximum((fog + 0.8 * along - 1.2 + level) * np.float32(1.25 * self.strength), 0)
        heat *= np.float32(min(1.0, 5 * near))
        return heat_glow(heat, self.colour, 0.92)

    def declare(self, where: Span) -> Action:
        return Action("c2pa.edited", HUMAN_EDITS, where, parameters(self), "film burn")
