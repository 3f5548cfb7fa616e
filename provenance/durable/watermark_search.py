"""Where in a picture, and at what size, a key's waves are: every scale, every place."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from post.values.array import Array
from provenance.durable.watermark_pattern import FASTEST, TILE, Waves

SMALLEST, LARGEST = 0.4, 1.6  # pixels to a cell
# Of the picture's longer side in cells: how far the pattern may run out of step by its edges between one
# scale tried and the next.
RUN_OUT = 5.0
# A peak this high is the mark, or near it; it is taken when it is so many scales behind.
CLEAR, PAST = 12.0, 10
UNEVEN = 2  # steps by which the two axes may differ
PLACES = 128  # tried along each axis of a tile
# Bins around a wave that its size is told by, and how many times theirs it may be: a picture's own strong waves
# (a grid, a fence) count no more than that.
AROUND, OUTSTANDING = 5, 1.5
HALVED_FROM = 0.8  # the fastest wave is then 2.3 pixels long in a picture of half the size


class Peak(NamedTuple):
    """The highest z of all places at one scale. down, across: pixels to a cell."""

    z: float
    down: float
    across: float


@dataclass(frozen=True, slots=True)
class Found:
    """A place where a key's waves may be. z: how far the waves found by agree, in standard deviations of
    chance; across, down: pixels to a cell; turned: (n,) complex64, each wave as it was found at that place, turned
    back by the key's own: near 1 (or -1, by its bit) if this is a mark, and in any direction if not."""

    z: float
    down: float
    across: float
    turned: Array


class Search:
    """A search in one picture for one key. residual: (h, w) float32, what is left without the picture's shapes."""

    def __init__(self, residual: Array, mine: Waves) -> None:
        import cv2

        self._mine = mine
        self._full = residual
        height, width = residual.shape
        even = residual[: height // 2 * 2, : width // 2 * 2]
        self._half = cv2.resize(even, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA)
        self._found_by = np.flatnonzero(mine.bit < 0)
        self._step = RUN_OUT / max(height, width)

    def best(self) -> Found:
        """The likeliest place."""
        best = self._scan()
        step = self._step / 2
        while step > self._step / 10:
            downs = _near(best.down, step)
            best = max(
                best, *(peak for across in _near(best.across, step) for peak in self._peaks(across, downs))
            )
            step /= 2
        return self._found(best.down, best.across)

    def _scan(self) -> Peak:
        """The highest of all scales, large ones first: they take less. Ends early where nothing could be higher."""
        count = int(np.log(LARGEST / SMALLEST) / self._step) + 1
        best, since = Peak(0.0, 1.0, 1.0), 0
        for across in np.geomspace(LARGEST, SMALLEST, count):
            uneven = [across * (1 + k * self._step) for k in range(-UNEVEN, UNEVEN + 1)]
            peak = max(self._peaks(across, uneven))
            best, since = (peak, 0) if peak.z > best.z else (best, since + 1)
            if best.z > CLEAR and since > PAST:
                break
        return best

    def _peaks(self, across: float, downs: Sequence[float]) -> Iterator[Peak]:
        picture, shrunk = (self._half, 2) if across > HALVED_FROM else (self._full, 1)
        rows = _waves_across(picture, across / shrunk)
        for down in downs:
            turned = self._turned(_waves_down(rows, down / shrunk))
            yield Peak(float(self._surface(turned, PLACES).max()), down, across)

    def at(self, down: float, across: float) -> Array:
        """z at every cell a tile may start at, (TILE, TILE), at one scale."""
        return self._surface(self._at(down, across), TILE)

    def _at(self, down: float, across: float) -> Array:
        return self._turned(_waves_down(_waves_across(self._full, across), down))

    def _turned(self, spectrum: Array) -> Array:
        """The key's waves as they are in a spectrum, each by the size of those around it, none far above them."""
        import cv2

        size = np.abs(spectrum)
        around = np.maximum(cv2.blur(size * size, (AROUND, AROUND)), 0)  # running sums may end below it
        evened = spectrum / (np.sqrt(around) + 1e-9)
        seen = evened[self._mine.down + FASTEST, self._mine.across]
        return np.asarray(seen / np.maximum(np.abs(seen) / OUTSTANDING, 1) * self._mine.phases.conj())

    def _surface(self, turned: Array, places: int) -> Array:
        """z at each of (places, places) shifts of the tile."""
        keep, mine = self._found_by, self._mine
        grid = np.zeros((places, places // 2 + 1), np.complex64)
        once = np.where(mine.across[keep] == 0, np.float32(1), np.float32(0.5))
        grid[mine.down[keep], mine.across[keep]] = turned[keep] * once
        return np.asarray(np.fft.irfft2(grid, norm="forward") / chance(turned[keep]))

    def _found(self, down: float, across: float) -> Found:
        turned = self._at(down, across)
        surface = self._surface(turned, TILE)
        y, x = np.unravel_index(int(surface.argmax()), surface.shape)
        back = np.exp(2j * np.pi * (self._mine.down * y + self._mine.across * x) / TILE)
        return Found(float(surface.max()), down, across, np.asarray(turned * back))


def chance(turned: Array) -> float:
    """The standard deviation of the sum of waves (their real parts) that point in any direction.

    The key's phases are even and independent, so this holds whatever the picture is; the sum's tails are no
    heavier than a normal distribution's bound, exp(-z^2 / 2), since E exp(t cos) = I0(t) <= exp(t^2 / 4).
    """
    return float(np.sqrt((np.abs(turned) ** 2).sum() / 2)) + 1e-9


def _near(scale: float, step: float) -> list[float]:
    return [scale * (1 + k * step) for k in (-1, 0, 1)]


def _waves_across(picture: Array, scale: float) -> Array:
    """(h, FASTEST + 1) complex64: each row's waves."""
    turns = np.arange(picture.shape[1])[:, None] * np.arange(FASTEST + 1) * (-2 * np.pi / (TILE * scale))
    both = np.concatenate([np.cos(turns), np.sin(turns)], axis=1).astype(np.float32)
    made = picture @ both
    return np.asarray(made[:, : FASTEST + 1] + 1j * made[:, FASTEST + 1 :])


def _waves_down(rows: Array, scale: float) -> Array:
    """(2 FASTEST + 1, FASTEST + 1) complex64."""
    turns = (
        np.arange(-FASTEST, FASTEST + 1)[:, None] * np.arange(rows.shape[0]) * (-2 * np.pi / (TILE * scale))
    )
    return np.asarray(np.exp(1j * turns).astype(np.complex64) @ rows)
