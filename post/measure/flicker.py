"""Measures how the exposure of a clip changes, frame by frame and channel by channel, for deflickering.

Neighbouring frames are compared where they show the same thing, and the changes are added up. So that errors do
not add up too, anchors half a second apart are compared with those up to 4 s before them, and the sum is fitted
to them. Nothing is compared across a cut.

Light is linear light by IEC 61966-2-1, of R'G'B' by the BT.709 matrix, whatever the matrix of the clip is: the
deflicker stage reads the codes in the same way, so the matrix cancels.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from post.measure.cuts import Cuts
from post.measure.fact import ClipLength, Known, Measure, Unmeasured, measure
from post.measure.frames import Frame, Small, Step, motion_between, moved
from post.measure.light_trend import Rise, log_light, slow_course, solve_levels, trimmed_mean
from post.values.array import Array
from post.values.colour import BT709
from post.values.ycbcr import code_range, rgb_of

RGB = tuple[float, float, float]
# Signal between which light is read: beyond is clipping and its softening; below, 8-bit chroma is mostly rounding
# (from .06 to .12 a fifth of the drift that is left goes away).
DARK, BRIGHT = 0.12, 0.94
BLACK = 1e-3  # of light: what is darker is not read
LEAST_SHARE = 0.02  # of the picture that must be readable
LEAST_OF_MOST = 0.25  # of what the most readable colour has: with less, a colour goes by the others
# The median of log ratios of 8-bit pictures is 0 whatever happens; the mean of the middle is not.
# From 0.2 to 0.4 alike; at 0.1 what moves unlike the rest is in it, and drift is read twice as badly.
TRIM = 0.3
ANCHOR_SECONDS = 0.5
ANCHORS_BACK = 8  # from 5 a fifth of the drift that is left goes away; from 3, half
SLOW_SECONDS = 1.0  # changes over less than this are flicker
FLASH = 0.35  # log light, half a stop: a frame this far from those around it was meant to be
DIGITS = 5  # of a fact's log light: finer than a 16-bit code


@dataclass(frozen=True, slots=True)
class Flicker:
    """The error of each frame's red, green and blue light, as natural logs.

    quick: from the slow course around it (flicker); a flash counts as none. slow: the slow course, from its
    mean over the shot (drift). One of each for every frame of the clip.
    flicker_pct: root mean square second difference of `quick`, of the channel where it is most, and
    drift_pct: how far `slow` reaches in the shot where it is most; in percents of light while they are small.
    together: how far the quarters of the picture flicker as one, 0..1: near 1 it is exposure; where things
    move or dissolve unlike what motion can follow, it is not.
    """

    quick: tuple[RGB, ...]
    slow: tuple[RGB, ...]
    flicker_pct: float
    drift_pct: float
    together: float


@dataclass(frozen=True, eq=False)
class _Lit:
    """The light of a frame. log: (height, width, 3) natural logs; readable: where it can be measured, bool."""

    number: int
    small: Small
    log: Array
    readable: Array


@measure("flicker", version=1, gives=Flicker, after=("cuts",))
class FlickerMeasure(Measure):
    def __init__(self, footage: ClipLength) -> None:
        self._every = max(1, round(ANCHOR_SECONDS * footage.rate))
        self._window = max(3, round(SLOW_SECONDS * footage.rate))
        self._length = footage.length
        self._last: _Lit | None = None
        self._anchors: deque[_Lit] = deque(maxlen=ANCHORS_BACK)
        self._steps = np.full((footage.length, 3), np.nan)  # of frame i over frame i - 1
        self._quarters = np.full((footage.length, 4), np.nan)  # the same of each quarter's green
        self._spans: list[Rise[Array]] = []

    def see(self, step: Step) -> None:
        lit = _lit(step.frame)
        if self._last is not None:
            up, usable = _apart(self._last, lit, step.motion)
            self._steps[lit.number] = _rise(up, usable)[0]
            self._quarters[lit.number] = _quarters(up[..., 1], usable[..., 1])
        if lit.number % self._every == 0 or lit.number == self._length - 1:
            self._anchor(lit)
        self._last = lit

    def _anchor(self, lit: _Lit) -> None:
        for earlier in self._anchors:
            by, spread = _rise(*_apart(earlier, lit, motion_between(earlier.small, lit.small)))
            self._spans.append(Rise(earlier.number, lit.number, by, 1 / (spread + 0.01)))
        self._anchors.append(lit)

    def found(self, known: Known) -> Flicker | Unmeasured:
        if self._length < 3:
            return Unmeasured("three frames are the least that flicker shows in")
        if not np.isfinite(self._steps).all(axis=1).any():
            return Unmeasured("nothing between black and white that stays in the picture")
        cuts = known.get("cuts")
        shots = cuts.shots(self._length) if isinstance(cuts, Cuts) else ((0, self._length),)
        parts = [self._shot(first, stop) for first, stop in shots]
        changes = np.concatenate([np.diff(quick, 2, axis=0) for quick, _ in parts])
        flicker = np.sqrt(np.mean(changes**2, axis=0)).max() if len(changes) else 0.0
        drift = max(float(np.ptp(gradual, axis=0).max()) for _, gradual in parts)
        quick, gradual = (np.concatenate(each) for each in zip(*parts, strict=True))
        together = _together([np.diff(self._quarters[first + 1 : stop], axis=0) for first, stop in shots])
        return Flicker(_rows(quick), _rows(gradual), 100 * float(flicker), 100 * drift, together)

    def _shot(self, first: int, stop: int) -> tuple[Array, Array]:
        """Returns the quick and the slow changes of a shot, (stop - first, 3) each."""
        steps = np.nan_to_num(self._steps[first:stop])
        steps[0] = 0.0
        spans = [
            span
            for span in self._spans
            if first <= span.earlier and span.later < stop and np.isfinite(span.by).all()
        ]
        course = _bent(np.cumsum(steps, axis=0), spans, first)
        usual, flash = _without_flashes(course, self._window)
        gradual = slow_course(usual, self._window)
        quick = np.where(flash, 0.0, course - gradual)
        return quick, gradual - gradual.mean(axis=0)


def _rows(course: Array) -> tuple[RGB, ...]:
    return tuple((r, g, b) for r, g, b in np.round(course + 0.0, DIGITS).tolist())


def _lit(frame: Frame) -> _Lit:
    import cv2

    # Reading between pixels softens; a picture that is soft already reads alike there. Without this, a pan by
    # half pixels over texture brightens or darkens it by 1 %.
    signal = cv2.blur(signal_of(frame.small, frame.range == "full"), (3, 3))
    log = _LOG_LIGHT[np.rint(np.clip(signal, 0, 1) * _FINE).astype(np.intp)]
    return _Lit(frame.number, frame.small, log, _readable(log))


def _readable(log: Array) -> Array:
    return np.asarray((log > _LOW) & (log < _HIGH))


def signal_of(small: Small, full: bool) -> Array:
    """Returns (height, width, 3) float32 R'G'B', 0..1, by the BT.709 matrix. Source: H.273 8.3, equations 38-40."""
    codes = code_range("full" if full else "limited", 8)
    y = (small.luma - codes.black) / codes.luma
    cb, cr = ((c - codes.neutral) / codes.chroma for c in (small.cb, small.cr))
    return np.stack(rgb_of(y, cb, cr, BT709), axis=-1)


