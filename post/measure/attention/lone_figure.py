"""Finds small upright figures on plain ground: a walker far away, against sky, snow or a wall.

A map of what stands out gives a textured rock face more than the walker on it, who is a thousandth of the picture.
What an eye finds at once is told by its shape: narrow, upright, much darker or lighter than the ground, which is plain
on its left, its right and above. Foliage, fences and rocks have shapes beside their shapes.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from post.values.array import Array

Box = tuple[float, float, float, float]

WIDEST = 0.07  # of the picture's longer side: what is as wide is seen by what stands out
LEAST_STEP = 40.0  # 8-bit codes by which each pixel of a figure differs from the ground
# Codes by which all of it does, as a mean. In fifteen clips: a walker on a cliff 133 to 135, penguins 81 to 116, an eye
# of a dog 79, specks on a film 46 to 99.
LEAST_MEAN = 80.0
LEAST_HIGH, MOST_HIGH = 0.05, 0.3  # of the picture's height
LEAST_RATIO, MOST_RATIO = 1.3, 5.0  # height over width
LEAST_FILL = 0.35  # of its box
GROUND_STEP, MOST_ON_GROUND = 20.0, 0.12  # codes; of the ground beside and above, that may differ by more
STANDS = (
    5  # looks in which it is found, or all of a shorter shot: a speck, or a bird on its way, is seen in fewer
)


def find_figures(rgb: Array) -> tuple[Box, ...]:
    """Returns boxes of small upright figures on plain ground, (left, top, right, bottom) in shares of the picture.

    rgb: (height, width, 3) uint8, upright, some 320 pixels of the longer side.
    """
    import cv2

    grey = cv2.GaussianBlur(cv2.cvtColor(np.ascontiguousarray(rgb), cv2.COLOR_RGB2GRAY), (3, 3), 0)
    across = np.ones((1, max(9, round(WIDEST * max(grey.shape))) | 1), np.uint8)
    steps = [cv2.morphologyEx(grey, way, across) for way in (cv2.MORPH_BLACKHAT, cv2.MORPH_TOPHAT)]
    return tuple(sorted(box for step in steps for box in _figures(np.asarray(step))))


def _figures(step: Array) -> list[Box]:
    import cv2

    height, width = step.shape
    count, labels, rows, _ = cv2.connectedComponentsWithStats(
        (step > LEAST_STEP).astype(np.uint8), connectivity=8
    )
    found = []
    for number in range(1, count):
        x, y, wide, high, area = (int(each) for each in rows[number])
        upright = LEAST_RATIO <= high / wide <= MOST_RATIO and area >= LEAST_FILL * wide * high
        inside = x > 1 and y > 1 and x + wide < width - 1
        if not (upright and inside and LEAST_HIGH * height <= high <= MOST_HIGH * height):
            continue
        if float(step[labels == number].mean()) >= LEAST_MEAN and _is_alone(step, (x, y, wide, high)):
            edges = x / width, y / height, (x + wide) / width, (y + high) / height
            left, top, right, bottom = (round(edge, 4) for edge in edges)
            found.append((left, top, right, bottom))
    return found


def _is_alone(step: Array, box: tuple[int, int, int, int]) -> bool:
    """Returns whether the ground is plain on the left, on the right and above."""
    x, y, wide, high = box
    reach = 3 * wide + 2
    ground = (
        step[y : y + high, max(0, x - reach) : x - 1],
        step[y : y + high, x + wide + 1 : x + wide + 1 + reach],
        step[max(0, y - high) : y - 1, max(0, x - wide) : x + 2 * wide],
    )
    return all(float((part > GROUND_STEP).mean()) < MOST_ON_GROUND for part in ground if part.size)


def lasting_figures(figures: Sequence[Sequence[Box]], cuts: Sequence[int]) -> list[tuple[Box, ...]]:
    """Returns, of the figures at each look, those that are there look after look, and move by less than their height
    from one to the next. cuts: the looks with which a shot begins, besides the first."""
    made: list[tuple[Box, ...]] = []
    for first, stop in pairwise([0, *cuts, len(figures)]):
        before = _lengths(figures[first:stop])
        after = _lengths(figures[first:stop][::-1])[::-1]
        needed = min(STANDS, stop - first)
        for look, early, late in zip(figures[first:stop], before, after, strict=True):
            rows = zip(look, early, late, strict=True)
            made.append(tuple(box for box, a, b in rows if a + b - 1 >= needed))
    return made


def _lengths(figures: Sequence[Sequence[Box]]) -> list[list[int]]:
    """Returns for how many looks each figure has been there, its own included."""
    made: list[list[int]] = []
    for number, look in enumerate(figures):
        earlier = list(zip(figures[number - 1], made[number - 1], strict=True)) if number else []
        made.append(
            [1 + max((times for box, times in earlier if _is_near(box, each)), default=0) for each in look]
        )
    return made


def _is_near(box: Box, other: Box) -> bool:
    high = other[3] - other[1]
    return all(abs(a - b) < high for a, b in zip(box, other, strict=True))
