"""Makes grain and dither fields larger than the frame, read through a window that moves every frame.

Windows and rows are chosen by a frame's seed, which comes from what it shows (post.plan.pieces.count). So a film is
the same however it is cut into segments, and so is a shot wherever in a film it lies. The fields come from Philox's
raw words, which stay the same in all releases of NumPy (NEP 19 promises that for bit generators, not for the
distributions of `Generator`).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np

from post.picture.kernel.fixed_point import row_hash
from post.stage import FieldStage
from post.values.array import Array

FIELD_SCALE = 32  # int8 steps to one standard deviation: clips beyond 3.97, one sample in 14 000
SLACK_X, SLACK_Y = 256, 128
# A grain repeats after so many samples: 80 times the width of the coarsest at 1080 lines, and a sixth of the
# work at 2160.
TORUS = 1280
# Windows of neighbouring frames are at least this many rows apart, beyond any grain's reach.
APART_Y = 32
# Windows lie that many samples apart, which is beyond the reach of grain of the usual size. So there are this many, of
# which half lie in the band of rows that even frames read.
NEAR = 4
WINDOWS = 2 * ((SLACK_Y - APART_Y) // 2 // NEAR) * (SLACK_X // NEAR)
NUMBER_BITS = 16  # of a seed: a frame's number in its shot's own count
CROSSING_BITS = 7  # of a share of 1 in the mix of two grains
DITHER_ROWS, DITHER_SLACK = 256, 128
_GOLDEN = 0x9E3779B1
# One salt for each random choice of a frame: the grain of three planes, the dither of three planes.
GRAIN_SALTS, DITHER_SALTS = (1, 2, 3), (4, 5, 6)


@dataclass(frozen=True, slots=True, eq=False)
class Noise:
    """A grain ready for frames of one size.

    luma, colour: (height + slack, width + slack) int8, 32 steps to a standard deviation; colour is for both
    chroma planes. sigma: (256,) float64, standard deviation in 8-bit codes by 8-bit luma;
    chroma_share: the strength in chroma over that in luma, 0..1; seed: of the windows.
    """

    luma: Array
    colour: Array
    sigma: Array
    chroma_share: float
    seed: int

    @classmethod
    def of(cls, stage: FieldStage, height: int, width: int, chroma: str) -> Noise:
        """Returns the grain of a stage for height x width frames with "420" or "422" chroma.

        A stage may have the knobs `chroma` (a share, 0..1) and `seed`, and a method `colour_tile` for chroma
        planes.
        """
        down = 2 if chroma == "420" else 1
        share = float(getattr(stage, "chroma", 0.0))
        luma = _field(stage.tile, (height + SLACK_Y, width + SLACK_X), height)
        size = (height // down + SLACK_Y, width // 2 + SLACK_X)
        # Half the frame height: in chroma's larger samples, grain is then as large on the screen as in luma.
        own = getattr(stage, "colour_tile", stage.tile)
        colour = _field(own, size, height // 2) if share else np.zeros(size, np.int8)
        sigma = np.asarray(stage.sigma(np.arange(256) / 255.0), np.float64)
        return cls(luma, colour, sigma, share, int(getattr(stage, "seed", 0)))

    def as_strong_as(self, stage: FieldStage) -> Noise:
        """Returns the same fields with the strength of another stage of the same texture."""
        sigma = np.asarray(stage.sigma(np.arange(256) / 255.0), np.float64)
        return replace(self, sigma=sigma, chroma_share=float(getattr(stage, "chroma", 0.0)))

    def window(self, plane: int, seed: int, height: int, width: int) -> Array:
        """Returns a frame's grain for plane 0 (luma), 1 (Cb) or 2 (Cr): a view, (height, width) int8.

        seed: the frame's. Those of a shot rise by one: no two of WINDOWS in a row share a window, nor read windows
        within NEAR samples of each other.
        """
        stream, number = divmod(seed, 1 << NUMBER_BITS)
        drawn = hash_frame(stream, self.seed, GRAIN_SALTS[plane])
        # Consecutive frames, and Cb and Cr of one frame, read bands of rows that do not overlap.
        band = (number + (plane == 2)) % 2
        row, column = divmod(int(_order(drawn)[number // 2 % (WINDOWS // 2)]), SLACK_X // NEAR)
        # Each way of showing a take has windows of its own, between those of others.
        top = band * (SLACK_Y // 2 + APART_Y // 2) + row * NEAR + drawn % NEAR
        left = column * NEAR + (drawn >> 16) % NEAR
        field = self.colour if plane else self.luma
        return field[top : top + height, left : left + width]

    def curve(self, plane: int, floor: float) -> Array:
        """Returns sigma by 8-bit luma for the kernel: (256,) int32, in quarters of a 16-bit code.

        floor: the standard deviation, in 8-bit codes, that rounding and dither add. It is subtracted in
        quadrature, so that the strength seen is the strength asked for.
        """
        return _kernel_curve(self.deviation(plane), floor)

    def deviation(self, plane: int) -> Array:
        """Returns the standard deviation in a plane, in 8-bit codes by 8-bit luma: (256,) float64."""
        return np.asarray(self.sigma * (self.chroma_share if plane else 1.0))


@dataclass(frozen=True, slots=True, eq=False)
class CrossedNoise:
    """The grains of two shots in a frame that shows both: each of its own seed; variances add.

    weight: of the second one's, 0..1.
    """

    both: tuple[Noise, Noise]
    seeds: tuple[int, int]
    weight: float

    def window(self, plane: int, seed: int, height: int, width: int) -> Array:  # noqa: ARG002  it has two
        """Returns the frame's grain, as `Noise.window` does: (height, width) int8.

        Where only one has grain in colour, it is that one's, and fades instead of ending at once.
        """
        going, coming = (
            noise.window(plane, own, height, width) for noise, own in zip(self.both, self.seeds, strict=True)
        )
        if plane and not all(noise.chroma_share for noise in self.both):
            return coming if self.both[1].chroma_share else going
        parts = [
            np.int16(round(share**0.5 * (1 << CROSSING_BITS))) for share in (1 - self.weight, self.weight)
        ]
        made, half = np.empty((height, width), np.int8), np.int16(1 << CROSSING_BITS - 1)
        for top in range(0, height, 64):
            rows = slice(top, top + 64)
            crossed: Array = going[rows] * parts[0] + coming[rows] * parts[1] + half
            np.clip(crossed >> CROSSING_BITS, -127, 127, out=made[rows], casting="unsafe")
        return made

    def curve(self, plane: int, floor: float) -> Array:
        """Returns sigma by 8-bit luma for the kernel, as `Noise.curve` does: between both grains' own."""
        going, coming = (noise.deviation(plane) ** 2 for noise in self.both)
        return _kernel_curve(np.sqrt((1 - self.weight) * going + self.weight * coming), floor)