_FINE = 4080  # sixteenths of an 8-bit code
_LOG_LIGHT = log_light(np.arange(_FINE + 1) / _FINE, BLACK)
_LOW, _HIGH = log_light(np.array([DARK, BRIGHT]), BLACK)


def _apart(a: _Lit, b: _Lit, motion: Array) -> tuple[Array, Array]:
    """Returns how much lighter b is than a at each pixel of a, and where both can be measured: (height, width, 3)."""
    if a.log.shape != b.log.shape:
        return np.zeros_like(a.log), np.zeros(a.log.shape, bool)
    light = moved(b.log, a.small, motion)
    return light - a.log, _readable(light) & a.readable


def _rise(up: Array, usable: Array) -> tuple[Array, float]:
    """Returns the (3,) rise of log light and its spread; NaN where too few pixels can be measured.

    A colour that is too dark or too bright to read rises as the others do.
    """
    rises, spreads = np.full(3, np.nan), []
    counts = usable.sum(axis=(0, 1))
    enough = max(LEAST_SHARE * usable[..., 0].size, LEAST_OF_MOST * counts.max())
    for channel in range(3):
        here = up[..., channel][usable[..., channel]]
        if len(here) >= enough:
            rises[channel], spread = trimmed_mean(here, TRIM)
            spreads.append(spread)
    if not spreads:
        return rises, 0.0
    return np.where(np.isnan(rises), np.nanmean(rises), rises), float(np.mean(spreads))


def _quarters(up: Array, usable: Array) -> Array:
    """Returns (4,) the rise in each quarter of the picture; NaN where too few pixels can be measured."""
    middle, centre = up.shape[0] // 2, up.shape[1] // 2
    parts = [
        (rows, columns)
        for rows in (slice(None, middle), slice(middle, None))
        for columns in (slice(None, centre), slice(centre, None))
    ]
    return np.array([_of_part(up[part], usable[part]) for part in parts])


def _of_part(up: Array, usable: Array) -> float:
    here = up[usable]
    return trimmed_mean(here, TRIM)[0] if len(here) >= LEAST_SHARE * usable.size and len(here) else np.nan


def _together(changes: list[Array]) -> float:
    """Returns the share of change that the quarters have in common, where at least three can be measured."""
    rows = np.concatenate(changes)
    rows = rows[np.isfinite(rows).sum(axis=1) >= 3]
    if not len(rows):
        return 0.0
    alike = np.nanmean(rows, axis=1)
    whole = np.nanmean(rows**2)
    return float(np.mean(alike**2) / whole) if whole > 0 else 0.0


def _bent(chain: Array, spans: Sequence[Rise[Array]], first: int) -> Array:
    """Returns the summed changes of a shot, fitted to the comparisons between its anchors."""
    if not spans:
        return chain
    numbers = np.array(sorted({number for span in spans for number in (span.earlier, span.later)}))
    astray = chain[numbers - first] - solve_levels(spans, numbers)
    at = np.arange(len(chain)) + first
    bend = np.stack([np.interp(at, numbers, astray[:, channel]) for channel in range(3)], axis=1)
    # Before the first anchor and after the last the chain strays as it does next to them: no kink there.
    early, late = at < numbers[0], at > numbers[-1]
    bend[early] += np.outer(at[early] - numbers[0], (astray[1] - astray[0]) / (numbers[1] - numbers[0]))
    bend[late] += np.outer(at[late] - numbers[-1], (astray[-1] - astray[-2]) / (numbers[-1] - numbers[-2]))
    return np.asarray(chain - bend)


def _without_flashes(course: Array, window: int) -> tuple[Array, Array]:
    """Returns the course with each flash replaced by the median around it, and which frames flash, (n, 1) bool."""
    width = min(window | 1, (len(course) - 1) | 1)
    around = np.pad(course, ((width // 2, width // 2), (0, 0)), mode="reflect") if width > 1 else course
    usual = np.median(np.lib.stride_tricks.sliding_window_view(around, width, axis=0), axis=-1)
    flash = (np.abs(course - usual) > FLASH).any(axis=1, keepdims=True)
    return np.where(flash, usual, course), flash
