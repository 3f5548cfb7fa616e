"""Measures the flashes of a film, frame by frame."""

from __future__ import annotations

from collections import deque
from fractions import Fraction

import cv2
import numpy as np

from post.measure.frames import Frame
from post.qc.flash.counts import MOMENT, SecondCount, TogetherCount, side_of
from post.qc.flash.light import CellGrid, LightReader
from post.qc.flash.stripes import StripeSearch
from post.qc.flash.swings import LEAST_CHANGE, ROUNDING, BroadSwings, LuminanceSwings, RedSwings
from post.values.array import Array
from post.values.colour import light_weights
from post.values.media import Picture
from post.values.sights.flash import MOST_CHANGES, STILL, ChangeAreas, FlashFrame, FlashSight

DECIMALS = 6  # of what a sight says: the same on every machine
_WEIGHTS = np.array([light_weights(1)], np.float32)
# Less of a field than this is no area, of any limit: a light that blinks in the distance, or noise.
LEAST_SHARE = 0.01


class FlashMeter:
    """Takes the frames of one film in order. The memory it uses grows with the rate, and by a row a frame."""

    def __init__(self, picture: Picture) -> None:
        """picture: as `probe` returned it."""
        self._reader = LightReader(picture)
        self._rate = picture.grid.rate
        self._lights = list[tuple[float, float]]()
        self._stripes = StripeSearch(self._rate, *picture.shown)
        self._changes: _FilmChanges | None = None

    @property
    def fault(self) -> str:
        """Why flashes cannot be measured in this film, "" where they can."""
        return self._reader.fault

    def see(self, frame: Frame) -> None:
        """Takes the next frame."""
        self.see_light(self._reader.light(frame))

    def see_light(self, light: Array) -> None:
        """Takes the next frame as cells: (rows, columns, 3) float32, linear RGB of BT.709, 1 for white."""
        luminance = cv2.transform(light, _WEIGHTS)
        changed = 0.0
        if self._changes is None:
            self._changes = _FilmChanges(light, luminance, self._reader.grid, self._rate)
        else:
            changed = self._changes.see(light, luminance)
        self._lights.append((_rounded(luminance.mean()), changed))
        self._stripes.see(len(self._lights) - 1, luminance)

    def found(self) -> FlashSight:
        """Returns what was seen. The meter takes no more frames after it."""
        if self.fault:
            return FlashSight(fault=self.fault)
        grid, stripes = self._reader.grid, self._stripes
        areas = self._changes.end() if self._changes else []
        frames = tuple(FlashFrame(*light, *both) for light, both in zip(self._lights, areas, strict=True))
        return FlashSight(self._rate, frames, tuple(stripes.seen), stripes.step, grid.columns, grid.rows)


class _FilmChanges:
    """The changes of a film: of luminance, and to and from saturated red."""

    def __init__(self, light: Array, luminance: Array, grid: CellGrid, rate: Fraction) -> None:
        """light, luminance: of the first frame."""
        self._grid, self._before = grid, luminance
        self._swings, self._reds = LuminanceSwings(luminance), RedSwings(light)
        self._broad_swings = BroadSwings(luminance, side_of(grid))
        self._general, self._red = TogetherCount(grid, rate), TogetherCount(grid, rate)
        self._broad, self._later = SecondCount(grid, rate), deque[Array | None](maxlen=MOMENT + 1)
        self._frames, self._areas = 0, list[tuple[ChangeAreas, ChangeAreas]]()
        self._add(None, None, None)

    def see(self, light: Array, luminance: Array) -> float:
        """Takes the next frame. Returns the share of the picture whose luminance changed by a tenth or more."""
        changed = np.count_nonzero(cv2.absdiff(luminance, self._before) >= LEAST_CHANGE - ROUNDING)
        self._before = luminance
        self._add(self._swings.see(luminance), self._broad_swings.see(luminance), self._reds.see(light))
        return _rounded(changed / luminance.size)

    def _add(self, general: Array | None, broad: Array | None, red: Array | None) -> None:
        self._frames += 1
        self._general.add(general)
        self._red.add(red)
        self._later.append(broad)
        if self._frames > MOMENT:  # the counts are now those of the frame MOMENT before
            self._broad.add(self._later[0])
            most = np.maximum(self._general.counts, self._broad.counts)
            self._areas.append((areas_of(most, self._grid), areas_of(self._red.counts, self._grid)))

    def end(self) -> list[tuple[ChangeAreas, ChangeAreas]]:
        """Returns the areas of every frame, of general and of red changes."""
        for _ in range(MOMENT):
            self._add(None, None, None)
        return self._areas


def areas_of(counts: Array, grid: CellGrid) -> ChangeAreas:
    """Returns the shares of a picture that changed so often. counts: of each cell, (rows, columns)."""
    across, down = grid.field
    least = LEAST_SHARE * min(across * down, counts.size)
    tally = np.bincount(np.minimum(counts, MOST_CHANGES).ravel(), minlength=MOST_CHANGES + 1)
    cells = np.cumsum(tally[::-1])[::-1][1:].tolist()  # of so many changes or more
    if cells[0] < least:
        return STILL
    window = (min(across, counts.shape[1]), min(down, counts.shape[0]))
    field, screen = [0.0] * MOST_CHANGES, [0.0] * MOST_CHANGES
    for at, count in enumerate(cells):
        if count < least:
            break
        there = (counts > at).astype(np.uint8)
        sums = cv2.boxFilter(there, cv2.CV_32F, window, normalize=False, borderType=cv2.BORDER_CONSTANT)
        field[at], screen[at] = _rounded(sums.max() / (across * down)), _rounded(count / counts.size)
    return ChangeAreas(tuple(field), tuple(screen))


def _rounded(value: float) -> float:
    return round(float(value), DECIMALS)
