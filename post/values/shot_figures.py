"""Defines the figures by which shots are balanced."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ShotFigures:
    """What a shot measures, or should measure; a figure that is not known, or not wanted, is None.

    black, mid, white: display-encoded luma, 0..1, of which 2, 50 and 98 % of the pixels are darker; contrast: the
    standard deviation of luma; red, blue: by how much greys exceed their luma there, as shares of it; saturation:
    mean chroma about the greys, as Cb and Cr have it (.5 is the most).
    """

    black: float | None = None
    mid: float | None = None
    white: float | None = None
    contrast: float | None = None
    red: float | None = None
    blue: float | None = None
    saturation: float | None = None
