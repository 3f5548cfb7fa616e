"""Converts between R'G'B' and Y'CbCr, and between Y'CbCr and its integer codes.

Every weight, span and formula stands here once. Source: ITU-T H.273 (V4), 8.3, Table 4 and equations 20-31
(codes) and 38-44 (matrix).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from post.values.array import Array
from post.values.colour import Colour, Range


@dataclass(frozen=True, slots=True)
class CodeRange:
    """The codes of a range at a depth. black: of luma 0; luma: from luma 0 to 1; chroma: from -0.5 to +0.5;
    neutral: of chroma 0."""

    black: float
    luma: float
    chroma: float
    neutral: float


def code_range(spread: Range, depth: int) -> CodeRange:
    """Returns the codes of "limited" or "full" range at `depth` bits. Source: H.273, equations 20-31."""
    unit = 2.0 ** (depth - 8)
    if spread == "limited":
        return CodeRange(16 * unit, 219 * unit, 224 * unit, 128 * unit)
    top = 2.0**depth - 1
    return CodeRange(0.0, top, top, 128 * unit)


def rgb_weights(colour: Colour) -> tuple[float, float, float]:
    """Returns (Kr, Kg, Kb), whose sum is 1: what red, green and blue count in luma."""
    kr, kb = colour.luma_weights
    return kr, 1 - kr - kb, kb


def chroma_reach(colour: Colour) -> tuple[float, float]:
    """Returns how far blue and red may be from luma, for Cb and Cr of 1: 2 (1 - Kb) and 2 (1 - Kr)."""
    kr, kb = colour.luma_weights
    return 2 * (1 - kb), 2 * (1 - kr)


def luma_of(rgb: Array, colour: Colour) -> Array:
    """Returns luma of (..., 3) display-encoded R'G'B', float, 0..1: shape (...), the same dtype."""
    return np.asarray(rgb @ np.array(rgb_weights(colour), rgb.dtype))


def chroma_of_rgb(rgb: Array, luma: Array, colour: Colour) -> tuple[Array, Array]:
    """Returns Cb and Cr, -0.5..+0.5, of (..., 3) display-encoded R'G'B' and its luma (...)."""
    blue, red = chroma_reach(colour)
    return (rgb[..., 2] - luma) / blue, (rgb[..., 0] - luma) / red


def rgb_of(luma: Array, cb: Array, cr: Array, colour: Colour) -> tuple[Array, Array, Array]:
    """Returns R', G' and B', each of the planes' shape and dtype; 0..1 is the legal range and may be left.

    luma: 0..1; cb, cr: -0.5..+0.5; float, of one shape.
    """
    kr, kg, kb = rgb_weights(colour)
    blue_reach, red_reach = chroma_reach(colour)
    red, blue = luma + red_reach * cr, luma + blue_reach * cb
    return red, (luma - kr * red - kb * blue) / kg, blue


def matrix_from_rgb(colour: Colour) -> Array:
    """Returns the (3, 3) float64 matrix that takes a column of R'G'B' to Y', Cb, Cr."""
    weights, (blue, red) = np.array(rgb_weights(colour)), chroma_reach(colour)
    matrix = np.array([weights, -weights / blue, -weights / red])
    matrix[1, 2] = matrix[2, 0] = 0.5
    return matrix
