"""Measures how far the motion from each frame of a clip to the next can be followed: whether frames can be made
between them, and where."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from post.measure.fact import ClipLength, Known, Measure, measure
from post.measure.frames import Step
from post.picture.between.confidence import confidence
from post.picture.between.motion import motion_of


@dataclass(frozen=True, slots=True)
class ClipMotion:
    """The motion from each frame to the next, one value for each pair of frames.

    moved: mean length, in percent of the picture's width; confidence: the share of the change that it explains, 0..1.
    """

    moved: tuple[float, ...]
    confidence: tuple[float, ...]


@measure("motion", version=2, gives=ClipMotion)
class MotionMeasure(Measure):
    def __init__(self, footage: ClipLength) -> None:  # noqa: ARG002  it takes any length
        self._moved: list[float] = []
        self._confidence: list[float] = []

    def see(self, step: Step) -> None:
        if step.before is None:
            return
        motion = motion_of(step.before.small.grey, step.frame.small.grey, "flow")
        length = float(np.hypot(motion.forward[..., 0], motion.forward[..., 1]).mean())
        self._moved.append(round(100 * length / motion.forward.shape[1], 3))
        self._confidence.append(round(confidence(motion), 3))

    def found(self, known: Known) -> ClipMotion:  # noqa: ARG002  it needs no other measure
        return ClipMotion(tuple(self._moved), tuple(self._confidence))
