"""Finds what a broken generation shows: frames that stand still, are black, flash, or show next to nothing."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby

import numpy as np

from post.measure.fact import ClipLength, Known, Measure, measure
from post.measure.frames import Step
from post.values.array import Array

Run = tuple[int, int]  # first frame, and the one after the last

# Between two frames of a picture that stands still, fewer than 1 in 200 small pixels differ by this many 8-bit codes: a
# codec that repeats a picture may still refine it.
STILL_SHARE, STILL_CODES = 0.995, 1.0
STILL_S = 1.0
# A frame is black if 99 % of it is below this share of white. A cut may hold a black frame or two.
BLACK_LUMA, BLACK_S = 0.05, 0.25
# A flash: the whole picture turns this much brighter or darker, as a share of white, and is back within FLASH_FRAMES.
FLASH, FLASH_BACK, FLASH_FRAMES = 0.2, 0.06, 3


@dataclass(frozen=True, slots=True)
class Defects:
    """Runs of frames of a clip, as (first, stop), and single frames. contrast: from the 1st to the 99th percentile of
    luma, 0..1, in the middle one of its frames by that."""

    still: tuple[Run, ...]
    black: tuple[Run, ...]
    flashes: tuple[int, ...]
    contrast: float


@measure("defects", version=1, gives=Defects)
class DefectsMeasure(Measure):
    def __init__(self, footage: ClipLength) -> None:
        self._rate = footage.rate
        self._still: list[bool] = []
        self._black: list[bool] = []
        self._light: list[float] = []
        self._contrast: list[float] = []

    def see(self, step: Step) -> None:
        luma = step.frame.small.luma
        foot, head = (0.0, 255.0) if step.frame.range == "full" else (16.0, 235.0)
        low, high = (np.quantile(luma, [0.01, 0.99]) - foot) / (head - foot)
        self._black.append(bool(high < BLACK_LUMA))
        self._contrast.append(float(high - low))
        self._light.append(float((luma.mean() - foot) / (head - foot)))
        self._still.append(step.before is not None and _stands(step.before.small.luma, luma))

    def found(self, known: Known) -> Defects:  # noqa: ARG002  it needs no other measure
        shown = [each for each, black in zip(self._contrast, self._black, strict=True) if not black]
        return Defects(
            _runs(self._still, float(STILL_S * self._rate)),
            _runs(self._black, float(BLACK_S * self._rate)),
            tuple(self._flashes()),
            round(float(np.median(shown)), 4) if shown else 0.0,
        )

    def _flashes(self) -> list[int]:
        """Returns the first frame of each flash."""
        light, found = self._light, list[int]()
        for at in range(1, len(light) - 1):
            jump = light[at] - light[at - 1]
            after = light[at + 1 : at + 1 + FLASH_FRAMES]
            back = any(abs(each - light[at - 1]) <= FLASH_BACK for each in after)
            if abs(jump) >= FLASH and back and (not found or at > found[-1] + FLASH_FRAMES):
                found.append(at)
        return found


def _stands(before: Array, luma: Array) -> bool:
    """Returns whether a picture stands still from one frame to the next."""
    if before.shape != luma.shape:
        return False
    return bool(np.quantile(np.abs(luma - before), STILL_SHARE) < STILL_CODES)


def _runs(flags: list[bool], least: float) -> tuple[Run, ...]:
    """Returns the runs of flags that are set for at least so many frames."""
    runs, at = list[Run](), 0
    for flag, members in groupby(flags):
        length = len(list(members))
        if flag and length >= least:
            runs.append((at, at + length))
        at += length
    return tuple(runs)
