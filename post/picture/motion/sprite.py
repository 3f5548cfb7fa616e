"""Draws one unit of type at any sub-pixel place, size and softness.

Its outlines are drawn at quarters of a pixel, each once, when it is needed. A place between two quarters is their mean
by distance: the centroid is exact, and an edge is at most a quarter of a pixel softer.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from post.picture.type.face import UNITS, Typeface
from post.picture.type.place import Bounds, around
from post.picture.type.rasterise import Ink, PlacedLine, draw
from post.values.array import Array

QUARTERS = 4
EDGE = 1  # pixels round a sheet, into which a place between two quarters reaches
FINE = 2  # how much larger the sheet is that other sizes are made from
SHARP = 0.15  # a sigma in pixels that is no blur
LEAST_SHARE = 1e-4  # of a quarter: a place nearer to one is there
COARSE_SIGMA = 1.6  # the least sigma that a blur of a smaller sheet has there


Point = tuple[float, float]


@dataclass(frozen=True)
class Sheet:
    """Coverage of part of a frame: (height, width) float32, 0..1; left, top: of its first pixel."""

    alpha: Array
    left: int
    top: int

    @property
    def box(self) -> Bounds:
        """The pixels that it covers."""
        height, width = self.alpha.shape
        return Bounds(self.left, self.top, self.left + width, self.top + height)


class Sprite:
    """One unit of type. Its sheets are kept; each depends on nothing but the type, so that any order makes the same."""

    def __init__(self, faces: Sequence[Typeface], rows: Sequence[PlacedLine]) -> None:
        """faces, rows: of the unit, placed from the block's corner."""
        self._faces, self._rows = tuple(faces), tuple(rows)
        self._quarters: dict[tuple[int, int], Sheet] = {}
        self._fine: list[Sheet] = []
        rest = self._drawn(0, 0)
        height, width = rest.coverage.shape
        self.box = Bounds(rest.left, rest.top, rest.left + width, rest.top + height)

    @property
    def is_empty(self) -> bool:
        """Whether it has no ink, as a space has none."""
        return self.box.width == 0

    def placed(self, x: float, y: float) -> Sheet:
        """Returns it moved by (x, y) pixels."""
        return joined(self.near(x, y))

    def near(self, x: float, y: float) -> list[tuple[Sheet, float]]:
        """Returns the sheets at the quarters round a place, and the share of each."""
        x, y = x * QUARTERS, y * QUARTERS
        across, down = math.floor(x), math.floor(y)
        return [
            (self._quarter(across + i, down + j), wx * wy)
            for j, wy in enumerate((down + 1 - y, y - down))
            for i, wx in enumerate((across + 1 - x, x - across))
            if wx * wy > LEAST_SHARE
        ]

    def scaled(self, x: float, y: float, scale: float, centre: Point, *, rough: bool = False) -> Sheet:
        """Returns it at another size about a point of the block, then moved by (x, y) pixels.

        rough: it will be blurred, so that one sample to a pixel will do.
        """
        import cv2

        level = max(0, round(-math.log2(scale)))
        if rough:
            return warped(self._fine_sheet(level + 1), (x, y), scale, centre, FINE / 2 ** (level + 1), 1)
        # Twice as fine as the frame, then averaged: a pixel is the mean of four samples.
        double = warped(self._fine_sheet(level), (x, y), scale, centre, FINE / 2**level, 2)
        height, width = double.alpha.shape
        alpha = cv2.resize(double.alpha, (width // 2, height // 2), interpolation=cv2.INTER_AREA)
        return Sheet(np.asarray(alpha), double.left // 2, double.top // 2)

    def _quarter(self, across: int, down: int) -> Sheet:
        """Returns it moved by quarters of a pixel."""
        (over, kx), (up, ky) = divmod(across, QUARTERS), divmod(down, QUARTERS)
        if (kx, ky) not in self._quarters:
            ink, box = self._drawn(kx, ky), self.box
            alpha = np.zeros((box.height + 2 * EDGE, box.width + 2 * EDGE), np.float32)
            top, left = ink.top - box.top + EDGE, ink.left - box.left + EDGE
            height, width = ink.coverage.shape
            alpha[top : top + height, left : left + width] = ink.coverage
            self._quarters[kx, ky] = Sheet(alpha, box.left - EDGE, box.top - EDGE)
        sheet = self._quarters[kx, ky]
        return Sheet(sheet.alpha, sheet.left + over, sheet.top + up)

    def _drawn(self, kx: int, ky: int) -> Ink:
        """Returns its ink, moved by quarters of a pixel to the right and down."""
        step = UNITS // QUARTERS
        return draw(self._faces, [_shifted(row, kx * step, -ky * step) for row in self._rows])

    def _fine_sheet(self, level: int) -> Sheet:
        """Returns its ink at FINE times its size, and half that for each level."""
        if not self._fine:
            faces = [Typeface(replace(face.cut, size_px=face.cut.size_px * FINE)) for face in self._faces]
            ink = draw(faces, [_enlarged(row, FINE) for row in self._rows])
            self._fine.append(Sheet(ink.coverage, ink.left, ink.top))
        while len(self._fine) <= level:
            self._fine.append(_halved(self._fine[-1]))
        return self._fine[level]


def blurred(sheet: Sheet, sigma: float, gain: float = 1.0) -> Sheet:
    """Returns a sheet blurred by a Gaussian of that sigma in pixels, cut at 3 sigma, times `gain`; outside it is 0.

    A wide blur is made of a smaller sheet: what reducing and enlarging blur already is taken off its sigma.
    """
    import cv2

    if sigma < SHARP:
        return sheet
    by = 2 ** max(0, math.floor(math.log2(sigma / COARSE_SIGMA)))
    reach = math.ceil(3 * sigma / by)  # in samples of the smaller sheet
    height, width = (-(-side // by) * by for side in sheet.alpha.shape)
    small = sheet.alpha
    if by > 1:
        over = height - small.shape[0], width - small.shape[1]
        small = np.pad(small, ((0, over[0]), (0, over[1]))) if any(over) else small
        small = cv2.resize(small, (width // by, height // by), interpolation=cv2.INTER_AREA)
    left = sigma**2 - (0 if by == 1 else (by**2 - 1) / 12 + by**2 / 6)
    rest = math.sqrt(left) / by
    side = 2 * math.ceil(3 * rest) + 1
    wide = cv2.copyMakeBorder(small, reach, reach, reach, reach, cv2.BORDER_CONSTANT, value=0)
    soft = cv2.GaussianBlur(wide, (side, side), rest, borderType=cv2.BORDER_CONSTANT)
    if gain != 1:
        soft = soft * np.float32(gain)
    if by > 1:
        size = width + 2 * reach * by, height + 2 * reach * by
        soft = cv2.resize(soft, size, interpolation=cv2.INTER_LINEAR)
    return Sheet(np.asarray(soft), sheet.left - reach * by, sheet.top - reach * by)


def warped(sheet: Sheet, move: Point, scale: float, centre: Point, samples: float, fine: int) -> Sheet:
    """Returns a sheet scaled about a point and moved, `fine` samples to a pixel of the frame.

    samples: of the sheet to a pixel; centre, move: in pixels.
    """
    import cv2

    height, width = sheet.alpha.shape
    start = (sheet.left / samples, sheet.top / samples)
    size = (width / samples, height / samples)
    first = [math.floor((start[i] - centre[i]) * scale + centre[i] + move[i]) - EDGE for i in (0, 1)]
    last = [math.ceil((start[i] + size[i] - centre[i]) * scale + centre[i] + move[i]) + EDGE for i in (0, 1)]
    step = samples / (fine * scale)
    offsets = [
        ((first[i] - move[i] - centre[i]) / scale + centre[i]) * samples - edge + step / 2 - 0.5
        for i, edge in enumerate((sheet.left, sheet.top))
    ]
    matrix = np.array([[step, 0, offsets[0]], [0, step, offsets[1]]])
    alpha = cv2.warpAffine(
        sheet.alpha, matrix, (fine * (last[0] - first[0]), fine * (last[1] - first[1])),
        flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP,
    )  # fmt: skip
    return Sheet(np.asarray(alpha), fine * first[0], fine * first[1])


def joined(parts: Sequence[tuple[Sheet, float]]) -> Sheet:
    """Returns the sum of sheets, each times its weight, on the pixels of them all."""
    if len(parts) == 1 and parts[0][1] == 1:
        return parts[0][0]
    box = around([sheet.box for sheet, _ in parts])
    out = np.zeros((box.height, box.width), np.float32)
    for sheet, weight in parts:
        height, width = sheet.alpha.shape
        top, left = sheet.top - box.top, sheet.left - box.left
        view = out[top : top + height, left : left + width]
        np.add(view, sheet.alpha if weight == 1 else sheet.alpha * np.float32(weight), out=view)
    return Sheet(out, box.left, box.top)


def _halved(sheet: Sheet) -> Sheet:
    import cv2

    height, width = sheet.alpha.shape
    roof, side = sheet.top % 2, sheet.left % 2
    padded = np.pad(sheet.alpha, ((roof, (roof + height) % 2), (side, (side + width) % 2)))
    small = cv2.resize(padded, (padded.shape[1] // 2, padded.shape[0] // 2), interpolation=cv2.INTER_AREA)
    return Sheet(np.asarray(small), (sheet.left - side) // 2, (sheet.top - roof) // 2)


def _shifted(row: PlacedLine, x: int, y: int) -> PlacedLine:
    glyphs = tuple(replace(glyph, x=glyph.x + x, y=glyph.y + y) for glyph in row.line.glyphs)
    return replace(row, line=replace(row.line, glyphs=glyphs))


def _enlarged(row: PlacedLine, by: int) -> PlacedLine:
    glyphs = tuple(replace(glyph, x=glyph.x * by, y=glyph.y * by) for glyph in row.line.glyphs)
    return PlacedLine(replace(row.line, glyphs=glyphs), row.left * by, row.baseline * by)
