"""Directions that pictures move in."""

from __future__ import annotations

DIRECTION = "which way the pictures move"
# Right and down, in shares of the frame's width and height.
DIRECTIONS: dict[str, tuple[int, int]] = {"left": (-1, 0), "right": (1, 0), "up": (0, -1), "down": (0, 1)}
