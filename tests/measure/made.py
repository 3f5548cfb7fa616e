"""Clips as arrays, without a codec: what a measure sees is exactly what a test made."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from fractions import Fraction
from typing import Any

import numpy as np
from skimage import data

from post.measure.fact import MEASURES, ClipLength
from post.measure.frames import Frame, Step
from post.values.array import Array
from post.values.colour import Range

RATE = Fraction(24)


def show(name: str, frames: Iterable[Frame], known: Mapping[str, Any] | None = None) -> Any:
    """What the measure of that name finds in the frames."""
    shown = list(frames)
    one = MEASURES[name](ClipLength(len(shown), RATE))
    for before, frame in zip([None, *shown], shown, strict=False):
        one.see(Step(before, frame))
    return one.found(known or {})


def frames_of(
    lumas: Iterable[Array], *, chroma: Array | None = None, depth: int = 8, spread: Range = "limited"
) -> list[Frame]:
    """Frames from luma in 8-bit codes of any fraction, rounded to codes of `depth` bits. chroma: of them all."""
    unit = 1 << (depth - 8)
    kind = np.uint8 if depth == 8 else np.uint16
    planes = () if chroma is None else (chroma.astype(kind) * unit,) * 2
    coded = (np.clip(np.rint(luma * unit), 0, 256 * unit - 1).astype(kind) for luma in lumas)
    return [Frame(i, luma, planes, depth, spread) for i, luma in enumerate(coded)]


def photograph(name: str) -> Array:
    """Luma of a picture that comes with scikit-image, (height, width) float64, within 20..230."""
    rgb = getattr(data, name)()[..., :3].astype(np.float64)
    return np.asarray(20 + (rgb @ [0.2126, 0.7152, 0.0722]) * 210 / 255)


def window(picture: Array, top: float, left: float, height: int = 144, width: int = 256) -> Array:
    """A view of the picture at a place in whole pixels."""
    y, x = round(top), round(left)
    return picture[y : y + height, x : x + width]


def grainy(picture: Array, sigma: Array, seed: int) -> Array:
    """The picture with grain of a film's softness, sigma (in codes) at each pixel."""
    rng = np.random.default_rng(seed)
    across, down = (np.fft.fftfreq(n) for n in picture.shape[::-1])
    radius = np.hypot(across[None], down[:, None])
    power = np.exp(-((radius / 0.16) ** 2)) * (1 - 0.6 * np.exp(-((radius / 0.04) ** 2))) + 0.02
    shaped = np.fft.fft2(rng.standard_normal(picture.shape)) * np.sqrt(power / power.mean())
    return np.asarray(picture + sigma * np.fft.ifft2(shaped).real)


def sky(depth: int, height: int = 270, width: int = 480, dither: float = 0.0, rise: float = 40.0) -> Array:
    """A soft gradient rounded to codes, with so many codes of dither."""
    y, x = np.mgrid[0:height, 0:width]
    rng = np.random.default_rng(0)
    signal = (60 + rise * y / height + 10 * np.sin(3 * x / width)) * (1 << (depth - 8))
    noisy = signal + dither * rng.standard_normal(signal.shape)
    return np.asarray(np.rint(noisy), np.uint8 if depth == 8 else np.uint16)


def ramp() -> Array:
    """Luma codes from black to white of limited range, each as often."""
    return np.tile(np.linspace(16, 235, 128), (96, 1))


def coloured(luma: Array, cb: float, cr: float, spread: str = "limited") -> Frame:
    planes = tuple(np.full(luma.shape, code, np.uint8) for code in (cb, cr))
    [frame] = frames_of([luma], spread="full" if spread == "full" else "limited")
    return replace(frame, chroma=planes)
