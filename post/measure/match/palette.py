"""Matches by palettes, where no pixels are known to show the same thing.

Colours of one shot are moved onto those of the other by unbalanced transport, which leaves what has no
counterpart where it is, and the ten parameters follow; over and over, from the bold to the exact.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from post.measure.match.fit import ColourPairs, apply, fit
from post.measure.match.sampling import sample_pixels
from post.measure.oklab import LUMA, weighted
from post.values.array import Array

COLOURS = 96
PIXELS = 12000
# Distances of place, in Oklab with its chroma doubled: of height in the picture, of one sort of texture and
# its direction. Alike colours in alike texture are the same material more often (4.3 to 4.0 dE2000).
HEIGHT, TEXTURE, GRAIN_OF = 0.06, 0.25, 0.05
TEXTURE_SIZES, DIRECTION_SIZE = (5, 9, 21), 15  # pixels across
SHARPNESS = 0.001  # of the transport, in squared distance
# Place counts for so much more between two pictures than within one, squared (3.62 to 3.58 dE2000 on disjoint
# views of the fit half's scenes, 5.17 to 5.10 on those that only `calibrate` sees; 3 does as well).
BETWEEN = 2.0
# How far, squared, a colour goes before it is left unmatched: boldly first.
LEASH = (0.032, 0.0208, 0.01352, 0.0088, 0.0057, 0.005)
PRIOR, SOFT = 1e-5, 0.04
SINKHORN_ROUNDS = 60
# Pixels are alike that are no further apart than this, in colour and in place; of about so many of each shot.
ALIKE, SINGLE = 0.04, 3000


@dataclass(frozen=True, eq=False)
class Palette:
    """The colours of a shot. colour: (n, 3) R'G'B'; place: (n, k) texture and height; share: (n,), sums to 1;
    single: (m, 3 + k), colour and place of single pixels."""

    colour: Array
    place: Array
    share: Array
    single: Array


def palette(frames: Sequence[Array]) -> Palette:
    """Returns the palette of frames, (height, width, 3) each. Deterministic."""
    import cv2

    seen = zip(frames, sample_pixels(frames, PIXELS), strict=True)
    pixels = np.concatenate([_pixels(rgb)[at] for rgb, at in seen])
    marks = np.c_[weighted(pixels[:, :3]), pixels[:, 3:]].astype(np.float32)
    cv2.setRNGSeed(0)
    stop = (cv2.TERM_CRITERIA_EPS | cv2.TERM_CRITERIA_COUNT, 12, 1e-3)
    count = min(COLOURS, len(np.unique(marks, axis=0)))
    unlabelled = np.zeros((len(marks), 1), np.int32)
    _, label, _ = cv2.kmeans(marks, count, unlabelled, stop, 1, cv2.KMEANS_PP_CENTERS)
    size = np.bincount(label.ravel(), minlength=count).astype(float)
    sums = np.stack([np.bincount(label.ravel(), column, count) for column in pixels.T], 1)
    mean, share = sums[size > 0] / size[size > 0, None], np.sqrt(size[size > 0])
    single = pixels[:: max(1, len(pixels) // SINGLE)]
    return Palette(mean[:, :3], mean[:, 3:], share / share.sum(), single)


def _pixels(rgb: Array) -> Array:
    """Returns (height * width, 9) float64: colour, texture at three sizes, its direction in two numbers, height."""
    import cv2

    luma = (rgb @ LUMA).astype(np.float32)
    places = [TEXTURE * _texture(luma, size) for size in TEXTURE_SIZES]
    places += [GRAIN_OF * each for each in _direction(luma)]
    places.append(np.repeat(np.linspace(0, HEIGHT, len(rgb))[:, None], rgb.shape[1], 1))
    soft = cv2.blur(rgb, (3, 3)).reshape(-1, 3)
    return np.asarray(np.c_[soft, np.stack([place.ravel() for place in places], 1)], np.float64)


def _texture(luma: Array, size: int) -> Array:
    """Returns the contrast within `size` pixels on a log scale, 0 to about 1.5: a gain hardly changes it."""
    import cv2

    mean = cv2.blur(luma, (size, size))
    spread = np.sqrt(np.maximum(cv2.blur(luma * luma, (size, size)) - mean * mean, 0))
    return np.asarray(np.log2(1 + 20 * spread / (mean + 0.1)) / 3)


def _direction(luma: Array) -> tuple[Array, Array]:
    """Returns the two components of direction of the structure tensor, -1..1 each; 0 where there is none."""
    import cv2

    x, y = cv2.Scharr(luma, cv2.CV_32F, 1, 0), cv2.Scharr(luma, cv2.CV_32F, 0, 1)
    xx, yy, xy = (cv2.blur(each, (DIRECTION_SIZE, DIRECTION_SIZE)) for each in (x * x, y * y, x * y))
    energy = xx + yy + 1e-4
    return (xx - yy) / energy, 2 * xy / energy


def move_palette(target: Palette, reference: Palette) -> Array:
    """Returns the (10,) parameters that move the palette of the target onto that of the reference."""
    at = np.zeros(10)
    for leash in LEASH:
        plan = transport(target.share, reference.share, _squares(at, target, reference), leash)
        got = plan.sum(0)
        # From each colour of the reference back to what was sent to it: the other way round, where each
        # target is a mean, contrast shrinks (4.3 against 4.0 dE2000).
        came_from = plan.T @ target.colour / np.maximum(got, 1e-12)[:, None]
        at = fit(ColourPairs(came_from, reference.colour, got), PRIOR, at, SOFT)
    return at


def palette_distance(parameters: Array, target: Palette, reference: Palette) -> float:
    """Returns the share, 0..1, of pixels of either palette with a similar one in the other after the parameters."""
    here = np.c_[weighted(apply(parameters, target.single[:, :3])), target.single[:, 3:]].astype(np.float32)
    there = np.c_[weighted(reference.single[:, :3]), reference.single[:, 3:]].astype(np.float32)
    squares = -2 * here @ there.T
    squares += (here**2).sum(1)[:, None]
    squares += (there**2).sum(1)
    return float(np.mean([(squares.min(axis) < ALIKE**2).mean() for axis in (0, 1)]))


def _squares(parameters: Array, target: Palette, reference: Palette) -> Array:
    """Returns (len(target), len(reference)): squared distances of colours, with those of their places."""
    here, there = weighted(apply(parameters, target.colour)), weighted(reference.colour)
    colour = ((here[:, None] - there[None]) ** 2).sum(-1)
    return np.asarray(colour + BETWEEN * ((target.place[:, None] - reference.place[None]) ** 2).sum(-1))


def transport(a: Array, b: Array, cost: Array, leash: float) -> Array:
    """Returns the unbalanced transport plan from shares a to shares b, (len(a), len(b)).

    Source: Chizat, Peyre, Schmitzer, Vialard, "Scaling algorithms for unbalanced optimal transport
    problems", Math. Comp. 87, 2018: entropic, with Kullback-Leibler penalties of `leash` on both sides.
    """
    kernel = np.exp(-cost / SHARPNESS) * np.outer(a, b)
    power = leash / (leash + SHARPNESS)
    u, v = np.ones(len(a)), np.ones(len(b))
    for _ in range(SINKHORN_ROUNDS):
        u = (a / np.maximum(kernel @ v, 1e-300)) ** power
        v = (b / np.maximum(kernel.T @ u, 1e-300)) ** power
    return np.asarray(u[:, None] * kernel * v)
