"""Paints type, its plate and its shadow, as one straight-alpha picture."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from post.picture.type.block import TypeBlock
from post.picture.type.place import Bounds
from post.picture.type.rasterise import Ink
from post.values.array import Array

Colour = tuple[float, float, float]


@dataclass(frozen=True, slots=True)
class Plate:
    """A flat panel behind the type. opacity: 0..1; padding: pixels on each side."""

    colour: Colour
    opacity: float
    padding: int


@dataclass(frozen=True, slots=True)
class Shadow:
    """A soft black shadow. strength: 0..1; sigma, drop: pixels (its blur, how far below it falls)."""

    strength: float
    sigma: float
    drop: int


@dataclass(frozen=True, slots=True)
class TypePaint:
    """How type is painted: colours, plate and shadow."""

    colour: Colour
    plate: Plate | None = None
    shadow: Shadow | None = None


def hex_colour(text: str) -> Colour:
    """Returns #rrggbb as display-encoded R'G'B', 0..1."""
    red, green, blue = (int(text[at : at + 2], 16) / 255 for at in (1, 3, 5))
    return red, green, blue


def extent(block: TypeBlock, plate: Plate | None) -> Bounds:
    """Returns what must lie in the safe area, from the block's corner: its box, its ink, its plate."""
    ink, pad = block.ink, plate.padding if plate else 0
    height, width = ink.coverage.shape
    return Bounds(
        min(0, ink.left) - pad,
        min(0, ink.top) - pad,
        max(block.width, ink.left + width) + pad,
        max(block.height, ink.top + height) + pad,
    )


def paint(block: TypeBlock, look: TypePaint) -> tuple[Array, int, int]:
    """Returns the block in colour, (height, width, 4) float32 straight alpha, and its left and top from the block's
    corner. The shadow may reach outside `extent`."""
    box = extent(block, look.plate)
    reach = math.ceil(3 * look.shadow.sigma) + look.shadow.drop if look.shadow else 0
    canvas = box.grown(reach)
    ink = _on(canvas, block.ink, block.ink.coverage)
    layers: list[tuple[Array, Colour]] = []
    if look.shadow and look.shadow.strength > 0:
        layers.append((_shadow(ink, look.shadow), (0.0, 0.0, 0.0)))
    if look.plate and look.plate.opacity > 0:
        layers.append((_panel(canvas, box, look.plate.opacity), look.plate.colour))
    picture = None if block.ink.picture is None else _on(canvas, block.ink, block.ink.picture)
    return _stack([*layers, (ink, look.colour)], picture), canvas.left, canvas.top


def _on(canvas: Bounds, ink: Ink, samples: Array) -> Array:
    """Returns samples of the ink, its coverage or its picture, on a canvas of that extent."""
    sheet = np.zeros((canvas.height, canvas.width, *samples.shape[2:]), np.float32)
    height, width = samples.shape[:2]
    top, left = ink.top - canvas.top, ink.left - canvas.left
    sheet[top : top + height, left : left + width] = samples
    return sheet


def _panel(canvas: Bounds, box: Bounds, opacity: float) -> Array:
    sheet = np.zeros((canvas.height, canvas.width), np.float32)
    top, left = box.top - canvas.top, box.left - canvas.left
    sheet[top : top + box.height, left : left + box.width] = opacity
    return sheet


def _shadow(ink: Array, shadow: Shadow) -> Array:
    soft = _blurred(_blurred(ink, shadow.sigma).T, shadow.sigma).T
    fallen = np.zeros_like(soft)
    fallen[shadow.drop :] = soft[: soft.shape[0] - shadow.drop]
    return np.minimum(fallen * np.float32(shadow.strength), 1)


def _blurred(sheet: Array, sigma: float) -> Array:
    """Returns the sheet blurred along its rows by a Gaussian cut at 3 sigma; outside the sheet is 0."""
    reach = math.ceil(3 * sigma)
    taps = np.exp(-0.5 * (np.arange(-reach, reach + 1) / max(sigma, 1e-6)) ** 2)
    weights = (taps / taps.sum()).astype(np.float32)
    wide = np.pad(sheet, ((reach, reach), (0, 0)))
    out = np.zeros_like(sheet)
    for at, weight in enumerate(weights):
        out += weight * wide[at : at + sheet.shape[0]]
    return out


def _stack(layers: list[tuple[Array, Colour]], picture: Array | None = None) -> Array:
    """Returns flat colours over each other, lowest first, as straight alpha. picture: that of the topmost layer's ink.

    Where alpha is 0 the colour is the topmost one, so that filtering makes no dark fringe.
    """
    shape = layers[0][0].shape
    out = np.zeros((*shape, 4), np.float32)
    for at, (alpha, colour) in enumerate(layers):
        flat = alpha
        out[..., :3] *= 1 - alpha[..., None]
        if picture is not None and at == len(layers) - 1:
            flat = alpha - picture[..., 3]
            out[..., :3] += picture[..., :3]
        out[..., :3] += flat[..., None] * np.array(colour, np.float32)
        out[..., 3] = out[..., 3] * (1 - alpha) + alpha
    seen = out[..., 3] > 0
    np.divide(out[..., :3], out[..., 3:], out=out[..., :3], where=seen[..., None])
    out[~seen, :3] = layers[-1][1]
    return out
