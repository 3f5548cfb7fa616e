"""Chooses the frames of a film that are looked at."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from itertools import pairwise

import numpy as np

from post.values import Picture


def sampled_numbers(picture: Picture, step: Fraction, most: int) -> list[int]:
    """Returns frames of a film `step` seconds apart, the first and the last among them; of a longer film, `most` of
    them, spread over it."""
    last = picture.length - 1
    if picture.stands_still:
        return [0]
    count = int(picture.grid.seconds(picture.length) / step) + 1
    numbers = sorted({min(picture.grid.frames(step * at), last) for at in range(count)} | {last})
    if len(numbers) <= most:
        return numbers
    return [
        numbers[at] for at in sorted({int(each) for each in np.linspace(0, len(numbers) - 1, most).round()})
    ]


def step_between(picture: Picture, numbers: Sequence[int], step: Fraction) -> Fraction:
    """Returns the seconds between two of those frames: `step` as it was asked for, more where they were spread over a
    longer film."""
    widest = max((b - a for a, b in pairwise(numbers)), default=0)
    seconds = picture.grid.seconds(widest)
    return step if seconds < step + picture.grid.seconds(1) else seconds
