"""Draws a logo as it is searched for: its edges, which stay when it is recoloured, and its ink."""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction

import cv2
import numpy as np

from post.caching import shared
from post.picture.brand.element import open_element
from post.values.array import Array
from post.values.media import File
from post.values.time import Clock

LONG = 256  # pixels of the longer side of a template
DRAWN = 1024  # pixels of the longer side that it is drawn at, before what is clear around it is cut away
MARGIN = 8  # pixels around it
OPAQUE = 0.05  # alpha from which a pixel is of the logo
CLOCK = Clock(Fraction(24))
BEGINNING = Fraction(0)


@dataclass(frozen=True, eq=False)
class LogoTemplate:
    """rgb: (height, width, 3) float32 display-encoded, not premultiplied; alpha: (height, width) float32, 0..1; both
    with MARGIN clear pixels around the logo; shape: width over height of the logo itself, more exact than `size`;
    drawn: its edges in the sizes that were asked for."""

    rgb: Array
    alpha: Array
    shape: float
    drawn: dict[tuple[int, int], Array] = field(default_factory=dict, init=False, repr=False)

    @property
    def size(self) -> tuple[int, int]:
        """Width and height of the logo itself, in pixels."""
        height, width = self.alpha.shape
        return width - 2 * MARGIN, height - 2 * MARGIN

    def edges(self, width: int, height: int) -> Array:
        """Returns its edges where the logo itself has that size, with a margin in proportion: float32, not to be
        changed."""
        if (width, height) not in self.drawn:
            self.drawn[width, height] = self._edges(width, height)
        return self.drawn[width, height]

    def _edges(self, width: int, height: int) -> Array:
        inner = self.size
        size = (
            max(8, round(self.alpha.shape[1] * width / inner[0])),
            max(8, round(self.alpha.shape[0] * height / inner[1])),
        )
        alpha = cv2.resize(self.alpha, size, interpolation=cv2.INTER_AREA)[..., None]
        rgb = cv2.resize(self.rgb, size, interpolation=cv2.INTER_AREA)
        # Over black and over white: an edge to either ground counts.
        both = [edges_of(alpha * rgb + (1 - alpha) * ground) for ground in (0.0, 1.0)]
        return np.asarray(np.maximum(*both))


def edges_of(rgb: Array) -> Array:
    """Returns how steep a picture is, by the steepest of its colours: (height, width) float32, of (height, width, 3)
    float32 0..1. The square root keeps one strong edge from outweighing the rest."""
    steps = [cv2.Sobel(rgb, cv2.CV_32F, *axis, ksize=3) for axis in ((1, 0), (0, 1))]
    return np.asarray(np.sqrt(np.hypot(*steps).max(2)), np.float32)


@shared(16)
def draw_logo(file: File) -> LogoTemplate:
    """Returns a logo of a file as a template. Raises SourceError or JobError where it cannot be drawn."""
    element = open_element(file, None, "auto", CLOCK)
    share = float(element.shape)
    width, height = (
        (DRAWN, max(8, round(DRAWN / share))) if share >= 1 else (max(8, round(DRAWN * share)), DRAWN)
    )
    drawn = element.draw(BEGINNING, width, height)
    alpha = drawn[..., 3]
    rows, columns = (np.flatnonzero((alpha > OPAQUE).any(axis)) for axis in (1, 0))
    if not len(rows):
        rows, columns = np.arange(height), np.arange(width)
    inner = drawn[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    scale = LONG / max(inner.shape[:2])
    size = (max(8, round(inner.shape[1] * scale)), max(8, round(inner.shape[0] * scale)))
    laid = cv2.resize(inner, size, interpolation=cv2.INTER_AREA)
    framed = cv2.copyMakeBorder(laid, *(MARGIN,) * 4, cv2.BORDER_CONSTANT, value=(0, 0, 0, 0))
    solid = framed[..., :3] / np.maximum(framed[..., 3:], 1e-3)
    # What is clear takes the logo's mean colour, so that scaling it brings no dark rim.
    mean = (framed[..., :3].sum((0, 1)) / max(framed[..., 3].sum(), 1e-3)).astype(np.float32)
    rgb = np.where(framed[..., 3:] > OPAQUE, np.clip(solid, 0, 1), mean)
    return LogoTemplate(
        np.ascontiguousarray(rgb, np.float32),
        np.ascontiguousarray(framed[..., 3], np.float32),
        inner.shape[1] / inner.shape[0],
    )
