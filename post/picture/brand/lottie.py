"""Brand elements that are Lottie animations."""

from __future__ import annotations

from fractions import Fraction

import numpy as np

from post.picture.brand.given_font import GivenFont
from post.picture.lottie import open_lottie
from post.values.array import Array
from post.values.media import File


class LottieElement:
    """One animation. font: for its text."""

    def __init__(self, file: File, font: File | None) -> None:
        """Raises JobError where it is no Lottie, or holds what cannot be drawn."""
        fonts = dict.fromkeys(GivenFont(font).names, font.here) if font else {}
        self._animation = open_lottie(file.here, "graphic.file", file.name, fonts)
        self.shape = Fraction(self._animation.width, self._animation.height)
        self.moves = self._animation.frames > 1

    def position(self, since: Fraction, lasts: Fraction, after_end: str) -> Fraction | None:  # noqa: ARG002
        """Returns the exact place in the animation as a frame begins, which may lie between two of its own frames."""
        return self._animation.position(since, after_end)

    def draw(self, at: Fraction, width: int, height: int) -> Array:
        """Returns one picture, premultiplied."""
        return self._animation.draw(at, width, height)

    def union(self, width: int, height: int) -> Array:
        """Returns the highest alpha of the pictures at its own frames."""
        highest = np.zeros((height, width), np.float32)
        for number in range(self._animation.frames):
            np.maximum(highest, self.draw(Fraction(number), width, height)[..., 3], out=highest)
        return highest
