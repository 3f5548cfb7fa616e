"""Draws glyphs that are in colour: layers and gradients (COLR v0 and v1), and PNG pictures (CBDT, sbix).

Glyphs of the table SVG are not drawn. Source: OpenType 1.9, "COLR", "CBDT", "sbix".
"""

from __future__ import annotations

import io
import struct
import zlib
from dataclasses import dataclass

import numpy as np
import uharfbuzz as hb
from PIL import Image

from post.values.array import Array

FINE = 2  # a picture's edges are smooth already; its layers meet without a seam if drawn twice as fine
MOST_PIXELS = 4_000_000  # of one PNG: those of emoji have 160 x 160
# What Pillow raises for a PNG that is no whole one.
BROKEN_PNG = (OSError, ValueError, SyntaxError, EOFError, OverflowError, struct.error, zlib.error)


@dataclass(frozen=True, slots=True)
class GlyphPicture:
    """rgb: (height, width, 3) float32, premultiplied, display-encoded R'G'B', 0..1; alpha: (height, width), how opaque;
    own: how much of that is the glyph's own colours: the rest is drawn in the text's colour."""

    rgb: Array
    alpha: Array
    own: Array


Tile = tuple[int, int, int, int]
Matrix = tuple[float, float, float, float]
UPRIGHT: Matrix = (1.0, 0.0, 0.0, 1.0)


def has_paint(font: hb.Font, glyph: int) -> bool:
    """Returns whether a glyph is drawn by colour layers."""
    face = font.face
    return bool(
        (face.has_color_paint and face.glyph_has_color_paint(glyph))
        or (face.has_color_layers and face.get_glyph_color_layers(glyph))
    )


def has_png(font: hb.Font, glyph: int) -> bool:
    """Returns whether a glyph is a PNG picture."""
    return bool(font.face.has_color_png and len(font.get_glyph_color_png(glyph)))


def paint_layers(
    font: hb.Font, glyph: int, origin: tuple[int, int], tile: Tile, units: int, turn: Matrix = UPRIGHT
) -> GlyphPicture:
    """Returns a glyph of colour layers, as far as it is in a tile.

    origin: in 1/`units` px, y up; tile: left, bottom, right, top in whole pixels; turn: how the glyph is turned.
    """
    black, white = (_painted(font, glyph, (origin, tile, units, turn), level) for level in (0, 255))
    # What differs is what the font leaves to the text's colour.
    left_open: Array = np.clip(white[..., :3] - black[..., :3], 0, 1).mean(-1, dtype=np.float32)
    return GlyphPicture(black[..., :3], black[..., 3], np.clip(black[..., 3] - left_open, 0, 1))


def _painted(font: hb.Font, glyph: int, at: tuple[tuple[int, int], Tile, int, Matrix], level: int) -> Array:
    """Returns R'G'B'A, premultiplied, with the text in a grey of `level`, 0..255."""
    origin, tile, units, turn = at
    left, bottom, right, top = (edge * FINE for edge in tile)
    raster = hb.RasterPaint()
    raster.foreground = hb.Color(level, level, level, 255)
    raster.scale_factor = (units / FINE, units / FINE)
    raster.transform = (*turn, *origin)
    raster.extents = hb.RasterExtents(left, bottom, right - left, top - bottom, 4 * (right - left))
    raster.paint_glyph(font, glyph)
    image = raster.render()
    codes = np.frombuffer(image.buffer, np.uint8).reshape(tile[3] - tile[1], FINE, tile[2] - tile[0], FINE, 4)
    mean = codes.sum((1, 3), dtype=np.uint16)[::-1].astype(np.float32) / np.float32(255 * FINE * FINE)
    return np.ascontiguousarray(mean[..., [2, 1, 0, 3]])


def paint_png(
    font: hb.Font, glyph: int, box: tuple[float, float, float, float], tile: Tile
) -> GlyphPicture | None:
    """Returns a glyph's PNG, as far as it is in a tile; None where it cannot be read.

    box: left, bottom, right, top of the picture, in pixels, y up; tile: as in `paint_layers`.
    """
    try:
        with Image.open(io.BytesIO(bytes(font.get_glyph_color_png(glyph).data)), formats=["PNG"]) as image:
            if image.width * image.height > MOST_PIXELS:
                return None
            straight = np.asarray(image.convert("RGBA"), np.float32) / np.float32(255)
    except (*BROKEN_PNG, Image.DecompressionBombError):
        return None
    alpha = straight[..., 3]
    source = np.concatenate([straight[..., :3] * alpha[..., None], alpha[..., None]], -1)
    across = _weights(source.shape[1], box[0] - tile[0], box[2] - tile[0], tile[2] - tile[0])
    down = _weights(source.shape[0], tile[3] - box[3], tile[3] - box[1], tile[3] - tile[1])
    made = np.clip(_blended(across, _blended(down, source).swapaxes(0, 1)).swapaxes(0, 1), 0, 1)
    return GlyphPicture(made[..., :3], made[..., 3], made[..., 3])


def _weights(count: int, first: float, stop: float, size: int) -> Array:
    """Returns how much each of `size` pixels takes of each of `count` samples spread from `first` to `stop`: (size,
    count). A smaller picture is the mean of what each pixel covers; a larger one is blended linearly."""
    step = (stop - first) / count
    edges, pixels = first + np.arange(count + 1) * step, np.arange(size)[:, None]
    if step <= 1:
        shared = np.minimum(pixels + 1, edges[None, 1:]) - np.maximum(pixels, edges[None, :-1])
    else:
        shared = 1 - np.abs(pixels + 0.5 - (edges[None, 1:] + edges[None, :-1]) / 2) / step
    return np.asarray(np.maximum(shared, 0), np.float32)


def _blended(weights: Array, samples: Array) -> Array:
    """Returns the samples, weighted along their first axis, added one by one so that their order is always the same."""
    out = np.zeros((weights.shape[0], *samples.shape[1:]), np.float32)
    for at in np.flatnonzero(weights.any(0)):
        reached = np.flatnonzero(weights[:, at])
        there = np.s_[reached[0] : reached[-1] + 1]
        out[there] += weights[there, at].reshape(-1, *[1] * (samples.ndim - 1)) * samples[at]
    return out
