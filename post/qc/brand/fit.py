"""Fits a logo at about its place in a frame, and measures how it is drawn there: stretched, recoloured, faded, covered.

Its edges are aligned by an affine map (G. Evangelidis and E. Psarakis, "Parametric Image Alignment Using Enhanced
Correlation Coefficient Maximization", IEEE TPAMI 2008). Its ink is then compared with its ground.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from post.qc.brand.template import MARGIN, LogoTemplate, edges_of
from post.qc.corners import box_around
from post.values.array import Array
from post.values.brand.difference import ciede2000, lab

FOUND = 0.6  # correlation of the edges once fitted
CERTAIN = 0.72  # the same, of those that are enough without the colour
OTHER_INK = (
    8.0  # CIEDE2000: texture whose edges resemble a thin logo was 14 or more away, logos on texture 5 or less
)
# Lines behind a logo add edges where it is clear: over a grid the guard bench saw 0.59. That is enough where its
# ink has its colour, it is opaque enough to tell, and no part is missing. Of 117 places without a logo whose edges had
# 0.38 or more, none had ink within 24 of its colour, and all lacked a third of its edges.
SAME_INK_FOUND = 0.55  # correlation of the edges
WHOLE, OPAQUE_ENOUGH = 0.05, 0.5  # share covered at most; opacity at least
FIT = 128  # pixels of the longer side that is fitted
AROUND = 0.25  # of its size, looked at around it
ITERATIONS, BLUR = 60, 5  # of the fit; pixels of the filter before it
SHRUNK = 0.4  # of the pixels that become one: the blur before that
LEAST_STRETCH = 0.5  # of the fit, beyond the place that it begins with
CELLS = 4  # across and down, for what is covered
CELL_GONE, LEAST_EDGES = (
    0.25,
    0.05,
)  # correlation of a cell's edges: below, it is covered; cells without edges do not say
INSIDE, OUTSIDE = 0.9, 0.02  # alpha of the logo's ink, and of its ground
CARRIED, LEAST_WEIGHT = (
    8.0,
    1e-3,
)  # pixels by which the ground is carried inwards; of what is too far for that
LEAST_INK = 12  # pixels of ink
LEAST_CONTRAST = 0.12  # of ink to ground, in R'G'B': below, nobody can say how opaque it is
FADED, LEAST_SHARE = 0.95, 0.05  # opacity that counts as less than whole; the least that is restored


@dataclass(frozen=True, eq=False)
class LogoInFrame:
    """A logo in one frame. corners: (4, 2) float32 of the logo itself, from its top left, clockwise, in the frame's
    pixels; score: correlation of its edges, 0..1; covered: share of its edges that are not there; opacity: 0..1, None
    where its ink is like its ground; delta_e: of its ink, at full opacity, to its file's (mean CIEDE2000)."""

    corners: Array
    score: float
    covered: float
    opacity: float | None
    delta_e: float

    @property
    def box(self) -> tuple[int, int, int, int]:
        """Left, top, right and bottom."""
        return box_around(self.corners)

    @property
    def size(self) -> tuple[float, float]:
        """Width and height along its own edges."""
        a, b, _, d = self.corners
        return float(np.linalg.norm(b - a)), float(np.linalg.norm(d - a))

    @property
    def shear_degrees(self) -> float:
        """How far its corner is from a right angle."""
        a, b, _, d = self.corners
        cosine = float(np.dot(b - a, d - a) / max(np.linalg.norm(b - a) * np.linalg.norm(d - a), 1e-6))
        return float(90 - np.degrees(np.arccos(np.clip(cosine, -1, 1))))


def fit_logo(
    rgb: Array, template: LogoTemplate, place: tuple[float, float, float, float]
) -> LogoInFrame | None:
    """Returns the logo as it is drawn at about a place (left, top, width and height in pixels of the frame); None where
    it is not. rgb: (height, width, 3) uint8."""
    fitted = fit_template(rgb, template, place)
    if fitted is None or fitted.score < SAME_INK_FOUND:
        return None
    opacity, delta_e = _ink(fitted.laid, template)
    covered = _covered(edges_of(fitted.laid), fitted.edges)
    found = LogoInFrame(fitted.corners, fitted.score, covered, opacity, delta_e)
    return found if _is_logo(found) else None


