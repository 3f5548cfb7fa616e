"""How exposure moves: flicker from frame to frame, and drift over a shot.

Frames are compared where they show the same thing, by the motion between them, so what walks into the
picture is neither. Exposure is the log of linear light (IEC 61966-2-1's curve, as displays that generated
clips are made for), so percents are percents of light.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass

import numpy as np

from post.measure.cuts import Cuts
from post.measure.fact import ClipLength, Known, Measure, Unmeasured, measure
from post.measure.frames import Frame, Small, Step, motion_between, moved
from post.measure.light_trend import Rise, log_light, slow_course, solve_levels, trimmed_mean
from post.values.array import Array

DARK, BRIGHT = 0.06, 0.94  # signal between which light is read: beyond is clipping and its softening
BLACK = 1e-4  # of light: what is darker has no log, and is not read either
LEAST_SHARE = 0.02  # of the picture that must be readable
# Medians of 8-bit pictures are 0 whatever happens; the mean of the middle is not.
TRIM = 0.2
ANCHOR_SECONDS = 0.5
ANCHORS_BACK = 5  # how many anchors before it each one is compared with
SLOW_SECONDS = 1.0  # changes over less than this are flicker


@dataclass(frozen=True, slots=True)
class Exposure:
    """flicker_pct: root mean square second difference of exposure from frame to frame; drift_pct: how far
    apart the slow course of exposure gets, in the shot where it is most; both in hundredths of the
    natural log of light, which are percents while they are small. None where there is too little to tell."""

    flicker_pct: float | None
    drift_pct: float | None


@dataclass(frozen=True, eq=False)
class _Lit:
    """A frame's exposure, pixel by pixel. log: natural log of light; readable: float32, 1 or 0."""

    number: int
    small: Small
    log: Array
    readable: Array


@measure("exposure", version=1, gives=Exposure, after=("cuts",))
class ExposureMeasure(Measure):
    def __init__(self, footage: ClipLength) -> None:
        self._every = max(1, round(ANCHOR_SECONDS * footage.rate))
        self._slow = max(3, round(SLOW_SECONDS * footage.rate))
        self._length = footage.length
        self._last: _Lit | None = None
        self._anchors: deque[_Lit] = deque(maxlen=ANCHORS_BACK)
        self._rises = [np.nan] * footage.length  # of frame i over frame i - 1
        self._spans: list[Rise[float]] = []

    def see(self, step: Step) -> None:
        lit = _lit(step.frame)
        if self._last is not None:
            self._rises[lit.number] = _rise(self._last, lit, step.motion)[0]
        if lit.number % self._every == 0 or lit.number == self._length - 1:
            self._anchor(lit)
        self._last = lit

    def _anchor(self, lit: _Lit) -> None:
        for earlier in self._anchors:
            rise, spread = _rise(earlier, lit, motion_between(earlier.small, lit.small))
            self._spans.append(Rise(earlier.number, lit.number, rise, 1 / (spread + 0.01)))
        self._anchors.append(lit)

    def found(self, known: Known) -> Exposure | Unmeasured:
        if self._length < 3:
            return Unmeasured("three frames are the least that flicker shows in")
        cuts = known.get("cuts")
        shots = cuts.shots(self._length) if isinstance(cuts, Cuts) else ((0, self._length),)
        rises = [np.array(self._rises[first + 1 : stop]) for first, stop in shots]
        changes = np.concatenate([np.diff(part) for part in rises])
        changes = changes[np.isfinite(changes)]
        if not len(changes):
            return Unmeasured("nothing between black and white that stays in the picture for three frames")
        drifts = [self._drift(first, stop) for first, stop in shots]
        known_drifts = [drift for drift in drifts if drift is not None]
        flicker = float(np.sqrt(np.mean(changes**2)))
        return Exposure(100 * flicker, 100 * max(known_drifts) if known_drifts else None)

    def _drift(self, first: int, stop: int) -> float | None:
        """How far the slow course of a shot's exposure reaches in log light; None where too short."""
        spans = [
            span
            for span in self._spans
            if first <= span.earlier and span.later < stop and np.isfinite(span.by)
        ]
        if not spans:
            return None
        numbers = np.array(sorted({number for span in spans for number in (span.earlier, span.later)}))
        level = solve_levels(spans, numbers)
        # An anchor flickers as any frame does: its own flicker is taken off.
        rises = np.nan_to_num(np.array([0.0, *self._rises[first + 1 : stop]]))
        course = np.cumsum(rises)[:, None]
        quick = (course - slow_course(course, self._slow))[:, 0]
        return float(np.ptp(level - quick[numbers - first]))


def _lit(frame: Frame) -> _Lit:
    low, high = (16.0, 235.0) if frame.range == "limited" else (0.0, 255.0)
    signal = np.clip((frame.small.luma - low) / (high - low), 0, 1)
    readable = ((signal > DARK) & (signal < BRIGHT)).astype(np.float32)
    return _Lit(frame.number, frame.small, _LOG_LIGHT[np.rint(signal * _FINE).astype(np.intp)], readable)


_FINE = 4080  # sixteenths of an 8-bit code
_LOG_LIGHT = log_light(np.arange(_FINE + 1) / _FINE, BLACK)


def _rise(a: _Lit, b: _Lit, motion: Array) -> tuple[float, float]:
    """(rise, spread) of exposure from a to b in log light, where both can be read; NaN where little can."""
    if a.log.shape != b.log.shape:
        return np.nan, np.nan
    light, readable = moved(b.log, a.small, motion), moved(b.readable, a.small, motion)
    rises = (light - a.log)[(readable > 0.99) & (a.readable > 0)]
    if len(rises) < LEAST_SHARE * a.log.size:
        return np.nan, np.nan
    return trimmed_mean(rises, TRIM)
