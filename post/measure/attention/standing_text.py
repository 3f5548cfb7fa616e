"""Keeps, of what looks like lines of text, that which is: it stands on one place of the screen, and is set in letters.

Two finders must agree. The one that looks several times a second takes any row of strokes for a line: foliage, and the
edges of things. Only what it sees at one place, look after look, is looked at closely, once, by the one that knows
rows of letters; that costs fifty times as much.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from post.values.array import Array

Box = tuple[float, float, float, float]
Closer = Callable[[int], Array]  # of a look's frame: its luma, (height, width) uint8, with more pixels

STANDS = 5  # looks at one place; in a shot of fewer looks, all of them
SAME_PLACE = 0.012  # of the picture: an edge that moves less stands still
MISSED = 1  # looks between, in which it is not found
LEAST_WEIGHT, LEAST_COVERED = (
    12.0,
    0.5,
)  # of the likeliest row of letters in it; of its width, that is letters
MOST_LINES = 20  # in a picture, that are compared with it


@dataclass(slots=True)
class _StandingBox:
    """A box that stands still: from look `first` to look `last`, seen `times`."""

    box: Box
    first: int
    last: int
    times: int = 1


def standing_text(
    texts: Sequence[Sequence[Box]], cuts: Sequence[int], closer: Closer
) -> list[tuple[Box, ...]]:
    """Returns the lines of text at each look, top first: boxes in shares of the picture.

    texts: what looks like text at each look; cuts: the looks with which a shot begins, besides the first; closer: gives
    the picture of a look by its place among the looks.
    """
    made: list[list[Box]] = [[] for _ in texts]
    edges = [0, *cuts, len(texts)]
    for first, stop in pairwise(edges):
        for run in _runs(texts, first, stop):
            if run.times >= min(STANDS, stop - first) and _is_set(
                run.box, closer((run.first + run.last) // 2)
            ):
                for look in range(run.first, run.last + 1):
                    made[look].append(run.box)
    return [tuple(sorted(set(boxes), key=lambda box: (box[1], box[0]))) for boxes in made]


def _runs(texts: Sequence[Sequence[Box]], first: int, stop: int) -> Iterator[_StandingBox]:
    going: list[_StandingBox] = []
    for look in range(first, stop):
        yield from (run for run in going if look - run.last > MISSED + 1)
        going = [run for run in going if look - run.last <= MISSED + 1]
        for box in texts[look]:
            run = next((each for each in going if each.last < look and _is_near(each.box, box)), None)
            if run is None:
                going.append(_StandingBox(box, look, look))
            else:
                run.last, run.times = look, run.times + 1
    yield from going


def _is_near(box: Box, other: Box) -> bool:
    return all(abs(a - b) < SAME_PLACE for a, b in zip(box, other, strict=True))


def _is_set(box: Box, luma: Array) -> bool:
    """Returns whether a box holds a row of letters."""
    from post.measure.attention.type_lines import find_lines

    height, width = luma.shape
    left, top, right, bottom = (share * side for share, side in zip(box, (width, height) * 2, strict=True))
    rows = [
        line
        for line in find_lines(luma, MOST_LINES)
        if top < (line.top + line.bottom) / 2 < bottom and line.left < right and left < line.right
    ]
    if not any(line.weight >= LEAST_WEIGHT for line in rows):
        return False
    covered = np.zeros(width, bool)
    for line in rows:
        covered[int(line.left) : int(line.right) + 1] = True
    return float(covered[int(left) : int(right) + 1].mean()) >= LEAST_COVERED
