"""A grain's spectrum as a person writes it, and as power at any frequency."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from post.errors import JobError
from post.knob import Series
from post.values.array import Array

# Of one row: frequencies 0 to half a cycle a pixel. From 5 x 5 on, that many rows: frequency down, then across.
FEWEST, MOST, FEWEST_ROWS = 3, 17, 5
NYQUIST = 0.5
BAND = 64
STEPS_DOC = (
    f"at {FEWEST} to {MOST} equal steps of frequency from 0 to half a cycle a pixel, the same in every "
    f"direction; or, from {FEWEST_ROWS} steps on, at each pair of them, row after row: down, then across"
)


@dataclass(frozen=True, slots=True)
class Spectrum:
    """Power by frequency, 0 to half a cycle a pixel, up to a factor. decibels: one row, of any direction;
    or as many rows (frequency down) as columns (frequency across)."""

    decibels: tuple[tuple[float, ...], ...]

    def power(self, down: Array, across: Array) -> Array:
        """Returns the power at frequencies in cycles a pixel, of shapes that broadcast; 0 beyond half a cycle.

        Between the steps, decibels follow the cosine series through them: it is even and periodic, as a
        sampled field's spectrum is.
        """
        down, across = np.abs(down), np.abs(across)
        if len(self.decibels) == 1:
            radius = np.minimum(np.hypot(down, across), NYQUIST)
            decibels = _cosines(radius, len(self.decibels[0])) @ self._series()
        else:
            size = len(self.decibels)
            ways = _cosines(down.ravel(), size) @ self._series() @ _cosines(across.ravel(), size).T
            decibels = ways.reshape(np.broadcast_shapes(down.shape, across.shape))
        return np.where((down <= NYQUIST) & (across <= NYQUIST), 10 ** (decibels / 10), 0.0)

    def _series(self) -> Array:
        """Returns the cosine series' coefficients, (n,) or (n, n)."""
        table = np.array(self.decibels)
        back = np.linalg.inv(_cosines(np.linspace(0, NYQUIST, table.shape[1]), table.shape[1]))
        return np.asarray(back @ table[0] if len(table) == 1 else back @ table @ back.T)

    def square(self, side: int, scale: float = 1.0) -> Array:
        """Returns the power over a torus of side x side pixels, in FFT order, with a mean of 1.

        scale: of these pixels to one of the spectrum's picture.
        """
        steps = np.fft.fftfreq(side) * scale
        power = self.power(steps[:, None], steps[None])
        return np.asarray(power / power.mean())


def _cosines(frequency: Array, count: int) -> Array:
    return np.asarray(np.cos(2 * np.pi * np.multiply.outer(frequency, np.arange(count))))


def flatten_rows(table: tuple[Series, ...]) -> Series:
    """Returns a table as `read_spectrum` takes it: row after row."""
    return tuple(each for row in table for each in row)


def read_spectrum(numbers: Series, where: str) -> Spectrum:
    """Returns the spectrum in a knob's decibels. Raises JobError for a wrong number of them."""
    if FEWEST <= len(numbers) <= MOST:
        return Spectrum((numbers,))
    wide = round(len(numbers) ** 0.5)
    if wide**2 != len(numbers) or not FEWEST_ROWS <= wide <= MOST:
        raise JobError(
            "wrong number of steps in a spectrum",
            where=where,
            expected=f"{FEWEST} to {MOST} numbers, or {FEWEST_ROWS} x {FEWEST_ROWS} to {MOST} x {MOST}",
            got=len(numbers),
        )
    return Spectrum(tuple(numbers[row * wide : (row + 1) * wide] for row in range(wide)))


def shape_noise(white: Array, spectrum: Spectrum, scale: float) -> Array:
    """Returns white noise on a torus, (height, width) float32, with a spectrum: float32, mean 0, variance 1.

    scale: of these pixels to one of the spectrum's picture. On a finer raster,
    frequencies beyond the spectrum get no power.
    """
    height, width = white.shape
    down, across = np.fft.fftfreq(height)[:, None] * scale, np.fft.rfftfreq(width)[None] * scale
    transformed = np.fft.rfft2(white)
    # Some rows at a time: power is worked out in doubles, which would be a worker's largest allocation.
    for top in range(0, height, BAND):
        rows = slice(top, top + BAND)
        transformed[rows] *= np.sqrt(spectrum.power(down[rows], across)).astype(np.float32)
    transformed[0, 0] = 0
    field = np.fft.irfft2(transformed, white.shape)
    field /= field.std(dtype=np.float64)
    return np.asarray(field, np.float32)