def _is_logo(found: LogoInFrame) -> bool:
    """Returns whether its edges are enough: alone, with its colour, or with its colour and all its parts."""
    if found.score >= CERTAIN:
        return True
    if found.delta_e > OTHER_INK:
        return False
    told = found.opacity is not None and found.opacity >= OPAQUE_ENOUGH
    return found.score >= FOUND or (told and found.covered <= WHOLE)


@dataclass(frozen=True, eq=False)
class FittedTemplate:
    """A template laid on a frame. corners: of the logo in the frame; laid: the frame as the template lies, R'G'B' 0..1;
    edges: the template's."""

    corners: Array
    score: float
    laid: Array
    edges: Array


def fit_template(
    rgb: Array, template: LogoTemplate, place: tuple[float, float, float, float]
) -> FittedTemplate | None:
    """Returns how a template lies on a frame at about a place, None where it does not."""
    left, top, width, height = place
    wide, high = _fitted_size(template)
    edges = template.edges(wide, high)
    # Of the logo itself in the fitted template: its size is rounded, with its margin.
    scale = np.array(edges.shape[::-1]) / template.alpha.shape[::-1]
    margin, inner = MARGIN * scale, np.array(template.size) * scale
    unit = np.array([width, height]) / inner
    around = np.ceil(AROUND * np.array([wide, high])) + margin
    # Pixels of the fitted picture to pixels of the frame: x = unit * fitted + origin.
    origin = np.array([left, top]) - around * unit
    size = tuple(int(each) for each in np.ceil(np.array([wide, high]) + 2 * around))
    level = _cut(rgb, origin, unit, size)
    warp = _aligned(edges, edges_of(level), around - margin)
    if warp is None:
        return None
    laid = cv2.warpAffine(level, warp, edges.shape[::-1], flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP)
    corners = np.array([[0, 0], [1, 0], [1, 1], [0, 1]], np.float64) * inner + margin
    placed = (corners @ warp[:, :2].T + warp[:, 2]) * unit + origin
    return FittedTemplate(placed.astype(np.float32), correlation(edges_of(laid), edges), laid, edges)


def _fitted_size(template: LogoTemplate) -> tuple[int, int]:
    width, height = template.size
    scale = FIT / max(width, height)
    return max(8, round(width * scale)), max(8, round(height * scale))


def _cut(rgb: Array, origin: Array, unit: Array, size: tuple[int, ...]) -> Array:
    """Returns a part of a frame at another scale: (height, width, 3) float32, 0..1; outside, its rim."""
    last = origin + unit * size
    height, width = rgb.shape[:2]
    low = np.floor(np.minimum(origin, last)).astype(int) - 2
    top = np.ceil(last).astype(int) + 2
    inner = rgb[max(low[1], 0) : max(top[1], 0), max(low[0], 0) : max(top[0], 0)]
    above, below = int(max(-low[1], 0)), int(max(top[1] - height, 0))
    before, behind = int(max(-low[0], 0)), int(max(top[0] - width, 0))
    if not inner.size:
        return np.zeros((size[1], size[0], 3), np.float32)
    rim = cv2.copyMakeBorder(inner, above, below, before, behind, cv2.BORDER_REPLICATE)
    part: Array = np.asarray(rim, np.float32) / 255
    if unit.max() > 1:  # areas, not points, are read where it shrinks
        blur = [SHRUNK * max(float(each), 0.6) for each in unit]
        part = np.asarray(cv2.GaussianBlur(part, (0, 0), sigmaX=blur[0], sigmaY=blur[1]))
    # Centres of pixels, not their corners, fall on one another.
    shift = origin - low + unit / 2 - 0.5
    matrix = np.array([[unit[0], 0, shift[0]], [0, unit[1], shift[1]]], np.float64)
    return np.asarray(
        cv2.warpAffine(
            part, matrix, size, flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP, borderMode=cv2.BORDER_REPLICATE
        )
    )


