"""Grain: a film's texture, laid over finished colour."""

from __future__ import annotations

import numpy as np

from post.knob import knob
from post.stage import Array, FieldStage, parameters, stage
from post.values.claim import ALGORITHMIC, Action
from post.values.time import Span

REFERENCE_LINES = 1080
BAND = 64
# A field this small in frequency terms is white on any raster we make.
SMALLEST = 0.05


@stage("grain", version=1)
class Grain(FieldStage):
    """Seeded grain, as strong as the picture's brightness asks for. The same film has the same grain."""

    strength: float = knob(
        default=0.0,
        lo=0,
        hi=20,
        unit="codes",
        doc="standard deviation at mid grey, in 8-bit codes; 0 is none",
    )
    size: float = knob(
        default=1.4, lo=0.5, hi=8, unit="px", doc="width of a grain at 1080 lines, at half its height"
    )
    shadows: float = knob(default=0.8, lo=0, hi=2, doc="strength in black, as a share of that at mid grey")
    mids: float = knob(default=1.0, lo=0, hi=2, doc="strength at mid grey, as a share of `strength`")
    highlights: float = knob(
        default=0.45, lo=0, hi=2, doc="strength in white, as a share of that at mid grey"
    )
    chroma: float = knob(default=0.25, lo=0, hi=1, doc="strength in colour, as a share of that in brightness")
    seed: int = knob(default=1, lo=0, hi=65535, doc="another number is another grain")

    def sigma(self, luma: Array) -> Array:
        """Straight from shadows to mids to highlights; luma is an 8-bit limited-range code over 255."""
        level = (np.asarray(luma, np.float64) * 255 - 16) / 219
        shares = np.interp(level, (0.0, 0.5, 1.0), (self.shadows, self.mids, self.highlights))
        return np.asarray(self.strength * shares)

    def tile(self, height: int, width: int, frame_height: int) -> Array:
        """White noise through a Gaussian spectrum, which makes grains `size` wide, scaled with the frame."""
        wide = max(self.size * frame_height / REFERENCE_LINES, SMALLEST)
        # Two Gaussians meet in an autocorrelation: its width at half height is 4 sqrt(ln 2) sigma.
        sigma = wide / (4 * np.sqrt(np.log(2.0)))
        field = _white(height, width, self.seed)
        _blur_rows(field, sigma)
        _blur_rows(field.T, sigma)
        field -= field.mean(dtype=np.float64)
        field /= field.std(dtype=np.float64)
        return field

    def declare(self, where: Span) -> Action | None:
        if self.strength == 0:
            return None
        return Action("c2pa.filtered", ALGORITHMIC, where, parameters(self), "grain")


def _white(height: int, width: int, seed: int) -> Array:
    """Unit white noise, (height, width) float32: each sample the sum of a Philox word's eight bytes.

    Philox's raw words are the same on every machine and in every NumPy (NEP 19); `Generator.normal` need
    not be. Eight uniforms have a kurtosis of 2.85, and the blur brings it to 3.
    """
    source, field = np.random.Philox(key=seed), np.empty((height, width), np.float32)
    for top in range(0, height, BAND):
        band = field[top : top + BAND]
        parts = source.random_raw(band.size).view(np.uint8).reshape(*band.shape, 8)
        np.sum(parts, axis=2, dtype=np.float32, out=band)
    # Eight uniforms over 0..255: mean 8 * 127.5, variance 8 * (256**2 - 1) / 12.
    field -= np.float32(1020.0)
    field /= np.float32(np.sqrt(8 * 65535 / 12))
    return field


def _blur_rows(field: Array, sigma: float) -> None:
    """A Gaussian along each row, in place and without an edge (the field is a torus).

    Some rows at a time: a whole spectrum of a 2160-line field would be a worker's largest allocation.
    """
    length = field.shape[1]
    weights = np.exp(-2 * (np.pi * sigma * np.fft.rfftfreq(length)) ** 2).astype(np.float32)
    for top in range(0, field.shape[0], BAND):
        spectrum = np.fft.rfft(field[top : top + BAND], axis=1) * weights
        field[top : top + BAND] = np.fft.irfft(spectrum, length, axis=1)
