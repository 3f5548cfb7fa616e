"""Blends a drawn layer over finished planes, inside the layer's own box.

Colours are mixed as they are encoded for display, premultiplied by alpha, at the film's depth.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Protocol

import numpy as np

from post.picture.blend.mixed import mix_in
from post.picture.blend.modes import NORMAL
from post.picture.blend.plane_overlays import STEPS, PlaneOverlay, overlay_planes
from post.stage import FlatRaster, Pose, Raster
from post.values.array import Array
from post.values.colour import Format

HALF = np.float32(0.5)
ROWS = 48  # rows blended at a time, so that their temporary arrays stay in the cache
ThreePlanes = tuple[PlaneOverlay, PlaneOverlay, PlaneOverlay]


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


@dataclass(frozen=True, eq=False)
class Overlay:
    """A layer made ready for the planes of one format.

    Colour is converted to the film's matrix, range and depth and multiplied by alpha; chroma is
    sited as H.273 chroma_sample_loc_type 0 has it (left: level with every other luma column, halfway
    between two rows), its alpha filtered together with its colour, so that no fringe appears.
    """

    raster: Raster | FlatRaster
    canvas: Format
    _washes: dict[tuple[int, int, bool], ThreePlanes] = field(default_factory=dict, repr=False)

    @cached_property
    def seen(self) -> Raster | FlatRaster:
        """The layer without empty rows and columns at its edges; one clear pixel where all is empty."""
        if isinstance(self.raster, FlatRaster):
            return self.raster
        alpha = self.raster.alpha > 0
        rows, columns = np.flatnonzero(alpha.any(1)), np.flatnonzero(alpha.any(0))
        if not rows.size:
            return replace(self.raster, rgba=np.zeros((1, 1, 4), np.float32))
        (top, foot), (left, end) = rows[[0, -1]].tolist(), columns[[0, -1]].tolist()
        part = self.raster.rgba[top : foot + 1, left : end + 1]
        return replace(self.raster, rgba=part, left=self.raster.left + left, top=self.raster.top + top)

    def washes(self, dx: int, dy: int) -> ThreePlanes:
        """Returns Y, Cb and Cr moved by (dx, dy). Chroma is filtered again only where dx or dy changes parity."""
        across, down = STEPS[self.canvas.chroma]
        phase = dx % across, dy % down
        key = (*phase, self.seen.left + dx == 0)
        if key not in self._washes:
            self._washes[key] = overlay_planes(self.seen, self.canvas, phase, at_edge=key[2])
        y, cb, cr = self._washes[key]
        over, up = dx - phase[0], dy - phase[1]
        return (
            PlaneOverlay(y.keep, y.ink, y.left + over, y.top + up),
            *(PlaneOverlay(c.keep, c.ink, c.left + over // across, c.top + up // down) for c in (cb, cr)),
        )  # type: ignore[return-value]  # three of them


def blend_overlay(planes: FramePlanes, overlay: Overlay, pose: Pose) -> None:
    """Blends a layer into a frame, in place. Samples outside the layer's box are not read or written.

    Alpha 0 leaves the bits as they are, alpha 1 gives the colour's own code, between them the nearest code.
    """
    if pose.opacity <= 0:
        return
    seen, targets = overlay.seen, (planes.y, planes.cb, planes.cr)
    opacity = min(pose.opacity, 1.0)
    if isinstance(seen, Raster) and seen.blend != NORMAL:
        mix_in(targets, seen, overlay.canvas, replace(pose, opacity=opacity))
        return
    for plane, wash in zip(targets, overlay.washes(pose.dx, pose.dy), strict=True):
        _wash(plane, wash, np.float32(opacity))


def _wash(plane: Array, wash: PlaneOverlay, opacity: np.float32) -> None:
    height, width = wash.keep.shape
    top, left = max(wash.top, 0), max(wash.left, 0)
    bottom, right = min(wash.top + height, plane.shape[0]), min(wash.left + width, plane.shape[1])
    if top >= bottom or left >= right:
        return
    across = slice(left - wash.left, right - wash.left)
    scratch = np.empty((min(ROWS, bottom - top), right - left), np.float32)
    for row in range(top, bottom, ROWS):
        stop = min(row + ROWS, bottom)
        down = slice(row - wash.top, stop - wash.top)
        view = plane[row:stop, left:right]
        _blend(view, wash.keep[down, across], wash.ink[down, across], opacity, scratch[: stop - row])


def _blend(view: Array, keep: Array, ink: Array, opacity: np.float32, scratch: Array) -> None:
    np.multiply(view, keep, out=scratch, casting="unsafe")
    np.add(scratch, ink, out=scratch)
    if opacity != 1:
        np.subtract(scratch, view, out=scratch, casting="unsafe")
        np.multiply(scratch, opacity, out=scratch)
        np.add(scratch, view, out=scratch, casting="unsafe")
    np.add(scratch, HALF, out=scratch)
    np.copyto(view, scratch, casting="unsafe")  # the whole part: no sum is below 0
