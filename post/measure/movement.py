"""Measures how fast what a clip shows moves."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from post.measure.cuts import Cuts
from post.measure.fact import ClipLength, Known, Measure, Unmeasured, measure
from post.measure.frames import Step


@dataclass(frozen=True, slots=True)
class Movement:
    """How far the usual pixel of a clip moves in a second. speed_pct: in % of the picture's width, without cuts; a
    frame that repeats the one before counts as no movement, so a clip has one speed whatever its rate is."""

    speed_pct: float


@measure("movement", version=1, gives=Movement, after=("cuts",))
class MovementMeasure(Measure):
    def __init__(self, footage: ClipLength) -> None:
        self._rate = float(footage.rate)
        self._paths: list[float] = []  # from frame i to frame i + 1, as a share of the width

    def see(self, step: Step) -> None:
        if step.before is None:
            return
        path = np.hypot(step.motion[..., 0], step.motion[..., 1])
        self._paths.append(float(path.mean()) / path.shape[1])

    def found(self, known: Known) -> Movement | Unmeasured:
        cuts = known.get("cuts")
        over = set(cuts.frames) if isinstance(cuts, Cuts) else set[int]()
        paths = [path for at, path in enumerate(self._paths, start=1) if at not in over]
        if not paths:
            return Unmeasured("one frame does not move")
        return Movement(round(100 * self._rate * float(np.mean(paths)), 2))
