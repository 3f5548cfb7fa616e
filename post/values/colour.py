"""Defines colour as ITU-T H.273 code points, and the format of a finished or decoded frame."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from post.values.time import Clock

Range = Literal["limited", "full"]
Chroma = Literal["420", "422", "444"]

# (Kr, Kb) by H.273 matrix code, Table 4.
LUMA_WEIGHTS = {1: (0.2126, 0.0722), 5: (0.299, 0.114), 6: (0.299, 0.114), 9: (0.2627, 0.0593)}


@dataclass(frozen=True, slots=True)
class Colour:
    """A colour encoding: H.273's codes of primaries, transfer characteristics and matrix coefficients, and range."""

    primaries: int = 1
    transfer: int = 1
    matrix: int = 1
    range: Range = "limited"

    def __post_init__(self) -> None:
        if self.matrix not in LUMA_WEIGHTS:
            raise ValueError(f"no luma weights for H.273 matrix {self.matrix}")

    @property
    def luma_weights(self) -> tuple[float, float]:
        """The weights of red and blue in luma, (Kr, Kb)."""
        return LUMA_WEIGHTS[self.matrix]


BT709 = Colour(1, 1, 1)
BT601_525 = Colour(6, 6, 6)
BT601_625 = Colour(5, 6, 5)
BT2020 = Colour(9, 14, 9)


@dataclass(frozen=True, slots=True)
class Format:
    """The format of every frame of a film: square pixels, progressive.

    width, height: pixels; length: frames; depth: bits a sample; chroma: subsampling.
    """

    width: int
    height: int
    clock: Clock
    length: int
    depth: Literal[8, 10] = 8
    chroma: Chroma = "420"
    colour: Colour = BT709

    def __post_init__(self) -> None:
        if self.width < 16 or self.height < 16 or self.width % 2 or self.height % 2:
            raise ValueError(f"a frame is even and at least 16x16: {self.width}x{self.height}")
        if self.length < 1:
            raise ValueError(f"a film has at least one frame: {self.length}")

    @property
    def pixel_format(self) -> str:
        """FFmpeg's name of its pixel format: yuv420p, yuv422p10le, ..."""
        return f"yuv{self.chroma}p" + ("10le" if self.depth == 10 else "")
