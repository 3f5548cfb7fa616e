"""Searches a picture for a key's waves, at every scale and every place.

1  scan the scales from large to small: z of the pilot waves at a coarse grid of places
2  refine the scale of the highest peak, both axes on their own
3  z at every cell, and each wave's phase at the best one
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from post.values.array import Array
from post.values.watermark_geometry import FASTEST_WAVE, TILE
from provenance.durable.watermark_pattern import Waves

SMALLEST, LARGEST = 0.4, 1.6  # pixels to a cell
# How far, in cells, two neighbouring scales may differ at the ends of the picture's longer side.
MAX_DRIFT = 5.0
# A z this high is the watermark, or a scale near it. The scan ends when it was so many scales ago.
CLEAR_Z, SCALES_PAST = 12.0, 10
MAX_SQUEEZE = 2  # steps of scale by which the two axes may differ
PLACES = 128  # tried along each axis of a tile
# A wave's size is divided by the mean size in so many bins around it, and cut off at so many times that: a picture's
# own strong waves (a grid, a fence) count no more.
AROUND, MAX_RATIO = 5, 1.5
HALVED_FROM = (
    0.8  # from this scale on, half the picture's size is enough: the fastest wave is 2.3 pixels long there
)


class Peak(NamedTuple):
    """The highest z of all places at one scale. down, across: pixels to a cell."""

    z: float
    down: float
    across: float


@dataclass(frozen=True, slots=True)
class PatternFit:
    """The place where a key's waves fit best.

    z: how far the pilot waves agree, in standard deviations of chance; down, across: pixels to a cell; phases: each
    wave as it is in the picture, divided by the key's phase, (n,) complex64. They are near 1, or near -1 for a bit of
    1, if this is a watermark, and point in any direction if not.
    """

    z: float
    down: float
    across: float
    phases: Array


class PatternSearch:
    """Searches one picture for one key's waves. residual: (h, w) float32, a picture without its shapes."""

    def __init__(self, residual: Array, waves: Waves) -> None:
        import cv2

        self._waves = waves
        self._full = residual
        height, width = residual.shape
        even = residual[: height // 2 * 2, : width // 2 * 2]
        self._half = cv2.resize(even, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA)
        self._pilots = np.flatnonzero(waves.bit < 0)
        self._step = MAX_DRIFT / max(height, width)

    def find_best(self) -> PatternFit:
        """Returns the likeliest place."""
        best = self._scan()
        step = self._step / 2
        while step > self._step / 10:
            downs = _near(best.down, step)
            best = max(
                best, *(peak for across in _near(best.across, step) for peak in self._peaks(across, downs))
            )
            step /= 2
        return self._fit(best.down, best.across)

    def _scan(self) -> Peak:
        """Returns the highest peak of all scales. Starts with the large ones, which are fast, and ends early once
        a clear peak is behind."""
        count = int(np.log(LARGEST / SMALLEST) / self._step) + 1
        best, since = Peak(0.0, 1.0, 1.0), 0
        for across in np.geomspace(LARGEST, SMALLEST, count):
            downs = [across * (1 + k * self._step) for k in range(-MAX_SQUEEZE, MAX_SQUEEZE + 1)]
            peak = max(self._peaks(across, downs))
            best, since = (peak, 0) if peak.z > best.z else (best, since + 1)
            if best.z > CLEAR_Z and since > SCALES_PAST:
                break
        return best

    def _peaks(self, across: float, downs: Sequence[float]) -> Iterator[Peak]:
        picture, shrunk = (self._half, 2) if across > HALVED_FROM else (self._full, 1)
        rows = _waves_across(picture, across / shrunk)
        for down in downs:
            phases = self._relative(_waves_down(rows, down / shrunk))
            yield Peak(float(self._surface(phases, PLACES).max()), down, across)

    def surface(self, down: float, across: float) -> Array:
        """Returns z for every cell at which a tile may start, (TILE, TILE). down, across: pixels to a cell."""
        return self._surface(self._phases(down, across), TILE)

    def _phases(self, down: float, across: float) -> Array:
        return self._relative(_waves_down(_waves_across(self._full, across), down))

    def _relative(self, spectrum: Array) -> Array:
        """Returns the key's waves in a spectrum, divided by the key's phases and by the mean size around each, (n,)."""
        import cv2

        size = np.abs(spectrum)
        around = np.maximum(cv2.blur(size * size, (AROUND, AROUND)), 0)  # running sums may end below 0
        evened = spectrum / (np.sqrt(around) + 1e-9)
        own = evened[self._waves.down + FASTEST_WAVE, self._waves.across]
        return np.asarray(own / np.maximum(np.abs(own) / MAX_RATIO, 1) * self._waves.phases.conj())

    def _surface(self, phases: Array, places: int) -> Array:
        """Returns z of the pilots at each of (places, places) shifts of the tile."""
        pilots, waves = self._pilots, self._waves
        grid = np.zeros((places, places // 2 + 1), np.complex64)
        once = np.where(waves.across[pilots] == 0, np.float32(1), np.float32(0.5))
        grid[waves.down[pilots], waves.across[pilots]] = phases[pilots] * once
        return np.asarray(np.fft.irfft2(grid, norm="forward") / chance(phases[pilots]))

    def _fit(self, down: float, across: float) -> PatternFit:
        phases = self._phases(down, across)
        surface = self._surface(phases, TILE)
        y, x = np.unravel_index(int(surface.argmax()), surface.shape)
        back = np.exp(2j * np.pi * (self._waves.down * y + self._waves.across * x) / TILE)
        return PatternFit(float(surface.max()), down, across, np.asarray(phases * back))


def chance(phases: Array) -> float:
    """Returns the standard deviation of the sum of the waves' real parts if they point in any direction.

    phases: (n,) complex. The key's phases are uniform and independent, so this is right whatever the picture shows.
    The sum's tails are no heavier than a normal distribution's bound, exp(-z^2 / 2), since
    E exp(t cos) = I0(t) <= exp(t^2 / 4).
    """
    return float(np.sqrt((np.abs(phases) ** 2).sum() / 2)) + 1e-9


def _near(scale: float, step: float) -> list[float]:
    return [scale * (1 + k * step) for k in (-1, 0, 1)]


def _waves_across(picture: Array, scale: float) -> Array:
    """Returns each row's waves, (h, FASTEST_WAVE + 1) complex64. scale: pixels to a cell."""
    turns = np.arange(picture.shape[1])[:, None] * np.arange(FASTEST_WAVE + 1) * (-2 * np.pi / (TILE * scale))
    both = np.concatenate([np.cos(turns), np.sin(turns)], axis=1).astype(np.float32)
    made = picture @ both
    return np.asarray(made[:, : FASTEST_WAVE + 1] + 1j * made[:, FASTEST_WAVE + 1 :])


def _waves_down(rows: Array, scale: float) -> Array:
    """Returns the spectrum of what `_waves_across` returned, (2 FASTEST_WAVE + 1, FASTEST_WAVE + 1) complex64."""
    turns = (
        np.arange(-FASTEST_WAVE, FASTEST_WAVE + 1)[:, None]
        * np.arange(rows.shape[0])
        * (-2 * np.pi / (TILE * scale))
    )
    return np.asarray(np.exp(1j * turns).astype(np.complex64) @ rows)
