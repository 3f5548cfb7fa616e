"""Says how the invisible mark's pattern lies over a picture, for what draws it and what looks for it."""

from __future__ import annotations

TILE = 256  # cells along either side of the pattern; a cell is a pixel of a film of LINES lines
LINES = 720  # of the shorter side; in films that have more, a cell is larger than a pixel
# Waves to a tile. Slower ones drown in the picture, faster ones are lost below 0.4 of the size.
SLOWEST_WAVE, FASTEST_WAVE = 12, 44


def cell_size(shape: tuple[int, ...]) -> float:
    """Returns how many pixels a cell is wide in a picture of (height, width, ...) pixels: at least 1."""
    return max(1.0, min(shape[:2]) / LINES)
