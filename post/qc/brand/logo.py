"""Finds a logo in a frame: its edges are searched for at many sizes and three shapes by normalised correlation, and the
likeliest places are fitted."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property

import cv2
import numpy as np

from post.qc.brand.fit import LogoInFrame, fit_logo, fit_template
from post.qc.brand.template import LogoTemplate, edges_of
from post.values.array import Array
from post.values.claim import Box

SIDE = 270  # pixels of the shorter side of the frame that is searched
SMALLEST, LARGEST = 0.035, 0.7  # of the frame's shorter side: a logo's longer side
STEP = 1.12  # from one size to the next
SHAPES = (1.0, 0.8, 1.25)  # of its own width over height
FLATTEST = 0.03  # standard deviation of edges, of R'G'B' 0..1: below, nothing is there
CANDIDATE = 0.33  # correlation of the edges, for a place to be fitted
MOST_CANDIDATES = 5


class SearchedFrame:
    """A frame that is searched for logos. rgb: (height, width, 3) uint8."""

    def __init__(self, rgb: Array) -> None:
        self.rgb = rgb
        scale = min(SIDE / min(rgb.shape[:2]), 1.0)
        small = cv2.resize(rgb, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA) if scale < 1 else rgb
        self._small: Array = small
        self.scale = float(small.shape[0] / rgb.shape[0])  # pixels that are searched for each of the frame

    @cached_property
    def edges(self) -> Array:
        """Its edges at the size that is searched: (height, width) float32."""
        return edges_of(self._small.astype(np.float32) / 255)

    @cached_property
    def sums(self) -> Sequence[Array]:
        """Integrals of the edges and of their squares."""
        return cv2.integral2(self.edges)


def find_logo(frame: SearchedFrame, template: LogoTemplate) -> LogoInFrame | None:
    """Returns the best place of a logo in a frame; None where it shows none."""
    best: LogoInFrame | None = None
    for _, left, top, width, height in _candidates(frame, template):
        scale = frame.scale
        found = fit_logo(frame.rgb, template, (left / scale, top / scale, width / scale, height / scale))
        if found and (best is None or found.score > best.score):
            best = found
    return best


def find_edges(frame: SearchedFrame, template: LogoTemplate) -> tuple[float, Box | None]:
    """Returns how much the likeliest place of a frame has the edges of a template, -1..1, and its box: left, top, right
    and bottom in the frame's pixels, None where no place is alike. Its colours do not count."""
    best, box = 0.0, None
    for _, left, top, width, height in _candidates(frame, template):
        place = (left / frame.scale, top / frame.scale, width / frame.scale, height / frame.scale)
        fitted = fit_template(frame.rgb, template, place)
        if fitted and fitted.score > best:
            best = fitted.score
            (low, high), (right, bottom) = np.floor(fitted.corners.min(0)), np.ceil(fitted.corners.max(0))
            box = (int(low), int(high), int(right), int(bottom))
    return best, box


def _candidates(frame: SearchedFrame, template: LogoTemplate) -> list[tuple[float, int, int, int, int]]:
    """Returns the likeliest places: correlation, and left, top, width and height of the logo itself."""
    found: list[tuple[float, int, int, int, int]] = []
    edges = frame.edges
    for width, height in _sizes(min(edges.shape), template):
        drawn = template.edges(width, height)
        if drawn.shape[0] > edges.shape[0] or drawn.shape[1] > edges.shape[1]:
            continue
        response = cv2.matchTemplate(edges, drawn, cv2.TM_CCOEFF_NORMED)
        if response.max() < CANDIDATE:
            continue
        # On flat ground the correlation is a division by nearly nothing.
        response[_variance(frame.sums, drawn.shape) < FLATTEST**2] = 0
        _, score, _, (left, top) = cv2.minMaxLoc(response)
        if np.isfinite(score) and score >= CANDIDATE:
            across, down = (drawn.shape[1] - width) // 2, (drawn.shape[0] - height) // 2
            found.append((float(score), left + across, top + down, width, height))
    chosen: list[tuple[float, int, int, int, int]] = []
    for each in sorted(found, reverse=True):
        if all(_apart(each, other) for other in chosen):
            chosen.append(each)
    return chosen[:MOST_CANDIDATES]


def _variance(sums: Sequence[Array], shape: tuple[int, ...]) -> Array:
    """Returns the variance of each part of a picture that has a shape (height, width). sums: integrals of the picture
    and of its square."""
    high, wide = shape
    means = [
        (each[high:, wide:] - each[:-high, wide:] - each[high:, :-wide] + each[:-high, :-wide])
        / (high * wide)
        for each in sums
    ]
    return np.asarray(means[1] - means[0] ** 2)


def _sizes(shorter: int, template: LogoTemplate) -> Iterator[tuple[int, int]]:
    long = max(SMALLEST * shorter, 14.0)
    while long <= LARGEST * shorter:
        for shape in SHAPES:
            whole = template.shape * shape
            wide, high = (long, long / whole) if whole >= 1 else (long * whole, long)
            if min(wide, high) >= 5:
                yield round(wide), round(high)
        long *= STEP


def _apart(one: tuple[float, int, int, int, int], other: tuple[float, int, int, int, int]) -> bool:
    """Returns whether the middles of two places lie apart."""
    middles = [(each[1] + each[3] / 2, each[2] + each[4] / 2) for each in (one, other)]
    reach = max(one[3], one[4], other[3], other[4]) / 3
    return abs(middles[0][0] - middles[1][0]) > reach or abs(middles[0][1] - middles[1][1]) > reach
