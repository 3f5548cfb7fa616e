"""Lays panels and set type over each other, as one straight-alpha picture."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from post.picture.type.block import TypeBlock
from post.picture.type.paint import Colour, TypePaint, extent, paint
from post.picture.type.place import Bounds, around
from post.stage import Raster
from post.values.array import Array


@dataclass(frozen=True, slots=True)
class Panel:
    """A flat panel. box: whole pixels; opacity: 0..1; radius: of its corners, in pixels; body: the box whose corners
    are round, where the panel is a part of one, None for the panel's own."""

    box: Bounds
    colour: Colour
    opacity: float = 1.0
    radius: float = 0.0
    body: Bounds | None = None

    def moved(self, across: int, down: int) -> Panel:
        """Returns it moved by whole pixels."""
        body = self.body and self.body.moved(across, down)
        return replace(self, box=self.box.moved(across, down), body=body)

    def coverage(self) -> Array:
        """Returns how much of each pixel of the box it covers, (height, width) float32, 0..1."""
        body = self.body or self.box
        radius = min(self.radius, body.width / 2, body.height / 2)
        if radius <= 0:
            return np.ones((self.box.height, self.box.width), np.float32)
        across = _beyond(body.width, radius)[self.box.left - body.left : self.box.right - body.left]
        down = _beyond(body.height, radius)[self.box.top - body.top : self.box.bottom - body.top]
        distance = np.hypot(across[None], down[:, None]) - radius
        return np.clip(0.5 - distance, 0, 1).astype(np.float32)


@dataclass(frozen=True, slots=True)
class Item:
    """Something to lay out. layers: what is drawn, the lowest first; box: what must be seen of it."""

    layers: tuple[Panel | Raster, ...]
    box: Bounds

    def moved(self, across: int, down: int) -> Item:
        """Returns it moved by whole pixels."""
        layers = tuple(_moved(layer, across, down) for layer in self.layers)
        return Item(layers, self.box.moved(across, down))


def typed(block: TypeBlock, colour: Colour) -> Item:
    """Returns set type without plate or shadow, from its block's corner."""
    rgba, left, top = paint(block, TypePaint(colour))
    return Item((Raster(rgba, left, top),), extent(block, None))


def stacked(layers: Sequence[Panel | Raster]) -> Raster:
    """Returns panels and drawn type over each other, the lowest first, in the box around them all.

    A colour is kept where nothing is seen, so that filtering makes no dark fringe.
    """
    boxes = [_box(layer) for layer in layers]
    whole = around(boxes)
    left, top = whole.left, whole.top
    out = np.zeros((whole.height, whole.width, 4), np.float32)  # colour is multiplied by alpha
    last = np.zeros(3, np.float32)
    for layer, box in zip(layers, boxes, strict=True):
        part = out[box.top - top : box.bottom - top, box.left - left : box.right - left]
        colour, alpha = _pixels(layer)  # colour is multiplied by alpha
        part *= 1 - alpha
        part[..., :3] += colour
        part[..., 3:] += alpha
        last = _topmost(layer)
    seen = out[..., 3] > 0
    np.divide(out[..., :3], out[..., 3:], out=out[..., :3], where=seen[..., None])
    out[~seen, :3] = last
    return Raster(np.clip(out, 0, 1, out=out), left, top)


def _moved(layer: Panel | Raster, across: int, down: int) -> Panel | Raster:
    if isinstance(layer, Panel):
        return layer.moved(across, down)
    return replace(layer, left=layer.left + across, top=layer.top + down)


def _beyond(size: int, radius: float) -> Array:
    """Returns how far each pixel's centre lies inside a corner's square, from the square's inner edge, in pixels."""
    at = np.arange(size, dtype=np.float64) + 0.5
    return np.maximum(np.maximum(radius - at, at - (size - radius)), 0)


def _box(layer: Panel | Raster) -> Bounds:
    if isinstance(layer, Panel):
        return layer.box
    height, width = layer.rgba.shape[:2]
    return Bounds(layer.left, layer.top, layer.left + width, layer.top + height)


def _topmost(layer: Panel | Raster) -> Array:
    """Returns a layer's colour where nothing of it is seen."""
    if isinstance(layer, Panel):
        return np.array(layer.colour, np.float32)
    return np.asarray(layer.rgba[-1, -1, :3])


def _pixels(layer: Panel | Raster) -> tuple[Array, Array]:
    """Returns a layer's colour multiplied by its alpha, and that alpha as (height, width, 1)."""
    if isinstance(layer, Panel):
        alpha = layer.coverage()[..., None] * np.float32(layer.opacity)
        return np.array(layer.colour, np.float32) * alpha, alpha
    rgba = layer.multiplied().rgba
    return rgba[..., :3], rgba[..., 3:]
