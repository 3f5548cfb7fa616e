"""Blends a drawn layer over finished planes, inside the layer's own box."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Protocol

import numpy as np

from post.stage import Pose, Raster
from post.values.array import Array
from post.values.colour import Format
from post.values.ycbcr import chroma_of_rgb, code_range, luma_of

WHOLE = 1 << 16  # alpha 1: shares are Q16, sums stay below 2^27 for 10-bit codes
HALF = WHOLE >> 1
OPACITY = 1 << 15
ROWS = 48  # rows blended at a time, so that their temporary arrays stay in the cache
STEPS = {"420": (2, 2), "422": (2, 1), "444": (1, 1)}  # luma samples across, down, for each chroma sample


class FramePlanes(Protocol):
    """A frame to blend over: 2-D uint8 or uint16 views, written in place; rows may be strided."""

    @property
    def y(self) -> Array:
        """Luma."""

    @property
    def cb(self) -> Array:
        """Cb."""

    @property
    def cr(self) -> Array:
        """Cr."""


@dataclass(frozen=True, slots=True)
class PlaneOverlay:
    """One plane's part of a layer. keep: share of the picture that stays, Q16 uint32; ink: codes times
    alpha, Q16 uint32; left, top: of its first sample, in the plane's own samples."""

    keep: Array
    ink: Array
    left: int
    top: int

    def at(self, opacity: float) -> PlaneOverlay:
        """Returns the overlay at a lower opacity."""
        share = np.uint32(round(opacity * OPACITY))
        gone = ((WHOLE - self.keep) * share + (OPACITY >> 1)) // OPACITY
        # Codes at Q6 leave room for the product in 32 bits.
        ink = (((self.ink >> 10) * share) >> 5).astype(np.uint32)
        return PlaneOverlay((WHOLE - gone).astype(np.uint32), ink, self.left, self.top)


