"""Finds flash changes in each cell of a picture: of luminance, and to and from saturated red.

A flash is a pair of opposing changes. A change is counted when a cell has gone far enough from the last extreme, the
other way than the change before. Source: WCAG 2.2, "general flash and red flash thresholds"; ITU-R BT.1702-3 has the
same numbers for a display of 200 cd/m2 (20 and 160 cd/m2).
"""

from __future__ import annotations

import cv2
import numpy as np

from post.qc.flash.light import xyz_of
from post.values.array import Array

LEAST_CHANGE = 0.1  # of relative luminance
DARK = 0.8  # relative luminance that the darker of the two is below
SATURATED = 0.8  # R / (R + G + B) of a saturated red
LEAST_SHIFT = 0.2  # between two states, in the chromaticity diagram CIE 1976 u'v'
ROUNDING = 1e-5  # more than that of 32 bits
# White that is added to each colour before its chromaticity is taken, as light that a screen reflects: without it the
# noise of black would have one.
FLARE = 0.002


class LuminanceSwings:
    """Finds general flash changes. Each cell remembers its extreme since its last change."""

    def __init__(self, luminance: Array) -> None:
        """luminance: (rows, columns) float32 of the first frame, 1 for white."""
        self._top, self._bottom = luminance.copy(), luminance.copy()
        self._way = np.zeros(luminance.shape, np.int8)  # of the last change: 1 rose, -1 fell

    def see(self, luminance: Array) -> Array:
        """Returns the changes that cells complete with this frame, int8: 1 rose, -1 fell, 0 none."""
        np.maximum(self._top, luminance, out=self._top)
        np.minimum(self._bottom, luminance, out=self._bottom)
        least = LEAST_CHANGE - ROUNDING
        fell = (self._top - luminance >= least) & (luminance < DARK - ROUNDING) & (self._way >= 0)
        rose = (luminance - self._bottom >= least) & (self._bottom < DARK - ROUNDING) & (self._way <= 0)
        changed = fell | rose
        if changed.any():
            self._way[fell], self._way[rose] = -1, 1
            self._top[changed] = luminance[changed]
            self._bottom[changed] = luminance[changed]
        return self._way * changed


class BroadSwings:
    """Finds general flash changes of what is around each cell. In a picture full of moving detail each cell has swings
    of its own, which hide those that all of them make."""

    def __init__(self, luminance: Array, side: int) -> None:
        """luminance: as `LuminanceSwings` takes it; side: cells along what is around a cell."""
        self._side, self._last = (side, side), luminance.copy()
        self._swings = LuminanceSwings(self._around(luminance))

    def see(self, luminance: Array) -> Array | None:
        """Returns the cells that complete a change with this frame, bool, and themselves went with what is around them
        since the last one; None for none."""
        changes = self._swings.see(self._around(luminance))
        if not changes.any():
            return None
        own = changes * (luminance - self._last) >= LEAST_CHANGE - ROUNDING
        self._last = np.where(changes != 0, luminance, self._last)
        return np.asarray(own)

    def _around(self, luminance: Array) -> Array:
        return np.asarray(cv2.blur(luminance, self._side, borderType=cv2.BORDER_REPLICATE))


class RedSwings:
    """Finds red flash changes: from a saturated red to what lies far from it in chromaticity, and the way back."""

    def __init__(self, light: Array) -> None:
        """light: (rows, columns, 3) float32 of the first frame, linear RGB of BT.709."""
        self._red, self._u, self._v = _colours(
            light
        )  # the state that each cell was last in: red or not, and where
        self._far = _from_red(self._u, self._v)

    def see(self, light: Array) -> Array:
        """Returns the changes that cells complete with this frame, int8: 1 to red, -1 from it, 0 none."""
        red, u, v = _colours(light)
        shift = np.hypot(u - self._u, v - self._v) > LEAST_SHIFT
        changed = shift & (red != self._red)
        far = _from_red(u, v)
        # The extreme of a state: the reddest of a red one, what is farthest from red of another.
        more = np.where(self._red, red & (far < self._far), far > self._far) | changed
        self._red = np.where(changed, red, self._red)
        self._u, self._v, self._far = (
            np.where(more, new, old) for new, old in ((u, self._u), (v, self._v), (far, self._far))
        )
        return np.where(changed, np.where(red, np.int8(1), np.int8(-1)), np.int8(0))


_TO_XYZ = (xyz_of(1)).astype(np.float32)
_RED_X, _RED_Y, _RED_Z = (float(each) for each in _TO_XYZ[:, 0])
_RED_SUM = _RED_X + 15 * _RED_Y + 3 * _RED_Z
_RED_UV = (4 * _RED_X / _RED_SUM, 9 * _RED_Y / _RED_SUM)
# 4 X, 9 Y and X + 15 Y + 3 Z from linear RGB.
_TO_UV = np.array([4 * _TO_XYZ[0], 9 * _TO_XYZ[1], _TO_XYZ[0] + 15 * _TO_XYZ[1] + 3 * _TO_XYZ[2]], np.float32)


def _colours(light: Array) -> tuple[Array, Array, Array]:
    """Returns which cells are a saturated red, bool, and u' and v' of each. Source: CIE 15, 8.2.1."""
    total = light.sum(axis=2)
    red = (light[..., 0] >= (SATURATED - ROUNDING) * total) & (total > FLARE)
    flared = cv2.transform(light, np.column_stack([_TO_UV, _TO_UV.sum(axis=1) * FLARE]))
    return red, flared[..., 0] / flared[..., 2], flared[..., 1] / flared[..., 2]


def _from_red(u: Array, v: Array) -> Array:
    return np.asarray(np.hypot(u - _RED_UV[0], v - _RED_UV[1]))
