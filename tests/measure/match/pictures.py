"""Pictures that ship with scikit-image, as a shot's frames; and a grade to undo."""

from __future__ import annotations

from functools import cache

import numpy as np
from skimage import data

from post.measure.match.fit import apply
from post.measure.match.frames import smaller_rgb
from post.values.array import Array

# Stops, offsets, log exponents, log saturation: a warm, flat, half a stop dark take.
GRADE = np.array([-0.3, -0.5, -0.7, 0.02, 0.01, 0.0, 0.08, 0.05, 0.1, -0.2])


@cache
def picture(name: str) -> Array:
    """(height, width, 3) float32, 0..1, no side longer than 384."""
    rgb = smaller_rgb(getattr(data, name)()[..., :3].astype(np.float32) / 255)
    rgb.setflags(write=False)
    return rgb


@cache
def eyes() -> tuple[Array, Array]:
    """The two pictures of a stereo pair."""
    left, right, _ = data.stereo_motorcycle()  # type: ignore[no-untyped-call]  # scikit-image has no types
    return smaller_rgb(left.astype(np.float32) / 255), smaller_rgb(right.astype(np.float32) / 255)


def graded(rgb: Array, grade: Array = GRADE) -> Array:
    """Under ten parameters, in 8 bits."""
    out = apply(grade, rgb.reshape(-1, 3).astype(np.float64)).reshape(rgb.shape)
    return np.asarray(np.rint(np.clip(out, 0, 1) * 255) / 255, np.float32)


def difference(rgb: Array, other: Array) -> float:
    """Mean dE2000."""
    from skimage.color import deltaE_ciede2000, rgb2lab

    labs = [
        rgb2lab(np.clip(each.reshape(1, -1, 3)[:, ::5], 0, 1).astype(np.float64)) for each in (rgb, other)
    ]
    apart = deltaE_ciede2000(*labs)  # type: ignore[no-untyped-call]  # scikit-image has no types
    return float(apart.mean())


def street() -> Array:
    """Returns greys of many brightnesses, with some colour: (90, 160, 3)."""
    draw = np.random.default_rng(1)
    grey = np.repeat(draw.uniform(0.1, 0.85, (90, 160, 1)), 3, 2)
    grey[:, :20] *= np.array([0.4, 0.7, 1.0])
    return np.asarray(grey + draw.normal(0, 0.01, grey.shape), np.float32).clip(0, 1)


def forest() -> Array:
    """Returns leaves in light and shade: nothing in it is grey."""
    draw = np.random.default_rng(2)
    light = draw.uniform(0.15, 0.8, (90, 160, 1))
    return np.asarray(
        light * (np.array([0.55, 1.0, 0.3]) + draw.normal(0, 0.04, (90, 160, 3))), np.float32
    ).clip(0, 1)