@dataclass(frozen=True, eq=False)
class Overlay:
    """A layer made ready for the planes of one format.

    Colour is converted to the film's matrix, range and depth and multiplied by alpha; chroma is
    sited as H.273 chroma_sample_loc_type 0 has it (left: level with every other luma column, halfway
    between two rows), its alpha filtered together with its colour, so that no fringe appears.
    """

    raster: Raster
    canvas: Format
    _washes: dict[tuple[int, int], tuple[PlaneOverlay, PlaneOverlay, PlaneOverlay]] = field(
        default_factory=dict, repr=False
    )

    def washes(self, dx: int, dy: int) -> tuple[PlaneOverlay, PlaneOverlay, PlaneOverlay]:
        """Returns Y, Cb and Cr moved by (dx, dy). Chroma is filtered again only where dx or dy changes parity."""
        across, down = STEPS[self.canvas.chroma]
        phase = dx % across, dy % down
        if phase not in self._washes:
            self._washes[phase] = _prepare(self.raster, self.canvas, phase)
        y, cb, cr = self._washes[phase]
        over, up = dx - phase[0], dy - phase[1]
        return (
            PlaneOverlay(y.keep, y.ink, y.left + over, y.top + up),
            *(PlaneOverlay(c.keep, c.ink, c.left + over // across, c.top + up // down) for c in (cb, cr)),
        )  # type: ignore[return-value]  # three of them


def blend_overlay(planes: FramePlanes, overlay: Overlay, pose: Pose) -> None:
    """Blends a layer into a frame, in place. Samples outside the layer's box are not read or written.

    Integer arithmetic: alpha 0 leaves the bits as they are, alpha 1 gives the colour's own code, between
    them the nearest code (within 1 of the exact mix while fading).
    """
    if pose.opacity <= 0:
        return
    washes = overlay.washes(pose.dx, pose.dy)
    for plane, wash in zip((planes.y, planes.cb, planes.cr), washes, strict=True):
        _wash(plane, wash, min(pose.opacity, 1.0))


def _wash(plane: Array, wash: PlaneOverlay, opacity: float) -> None:
    height, width = wash.keep.shape
    top, left = max(wash.top, 0), max(wash.left, 0)
    bottom, right = min(wash.top + height, plane.shape[0]), min(wash.left + width, plane.shape[1])
    if top >= bottom or left >= right:
        return
    across = slice(left - wash.left, right - wash.left)
    scratch = np.empty((min(ROWS, bottom - top), right - left), np.uint32)
    for row in range(top, bottom, ROWS):
        stop = min(row + ROWS, bottom)
        down = slice(row - wash.top, stop - wash.top)
        strip = PlaneOverlay(wash.keep[down, across], wash.ink[down, across], 0, 0)
        part = strip if opacity == 1 else strip.at(opacity)
        _blend(plane[row:stop, left:right], part, scratch[: stop - row])


def _blend(view: Array, wash: PlaneOverlay, scratch: Array) -> None:
    np.multiply(view, wash.keep, out=scratch, casting="unsafe")
    np.add(scratch, wash.ink, out=scratch)
    np.add(scratch, HALF, out=scratch)
    np.right_shift(scratch, 16, out=scratch)
    np.copyto(view, scratch, casting="unsafe")


def _prepare(
    raster: Raster, canvas: Format, phase: tuple[int, int]
) -> tuple[PlaneOverlay, PlaneOverlay, PlaneOverlay]:
    rgba, left, top = _padded(_trimmed(raster), phase, STEPS[canvas.chroma])
    alpha = np.clip(rgba[..., 3].astype(np.float64), 0, 1)
    codes = _codes(rgba[..., :3].astype(np.float64), canvas)
    across, down = STEPS[canvas.chroma]
    y = _quantised(alpha, np.rint(codes[0]) * alpha, left, top)
    thin = _sited(alpha, across, down)
    cb, cr = (
        _quantised(thin, _sited(np.rint(code) * alpha, across, down), left // across, top // down)
        for code in codes[1:]
    )
    return y, cb, cr


def _trimmed(raster: Raster) -> Raster:
    """Returns the raster without empty rows and columns at its edges; one clear pixel where all is empty."""
    seen = raster.rgba[..., 3] > 0
    rows, columns = np.flatnonzero(seen.any(1)), np.flatnonzero(seen.any(0))
    if not rows.size:
        return Raster(np.zeros((1, 1, 4), np.float32), raster.left, raster.top)
    (top, foot), (left, end) = rows[[0, -1]].tolist(), columns[[0, -1]].tolist()
    return Raster(raster.rgba[top : foot + 1, left : end + 1], raster.left + left, raster.top + top)


def _quantised(alpha: Array, ink: Array, left: int, top: int) -> PlaneOverlay:
    keep = WHOLE - np.rint(alpha * WHOLE)
    return PlaneOverlay(keep.astype(np.uint32), np.rint(ink * WHOLE).astype(np.uint32), left, top)


def _padded(raster: Raster, phase: tuple[int, int], steps: tuple[int, int]) -> tuple[Array, int, int]:
    """Returns the raster padded to whole chroma samples, with room for the chroma filter; and its left and top."""
    (left, top), (height, width) = (raster.left + phase[0], raster.top + phase[1]), raster.rgba.shape[:2]
    # The filter of the chroma sample at x reads x-1, x and x+1.
    start, end = left - left % steps[0], left + width + (1 if steps[0] == 2 else 0)
    roof, foot = top - top % steps[1], top + height
    end, foot = end + end % steps[0], foot + foot % steps[1]
    pads = ((top - roof, foot - top - height), (left - start, end - left - width), (0, 0))
    return np.pad(raster.rgba, pads), start, roof


def _codes(rgb: Array, canvas: Format) -> tuple[Array, Array, Array]:
    """Returns display-encoded R'G'B' as code values, not rounded. Source: BT.709-6 item 3, BT.2100 table 9."""
    codes, rgb = code_range(canvas.colour.range, canvas.depth), np.clip(rgb, 0, 1)
    luma = luma_of(rgb, canvas.colour)
    # In full range, pure blue and pure red come half a code above the highest code.
    cb, cr = (
        np.clip(c * codes.chroma + codes.neutral, 0, 2**canvas.depth - 1)
        for c in chroma_of_rgb(rgb, luma, canvas.colour)
    )
    return luma * codes.luma + codes.black, cb, cr


def _sited(sheet: Array, across: int, down: int) -> Array:
    """Returns a full-size array filtered onto the chroma samples: 1 2 1 across (co-sited), 1 1 down (midway)."""
    if across == 2:
        wide = np.pad(sheet, ((0, 0), (1, 0)))
        sheet = (wide[:, 0:-1:2] + 2 * wide[:, 1::2] + wide[:, 2::2]) / 4
    return (sheet[0::2] + sheet[1::2]) / 2 if down == 2 else sheet
