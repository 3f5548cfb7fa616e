"""Measures what single frames and runs of frames of a film show."""

from __future__ import annotations

from math import ceil

import numpy as np

from post.measure.banding import BandingMeasure
from post.measure.fact import ClipLength
from post.measure.frames import Frame, Step
from post.qc.frames.bars import bars_of, steady_bars
from post.values.array import Array
from post.values.media import Picture
from post.values.sights.frames import STILL_S, Bars, FrameSight
from post.values.time import Span, flagged_spans

# A frame is black if 99 % of it is below this share of white. Between frames that show one picture, fewer than 1 in 200
# small pixels differ by so many 8-bit codes: a codec that repeats a picture may still refine it.
BLACK_SHARE, BLACK_LUMA = 0.99, 0.05
SAME_SHARE, SAME_CODES = 0.995, 1.0
# A stray frame differs from both neighbours by this many codes in the mean, and so many times as much as they from each
# other.
STRAY_CODES, STRAY_TIMES = 12.0, 4.0


class FrameMeter:
    """Takes the frames of one film in order, and holds three small pictures of them."""

    def __init__(self, picture: Picture) -> None:
        """picture: as `probe` returned it."""
        self._rate, self._picture = picture.grid.rate, picture
        self._banding = BandingMeasure(ClipLength(picture.length, picture.grid.rate))
        self._seen = list[Array]()  # the last frames, (height, width, 3) float32
        self._black, self._same = list[bool](), list[bool]()
        self._strays, self._bars = list[int](), list[Bars | None]()

    def see(self, frame: Frame) -> None:
        """Takes the next frame."""
        small = frame.small
        foot, head = (0.0, 255.0) if frame.range == "full" else (16.0, 235.0)
        lit = np.count_nonzero(small.luma >= foot + BLACK_LUMA * (head - foot))
        black = bool(lit <= (1 - BLACK_SHARE) * small.luma.size)
        codes = np.dstack([small.luma, small.cb, small.cr])
        self._same.append(bool(self._seen) and not black and _shows_same(self._seen[-1], codes))
        self._black.append(black)
        self._bars.append(None if black else bars_of(small.luma, foot, frame.luma.shape, self._picture))
        self._seen = [*self._seen[-2:], codes]
        if len(self._seen) == 3 and _is_stray(*self._seen):
            self._strays.append(len(self._same) - 2)
        self._banding.see(Step(None, frame))

    def found(self) -> FrameSight:
        """Returns what was seen."""
        least = max(2, ceil(STILL_S * self._rate))
        runs = [Span(run.first - 1, run.stop) for run in flagged_spans(self._same)]
        still = tuple(run for run in runs if len(run) >= least)
        repeats = (frame for run in runs if len(run) < least for frame in range(run.first + 1, run.stop))
        return FrameSight(
            self._rate,
            len(self._same),
            tuple(flagged_spans(self._black)),
            still,
            tuple(repeats),
            tuple(self._strays),
            steady_bars(self._bars, max(2, int(self._rate / 2))),
            self._banding.scores,
        )


def _shows_same(before: Array, after: Array) -> bool:
    return bool(np.count_nonzero(np.abs(before - after) >= SAME_CODES) < (1 - SAME_SHARE) * before.size)


def _is_stray(before: Array, middle: Array, after: Array) -> bool:
    """Returns whether the middle one of three frames belongs to neither of the others, which belong together."""
    away = min(_distance(before, middle), _distance(middle, after))
    return away >= STRAY_CODES and away >= STRAY_TIMES * _distance(before, after)


def _distance(one: Array, other: Array) -> float:
    return float(np.abs(one[..., 0] - other[..., 0]).mean())
