"""The blend modes: how the colour of a layer and that of the picture below make a third.

Source: W3C Compositing and Blending Level 1, 9 (PDF 32000-1, 11.3.5), and plus-lighter of Compositing Level 2 as `add`.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from post.values.array import Array

NORMAL = "normal"
Mode = Callable[[Array, Array], Array]
ONE = np.float32(1)
_LIGHT = (0.3, 0.59, 0.11)  # weights of the modes that part hue, saturation and light, in the source's words


def blended(mode: str, below: Array, layer: Array, alpha: Array) -> Array:
    """Returns by how much a layer changes the picture.

    below, layer: (3, height, width) float32 display-encoded R'G'B', 0..1, straight; alpha: (height, width), 0..1. The
    result has the shape of `below`; where alpha is 0 it is 0. Raises KeyError for an unknown mode.
    """
    if mode == "add":
        return np.asarray(np.minimum(layer * alpha, ONE - below))
    return np.asarray((MODES[mode](below, layer) - below) * alpha)


def _normal(below: Array, layer: Array) -> Array:  # noqa: ARG001  it hides what is below
    return layer


def _multiply(below: Array, layer: Array) -> Array:
    return np.asarray(below * layer)


def _screen(below: Array, layer: Array) -> Array:
    return np.asarray(below + layer - below * layer)


def _hard_light(below: Array, layer: Array) -> Array:
    return np.where(layer <= 0.5, below * (2 * layer), _screen(below, 2 * layer - 1))


def _soft_light(below: Array, layer: Array) -> Array:
    root = np.where(below <= 0.25, ((16 * below - 12) * below + 4) * below, np.sqrt(below))
    darker = below - (1 - 2 * layer) * below * (1 - below)
    return np.asarray(np.where(layer <= 0.5, darker, below + (2 * layer - 1) * (root - below)))


def _color_dodge(below: Array, layer: Array) -> Array:
    room = np.maximum(ONE - layer, np.float32(1e-7))
    return np.where(below <= 0, np.float32(0), np.minimum(below / room, ONE))


def _color_burn(below: Array, layer: Array) -> Array:
    return np.where(
        below >= 1, ONE, ONE - np.minimum((ONE - below) / np.maximum(layer, np.float32(1e-7)), ONE)
    )


def _difference(below: Array, layer: Array) -> Array:
    return np.asarray(np.abs(below - layer))


def _exclusion(below: Array, layer: Array) -> Array:
    return np.asarray(below + layer - 2 * below * layer)


def _light(rgb: Array) -> Array:
    red, green, blue = (np.float32(weight) for weight in _LIGHT)
    return np.asarray(rgb[0] * red + rgb[1] * green + rgb[2] * blue)


def _with_light(rgb: Array, light: Array) -> Array:
    """Returns a colour at another light, brought back into 0..1 along the way to its grey."""
    moved = rgb + (light - _light(rgb))
    grey, low, high = _light(moved), moved.min(0), moved.max(0)
    up = np.where(low < 0, grey / np.maximum(grey - low, np.float32(1e-7)), ONE)
    down = np.where(high > 1, (ONE - grey) / np.maximum(high - grey, np.float32(1e-7)), ONE)
    return np.asarray(grey + (moved - grey) * np.minimum(up, down))


def _with_saturation(rgb: Array, saturation: Array) -> Array:
    low, span = rgb.min(0), np.ptp(rgb, 0)
    return np.asarray((rgb - low) * np.where(span > 0, saturation / np.maximum(span, np.float32(1e-7)), 0))


MODES: dict[str, Mode] = {
    NORMAL: _normal,
    "multiply": _multiply,
    "screen": _screen,
    "overlay": lambda below, layer: _hard_light(layer, below),
    "darken": np.minimum,
    "lighten": np.maximum,
    "color-dodge": _color_dodge,
    "color-burn": _color_burn,
    "hard-light": _hard_light,
    "soft-light": _soft_light,
    "difference": _difference,
    "exclusion": _exclusion,
    "hue": lambda below, layer: _with_light(_with_saturation(layer, np.ptp(below, 0)), _light(below)),
    "saturation": lambda below, layer: _with_light(_with_saturation(below, np.ptp(layer, 0)), _light(below)),
    "color": lambda below, layer: _with_light(layer, _light(below)),
    "luminosity": lambda below, layer: _with_light(below, _light(layer)),
}
BLEND_MODES = (*MODES, "add")
