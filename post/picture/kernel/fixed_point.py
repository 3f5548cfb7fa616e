"""Defines the kernel's fixed-point arithmetic, which the Halide and the NumPy kernel share.

Every step fits 16-bit lanes, so both give the same integers:

- samples are read at 10-bit scale; R'G'B' is (value - 1/2) * 2**15, within .02 of a 10-bit code;
- a table cell is 512 steps wide (2**15 / 64);
- nodes and results are 16-bit codes about mid-scale, nodes at half scale for room outside the range.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from post.values.array import Array
from post.values.colour import Colour
from post.values.ycbcr import chroma_reach, code_range, rgb_weights

SIZE = 65  # nodes to an axis: mean error below 0.01 dE2000 (0.03 with 33), and it still fits a core's cache
STEP_R, STEP_G, STEP_B = 1, SIZE, SIZE * SIZE
STEP_ALL = STEP_R + STEP_G + STEP_B
CELL_BITS = 9
HALF = 1 << 14
MID = 1 << 15  # of a 16-bit code


@dataclass(frozen=True, slots=True)
class Matrix:
    """The factors from Y'CbCr codes to R'G'B', for `scaled`. All are int16.

    y, y_offset: of luma; r, b: what Cr and Cb add beyond themselves; gb, gr: what they add to green.
    """

    y: int
    y_offset: int
    r: int
    b: int
    gb: int
    gr: int


def ten_bit_range(colour: Colour, depth: int) -> tuple[float, float, float]:
    """Returns (black, luma span, chroma span) of samples of `depth` bits as codes on the 10-bit scale.

    A depth of 16 is the kernel's intermediate, which holds 10-bit codes times 64.
    """
    codes, unit = (code_range(colour.range, 8), 4) if depth == 8 else (code_range(colour.range, 10), 1)
    return codes.black * unit, codes.luma * unit, codes.chroma * unit


def matrix_of(colour: Colour, depth: int) -> Matrix:
    """Returns the integer matrix from samples of `colour` at `depth` bits to R'G'B'."""
    black, luma, chroma = ten_bit_range(colour, depth)
    kr, kg, kb = rgb_weights(colour)
    lane = 1 << 15
    # Samples enter as (code - 512) * 64; a unit of R'G'B' is 2**15.
    y, c = lane / (64 * luma), lane / (64 * chroma)
    blue, red = chroma_reach(colour)
    return Matrix(
        y=round(y * lane),
        y_offset=round((512 - black - luma / 2) / luma * lane),
        r=round((red * c - 1) * lane),
        b=round((blue * c - 1) * lane),
        gb=round(-blue * kb / kg * c * lane),
        gr=round(-red * kr / kg * c * lane),
    )


def saturate(value: Array) -> Array:
    """Returns int32 clipped to 16 bits, as SIMD lanes clip."""
    return np.clip(value, -32768, 32767)


def scaled(value: Array, by: int) -> Array:
    """Returns value * by / 2**15, halves rounded up: x86 pmulhrsw, ARM sqrdmulh."""
    return saturate((value * by + HALF) >> 15)


def row_hash(rows: Array, seed: int) -> Array:
    """Returns a 32-bit hash of row numbers, uint32. Source: C. Wellons, Hash Function Prospector, lowbias32."""
    h = rows.astype(np.uint32) + np.uint32(seed & 0xFFFFFFFF)
    h = (h ^ (h >> np.uint32(16))) * np.uint32(0x7FEB352D)
    h = (h ^ (h >> np.uint32(15))) * np.uint32(0x846CA68B)
    return np.asarray(h ^ (h >> np.uint32(16)))
