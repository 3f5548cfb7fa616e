"""Measures the figures by which a shot is balanced: one value for the whole shot, whatever its frames do."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from post.measure.is_monochrome import LEAST_HUES, hue_share
from post.measure.match.sampling import sample_pixels, without_bars
from post.measure.oklab import LUMA
from post.values.array import Array
from post.values.colour import BT709
from post.values.shot_figures import ShotFigures
from post.values.ycbcr import chroma_of_rgb, chroma_reach

PERCENTS = (2, 50, 98)
SAMPLED = 12000  # pixels of a shot
# Greys are looked for in pixels whose channels all hold something, and are not clipped.
DARKEST, BRIGHTEST = 0.15, 0.97
# The crowd nearest to grey, by mean shift (as post.measure.tone finds it, with D. Comaniciu and P. Meer), over the
# shares by which red and blue exceed luma: so a cast, which is a gain, is one place for all brightnesses. Light
# differs more in blue than in red.
REACH, STEPS, STILL = np.array([0.06, 0.09]), 20, 1e-4
# A crowd further away is something coloured: leaves, wood, skin, a sky.
FURTHEST_GREY = 0.2
LEAST_GREYS = 0.15  # share of the picture that has to be grey


@dataclass(frozen=True, slots=True)
class MeasuredFigures:
    """The figures of a shot. greys: the share of the picture, 0..1, that its red and blue were read from."""

    figures: ShotFigures
    greys: float


def measure_figures(frames: Sequence[Array]) -> MeasuredFigures:
    """Returns the figures of a shot: of each the median over its frames, (height, width, 3) R'G'B', 0..1.

    A flash, a fade or a frame of black changes none of them.
    """
    frames = [without_bars(rgb) for rgb in frames]
    samples = zip(frames, sample_pixels(frames, SAMPLED), strict=True)
    return median_figures([figures_of(rgb.reshape(-1, 3)[at].astype(np.float64)) for rgb, at in samples])


def median_figures(measured: Sequence[MeasuredFigures]) -> MeasuredFigures:
    """Returns the median of each figure over those that have it; None where fewer than half do."""
    found = {}
    for name in ShotFigures.__slots__:
        known = [value for each in measured if (value := getattr(each.figures, name)) is not None]
        found[name] = float(np.median(known)) if known and 2 * len(known) >= len(measured) else None
    greys = float(np.median([each.greys for each in measured])) if measured else 0.0
    return MeasuredFigures(ShotFigures(**found), greys)


def figures_of(rgb: Array) -> MeasuredFigures:
    """Returns the figures of pixels, (n, 3) R'G'B'."""
    black, mid, white, contrast = tone_of(rgb)
    cast, greys = find_greys(rgb)
    if hue_share(rgb) < LEAST_HUES:
        return MeasuredFigures(ShotFigures(black, mid, white, contrast), 0.0)
    if greys < LEAST_GREYS:
        plain = ShotFigures(black, mid, white, contrast, saturation=saturation_of(rgb, (0.0, 0.0)))
        return MeasuredFigures(plain, greys)
    return MeasuredFigures(ShotFigures(black, mid, white, contrast, *cast, saturation_of(rgb, cast)), greys)


def tone_of(rgb: Array) -> tuple[float, float, float, float]:
    """Returns black, mid, white and contrast."""
    luma = rgb @ LUMA
    black, mid, white = np.percentile(luma, PERCENTS)
    return float(black), float(mid), float(white), float(luma.std())


def saturation_of(rgb: Array, cast: tuple[float, float]) -> float:
    """Returns the mean chroma about the neutral axis: a cast is no saturation. cast: (red, blue), as `excess_of`."""
    luma = rgb @ LUMA
    cb, cr = chroma_of_rgb(rgb, luma, BT709)
    blue, red = chroma_reach(BT709)
    return float(np.hypot(cb - cast[1] * luma / blue, cr - cast[0] * luma / red).mean())


def excess_of(rgb: Array) -> Array:
    """Returns (n, 2): by how much red and blue exceed luma, as shares of it."""
    luma = np.maximum(rgb @ LUMA, 1e-3)[:, None]
    return np.asarray(rgb[:, ::2] / luma - 1)


def grey_weights(rgb: Array) -> Array:
    """Returns (n,): how much each pixel counts as a grey, which sum to 1; all 0 if there are no greys."""
    at, near = _crowd(excess_of(rgb), _may_be_grey(rgb))
    total = near.sum()
    return near / total if total >= 1 and np.abs(at).max() <= FURTHEST_GREY else np.zeros(len(rgb))


def find_greys(rgb: Array) -> tuple[tuple[float, float], float]:
    """Returns by how much greys exceed their luma in (red, blue), and the share of pixels that are such greys."""
    able, place = _may_be_grey(rgb), excess_of(rgb)
    at, _ = _crowd(place, able)
    if np.abs(at).max() > FURTHEST_GREY:
        return (0.0, 0.0), 0.0
    inside = able & ((((place - at) / REACH) ** 2).sum(1) < 4)
    return (float(at[0]), float(at[1])), float(inside.mean())


def _may_be_grey(rgb: Array) -> Array:
    return np.asarray((rgb @ LUMA > DARKEST) & (rgb.max(1) < BRIGHTEST))


def _crowd(place: Array, able: Array) -> tuple[Array, Array]:
    """Returns the middle of the crowd nearest to no excess, (2,), and the nearness of each pixel, (n,), 0..1."""
    at, near = np.zeros(2), np.zeros(len(place))
    for _ in range(STEPS):
        near = able * np.exp(-(((place - at) / REACH) ** 2).sum(1) / 2)
        if near.sum() < 1:
            break
        moved = near @ place / near.sum()
        if np.abs(moved - at).max() < STILL:
            break
        at = moved
    return at, near
