"""Finds the shot boundaries inside a clip.

Each frame is laid over the one before it by the motion between them. Where one shot goes on, the
structure of the picture survives that; across a cut it does not, whatever the two shots' colours are.
What only looks like a cut is told apart by what comes before and after it: a flash or a passing object
ends, and the old picture is back; pictures that never hold still from frame to frame have no cuts.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from post.measure.fact import ClipLength, Known, Measure, Unmeasured, measure
from post.measure.frames import Small, Step, motion_between, moved
from post.values.array import Array

# Difference, 0..1, from which a frame may start a shot. Over 21 clips, real and generated: 11 cuts at .73
# and above; the highest that is none, .46 in a clip that
# flickers from frame to frame.
LEAST = 0.55
# A cut stands this far above the differences around it.
ABOVE_AROUND = 2.5
AROUND = 12  # frames each way
# The old picture is back within this time: it was a flash.
FLASH_SECONDS = 0.25
BACK = 0.5 * LEAST
WINDOW = (9, 9)  # small pixels over which structure is compared
NOISE_VARIANCE = 30.0  # in 8-bit codes squared: less contrast than this is no structure
FULL_TONE, FULL_COLOUR = 40.0, 20.0  # 8-bit codes of luma, of Cb plus Cr, that count as wholly different


@dataclass(frozen=True, slots=True)
class Cuts:
    """The cuts of a clip. frames: the first frame of each new shot, rising; never 0."""

    frames: tuple[int, ...]

    def shots(self, length: int) -> tuple[tuple[int, int], ...]:
        """Returns (first, stop) of every shot of a clip of `length` frames."""
        return tuple(pairwise((0, *self.frames, length)))


@dataclass(slots=True)
class _Candidate:
    """A frame that may start a shot. old: the frame before it; until: the last frame in which `old` may return."""

    at: int
    old: Small
    until: int


@measure("cuts", version=1, gives=Cuts)
class CutMeasure(Measure):
    def __init__(self, footage: ClipLength) -> None:
        self._flash = max(3, int(FLASH_SECONDS * footage.rate))
        self._recent: deque[Small] = deque(maxlen=self._flash)
        self._differences: list[float] = []  # of frame i + 1 from frame i
        self._waiting: list[_Candidate] = []
        self._found: list[int] = []

    def see(self, step: Step) -> None:
        if step.before is None:
            return
        at, old, new = step.frame.number, step.before.small, step.frame.small
        changed = difference(old, new, step.motion)
        if changed >= LEAST:
            changed = min(changed, _shifted(old, new))
        self._differences.append(changed)
        self._end_flashes(at, new)
        self._settle(at)
        if changed >= LEAST:
            self._waiting.append(_Candidate(at, old, at + self._flash))

    def found(self, known: Known) -> Cuts | Unmeasured:  # noqa: ARG002  needs no other fact
        self._found += [each.at for each in self._waiting]
        return Cuts(tuple(at for at in sorted(self._found) if self._stands_out(at)))

    def _end_flashes(self, at: int, new: Small) -> None:
        """Drops candidates that were a flash: the picture from before them is back, so they are no cuts."""
        for candidate in self._waiting:
            if difference(candidate.old, new, motion_between(candidate.old, new)) < BACK:
                self._waiting = [each for each in self._waiting if each.at < candidate.at]
                self._differences[candidate.at - 1 : at] = [0.0] * (at - candidate.at + 1)
                return

    def _settle(self, at: int) -> None:
        self._found += [each.at for each in self._waiting if each.until <= at]
        self._waiting = [each for each in self._waiting if each.until > at]

    def _stands_out(self, at: int) -> bool:
        here = at - 1
        around = self._differences[max(0, here - AROUND) : here + AROUND + 1]
        return self._differences[here] >= ABOVE_AROUND * float(np.median(around))


def difference(old: Small, new: Small, motion: Array) -> float:
    """Returns how little of the old picture is in the new one, 0..1, after motion is taken into account.

    The share of structure lost, or its geometric mean with the change of tone or colour, whichever says
    more: new light alone is no new picture.
    """
    if old.luma.shape != new.luma.shape:
        return 1.0
    a = old.luma
    b, cb, cr = (moved(plane, old, motion) for plane in (new.luma, new.cb, new.cr))
    mean_a, mean_b = _box(a), _box(b)
    lost = _lost(a, b, mean_a, mean_b)
    tone = np.abs(mean_a - mean_b) / FULL_TONE
    colour = (np.abs(_box(old.cb - cb)) + np.abs(_box(old.cr - cr))) / FULL_COLOUR
    shift = max(float(np.minimum(part, 1).mean()) for part in (tone, colour))
    return max(lost, float(np.sqrt(lost * shift)))


def _lost(a: Array, b: Array, mean_a: Array, mean_b: Array) -> float:
    """Returns 1 minus the mean local correlation of two pictures, which ignores gain, offset and noise."""
    spread_a = np.maximum(_box(a * a) - mean_a * mean_a, 0)
    spread_b = np.maximum(_box(b * b) - mean_b * mean_b, 0)
    together = _box(a * b) - mean_a * mean_b
    alike = (together + NOISE_VARIANCE) / ((spread_a + spread_b) / 2 + NOISE_VARIANCE)
    return float(1 - np.clip(alike, 0, 1).mean())


def _shifted(old: Small, new: Small) -> float:
    """Returns the difference with motion searched around one shift of the whole picture, for fast pans."""
    if min(old.luma.shape) < 16 or old.luma.shape != new.luma.shape:
        return 1.0
    import cv2

    window = cv2.createHanningWindow(old.luma.shape[::-1], cv2.CV_32F)
    # OpenCV 5.0 multiplies the window into the very arrays it is given.
    guess, _ = cv2.phaseCorrelate(old.luma.copy(), new.luma.copy(), window)
    return difference(old, new, motion_between(old, new, (float(guess[0]), float(guess[1]))))


def _box(plane: Array) -> Array:
    import cv2

    return np.asarray(cv2.boxFilter(plane, -1, WINDOW))
