"""Brand elements made of pixels: stills, animations, image sequences, and clips with alpha."""

from __future__ import annotations

from fractions import Fraction
from math import floor
from weakref import finalize

import numpy as np

from post.errors import SourceError
from post.picture.brand.premultiplied import premultiplied, scaled
from post.picture.display.convert import convert_colour, shown_as_it_is
from post.takes.pictures.clear_frames import ClearReader
from post.takes.stills.pixels import Pixels
from post.values.array import Array
from post.values.colour import BT709, HDR
from post.values.media import File
from post.values.time import Clock

AUTO, STRAIGHT, PREMULTIPLIED = "auto", "straight", "premultiplied"
# Frames that tell how a clip's alpha is meant, spread evenly over it.
LOOKED_AT = 5
# A premultiplied picture has no colour above its alpha, but for what a codec adds.
ABOVE = 0.04
# The share of half-clear pixels above their alpha from which colour is not multiplied by it.
STRAIGHT_FROM = 0.02
HALF_CLEAR = 0.02, 0.9


class RasterElement:
    """Pictures of one file. alpha: straight | premultiplied | auto, by which a clip is looked at."""

    def __init__(self, file: File, alpha: str, clock: Clock) -> None:
        """Raises SourceError where the file cannot be read, or is HDR."""
        self._reader = ClearReader(file.here, clock)
        finalize(self, self._reader.close)  # a cache drops what it keeps, and closes nothing
        picture = self._reader.picture
        if picture.colour.transfer in HDR:
            raise SourceError(
                "is HDR, which is not laid over SDR", where=file.name,
                expected="BT.709, BT.601 or sRGB", got=HDR[picture.colour.transfer], fix="export it in SDR",
            )  # fmt: skip
        self._picture = picture
        wide, high = picture.shown
        self.shape = Fraction(wide) / high
        self._length = 1 if picture.stands_still else picture.length
        self.moves = self._length > 1
        self._multiplied = alpha == PREMULTIPLIED or (alpha == AUTO and self._looks_multiplied())

    def position(self, since: Fraction, lasts: Fraction, after_end: str) -> Fraction | None:
        """Returns the number of the picture that is shown in the middle of a frame."""
        number = floor((since + lasts / 2) * self._picture.grid.rate)
        if number < self._length:
            return Fraction(number)
        if after_end == "loop":
            return Fraction(number % self._length)
        return None if after_end == "stop" else Fraction(self._length - 1)

    def draw(self, at: Fraction, width: int, height: int) -> Array:
        """Returns one picture, premultiplied and scaled to that size. at: its number."""
        return scaled(self._premultiplied(int(at)), width, height)

    def union(self, width: int, height: int) -> Array:
        """Returns the highest alpha of all pictures, at that size. Every one of them is decoded."""
        highest: Array | None = None
        for number in range(self._length):
            pixels = self._reader.pixels(number)
            if pixels.alpha is None:
                return np.ones((height, width), np.float32)
            highest = pixels.alpha if highest is None else np.maximum(highest, pixels.alpha)
        assert highest is not None
        alpha = highest.astype(np.float32) / np.float32(np.iinfo(highest.dtype).max)
        return scaled(np.repeat(alpha[..., None], 4, 2), width, height)[..., 3]

    def _premultiplied(self, number: int) -> Array:
        pixels = self._reader.pixels(number)
        if shown_as_it_is(self._picture.colour, BT709):
            return premultiplied(pixels, self._multiplied)
        rgba = premultiplied(pixels, self._multiplied)
        alpha = rgba[..., 3:]
        rgb = np.divide(rgba[..., :3], alpha, out=np.zeros_like(rgba[..., :3]), where=alpha > 0)
        flat = convert_colour(rgb.reshape(-1, 3).astype(np.float64), self._picture.colour, BT709)
        rgba[..., :3] = np.clip(flat, 0, 1).reshape(rgb.shape) * alpha
        return rgba

    def _looks_multiplied(self) -> bool:
        """Returns whether a clip's colour is multiplied by its alpha already, as its half-clear pixels have it.

        Stills, animations and sequences are read with straight alpha, as their formats demand.
        """
        if self._picture.kind != "clip" or not self._picture.clear_format:
            return False
        count = min(LOOKED_AT, self._length)
        places = sorted({i * (self._length - 1) // max(count - 1, 1) for i in range(count)})
        told = [_half_clear(self._reader.pixels(place)) for place in places]
        seen, above = (sum(row[i] for row in told) for i in (0, 1))
        return seen > 0 and above < STRAIGHT_FROM * seen


def _half_clear(pixels: Pixels) -> tuple[int, int]:
    """Returns how many pixels are half-clear, and how many of them have a colour above their alpha."""
    if pixels.alpha is None:
        return 0, 0
    top = np.float32(pixels.top)
    alpha = pixels.alpha / top
    half = (alpha > HALF_CLEAR[0]) & (alpha < HALF_CLEAR[1])
    above = pixels.codes[half].max(-1) / top > alpha[half] + ABOVE if half.any() else half[:0]
    return int(half.sum()), int(above.sum())
