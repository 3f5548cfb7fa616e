"""Glitch: the signal breaks up in bands and blocks, its colours slip, and the next shot comes through."""

from __future__ import annotations

import numpy as np

from post.knob import knob
from post.picture.transitions.picture_transition import Moment, PictureTransition
from post.picture.transitions.tools.ease import between
from post.picture.transitions.tools.mixing import chroma_step
from post.picture.transitions.tools.soft_noise import random_numbers
from post.stage import Planes16, parameters, stage
from post.values.array import Array
from post.values.claim import HUMAN_EDITS, Action
from post.values.time import Span

BANDS = 48  # of the frame's height, which slips are made of


@stage("glitch", version=1)
class Glitch(PictureTransition):
    """Bands of the frame jump sideways, colour slips against brightness, blocks of the next shot break in. It changes
    with every other frame."""

    strength: float = knob(default=1.0, lo=0.1, hi=2, doc="how far bands and colours slip")
    hold: int = knob(default=2, lo=1, hi=8, unit="frames", doc="how long one pattern lasts")
    seed: int = knob(default=1, lo=0, hi=65535, doc="another number is another glitch")

    def mix(self, going: Planes16, coming: Planes16, moment: Moment) -> Planes16:
        near = between(1 - abs(2 * moment.share - 1), 0, 0.9)
        pattern = self.seed * 131 + moment.place // self.hold * 17
        across, down = chroma_step(going)
        width = going[0].shape[1]
        slips = self._slips(pattern, near, width)
        chosen = self._blocks(pattern, moment.share)
        colour = (random_numbers(2, pattern + 9) - 0.5) * near * 0.05 * self.strength * width
        made = []
        for number, (a, b) in enumerate(zip(going, coming, strict=True)):
            step = (1, 1) if number == 0 else (across, down)
            extra = 0 if number == 0 else round(float(colour[number - 1]) / across)
            made.append(_broken(a, b, (slips, chosen), step, extra))
        return made[0], made[1], made[2]

    def _slips(self, pattern: int, near: float, width: int) -> Array:
        """Returns how far each band slips, luma samples: most bands not at all, a few far."""
        draw = random_numbers(BANDS * 3, pattern).reshape(3, BANDS)
        # Bands that lie together slip together.
        group = np.maximum.accumulate(np.where(draw[2] < 0.35, np.arange(BANDS), 0))
        far = (draw[0][group] - 0.5) * (draw[1][group] < 0.2 + 0.5 * near)
        return np.asarray(np.rint(far * near * 0.35 * self.strength * width).astype(int))

    def _blocks(self, pattern: int, share: float) -> Array:
        """Returns which blocks of a coarse grid show the next shot: (BANDS, columns) bool."""
        columns = 6
        rows = BANDS // 3
        draw = random_numbers(rows * columns, pattern + 5).reshape(rows, columns)
        line = random_numbers(rows, pattern + 6)[:, None]
        seen = between(share, 0.12, 0.88)
        return np.asarray((0.45 * draw + 0.55 * line < seen).repeat(3, 0))

    def declare(self, where: Span) -> Action:
        return Action("c2pa.edited", HUMAN_EDITS, where, parameters(self), "glitch")


def _broken(
    going: Array, coming: Array, pattern: tuple[Array, Array], step: tuple[int, int], extra: int
) -> Array:
    """Returns one plane, broken. pattern: slips and blocks; step: luma columns and rows to a sample; extra: a slip of
    the whole plane."""
    slips, chosen = pattern
    across, _ = step
    height, width = going.shape
    out = np.empty(going.shape, np.uint16)
    columns = chosen.shape[1]
    edges = [round(k * width / columns) for k in range(columns + 1)]
    for band in range(BANDS):
        rows = slice(band * height // BANDS, (band + 1) * height // BANDS)
        slip = int(slips[band]) // across + extra
        source = np.arange(-slip, width - slip)
        # Mirrored beyond the edge: no black, no wrap from the other side.
        source = np.abs(source) % (2 * width)
        source = np.where(source >= width, 2 * width - 1 - source, source)
        for column in range(columns):
            part = slice(edges[column], edges[column + 1])
            picture = coming if chosen[band, column] else going
            out[rows, part] = picture[rows][:, source[part]]
    return out
