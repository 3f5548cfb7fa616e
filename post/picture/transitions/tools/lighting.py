"""Adds light to pictures: screens them, washes them with a colour, or opens the exposure."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from post.picture.transitions.tools.mixing import chroma_step
from post.stage import Planes16
from post.values.array import Array
from post.values.colour import Colour
from post.values.ycbcr import chroma_of_rgb, code_range, luma_of

CODES = code_range("limited", 16)
BLACK, SPAN, CHROMA, NEUTRAL = (np.float32(v) for v in (CODES.black, CODES.luma, CODES.chroma, CODES.neutral))


def as_codes(value: Array) -> Array:
    """Returns float codes as uint16, rounded and kept in range."""
    return np.asarray(np.clip(value + np.float32(0.5), 0, 65535).astype(np.uint16))


def near_chroma(luma: Array, across: int, down: int) -> Array:
    """Returns the luma samples that lie at or beside chroma samples."""
    return np.asarray(luma[::down, ::across])


@dataclass(frozen=True, slots=True)
class Glow:
    """Smooth coloured light over a frame, at a few samples. rgb: (rows, columns, 3) float32, 0..1 display-encoded;
    cover: (rows, columns) float32, 0..1, how much of the picture it hides."""

    rgb: Array
    cover: Array


def add_glow(planes: Planes16, glow: Glow, film: Colour) -> Planes16:
    """Returns the picture with light over it: what the light covers is mixed with it, and it is screened over the rest.

    Screening adds, and white stays white: 1 - (1 - a)(1 - b). Chroma fades where the other picture is bright.
    """
    across, down = chroma_step(planes)
    luma = luma_of(glow.rgb, film)
    cb, cr = chroma_of_rgb(glow.rgb, luma, film)
    y_size, c_size = planes[0].shape, planes[1].shape
    bright, cover = _enlarged(luma, y_size), _enlarged(glow.cover, y_size)
    kept = np.float32(1) - cover
    level = (planes[0] - BLACK) * kept
    y = as_codes(level * (np.float32(1) - bright) + bright * SPAN + BLACK)
    small_bright, small_cover = _enlarged(luma, c_size), _enlarged(glow.cover, c_size)
    own = (np.float32(1) - small_bright) * (np.float32(1) - small_cover)
    room = np.clip(np.float32(1) - near_chroma(level, across, down) / SPAN, 0, 1)
    colours = [
        as_codes((plane - NEUTRAL) * own + _enlarged(c, c_size) * CHROMA * room + NEUTRAL)
        for plane, c in zip(planes[1:], (cb, cr), strict=True)
    ]
    return y, colours[0], colours[1]


def _enlarged(values: Array, size: tuple[int, ...]) -> Array:
    import cv2

    # Cubic, as the eye sees the corners of linear steps in light; what overshoots is cut.
    wide = cv2.resize(
        np.ascontiguousarray(values, np.float32), (size[1], size[0]), interpolation=cv2.INTER_CUBIC
    )
    return np.asarray(np.clip(wide, -1, 1), np.float32)


def expose_by(planes: Planes16, stops: float) -> Planes16:
    """Returns the picture exposed by `stops` more. Highlights roll off to white and lose their colour, as on film."""
    if stops <= 0:
        return planes
    across, down = chroma_step(planes)
    luma, chroma = _exposure_tables(stops)
    factor = chroma[near_chroma(planes[0], across, down)]
    y = luma[planes[0]]
    cb, cr = (as_codes((plane - NEUTRAL) * factor + NEUTRAL) for plane in planes[1:])
    return y, cb, cr


def _exposure_tables(stops: float) -> tuple[Array, Array]:
    """Returns luma codes, and factors of chroma, for each of the 65536 luma codes."""
    level = np.clip((np.arange(1 << 16, dtype=np.float32) - BLACK) / SPAN, 0, 1.09)
    light = level**2.4 * 2.0**stops
    # Light as it is up to a knee, then ever less of it: the picture's own white stays white where nothing is added.
    strength = min(1.0, stops)
    knee = 1 - 0.45 * strength
    over = np.maximum(light - knee, 0) / max(1 - knee, 1e-3)
    rolled = np.where(light > knee, knee + (1 - knee) * (1 - np.exp(-over)), light)
    rolled = rolled + (1 - rolled) * np.clip((stops - 3) / 3, 0, 1)
    shown = np.power(np.maximum(rolled, 0), 1 / 2.4)
    out = shown * strength + np.minimum(level * 2 ** (stops / 2.4), 1.09) * (1 - strength)
    gain = out / np.maximum(level, 1e-2)
    room = np.clip((1 - out) / np.maximum(1 - level, 1e-2), 0, 1)
    factor = np.minimum(gain, 4) * (1 - strength + strength * np.sqrt(room))
    return as_codes(out * SPAN + BLACK), factor.astype(np.float32)
