"""Grain: a film's texture, laid over finished colour."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from post.errors import JobError
from post.knob import Series, knob
from post.picture.grain.spectrum import STEPS_DOC, Spectrum, read_spectrum, shape_noise
from post.stage import FieldStage, parameters, stage
from post.values.array import Array
from post.values.claim import ALGORITHMIC, Action
from post.values.time import Span
from post.values.ycbcr import code_range

REFERENCE_LINES = 1080
BAND = 64
# A field this small in frequency terms is white on any raster we make.
SMALLEST = 0.05
MOST_TONES = 33


@stage("grain", version=1)
class Grain(FieldStage):
    """Seeded grain, whose strength follows the picture's brightness. The same film has the same grain."""

    strength: float = knob(
        default=0.0,
        lo=0,
        hi=20,
        unit="codes",
        doc="standard deviation at mid grey (or where `tones` has a share of 1), in 8-bit codes; 0 is none",
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
    tones: Series = knob(
        default=(),
        lo=0,
        hi=2,
        doc="a measured grain's strength at equal steps of brightness, black to white, as shares of "
        f"`strength`; in place of shadows, mids and highlights; 2 to {MOST_TONES} of them",
    )
    spectrum: Series = knob(
        default=(), lo=-60, hi=60, unit="dB", doc=f"a measured grain's power, in place of size: {STEPS_DOC}"
    )
    chroma_spectrum: Series = knob(
        default=(),
        lo=-60,
        hi=60,
        unit="dB",
        doc="the same of colour, by its own samples; without, as brightness",
    )
    add: str = knob(
        default="all",
        choices=("all", "lacking"),
        doc="all of it over every shot, or over each what its own grain, as measured, lacks; colour is added "
        "only with brightness, and at most as strong",
    )
    lines: int = knob(
        default=1080, lo=16, hi=8640, doc="height of the picture whose pixels the spectra count"
    )

    def agree(self) -> None:
        """Checks the knobs against each other. Raises JobError where they do not fit together."""
        if self.tones and not 2 <= len(self.tones) <= MOST_TONES:
            raise JobError(
                "wrong number of steps in a tone curve",
                where="grain.tones",
                expected=f"2 to {MOST_TONES} numbers",
                got=len(self.tones),
            )
        for name in ("spectrum", "chroma_spectrum"):
            if getattr(self, name):
                self._spectrum(name)

    def _spectrum(self, name: str) -> Spectrum:
        return read_spectrum(getattr(self, name), f"grain.{name}")

    @property
    def texture(self) -> Grain:
        """Returns what decides its fields: this grain without its strength and tones."""
        even = replace(self, strength=1.0, shadows=1.0, mids=1.0, highlights=1.0, tones=(), add="all")
        return replace(even, chroma=float(self.chroma > 0))

    def sigma(self, luma: Array) -> Array:
        """Returns the strength at a luma, linear between known strengths. luma: 8-bit limited-range code / 255."""
        codes = code_range("limited", 8)
        level = (np.asarray(luma, np.float64) * 255 - codes.black) / codes.luma
        shares = self.tones or (self.shadows, self.mids, self.highlights)
        return np.asarray(self.strength * np.interp(level, np.linspace(0, 1, len(shares)), shares))

    def tile(self, height: int, width: int, frame_height: int) -> Array:
        """Returns white noise with the grain's spectrum, scaled with the frame.

        Without a spectrum it is a Gaussian that makes grains `size` wide.
        """
        if self.spectrum:
            return self._shaped("spectrum", (height, width), frame_height / self.lines)
        return self._soft(height, width, frame_height)

    def colour_tile(self, height: int, width: int, frame_height: int) -> Array:
        """Returns the tile for chroma planes. frame_height: of the chroma plane."""
        if self.chroma_spectrum:
            return self._shaped("chroma_spectrum", (height, width), 2 * frame_height / self.lines)
        return self.tile(height, width, frame_height)

    def _shaped(self, name: str, size: tuple[int, int], scale: float) -> Array:
        return shape_noise(_white(*size, self.seed), self._spectrum(name), scale)

    def _soft(self, height: int, width: int, frame_height: int) -> Array:
        sigma = self._softness(frame_height)
        field = _white(height, width, self.seed)
        _blur_rows(field, sigma)
        _blur_rows(field.T, sigma)
        field -= field.mean(dtype=np.float64)
        field /= field.std(dtype=np.float64)
        return field

    def _softness(self, frame_height: int) -> float:
        """Returns the sigma of the Gaussian, in pixels, that makes grains `size` wide."""
        wide = max(self.size * frame_height / REFERENCE_LINES, SMALLEST)
        # The autocorrelation is a Gaussian with itself: its width at half height is 4 sqrt(ln 2) sigma.
        return float(wide / (4 * np.sqrt(np.log(2.0))))

    def square(self, side: int, frame_height: int) -> Array:
        """Returns its power over a torus of side x side pixels of a frame, in FFT order, mean 1."""
        if self.spectrum:
            return self._spectrum("spectrum").square(side, frame_height / self.lines)
        along = np.exp(-4 * (np.pi * self._softness(frame_height) * np.fft.fftfreq(side)) ** 2)
        return np.asarray(np.outer(along, along) / along.mean() ** 2)

    def colour_square(self, side: int, frame_height: int) -> Array:
        """Returns the power of chroma planes, as `square` does. frame_height: of the chroma plane."""
        if self.chroma_spectrum:
            return self._spectrum("chroma_spectrum").square(side, 2 * frame_height / self.lines)
        return self.square(side, frame_height)

    def declare(self, where: Span) -> Action | None:
        if self.strength == 0:
            return None
        return Action("c2pa.filtered", ALGORITHMIC, where, parameters(self), "grain")


def _white(height: int, width: int, seed: int) -> Array:
    """Returns unit white noise, (height, width) float32: each sample the sum of a Philox word's eight bytes.

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
    """Blurs each row with a Gaussian, in place; the field is a torus, so rows have no edge.

    Some rows at a time: a whole spectrum of a 2160-line field would be a worker's largest allocation.
    """
    length = field.shape[1]
    weights = np.exp(-2 * (np.pi * sigma * np.fft.rfftfreq(length)) ** 2).astype(np.float32)
    for top in range(0, field.shape[0], BAND):
        spectrum = np.fft.rfft(field[top : top + BAND], axis=1) * weights
        field[top : top + BAND] = np.fft.irfft(spectrum, length, axis=1)