def _aligned(edges: Array, seen: Array, begin: Array) -> Array | None:
    """Returns the affine map, (2, 3) float32, from the template to what is seen; None where none is found."""
    warp: Array = np.array([[1, 0, begin[0]], [0, 1, begin[1]]], np.float32)
    whole = np.full(seen.shape, 255, np.uint8)
    stop = (cv2.TERM_CRITERIA_EPS | cv2.TERM_CRITERIA_COUNT, ITERATIONS, 1e-4)
    try:
        for kind in (cv2.MOTION_TRANSLATION, cv2.MOTION_AFFINE):
            _, warp = cv2.findTransformECC(edges, seen, warp, kind, stop, whole, BLUR)
    except cv2.error:  # it does not converge: nothing alike is there
        return None
    stretch = np.linalg.svd(warp[:, :2], compute_uv=False)
    return np.asarray(warp) if stretch.min() > LEAST_STRETCH and stretch.max() < 1 / LEAST_STRETCH else None


def correlation(one: Array, other: Array) -> float:
    """Returns the correlation of two pictures of one size, -1..1; 0 where one is flat."""
    a, b = one - one.mean(), other - other.mean()
    size = float(np.sqrt((a * a).sum() * (b * b).sum()))
    return float((a * b).sum() / size) if size > 1e-6 else 0.0


def _covered(seen: Array, edges: Array) -> float:
    """Returns the share of a logo's edges whose part of it does not look like it."""
    gone = total = 0.0
    for rows in np.array_split(np.arange(edges.shape[0]), CELLS):
        for columns in np.array_split(np.arange(edges.shape[1]), CELLS):
            cell = np.ix_(rows, columns)
            energy = float((edges[cell] ** 2).sum())
            total += energy
            if edges[cell].std() > LEAST_EDGES and correlation(seen[cell], edges[cell]) < CELL_GONE:
                gone += energy
    return gone / total if total else 0.0


def _ground(laid: Array, outside: Array) -> Array:
    """Returns what probably lies behind a logo: what is around it, carried inwards; the picture's shape."""
    weight = outside.astype(np.float32)
    sums, weights = (cv2.GaussianBlur(each, (0, 0), CARRIED) for each in (laid * weight[..., None], weight))
    far = np.median(laid[outside], 0) * LEAST_WEIGHT
    return np.asarray((sums + far) / (weights + LEAST_WEIGHT)[..., None])


def _ink(laid: Array, template: LogoTemplate) -> tuple[float | None, float]:
    """Returns how opaque a logo is drawn, None where its ink is like its ground or another; and how far its ink is from
    its file's (mean CIEDE2000)."""
    size = laid.shape[1::-1]
    alpha = cv2.resize(template.alpha, size, interpolation=cv2.INTER_AREA)
    rgb = cv2.resize(template.rgb, size, interpolation=cv2.INTER_AREA)
    inside, outside = alpha > INSIDE, alpha < OUTSIDE
    kernel = np.ones((3, 3), np.uint8)
    core = cv2.erode(inside.astype(np.uint8), kernel).astype(bool)
    inside = core if core.sum() >= LEAST_INK else inside
    if inside.sum() < LEAST_INK or not outside.any():
        return None, 0.0
    ground = _ground(laid, outside)[inside]
    ink, wanted = laid[inside] - ground, rgb[inside] - ground
    share = float((ink * wanted).sum() / max((wanted * wanted).sum(), 1e-6))
    plain = float(ciede2000(lab(laid[inside]), lab(rgb[inside])).mean())
    if float(np.sqrt((wanted * wanted).sum(1)).mean()) < LEAST_CONTRAST or not 0 < share <= 1.2:
        return None, plain
    whole = ground + ink / max(share, LEAST_SHARE)
    restored = float(ciede2000(lab(whole), lab(rgb[inside])).mean())
    return (min(share, 1.0), restored) if share < FADED and restored < plain else (1.0, plain)
