"""Makes wrong grades, as takes of one scene have: seeded, and of the strength in the measuring protocol."""

from __future__ import annotations

import numpy as np

from post.values.array import Array

LUMA = np.array([0.2126, 0.7152, 0.0722])
S_CURVE = 6.0  # steepness of the sigmoid that is mixed in


def graded(rgb: Array, seed: int) -> Array:
    """Returns a picture with a random grade, in 8 bits: exposure +-.5 stop, balance +-.2 a channel, an ASC CDL,
    saturation .7 to 1.35, an S-curve of -.35 to .5."""
    draw = np.random.default_rng(seed)
    light = _light(rgb.astype(np.float64)) * 2 ** (draw.uniform(-0.5, 0.5) + draw.uniform(-0.2, 0.2, 3))
    signal = _signal(light) * draw.uniform(0.92, 1.08, 3) + draw.uniform(-0.03, 0.03, 3)
    signal = np.clip(signal, 0, None) ** draw.uniform(0.85, 1.18, 3)
    luma = (signal @ LUMA)[..., None]
    signal = np.clip(luma + draw.uniform(0.7, 1.35) * (signal - luma), 0, 1)
    signal += draw.uniform(-0.35, 0.5) * (_sigmoid(signal) - signal)
    return np.asarray(np.rint(np.clip(signal, 0, 1) * 255) / 255, np.float32)


def _sigmoid(signal: Array) -> Array:
    low, high = 1 / (1 + np.exp(S_CURVE / 2)), 1 / (1 + np.exp(-S_CURVE / 2))
    return np.asarray((1 / (1 + np.exp(-S_CURVE * (signal - 0.5))) - low) / (high - low))


def _light(signal: Array) -> Array:
    return np.asarray(np.where(signal <= 0.04045, signal / 12.92, ((signal + 0.055) / 1.055) ** 2.4))


def _signal(light: Array) -> Array:
    return np.asarray(np.where(light <= 0.0031308, light * 12.92, 1.055 * light ** (1 / 2.4) - 0.055))
