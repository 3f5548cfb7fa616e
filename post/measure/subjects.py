"""Finds what stands out in a picture: people, animals and things that a crop must not cut.

No model is used. A subject differs in colour from the left, the right and the top of the picture, and is parted from
them by an edge on every way there. It may touch the bottom, as people do. Faces are weighed by their colour alone, and
the upper part of a subject counts more, for that is where heads are.

Source of the distance: Zhang et al., "Minimum Barrier Salient Object Detection at 80 FPS", ICCV 2015, of which this is
the exact distance, found by relaxation on a small picture.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from post.values.array import Array

FINDER = 1  # rises when the same frames may show other subjects
SIDE = 96  # pixels of the longer side: a face that fills a tenth of the height is 5 pixels high
BINS = 64
# CIE L*a*b* units, of three channels together, and whitened units: below the first number nothing stands out.
BARRIER, WHITENED = (8.0, 45.0), (1.0, 3.0)
TOP, FAINTEST = 99.5, 0.4  # the map's highest, as a percentile, becomes 1, unless it is fainter than this
LEAST_MAP = 0.45  # a subject is above this share of the highest
LEAST_SIDE, BLACK = 16, 6.0  # pixels; L* of a bar
LEAST_AREA, LEAST_SHARE = 0.012, 0.15  # of the picture; of all that stands out
LOWEST_TOP = 0.65  # what starts below this is ground or furniture in front
# How far a subject's mean stands above that of its surroundings. A forest's light has 0.38, a rock face 0.23; a dog on
# snow 0.42, speakers and players 0.45 to 0.74.
LEAST_CONTRAST = 0.41
FACE = 3.0  # what counts as skin counts this much more
UPPER = 0.6  # of a subject's height, from its top: what a crop from the side must keep
SKIN_HUE, SKIN_CHROMA, SKIN_LIGHT = (20.0, 75.0), (10.0, 38.0), (25.0, 92.0)  # degrees, and L*a*b* units


@dataclass(frozen=True, slots=True)
class Subject:
    """Something that stands out. left, top, right, bottom: its box, in shares of the picture's size.

    across, down: what counts of it in each of BINS equal parts of the picture's width and height; upper: the area of
    its upper part in each of those of the width.
    """

    left: float
    top: float
    right: float
    bottom: float
    across: tuple[float, ...]
    down: tuple[float, ...]
    upper: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Subjects:
    """What stands out in some frames of a clip. views: of each frame, largest first; () where nothing does."""

    views: tuple[tuple[Subject, ...], ...]


def find_subjects(frames: Sequence[Array]) -> Subjects:
    """Returns what stands out in frames, each (height, width, 3) float32 display-encoded R'G'B', 0..1, upright."""
    return Subjects(tuple(_view(rgb) for rgb in frames))


def stands_out(rgb: Array, side: int = SIDE) -> Array:
    """Returns how far each pixel of a frame stands out, (height, width) float32, 0..1.

    rgb: as for `find_subjects`; side: pixels of the map's longer side.
    """
    return _map(_small_lab(rgb, side))


def _view(rgb: Array) -> tuple[Subject, ...]:
    lab = _small_lab(rgb)
    found = _map(lab)
    face = _skin(lab) * (found > LEAST_MAP / 2)
    made = [_subject(mask, face) for mask in _masks(found)]
    return tuple(sorted(made, key=lambda each: -sum(each.upper)))


def _small_lab(rgb: Array, side: int = SIDE) -> Array:
    """Returns the picture in L*a*b*, (height, width, 3) float32, its longer side `side`."""
    import cv2

    height, width = rgb.shape[:2]
    scale = side / max(height, width)
    size = max(1, round(width * scale)), max(1, round(height * scale))
    small = cv2.resize(np.asarray(rgb, np.float32), size, interpolation=cv2.INTER_AREA)
    return np.asarray(cv2.GaussianBlur(cv2.cvtColor(small, cv2.COLOR_RGB2LAB), (3, 3), 0))


def _map(lab: Array) -> Array:
    """Returns how far each pixel stands out, (height, width) float32, 0..1; black bars do not."""
    rows, columns = (_lit(lab[..., 0], axis) for axis in (1, 0))
    made = np.zeros(lab.shape[:2], np.float32)
    if min(rows.stop - rows.start, columns.stop - columns.start) >= LEAST_SIDE:
        made[rows, columns] = _map_inside(lab[rows, columns])
    return made


def _lit(light: Array, axis: int) -> slice:
    """Returns the part of the picture, along one side, that lies between black bars."""
    lit = np.flatnonzero(light.max(axis=axis) > BLACK)
    return slice(int(lit[0]), int(lit[-1]) + 1) if len(lit) else slice(0, 0)


def _map_inside(lab: Array) -> Array:
    barrier = sum((_barrier(lab[..., channel]) for channel in range(3)), np.zeros(lab.shape[:2], np.float32))
    parts = [
        np.clip((found - low) / reach, 0, 1)
        for found, (low, reach) in ((barrier, BARRIER), (_unlike_edges(lab), WHITENED))
    ]
    found = np.sqrt(parts[0] * parts[1])
    return np.asarray(np.minimum(found / max(FAINTEST, float(np.percentile(found, TOP))), 1), np.float32)


