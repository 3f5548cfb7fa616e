"""Compares the strokes of drawn type with what is right around them, on a picture that they stand on."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from post.picture.type.contrast import contrast, luminance
from post.preflight.foreseen import MOST_POINTS, WORST_SHARE, TypePoints
from post.stage import Raster
from post.values import Format
from post.values.array import Array

# How far around a stroke counts, in % of the frame's shorter side; nearer than RIM pixels is the stroke's own edge.
AROUND_PCT, RIM = 0.8, 2
INK_ALPHA, SAME_COLOUR = 0.98, 0.02


@dataclass(frozen=True, slots=True, eq=False)
class Strokes:
    """The strokes of drawn type. near: (height, width) bool, of the raster's size: what lies around them.

    colour: R'G'B' of the type, (3,) float32.
    """

    raster: Raster
    colour: Array
    near: Array

    def contrast_on(self, behind: Array, opacity: float) -> float:
        """Returns the contrast of the strokes to what is around them, in its worst fifth, 1..21.

        behind: the picture there, (height, width, 3) R'G'B'; opacity: of the type in that frame, 0..1.
        """
        if not self.near.any():  # a plate of the type's own colour
            return 1.0
        alpha = self.raster.rgba[..., 3:] * opacity
        seen = behind * (1 - alpha) + self.raster.rgba[..., :3] * alpha
        strokes = behind * (1 - opacity) + self.colour * opacity
        ratios = contrast(luminance(strokes[self.near]), luminance(seen[self.near]))
        return float(np.quantile(ratios, WORST_SHARE))

    def points(self, film: Format) -> TypePoints | None:
        """Returns some of the points around the strokes, evenly taken; None where there are none in the film."""
        rows, columns = np.nonzero(self.near)
        y, x = rows + self.raster.top, columns + self.raster.left
        inside = np.flatnonzero((x >= 0) & (y >= 0) & (x < film.width) & (y < film.height))
        if not inside.size:
            return None
        taken = inside[np.linspace(0, inside.size - 1, min(MOST_POINTS, inside.size)).astype(int)]
        rgba = self.raster.rgba[rows[taken], columns[taken]].astype(np.float64)
        return TypePoints(
            (x[taken] + 0.5) / film.width,
            (y[taken] + 0.5) / film.height,
            rgba[:, :3] * rgba[:, 3:],
            1 - rgba[:, 3],
            self.colour.astype(np.float64),
        )


def find_strokes(
    raster: Raster, colour: Array, short: int, recoloured: Raster | None = None
) -> Strokes | None:
    """Returns the strokes of that colour in a drawn layer; None where it has none. short: the film's shorter side, in
    pixels; recoloured: the layer with type of another colour: what is the same in both (an emoji) is no stroke."""
    ink = _ink(raster, colour)
    if recoloured is not None:
        ink &= (recoloured.rgba[..., :3] != raster.rgba[..., :3]).any(-1)
    if not ink.any():
        return None
    near = _grown(ink, max(RIM + 1, round(AROUND_PCT / 100 * short))) & ~_grown(ink, RIM)
    return Strokes(raster, colour, near)


def _ink(raster: Raster, colour: Array) -> Array:
    """Returns where a title's strokes are, (height, width) bool; of thin type, where they are thickest."""
    alpha = raster.rgba[..., 3]
    alike = np.abs(raster.rgba[..., :3] - colour).max(-1) <= SAME_COLOUR
    return np.asarray(alike & (alpha >= INK_ALPHA * max(float(alpha[alike].max(initial=0)), 0.1)))


def _grown(mask: Array, by: int) -> Array:
    """Returns a mask grown by that many pixels on every side."""
    import cv2

    disc = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * by + 1, 2 * by + 1))
    return np.asarray(cv2.dilate(mask.astype(np.uint8), disc)).astype(bool)
