"""Measures softness: how wide the sharpest edges of a picture are.

An edge that is blurred once more loses the less of its slope the softer it was already.
Source: S. Zhuo and T. Sim, "Defocus map estimation from a single image", Pattern Recognition 44 (2011).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from post.measure.fact import ClipLength, Known, Measure, Unmeasured, measure
from post.measure.frames import Frame, Step
from post.values.array import Array

FRAMES = 12
AGAIN = 1.0  # standard deviation, in pixels, of the blur that edges are tried with
STEEP = 4.0  # 8-bit codes a pixel from which a slope is an edge and not grain
LEAST_EDGES = 60
# The steepest quarter of edges: the rest is soft because of depth, motion or light.
STEEPEST = 0.75
# Pixels and the difference between them are a blur of their own: a step between two pixels reads as .59.
OWN = 0.59


@dataclass(frozen=True, slots=True)
class Softness:
    """The softness of a clip.

    edge_px: standard deviation of the blur on edges in focus, in pixels, less that of
    pixels themselves; 0 for edges as sharp as pixels allow, or sharpened. edge_pct: in % of the picture's height;
    lines: that height; frames: looked at. On clean edges within .05 px from .5 to 3 px; grain of 2 codes makes
    edges softer than 1 px read as 1 px."""

    edge_px: float
    edge_pct: float
    lines: int
    frames: int


def edge_blur(luma: Array) -> float | None:
    """Returns the blur of the sharpest edges of a picture, a standard deviation in pixels; None if it has too few.

    luma: (height, width) float32, 8-bit codes.
    """
    import cv2

    if min(luma.shape) < 16:
        return None
    slope = _slope(luma)
    blurred = _slope(cv2.GaussianBlur(luma, (0, 0), AGAIN, borderType=cv2.BORDER_REPLICATE))
    # The crest of an edge, where the ratio says what it should.
    crest = (slope >= cv2.dilate(slope, np.ones((3, 3), np.uint8))) & (slope > STEEP)
    crest[:2], crest[-2:], crest[:, :2], crest[:, -2:] = False, False, False, False
    if int(crest.sum()) < LEAST_EDGES:
        return None
    steep = slope[crest] >= np.quantile(slope[crest], STEEPEST)
    ratio = np.median(slope[crest][steep] / np.maximum(blurred[crest][steep], 1e-6))
    variance = AGAIN**2 / max(float(ratio) ** 2 - 1, 1e-3) - OWN**2
    return float(np.sqrt(max(variance, 0.0)))


def _slope(luma: Array) -> Array:
    across = (luma[1:-1, 2:] - luma[1:-1, :-2]) / 2
    down = (luma[2:, 1:-1] - luma[:-2, 1:-1]) / 2
    return np.asarray(np.hypot(across, down))


@measure("softness", version=1, gives=Softness)
class SoftnessMeasure(Measure):
    def __init__(self, footage: ClipLength) -> None:
        self._every = max(1, footage.length // FRAMES)
        self._found: list[float] = []
        self._height = 1

    def see(self, step: Step) -> None:
        # From the middle of each part on: first frames of a shot are often its softest.
        if (step.frame.number + self._every // 2) % self._every:
            return
        self.look(step.frame)

    def look(self, frame: Frame) -> None:
        """Measures the edges of one frame."""
        self._height = frame.luma.shape[0]
        blur = edge_blur(np.asarray(frame.luma, np.float32) / frame.unit)
        if blur is not None:
            self._found.append(blur)

    def found(self, known: Known) -> Softness | Unmeasured:  # noqa: ARG002  needs no other fact
        if not self._found:
            return Unmeasured("no edges steep enough to tell how soft they are")
        blur = float(np.median(self._found))
        return Softness(blur, 100 * blur / self._height, self._height, len(self._found))