def _barrier(plane: Array) -> Array:
    """Returns, of each pixel, the least range of values on any way from it to the left, right or top edge."""
    cost = np.full(plane.shape, np.inf, np.float32)
    cost[0] = cost[:, 0] = cost[:, -1] = 0
    high, low = plane.copy(), plane.copy()
    ways = ((slice(1, None), slice(None, -1)), (slice(None, -1), slice(1, None)))
    moved = True
    while moved:
        moved = False
        for to, of in [(way, other) for way, other in ways] + [
            ((slice(None), way), (slice(None), other)) for way, other in ways
        ]:
            top, bottom = np.maximum(high[of], plane[to]), np.minimum(low[of], plane[to])
            found = np.where(np.isfinite(cost[of]), top - bottom, np.inf)
            better = found < cost[to]
            if better.any():
                moved = True
                for held, fresh in ((cost, found), (high, top), (low, bottom)):
                    held[to] = np.where(better, fresh, held[to])
    return cost


def _unlike_edges(lab: Array) -> Array:
    """Returns how unlike the left, right and top edges each pixel is, in their own spreads: of the nearest two."""
    band = max(2, int(0.06 * lab.shape[1]))
    found = []
    for edge in (lab[:, :band], lab[:, -band:], lab[:band]):
        pixels = edge.reshape(-1, 3).astype(np.float64)
        inverse = np.linalg.inv(np.cov(pixels.T) + 15 * np.eye(3))  # 15: a spread that noise alone has
        away = lab - pixels.mean(axis=0)
        found.append(np.sqrt(np.einsum("hwi,ij,hwj->hw", away, inverse, away)))
    return np.asarray(np.sort(np.stack(found), axis=0)[:2].mean(axis=0))


def _skin(lab: Array) -> Array:
    """Returns 1 where the colour is that of skin of any shade, 0 elsewhere."""
    light, a, b = lab[..., 0], lab[..., 1], lab[..., 2]
    hue, chroma = np.degrees(np.arctan2(b, a)), np.hypot(a, b)
    rows = ((hue, SKIN_HUE), (chroma, SKIN_CHROMA), (light, SKIN_LIGHT))
    return np.asarray(
        np.logical_and.reduce([(low < plane) & (plane < high) for plane, (low, high) in rows]), np.float32
    )


def _masks(map_of: Array) -> Iterator[Array]:
    """Yields the connected parts of what stands out that are large enough, and clear of what is around them."""
    import cv2

    # Specks go. Opening with two pixels would move everything by one, were the anchors the same.
    two = np.ones((2, 2), np.uint8)
    found = cv2.erode((map_of > LEAST_MAP).astype(np.uint8), two, anchor=(0, 0))
    found = cv2.dilate(found, two, anchor=(1, 1))
    found = cv2.morphologyEx(found, cv2.MORPH_CLOSE, np.ones((5, 5), np.uint8))
    height = map_of.shape[0]
    count, labels, rows, _ = cv2.connectedComponentsWithStats(found, connectivity=8)
    for number in range(1, count):
        area, top = rows[number][cv2.CC_STAT_AREA], rows[number][cv2.CC_STAT_TOP]
        mask = labels == number
        large = area >= LEAST_AREA * found.size and area >= LEAST_SHARE * found.sum()
        if large and top < LOWEST_TOP * height and _contrast(map_of, mask) >= LEAST_CONTRAST:
            yield mask


def _contrast(map_of: Array, mask: Array) -> float:
    """Returns the mean of a part above that of a ring three pixels wide around it."""
    import cv2

    near, far = (cv2.dilate(mask.astype(np.uint8), np.ones((n, n), np.uint8)) > 0 for n in (3, 9))
    ring = far & ~near
    around = float(map_of[ring].mean()) if ring.any() else 0.0
    return float(map_of[mask].mean()) - around


def _subject(mask: Array, face: Array) -> Subject:
    height, width = mask.shape
    rows, columns = np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0))
    top, bottom = rows[0] / height, (rows[-1] + 1) / height
    y = (np.arange(height) + 0.5) / height
    up = np.clip((bottom - y) / (bottom - top), 0, 1)  # 1 at its top
    weight = mask * (0.25 + 3 * up**4)[:, None] * (1 + FACE * face)
    upper = mask & (y < top + UPPER * (bottom - top))[:, None]
    return Subject(
        left=round(float(columns[0] / width), 4),
        top=round(float(top), 4),
        right=round(float((columns[-1] + 1) / width), 4),
        bottom=round(float(bottom), 4),
        across=binned_profile(weight.sum(axis=0) / mask.size),
        down=binned_profile(weight.sum(axis=1) / mask.size),
        upper=binned_profile(upper.sum(axis=0) / mask.size),
    )


def binned_profile(profile: Array) -> tuple[float, ...]:
    """Returns a profile of any length as BINS sums, whose sum is the same."""
    running = np.concatenate([[0.0], np.cumsum(profile)])
    edges = np.interp(np.linspace(0, len(profile), BINS + 1), np.arange(len(running)), running)
    return tuple(round(float(part), 6) for part in np.diff(edges))
