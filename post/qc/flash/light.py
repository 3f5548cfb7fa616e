"""Turns frames into small pictures of linear light, in which flashes are measured.

A cell is at least 0.1 degree wide where a display of 1024x768 fills 30 degrees, so that patterns that are finer average
out, as WCAG allows. Averages are taken of linear light; only detail finer than half a cell is averaged in code values.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from math import ceil

import cv2
import numpy as np

from post.measure.frames import Frame
from post.takes.decoded.orientation import upright_array
from post.values.array import Array
from post.values.colour import BT709, CHROMATICITIES, HDR, light_weights
from post.values.media import Picture
from post.values.srgb import srgb_light_of
from post.values.ycbcr import code_range, matrix_from_rgb

# The display that WCAG takes for typical, and the part of it that fills 10 degrees. Source: WCAG 2.2, "general flash
# and red flash thresholds", note 1.
DISPLAY, FIELD = (1024, 768), (341, 256)
CELL = 4  # pixels of that display along a cell: 0.12 degree
LEVELS = 4096  # of a display-encoded value, as it is looked up
# What H.273's transfer codes mean for a display that WCAG's formula does not describe.
_GAMMAS = {4: 2.2, 5: 2.8, 8: 1.0}


@dataclass(frozen=True, slots=True)
class CellGrid:
    """The cells of an upright picture. columns, rows: how many; field: (columns, rows) of a 10-degree field, which may
    be more than there are; step: pixels of the picture along a cell."""

    columns: int
    rows: int
    field: tuple[int, int]
    step: int


def grid_of(width: Fraction, height: int) -> CellGrid:
    """Returns the cells of a picture of so many square pixels, shown as large as the display allows."""
    fit = min(Fraction(DISPLAY[0]) / width, Fraction(DISPLAY[1], height))
    step = max(1, ceil(CELL / fit))
    columns, rows = max(1, round(width / step)), max(1, round(Fraction(height, step)))
    across, down = (max(1, round(side / fit / step)) for side in FIELD)
    return CellGrid(columns, rows, (across, down), step)


class LightReader:
    """Reads frames of one picture as linear light of BT.709's primaries. picture: as `probe` returned it."""

    def __init__(self, picture: Picture) -> None:
        self._picture = picture
        self.grid = grid_of(*picture.shown)
        self.fault = ""
        if picture.colour.transfer in HDR:
            self.fault = f"the film is {HDR[picture.colour.transfer]}: the limits of flashes are those of SDR"
        self._table = _light_table(picture.colour.transfer)
        self._primaries = _to_bt709(picture.colour.primaries)
        self._decode: Array | None = None

    def light(self, frame: Frame) -> Array:
        """Returns a frame's cells, (rows, columns, 3) float32: linear red, green and blue, 1 for white."""
        grid = self.grid
        turned = self._picture.rotation % 180 != 0
        size = (grid.rows, grid.columns) if turned else (grid.columns, grid.rows)
        fine = (size[0] * 2, size[1] * 2) if grid.step > 1 else size
        planes = [
            cv2.resize(each, fine, interpolation=cv2.INTER_AREA) for each in (frame.luma, *frame.chroma)
        ]
        if len(planes) == 1:
            planes += [np.full(planes[0].shape, 128 * frame.unit, planes[0].dtype)] * 2
        coded = cv2.merge(planes).astype(np.float32)
        codes = np.clip(cv2.transform(coded, self._matrix(frame)), 0, LEVELS - 0.5)
        light = cv2.resize(self._table[codes.astype(np.uint16)], size, interpolation=cv2.INTER_AREA)
        if self._primaries is not None:
            light = np.maximum(cv2.transform(light, self._primaries), 0)
        return np.ascontiguousarray(upright_array(light, self._picture))

    def _matrix(self, frame: Frame) -> Array:
        """Returns the (3, 4) float32 matrix from codes to display-encoded RGB in steps of 1 / (LEVELS - 1)."""
        if self._decode is None:
            codes = code_range(frame.range, frame.depth)
            scale = np.array([codes.luma, codes.chroma, codes.chroma])
            offset = np.array([codes.black, codes.neutral, codes.neutral])
            colour = BT709 if frame.from_rgb else self._picture.colour
            rgb = np.linalg.inv(matrix_from_rgb(colour)) / scale * (LEVELS - 1)
            # The half rounds what is cut off to a whole step.
            self._decode = np.column_stack([rgb, 0.5 - rgb @ offset]).astype(np.float32)
        return self._decode


def _light_table(transfer: int) -> Array:
    """Returns the linear light of each of LEVELS display-encoded values, float32."""
    signal = np.linspace(0, 1, LEVELS)
    gamma = _GAMMAS.get(transfer)
    return np.asarray(srgb_light_of(signal) if gamma is None else signal**gamma, np.float32)


def xyz_of(primaries: int) -> Array:
    """Returns the (3, 3) float64 matrix from linear RGB of an H.273 primaries code to CIE XYZ."""
    chosen = CHROMATICITIES[primaries][:3]
    light = light_weights(primaries)
    rows = [
        [y * x0 / y0, y, y * (1 - x0 - y0) / y0] if y0 else [y, y, y]
        for (x0, y0), y in zip(chosen, light, strict=True)
    ]
    return np.array(rows).T


def _to_bt709(primaries: int) -> Array | None:
    """Returns the (3, 3) float32 matrix to linear RGB of BT.709; None where the primaries are those, or near."""
    if primaries in (1, 5, 6, 7, 10):  # the three of SDR video differ by less than the limits are known to
        return None
    return (np.linalg.inv(xyz_of(1)) @ xyz_of(primaries)).astype(np.float32)
