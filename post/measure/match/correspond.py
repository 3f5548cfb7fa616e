"""Finds the same things in two pictures: which colour of one is which colour of the other.

Features are found whatever the grade (SIFT on equalised luma), kept where one geometry explains them, and
where the pictures lie over one another, made dense by the motion between them.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from post.measure.oklab import LUMA
from post.values.array import Array

# Features are sought in a larger picture: small ones are found, and placed better. Twice the size finds no
# more that matter and costs half as much again.
UP = 1.5
RATIO = 0.8  # D. Lowe, IJCV 60(2), 2004, 7.1
REPROJECTION = 3.0  # pixels of that larger picture
MOST_FEATURES = 1000
LEAST_MATCHES = 20
PATCH = 7  # across which structure must agree
AROUND = 31  # pixels about a flat one that speak for it
TRUSTED = 0.9
FLAT = 1.5 / 255
ALIKE = 0.85  # normalised correlation of luma over a patch


@dataclass(frozen=True, eq=False)
class PictureFeatures:
    """A picture with its features. rgb: (height, width, 3) float32, 0..1."""

    rgb: Array

    @cached_property
    def grey(self) -> Array:
        """The luma as (height, width) uint8, equalised so that a grade hardly changes it."""
        import cv2

        codes = np.rint(self.rgb @ LUMA * 255).astype(np.uint8)
        return np.asarray(cv2.createCLAHE(2.0, (8, 8)).apply(codes))

    @cached_property
    def features(self) -> tuple[Array, Array]:
        """The features: places in pixels, (n, 2) float32, and descriptors, (n, 128) float32."""
        import cv2

        larger = cv2.resize(self.grey, None, fx=UP, fy=UP, interpolation=cv2.INTER_CUBIC)
        places, words = cv2.SIFT.create(MOST_FEATURES).detectAndCompute(larger, None)
        if words is None:
            return np.zeros((0, 2), np.float32), np.zeros((0, 128), np.float32)
        return np.array([each.pt for each in places], np.float32), np.sqrt(
            words / (words.sum(1, keepdims=True) + 1e-9)
        )


@dataclass(frozen=True, eq=False)
class SharedColours:
    """Colours of pixels that show the same thing. source, target: (n, 3) R'G'B'; inliers: features that one
    geometry explains; dense: share of the target picture that is matched pixel by pixel."""

    source: Array
    target: Array
    inliers: int
    dense: float


NOTHING = SharedColours(np.zeros((0, 3)), np.zeros((0, 3)), 0, 0.0)


def find_shared_colours(a: PictureFeatures, b: PictureFeatures) -> SharedColours:
    """Returns the colours of what both pictures show."""
    p, q = _matched(a, b)
    if len(p) < LEAST_MATCHES:
        return NOTHING
    p, q = _one_geometry(p, q)
    if len(p) < LEAST_MATCHES:
        return NOTHING
    flow = _flow(a, b, p, q)
    return _pixels(a, b, flow, len(p))


def _matched(a: PictureFeatures, b: PictureFeatures) -> tuple[Array, Array]:
    """Returns the places of features that are mutual nearest neighbours and much nearer than the next."""
    (pa, wa), (pb, wb) = a.features, b.features
    if min(len(pa), len(pb)) < LEAST_MATCHES:
        return pa[:0], pb[:0]
    # Descriptions are unit vectors: squared distances are 2 - 2 * likeness, all of them in one product.
    likeness = wa @ wb.T
    rows, nearest = np.arange(len(pa)), likeness.argmax(1)
    mutual = likeness.argmax(0)[nearest] == rows
    best = likeness[rows, nearest].copy()
    likeness[rows, nearest] = -1
    clear = 1 - best < RATIO**2 * (1 - likeness.max(1))
    kept = mutual & clear
    return pa[kept], pb[nearest[kept]]


def _one_geometry(p: Array, q: Array) -> tuple[Array, Array]:
    import cv2

    cv2.setRNGSeed(0)
    _, inside = cv2.findFundamentalMat(p, q, cv2.FM_RANSAC, REPROJECTION, 0.999, 2000)
    if inside is None:
        return p[:0], q[:0]
    kept = inside.ravel() > 0
    return p[kept], q[kept]


def _flow(a: PictureFeatures, b: PictureFeatures, p: Array, q: Array) -> Array:
    """Returns (height, width, 2) float32: the place in b of each pixel of a, by a homography and residual motion."""
    import cv2

    cv2.setNumThreads(1)
    there = _through_plane(a.grey.shape, (p + 0.5) / UP - 0.5, (q + 0.5) / UP - 0.5)
    laid = _remap(b.grey, there)
    search = cv2.DISOpticalFlow.create(cv2.DISOPTICAL_FLOW_PRESET_MEDIUM)
    left = np.asarray(search.calc(a.grey, laid, np.zeros((*a.grey.shape, 2), np.float32)))
    return _remap(there, _grid(a.grey.shape) + left)


def _through_plane(shape: tuple[int, ...], p: Array, q: Array) -> Array:
    """Returns (height, width, 2) float32: each pixel mapped by the homography from places p to q, or unchanged."""
    import cv2

    cv2.setRNGSeed(0)
    plane, _ = cv2.findHomography(p, q, cv2.RANSAC, REPROJECTION * 2)
    grid = _grid(shape)
    if plane is None:
        return grid
    return np.asarray(cv2.perspectiveTransform(grid, plane))


def _grid(shape: tuple[int, ...]) -> Array:
    ys, xs = np.mgrid[0 : shape[0], 0 : shape[1]].astype(np.float32)
    return np.stack([xs, ys], -1)


def _remap(plane: Array, places: Array) -> Array:
    import cv2

    return np.asarray(cv2.remap(plane, places, None, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE))  # type: ignore[call-overload]  # its stubs want a second map


def _pixels(a: PictureFeatures, b: PictureFeatures, flow: Array, inliers: int) -> SharedColours:
    import cv2

    height, width = b.grey.shape
    x, y = flow[..., 0], flow[..., 1]
    laid = _remap(b.rgb, flow)
    inside = (x >= 1) & (y >= 1) & (x <= width - 2) & (y <= height - 2)
    inside = cv2.erode(inside.astype(np.uint8), np.ones((PATCH, PATCH), np.uint8)) > 0
    good = inside & _agrees(a.rgb @ LUMA, laid @ LUMA, inside)
    soft_a, soft_b = (cv2.blur(each, (3, 3)) for each in (a.rgb, laid))
    return SharedColours(
        soft_a[good].astype(np.float64), soft_b[good].astype(np.float64), inliers, float(good.mean())
    )


def _agrees(a: Array, b: Array, inside: Array) -> Array:
    """Returns where structure agrees; in flat parts, whether the surroundings agree."""
    import cv2

    likeness, textured = _likeness(a, b)
    textured = textured & inside
    alike = textured & (likeness > ALIKE)
    about = [cv2.blur(each.astype(np.float32), (AROUND, AROUND)) for each in (alike, textured)]
    overall = alike.sum() / max(1, textured.sum())
    # A prior of a few pixels' worth, so that where nothing is near the whole picture decides.
    trust = (about[0] + 0.02 * overall) / (about[1] + 0.02)
    return np.asarray(alike | (~textured & (trust > TRUSTED)))


def _likeness(a: Array, b: Array) -> tuple[Array, Array]:
    """Returns the normalised correlation over a patch around each pixel, and where there is any structure."""
    import cv2

    def mean(x: Array) -> Any:
        return cv2.blur(x, (PATCH, PATCH))

    ma, mb = mean(a), mean(b)
    va, vb = np.maximum(mean(a * a) - ma * ma, 0), np.maximum(mean(b * b) - mb * mb, 0)
    textured = np.maximum(va, vb) > FLAT**2
    return np.asarray((mean(a * b) - ma * mb) / np.sqrt(np.maximum(va * vb, 1e-10))), np.asarray(textured)
