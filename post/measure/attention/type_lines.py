"""Finds where lines of type may stand in a picture: rows of shapes of like height, brighter or darker than around."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import cv2
import numpy as np

from post.values.array import Array

SIDE = 540  # pixels: the shorter side of the picture that is searched
LOWEST, HIGHEST = 0.013, 0.125  # of the shorter side: a shape that may be a letter
LEVELS = range(28, 245, 18)  # codes at which the picture is cut in two
MOST_SHAPES = 700  # at one level; more is texture
LIGHTEST = 7.0  # weight of a place that is read: noise has 2 to 5, a label of two letters 12 or more
SAME_PLACE = 0.6  # share of two boxes that is common to both
LIKE = 0.22  # of the height: how far the tops and bottoms of a line's capitals may differ


@dataclass(frozen=True, slots=True)
class LinePlace:
    """A place where a line of type may stand. Edges in pixels of the picture given; top, bottom: of most of its
    shapes; high, low: of all of them; bright: whether it is brighter than its ground; weight: how likely it is."""

    left: float
    top: float
    right: float
    bottom: float
    high: float
    low: float
    bright: bool
    weight: float

    @property
    def height(self) -> float:
        """In pixels."""
        return self.bottom - self.top

    def overlap(self, other: LinePlace) -> float:
        """Returns the common share of both boxes, 0..1."""
        wide = min(self.right, other.right) - max(self.left, other.left)
        high = min(self.bottom, other.bottom) - max(self.top, other.top)
        if wide <= 0 or high <= 0 or self.bright != other.bright:
            return 0.0
        areas = sum((each.right - each.left) * (each.bottom - each.top) for each in (self, other))
        return wide * high / (areas - wide * high)


def find_lines(luma: Array, most: int) -> list[LinePlace]:
    """Returns the most likely places of type, at most `most` of them, best first.

    luma: (height, width) uint8; its shorter side should be about `SIDE`.
    """
    found: list[LinePlace] = []
    for level in LEVELS:
        above = (luma > level).view(np.uint8)
        for bright in (True, False):
            for place in _at_level(above if bright else 1 - above, bright):
                _merge(found, place)
    likely = [each for each in found if each.weight >= LIGHTEST]
    return sorted(likely, key=lambda each: (-each.weight, each.top, each.left))[:most]


def _merge(found: list[LinePlace], place: LinePlace) -> None:
    """Adds a place. Of the same place at several levels the fullest is kept, with the weight of all."""
    for at, other in enumerate(found):
        if other.overlap(place) > SAME_PLACE:
            best = max(other, place, key=lambda each: (each.right - each.left) * each.height)
            weight = other.weight + place.weight
            found[at] = LinePlace(
                best.left, best.top, best.right, best.bottom, best.high, best.low, best.bright, weight
            )
            return
    found.append(place)


def _at_level(mask: Array, bright: bool) -> Iterator[LinePlace]:
    boxes = _shapes(mask)
    if len(boxes) < 2:
        return
    groups = _groups(boxes)
    for group in np.unique(groups):
        members = boxes[groups == group]
        if len(members) >= 2:
            yield from _line(members, bright)


def _shapes(mask: Array) -> Array:
    """Returns the boxes of shapes that may be letters, (n, 4) float: left, top, right, bottom."""
    height, width = mask.shape
    shorter = min(mask.shape)
    count, _, stats, _ = cv2.connectedComponentsWithStats(mask, connectivity=8, ltype=cv2.CV_32S)
    left, top, wide, high, area = (stats[1:count, i] for i in range(5))
    inside = (left > 0) & (top > 0) & (left + wide < width) & (top + high < height)
    size = (
        (high >= LOWEST * shorter)
        & (high <= HIGHEST * shorter)
        & (wide <= 6 * high)
        & (area >= 0.12 * wide * high)
    )
    chosen = np.flatnonzero(inside & size)
    if len(chosen) > MOST_SHAPES:
        chosen = np.sort(chosen[np.argsort(-area[chosen], kind="stable")[:MOST_SHAPES]])
    boxes = np.stack([left, top, left + wide, top + high], 1)[chosen].astype(np.float32)
    return boxes[np.lexsort((boxes[:, 1], boxes[:, 0]))]


def _groups(boxes: Array) -> Array:
    """Returns of each shape the number of its group: shapes beside each other, of like height and at one level."""
    left, top, right, bottom = boxes.T
    high, middle = bottom - top, (top + bottom) / 2
    taller = np.maximum(high[:, None], high[None])
    gap = np.maximum(left[:, None], left[None]) - np.minimum(right[:, None], right[None])
    near = (gap < 0.95 * taller) & (np.abs(middle[:, None] - middle[None]) < 0.4 * taller)
    near &= np.minimum(high[:, None], high[None]) > 0.5 * taller
    labels = np.arange(len(boxes))
    while True:
        joined = np.where(near, labels[None], len(boxes)).min(1)
        joined = joined[joined]
        if np.array_equal(joined, labels):
            return labels
        labels = joined


def _line(members: Array, bright: bool) -> Iterator[LinePlace]:
    top, bottom = np.median(members[:, 1]), np.median(members[:, 3])
    slack = LIKE * (bottom - top)
    alike = (np.abs(members[:, 1] - top) <= slack) & (np.abs(members[:, 3] - bottom) <= slack)
    if alike.sum() < 2:
        return
    kept = members[alike]
    wide = kept[:, 2].max() - kept[:, 0].min()
    if wide < 0.8 * (bottom - top):
        return
    weight = min(len(kept), 12) * len(kept) / len(members)
    left, right, high, low = kept[:, 0].min(), kept[:, 2].max(), members[:, 1].min(), members[:, 3].max()
    yield LinePlace(
        float(left), float(top), float(right), float(bottom), float(high), float(low), bright, float(weight)
    )
