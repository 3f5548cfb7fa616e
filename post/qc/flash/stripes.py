"""Finds regular stripes in a picture: straight, slanted, curved or radial ones.

The picture is turned to eight directions. In each, every row is read as light and dark bands against the mean around
them; a run of bands of even width, which the rows beside share, is a part of a striped region.
Source of the limits: ITU-R BT.1702-3, Annex 1 (more than five pairs of stripes, over more than 25 % of the screen).
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

import cv2
import numpy as np

from post.values.array import Array
from post.values.sights.flash import StripeSight

DIRECTIONS = 8  # in 180 degrees
SEARCHES_A_SECOND = 4
LEAST_PAIRS, LEAST_AREA = 5, 0.05  # below these there is nothing to tell
# How far from the mean around it a band is light or dark: in relative luminance, and in deviations of what is around.
CONTRAST, DEVIATIONS = 0.05, 0.5
UNEVEN, CELL = 1.35, 1  # how many times as wide as its neighbour, and so many cells more, a pair may be
AROUND = 3  # the mean is of a window of this part of the picture's shorter side
ALONG = 5  # cells of a band that are taken together
BESIDE, ALIKE = 3, 0.8  # rows further on, so much of the bands has to be the same
OUTSIDE = -1.0  # luminance of what is no picture, in a turned one


class StripeSearch:
    """Searches a film for stripes, several times a second."""

    def __init__(self, rate: Fraction, width: Fraction, height: int) -> None:
        """rate: frames a second; width, height: of the upright picture, in pixels."""
        self.step = max(1, int(rate / SEARCHES_A_SECOND))
        self.seen = list[tuple[int, StripeSight | None]]()
        self._size = (float(width), float(height))

    def see(self, number: int, luminance: Array) -> None:
        """Takes a frame: (rows, columns) float32, 1 for white."""
        if number % self.step == 0:
            self.seen.append((number, find_stripes(luminance, self._size)))


def find_stripes(luminance: Array, size: tuple[float, float]) -> StripeSight | None:
    """Returns the stripes of a picture; None where there are none. luminance: (rows, columns) float32, 1 for white;
    size: width and height of the picture in pixels, for the box."""
    rows, columns = luminance.shape
    if float(luminance.max() - luminance.min()) < 2 * CONTRAST or min(rows, columns) < 2 * LEAST_PAIRS:
        return None
    region, pairs = np.zeros(luminance.shape, np.uint8), 0.0
    for place in range(DIRECTIONS):
        turn = _Turn.of(luminance.shape, 180 * place / DIRECTIONS)
        there, most = _striped(turn.apply(luminance))
        if most >= LEAST_PAIRS:
            region |= turn.back(there)
            pairs = max(pairs, most)
    area = np.count_nonzero(region) / region.size
    if area < LEAST_AREA:
        return None
    light = luminance[region != 0]
    wide, high = size[0] / columns, size[1] / rows
    left, top, across, down = cv2.boundingRect(region)
    box = (left * wide, top * high, (left + across) * wide, (top + down) * high)
    return StripeSight(
        pairs,
        round(float(area), 6),
        round(float(light[light >= light.mean()].mean()), 6),
        tuple(map(round, box)),
    )


@dataclass(frozen=True)
class _Turn:
    """A turn of pictures of one size, about their middle."""

    matrix: Array | None
    side: int
    shape: tuple[int, int]

    @staticmethod
    def of(shape: tuple[int, ...], degrees: float) -> _Turn:
        rows, columns = shape
        if not degrees:
            return _Turn(None, 0, (rows, columns))
        side = int(np.ceil(np.hypot(rows, columns)))
        matrix = cv2.getRotationMatrix2D(((columns - 1) / 2, (rows - 1) / 2), degrees, 1)
        matrix = matrix + np.array([[0, 0, (side - columns) / 2], [0, 0, (side - rows) / 2]])
        return _Turn(matrix, side, (rows, columns))

    def apply(self, picture: Array) -> Array:
        if self.matrix is None:
            return picture
        out = np.full((self.side, self.side), OUTSIDE, np.float32)
        return np.asarray(
            cv2.warpAffine(
                picture, self.matrix, (self.side, self.side), dst=out, flags=cv2.INTER_LINEAR,
                borderMode=cv2.BORDER_CONSTANT, borderValue=OUTSIDE,
            )
        )  # fmt: skip

    def back(self, region: Array) -> Array:
        if self.matrix is None:
            return region
        rows, columns = self.shape
        flags = cv2.INTER_NEAREST | cv2.WARP_INVERSE_MAP
        return np.asarray(cv2.warpAffine(region, self.matrix, (columns, rows), flags=flags))


def _striped(picture: Array) -> tuple[Array, float]:
    """Returns what of a picture is striped across its rows, (rows, columns) uint8 of 0 and 1, and the most pairs of a
    run."""
    sides = _sides(picture)
    region, pairs = _runs(sides)
    if pairs < LEAST_PAIRS:
        return region, 0.0
    same = np.zeros(sides.shape, np.float32)
    same[:-BESIDE] = (sides[:-BESIDE] == sides[BESIDE:]) & (sides[:-BESIDE] != 0)
    alike = cv2.blur(same, (2 * BESIDE + 1, 2 * BESIDE + 1)) >= ALIKE
    region &= cv2.dilate(alike.astype(np.uint8), np.ones((2 * BESIDE + 1, 2 * BESIDE + 1), np.uint8))
    kernel = np.ones((2 * BESIDE + 1, 1), np.uint8)
    return np.asarray(cv2.morphologyEx(region, cv2.MORPH_OPEN, kernel)), pairs


def _sides(picture: Array) -> Array:
    """Returns the band that each cell lies in, (rows, columns) int8: 1 light, -1 dark, 0 outside the picture."""
    inside = picture >= 0
    window = 2 * (min(picture.shape) // (2 * AROUND)) + 1

    def around(values: Array, size: tuple[int, int] = (window, window)) -> Array:
        return np.asarray(cv2.boxFilter(values, cv2.CV_32F, size, normalize=False))

    there = inside.astype(np.float32)
    # Noise averages out along a band, which stands across its row.
    shown = np.where(inside, around(picture * there, (1, ALONG)), 0) / np.maximum(
        around(there, (1, ALONG)), 1
    )
    count = np.maximum(around(there), 1)
    mean = around(shown) / count
    spread = np.sqrt(np.maximum(around(shown * shown) / count - mean * mean, 0))
    above, least = shown - mean, np.maximum(DEVIATIONS * spread, CONTRAST)
    sides = (above > least).astype(np.int8) - (above < -least).astype(np.int8)
    # Between two bands a cell belongs to the one before it in its row.
    columns = np.arange(sides.shape[1])
    last = np.maximum.accumulate(np.where((sides != 0) | ~inside, columns, 0), axis=1)
    filled = np.take_along_axis(sides, last, axis=1)
    return np.where(inside, filled, np.int8(0)).astype(np.int8)


def _runs(sides: Array) -> tuple[Array, float]:
    """Returns the cells of runs of even bands, uint8, and the most pairs of a run."""
    region = np.zeros(sides.shape, np.uint8)
    turns = (sides[:, 1:] != sides[:, :-1]) & (sides[:, 1:] != 0) & (sides[:, :-1] != 0)
    rows, edges = np.nonzero(turns)
    if len(edges) < 2 * LEAST_PAIRS - 1:
        return region, 0.0
    # Of each edge: from it to the second next, a pair of bands. Pairs that follow each other overlap by a band.
    pair = np.where(rows[2:] == rows[:-2], edges[2:] - edges[:-2], 0).astype(np.float32)
    wider, narrower = np.maximum(pair[1:], pair[:-1]), np.minimum(pair[1:], pair[:-1])
    starts, stops = _stretches((narrower > 0) & (wider <= UNEVEN * narrower + CELL))
    counts = stops - starts + 3  # edges: those of all pairs
    starts, counts = (each[counts + 1 >= 2 * LEAST_PAIRS] for each in (starts, counts))
    if not len(starts):
        return region, 0.0
    half = (pair[starts] / 2).astype(int)
    steps = np.zeros((sides.shape[0], sides.shape[1] + 1), np.int16)
    np.add.at(steps, (rows[starts], np.maximum(edges[starts] + 1 - half, 0)), 1)
    ends = np.minimum(edges[starts + counts - 1] + 1 + half, sides.shape[1])
    np.add.at(steps, (rows[starts], ends), -1)
    return (np.cumsum(steps, axis=1)[:, :-1] > 0).astype(np.uint8), float(counts.max() + 1) / 2


def _stretches(flags: Array) -> tuple[Array, Array]:
    """Returns the first and the stop of each run of True."""
    steps = np.diff(np.concatenate([[0], flags.astype(np.int8), [0]]))
    return np.flatnonzero(steps == 1), np.flatnonzero(steps == -1)
