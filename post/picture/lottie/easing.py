"""Eases of keyframes: cubic Bezier curves from (0, 0) to (1, 1); time runs along x, and y may leave 0..1."""

from __future__ import annotations

from dataclasses import dataclass

HALVINGS = 40


@dataclass(frozen=True, slots=True)
class Ease:
    """A curve by its two control points. Both of x are 0..1."""

    x1: float
    y1: float
    x2: float
    y2: float

    @property
    def points(self) -> tuple[float, float, float, float]:
        return self.x1, self.y1, self.x2, self.y2

    @property
    def overshoots(self) -> bool:
        return not (0 <= self.y1 <= 1 and 0 <= self.y2 <= 1)


def eased(ease: Ease, time: float) -> float:
    """Returns the share of the way at a share of the time, 0..1."""
    low, high = 0.0, 1.0
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        if _along(middle, ease.x1, ease.x2) < time:
            low = middle
        else:
            high = middle
    return _along((low + high) / 2, ease.y1, ease.y2)


def _along(t: float, first: float, second: float) -> float:
    return 3 * (1 - t) ** 2 * t * first + 3 * (1 - t) * t * t * second + t**3
