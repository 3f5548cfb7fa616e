"""Defines colour as ITU-T H.273 code points, and the format of a finished or decoded frame."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from post.values.time import Clock

Range = Literal["limited", "full"]
Chroma = Literal["420", "422", "444"]

# (Kr, Kb) by H.273 matrix code, Table 4. Code 12 takes its weights from the primaries (equations 32 to 37).
LUMA_WEIGHTS = {
    1: (0.2126, 0.0722), 4: (0.30, 0.11), 5: (0.299, 0.114), 6: (0.299, 0.114), 7: (0.212, 0.087), 9: (0.2627, 0.0593),
}  # fmt: skip
BY_PRIMARIES_MATRIX = 12
_D65, _C = (0.3127, 0.3290), (0.310, 0.316)
# x and y of red, green, blue and white by H.273 primaries code, Table 2.
CHROMATICITIES = {
    1: ((0.640, 0.330), (0.300, 0.600), (0.150, 0.060), _D65),
    4: ((0.67, 0.33), (0.21, 0.71), (0.14, 0.08), _C),
    5: ((0.64, 0.33), (0.29, 0.60), (0.15, 0.06), _D65),
    6: ((0.630, 0.340), (0.310, 0.595), (0.155, 0.070), _D65),
    7: ((0.630, 0.340), (0.310, 0.595), (0.155, 0.070), _D65),
    8: ((0.681, 0.319), (0.243, 0.692), (0.145, 0.049), _C),
    9: ((0.708, 0.292), (0.170, 0.797), (0.131, 0.046), _D65),
    10: ((1.0, 0.0), (0.0, 1.0), (0.0, 0.0), (1 / 3, 1 / 3)),
    11: ((0.680, 0.320), (0.265, 0.690), (0.150, 0.060), (0.314, 0.351)),
    12: ((0.680, 0.320), (0.265, 0.690), (0.150, 0.060), _D65),
    22: ((0.630, 0.340), (0.295, 0.605), (0.155, 0.077), _D65),
}
# Transfer codes of H.273, Table 3: those of cameras, which a display shows by BT.1886; and all of SDR.
VIDEO_TRANSFERS = frozenset({1, 6, 7, 11, 12, 14, 15})
SDR_TRANSFERS = VIDEO_TRANSFERS | {4, 5, 8, 9, 10, 13, 17}
PQ, HLG = 16, 18
# Of pictures with light above an SDR display's white.
HDR = {PQ: "PQ", HLG: "HLG"}


@dataclass(frozen=True, slots=True)
class Colour:
    """A colour encoding: H.273's codes of primaries, transfer characteristics and matrix coefficients, and range."""

    primaries: int = 1
    transfer: int = 1
    matrix: int = 1
    range: Range = "limited"

    def __post_init__(self) -> None:
        if self.matrix not in LUMA_WEIGHTS and self.matrix != BY_PRIMARIES_MATRIX:
            raise ValueError(f"no luma weights for H.273 matrix {self.matrix}")
        if self.primaries not in CHROMATICITIES:
            raise ValueError(f"no chromaticities for H.273 primaries {self.primaries}")

    @property
    def luma_weights(self) -> tuple[float, float]:
        """The weights of red and blue in luma, (Kr, Kb)."""
        if self.matrix == BY_PRIMARIES_MATRIX:
            red, _, blue = light_weights(self.primaries)
            return red, blue
        return LUMA_WEIGHTS[self.matrix]


def light_weights(primaries: int) -> tuple[float, float, float]:
    """Returns what linear red, green and blue of an H.273 primaries code count in luminance: their sum is 1.

    Source: H.273, equations 32 to 37, solved by Cramer's rule.
    """
    (rx, ry), (gx, gy), (bx, by), (wx, wy) = CHROMATICITIES[primaries]

    def area(ax: float, ay: float, cx: float, cy: float, ex: float, ey: float) -> float:
        return ax * (cy - ey) + cx * (ey - ay) + ex * (ay - cy)

    whole = area(rx, ry, gx, gy, bx, by) * wy
    red = area(wx, wy, gx, gy, bx, by) * ry / whole
    blue = area(rx, ry, gx, gy, wx, wy) * by / whole
    return red, 1 - red - blue, blue


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
