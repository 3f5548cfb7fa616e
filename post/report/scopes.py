"""Draws a still on a waveform monitor and a vectorscope, as a colourist reads it.

Waveform: R', G' and B' by the still's own columns, 0 at the bottom and 100 % at the top (as on a monitor
set to overlay). Vectorscope: Cb across, Cr up, BT.709; boxes where the colours of 75 % bars fall (SMPTE RP 219),
a line where skin lies (the +I axis, 123 degrees). Brightness is the logarithm of how many pixels are there.
"""

from __future__ import annotations

import numpy as np
from PIL import Image

from post.values.array import Array
from post.values.colour import BT709
from post.values.ycbcr import chroma_of_rgb, luma_of

COLUMNS, LEVELS, SIDE, GAP = 384, 192, 192, 12
HEAD = 6  # above 100 % and below 0, so that a trace on the line is visible
PAPER, GRID, SKIN = (18, 18, 18), (64, 64, 64), (96, 80, 52)
BARS = ((1, 0, 0), (1, 1, 0), (0, 1, 0), (0, 1, 1), (0, 0, 1), (1, 0, 1))
BARS_AT = 0.75
SKIN_DEGREES = 123.0
BOX = 5
GAIN = 0.5  # exponent of the trace: it makes faint parts visible beside crowded ones


def draw_scopes(image: Image.Image) -> Image.Image:
    """Returns waveform and vectorscope side by side, (384 + 12 + 192) x 204 pixels. image: RGB."""
    rgb = np.asarray(image.convert("RGB"))
    sheet = np.empty((LEVELS + 2 * HEAD, COLUMNS + GAP + SIDE, 3), np.uint8)
    sheet[...] = PAPER
    _waveform(rgb, sheet[:, :COLUMNS])
    _vectorscope(rgb, sheet[HEAD : HEAD + SIDE, COLUMNS + GAP :])
    return Image.fromarray(sheet)


def _waveform(rgb: Array, view: Array) -> None:
    for share in (0, 0.25, 0.5, 0.75, 1):
        view[HEAD + round((1 - share) * (LEVELS - 1))] = GRID
    if rgb.shape[1] < COLUMNS:
        rgb = rgb[:, np.arange(COLUMNS) * rgb.shape[1] // COLUMNS]
    across = np.arange(rgb.shape[1]) * COLUMNS // rgb.shape[1]
    foot = HEAD + LEVELS - 1
    for channel in range(3):
        row = foot - (rgb[..., channel].astype(np.intp) * (LEVELS - 1) + 127) // 255
        counts = np.bincount((row * COLUMNS + across).ravel(), minlength=view.shape[0] * COLUMNS)
        plane = view[..., channel]
        np.maximum(plane, _trace(counts.reshape(view.shape[:2])), out=plane)


def _vectorscope(rgb: Array, view: Array) -> None:
    _graticule(view)
    row, column = _place(rgb.reshape(-1, 3) / 255.0)
    counts = np.bincount(row * SIDE + column, minlength=SIDE * SIDE)
    # A trace has the mean colour of its pixels.
    total = np.stack(
        [np.bincount(row * SIDE + column, rgb[..., k].ravel(), SIDE * SIDE) for k in range(3)], -1
    )
    mean = total / np.maximum(counts, 1)[:, None]
    vivid = mean / np.maximum(mean.max(1, keepdims=True), 1)
    trace = (vivid * _trace(counts)[:, None]).reshape(SIDE, SIDE, 3)
    np.maximum(view, trace.astype(np.uint8), out=view)


def _graticule(view: Array) -> None:
    middle = SIDE // 2
    view[middle], view[:, middle] = GRID, GRID
    turn = np.linspace(0, 2 * np.pi, 8 * SIDE)
    edge = (SIDE - 1) / 2
    view[np.rint(edge - edge * np.sin(turn)).astype(int), np.rint(edge + edge * np.cos(turn)).astype(int)] = (
        GRID
    )
    reach = np.linspace(0, edge, SIDE)
    skin = np.radians(SKIN_DEGREES)
    view[
        np.rint(edge - reach * np.sin(skin)).astype(int), np.rint(edge + reach * np.cos(skin)).astype(int)
    ] = SKIN
    for row, column in zip(*_place(np.array(BARS) * BARS_AT), strict=True):
        top, left = max(row - BOX, 0), max(column - BOX, 0)
        box = view[top : row + BOX + 1, left : column + BOX + 1]
        box[[0, -1]], box[:, [0, -1]] = GRID, GRID


def _place(rgb: Array) -> tuple[Array, Array]:
    """Returns (row, column) of (n, 3) R'G'B', 0..1. Source: BT.709-6, item 3.3."""
    luma = luma_of(rgb, BT709)
    cb, cr = chroma_of_rgb(rgb, luma, BT709)
    row, column = np.rint((0.5 - cr) * (SIDE - 1)), np.rint((cb + 0.5) * (SIDE - 1))
    return row.astype(np.intp).clip(0, SIDE - 1), column.astype(np.intp).clip(0, SIDE - 1)


def _trace(counts: Array) -> Array:
    """Returns the brightness of each spot by the number of pixels on it: uint8, same shape."""
    most = max(1, int(counts.max()))
    return np.asarray(np.rint(255 * (np.log1p(counts) / np.log1p(most)) ** GAIN), np.uint8)
