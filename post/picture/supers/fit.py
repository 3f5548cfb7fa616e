"""Finds the largest size at which something fits: the size asked for, or a smaller one down to the style's least."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from post.errors import JobError

STEPS = 6  # halvings of the sizes between the least and the largest: within 2 % of the best
Set = TypeVar("Set")


def largest_that_fits(size: float, least: float, make: Callable[[float], Set]) -> Set:
    """Returns what `make` makes at the largest size that it does not refuse.

    size: asked for; least: the smallest one that is tried; 0 or `size` where only that is. make raises JobError where a
    size does not fit. Raises its error at the least size.
    """
    if not 0 < least < size:
        return make(size)
    try:
        return make(size)
    except JobError:
        best, low, high = make(least), least, size
    for _ in range(STEPS):
        middle = (low + high) / 2
        try:
            best, low = make(middle), middle
        except JobError:
            high = middle
    return best