def _kernel_curve(wanted: Array, floor: float) -> Array:
    added = np.sqrt(np.maximum(wanted**2 - floor**2, 0.0))
    return np.asarray(np.minimum(np.rint(added * 1024), 32767), np.int32)


@lru_cache(maxsize=64)
def _order(drawn: int) -> Array:
    """Returns the windows of a band in the order in which frames read them: each once."""
    return np.argsort(row_hash(np.arange(WINDOWS // 2), drawn), kind="stable")


def hash_frame(frame: int, seed: int, salt: int) -> int:
    """Returns 32 random bits for a frame's number or seed, the same for the same arguments."""
    start = frame * _GOLDEN + (frame >> 32) * 0x27D4EB2F + seed * 0x85EBCA77 + salt * 0xC2B2AE3D
    return int(row_hash(np.zeros(1), start)[0])


def dither_places(seed: int, height: int, chroma_height: int) -> tuple[Array, Array, Array]:
    """Returns where each row of Y, Cb and Cr of a frame reads the dither field: (rows, 2) int32, column then row."""
    heights = (height, chroma_height, chroma_height)
    y, cb, cr = (
        _places(hash_frame(seed, 0, salt), rows) for salt, rows in zip(DITHER_SALTS, heights, strict=True)
    )
    return y, cb, cr


def _places(seed: int, rows: int) -> Array:
    drawn = row_hash(np.arange(rows), seed)
    places = np.empty((rows, 2), np.int32)
    places[:, 0] = (drawn >> np.uint32(8)) % np.uint32(DITHER_SLACK)
    places[:, 1] = drawn % np.uint32(DITHER_ROWS)
    return places


@lru_cache(maxsize=4)
def dither_field(width: int) -> Array:
    """Returns triangular dither, (256, width + 128) int8; 128 is one step of the output.

    It is triangular over two steps: the mean and the variance of the error then do not follow the picture
    (Lipshitz, Wannamaker, Vanderkooy 1992), and CAMBI falls from 23 to 0.0 on a graded sky.
    """
    across = -(-(width + DITHER_SLACK) // 4) * 4
    words = np.random.Philox(key=width).random_raw(DITHER_ROWS * across // 4)
    parts = (words.view(np.uint8) & 127).astype(np.int8).reshape(2, DITHER_ROWS, across)
    return np.asarray(parts[0] - parts[1])


@lru_cache(maxsize=4)
def zero_dither(width: int) -> Array:
    """Returns a dither field that adds nothing."""
    return np.zeros((DITHER_ROWS, width + DITHER_SLACK), np.int8)


def noise_floor(depth_out: int, dither: bool) -> float:
    """Returns the standard deviation, in 8-bit codes, of rounding to a depth, with dither or without."""
    step = 1.0 if depth_out == 8 else 0.25
    return float(step * np.sqrt((1 / 12) + (1 / 6) * dither))


def _field(tile_of: Callable[[int, int, int], Array], size: tuple[int, int], frame_height: int) -> Array:
    """Returns a stage's field of a size, int8. Beyond TORUS samples it repeats without a seam."""
    height, width = size
    tile = _quantised(tile_of(min(height, TORUS), min(width, TORUS), frame_height))
    if tile.shape == size:
        return tile
    rows, columns = np.arange(height) % tile.shape[0], np.arange(width) % tile.shape[1]
    return np.asarray(tile[rows[:, None], columns])


def _quantised(field: Array) -> Array:
    made = np.empty(field.shape, np.int8)
    for top in range(0, field.shape[0], 64):
        rows = slice(top, top + 64)
        made[rows] = np.clip(np.rint(field[rows] * FIELD_SCALE), -127, 127)
    return made
