"""Lays grain of known strength, spectrum and colour over real clips."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from post.measure.frames import Frame, walk
from post.measure.grain.spectrum import NODES
from post.takes.probe import probe
from post.values.array import Array

GRID = 128  # pixels a side of the torus on which spectra are computed
CHROMA_SHARE, WITH_LUMA = 0.4, 0.4
Planes8 = tuple[Array, Array, Array]  # luma, Cb, Cr: float64, 8-bit codes, chroma half as wide and high


@dataclass(frozen=True)
class Film:
    """A film's grain: `wide` scales its spectrum, `tall` stretches it down the picture, `strength` its sigma."""

    strength: float = 1.0
    wide: float = 1.0
    tall: float = 1.0

    def sigma(self, luma: Array) -> Array:
        """Returns its sigma by luma: largest in the greys, 1.2 to 6.2 codes at strength 1."""
        share = np.clip(luma / 255, 0, 1)
        return np.asarray(self.strength * (1.2 + 5.0 * (4 * share * (1 - share)) ** 0.8))

    def power(self, down: Array, across: Array) -> Array:
        """Returns its spectrum by frequency in cycles a pixel: a low-pass with a slight low cut, not normalised."""
        radius = np.hypot(across, down * self.tall) * self.wide
        cut = 1 - 0.6 * np.exp(-((radius / 0.04) ** 2))
        return np.asarray(np.exp(-((radius / 0.16) ** 2)) * cut + 0.02)

    def table(self) -> Array:
        """Returns luma's spectrum in the form of the measurement: (NODES, NODES) decibels over equal white noise."""
        return _nodes(self._square(GRID))

    def colour_table(self) -> Array:
        """Returns the spectrum of Cb and Cr, which is partly luma's, averaged over four pixels."""
        along = np.cos(np.pi * np.fft.fftfreq(2 * GRID)) ** 2
        averaged = self._square(2 * GRID) * np.outer(along, along)
        folded = averaged.reshape(2, GRID, 2, GRID).sum((0, 2))
        return _nodes(WITH_LUMA**2 * folded / folded.mean() + (1 - WITH_LUMA**2) * self._square(GRID))

    def _square(self, side: int) -> Array:
        steps = np.fft.fftfreq(side)
        power = self.power(steps[:, None], steps[None])
        return np.asarray(power / power.mean())

    def field(self, height: int, width: int, rng: np.random.Generator) -> Array:
        """Returns one frame of the grain, with variance 1."""
        down, across = np.fft.fftfreq(height)[:, None], np.fft.rfftfreq(width)[None]
        power = self.power(down, across)
        whole = self.power(down, np.fft.fftfreq(width)[None])
        shaped = np.fft.rfft2(rng.standard_normal((height, width))) * np.sqrt(power / whole.mean())
        return np.asarray(np.fft.irfft2(shaped, (height, width)))

    def over(self, clean: Sequence[Planes8], seed: int = 3) -> list[Planes8]:
        """Returns the frames with grain. Cb and Cr have CHROMA_SHARE of luma's strength, correlated by WITH_LUMA."""
        rng = np.random.default_rng(seed)
        return [self._on(frame, rng) for frame in clean]

    def _on(self, frame: Planes8, rng: np.random.Generator) -> Planes8:
        luma, *chroma = frame
        height, width = luma.shape
        grain = self.field(height, width, rng)
        shared = _quarter(grain) / _quarter(grain).std()
        strength = CHROMA_SHARE * self.sigma(_quarter(luma))
        own = np.sqrt(1 - WITH_LUMA**2)
        height, width = shared.shape
        cb, cr = (
            plane + strength * (WITH_LUMA * shared + own * self.field(height, width, rng)) for plane in chroma
        )
        return luma + self.sigma(luma) * grain, cb, cr


def _nodes(square: Array) -> Array:
    step = GRID // (2 * (NODES - 1))
    return np.asarray(10 * np.log10(square[: GRID // 2 + 1 : step, : GRID // 2 + 1 : step]))


def bands(table: Array) -> Array:
    """Returns a spectrum's decibels in rings 1/16 cycle wide, from 1/16 to 1/2: (8,).

    Lower frequencies cannot be measured in a block of 32 pixels.
    """
    steps = np.linspace(0, 0.5, len(table))
    ring = np.rint(np.hypot(steps[:, None], steps[None]) * 2 * (NODES - 1)).astype(int)
    power = 10 ** (np.asarray(table) / 10)
    return np.array([10 * np.log10(power[ring == each].mean()) for each in range(1, NODES)])


def _quarter(plane: Array) -> Array:
    height, width = plane.shape
    return np.asarray(plane.reshape(height // 2, 2, width // 2, 2).mean((1, 3)))


def read(path: Path, first: int, count: int) -> list[Planes8]:
    """Returns frames of an 8-bit or 10-bit 4:2:0 clip."""
    picture = probe(path, path.stem).picture
    return [
        _as_8_bit(step.frame) for step in walk(path, picture) if first <= step.frame.number < first + count
    ]


def _as_8_bit(frame: Frame) -> Planes8:
    y, cb, cr = (plane / frame.unit for plane in (frame.luma, *frame.chroma))
    return y, cb, cr


def coded(frames: Sequence[Planes8], depth: int = 10) -> list[Frame]:
    """Returns the frames as a decoder gives them, rounded to codes."""
    unit, kind = 1 << (depth - 8), np.uint8 if depth == 8 else np.uint16
    made = []
    for number, planes in enumerate(frames):
        y, cb, cr = (np.clip(np.rint(plane * unit), 0, 256 * unit - 1).astype(kind) for plane in planes)
        made.append(Frame(number, y, (cb, cr), depth, "limited"))
    return made
