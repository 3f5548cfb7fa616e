"""Matches by pixels that show the same thing in both shots."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import product

import numpy as np

from post.measure.match.correspond import PictureFeatures, SharedColours, find_shared_colours
from post.measure.match.fit import ColourPairs, apply, fit
from post.measure.match.residual_lut import fit_residual
from post.measure.oklab import weighted
from post.picture.colour.match import NODES, trilinear
from post.values.array import Array

MOST_PAIRS = 3  # pairs of frames that are laid over one another, those that share most
LEAST_PIXELS = 300
CELLS = 24  # along each axis of R'G'B': pixels of one cell are one colour
CROWD = 0.75  # a colour counts by its number of pixels to this power
CLIPPED = (2 / 255, 253 / 255)
PRIOR = 1e-6
# Weighted Oklab. Pixels off by more than both of these under the ten parameters show something else.
FAR, TIMES_MEDIAN = 0.06, 4.0
# Where half of the pixels are off by more, the same things stand in another light.
OTHER_LIGHT = 0.05
NO_RESIDUAL = np.zeros((NODES, NODES, NODES, 3))


@dataclass(frozen=True, eq=False)
class PixelMatch:
    """A match by pixels. parameters: (10,); residual: (9, 9, 9, 3), zeros if it does not help; inliers: features that
    one geometry explains; dense: share of the pixels of the target that were found in the reference."""

    parameters: Array
    residual: Array
    inliers: int
    dense: float
    pairs: ColourPairs

    def straight(self) -> PixelMatch:
        """The match without exponents: crushed blacks come back with less of their noise."""
        ten = fit(_unclipped(self.pairs), PRIOR, straight=True)
        table = _residual(ten, self.pairs) if self.residual.any() else self.residual
        return replace(self, parameters=ten, residual=table)


def match_pixels(target: Sequence[Array], reference: Sequence[Array]) -> PixelMatch | None:
    """Returns the match by what both shots show; None if that is too little, or lit differently."""
    seen = [[PictureFeatures(rgb) for rgb in _some(frames)] for frames in (target, reference)]
    both = [
        each
        for each in (find_shared_colours(a, b) for a, b in product(*seen))
        if len(each.source) >= LEAST_PIXELS
    ]
    if not both:
        return None
    best = sorted(both, key=lambda each: -len(each.source))[:MOST_PAIRS]
    colours = [_colours(each.source, each.target) for each in best]
    pairs = _joined(colours)
    ten = fit(_unclipped(pairs), PRIOR)
    error = _error(ten, pairs)
    if np.median(error) > OTHER_LIGHT:
        return None
    pairs = _part(pairs, error < max(FAR, TIMES_MEDIAN * float(np.median(error))))
    ten = fit(_unclipped(pairs), PRIOR, ten)
    residual = _residual(ten, pairs) if _helps(best[0]) else NO_RESIDUAL
    return PixelMatch(ten, residual, best[0].inliers, best[0].dense, pairs)


def _some(frames: Sequence[Array]) -> list[Array]:
    """Returns the first, middle and last frame: features are the most expensive part."""
    return [frames[place] for place in sorted({0, len(frames) // 2, len(frames) - 1})]


def _helps(best: SharedColours) -> bool:
    """Returns whether a table fitted on one half of the picture improves on the ten parameters in the other half."""
    middle = len(best.source) // 2
    halves = [_colours(best.source[part], best.target[part]) for part in (slice(middle), slice(middle, None))]
    ten_alone, with_table = 0.0, 0.0
    for here, there in (halves, halves[::-1]):
        if not len(_unclipped(here).weight):
            return False
        ten = fit(_unclipped(here), PRIOR)
        left = apply(ten, there.source)
        table = left + trilinear(_residual(ten, here), there.source)
        goal = weighted(there.target)
        ten_alone += there.weight @ np.linalg.norm(weighted(left) - goal, axis=1)
        with_table += there.weight @ np.linalg.norm(weighted(table) - goal, axis=1)
    return with_table < ten_alone


def _residual(ten: Array, pairs: ColourPairs) -> Array:
    return fit_residual(pairs.source, pairs.target - apply(ten, pairs.source), pairs.weight)


def _error(ten: Array, pairs: ColourPairs) -> Array:
    return np.asarray(np.linalg.norm(weighted(apply(ten, pairs.source)) - weighted(pairs.target), axis=1))


def _colours(source: Array, target: Array) -> ColourPairs:
    """Groups pixels by their cell of R'G'B': fewer of them, and a large sky does not decide alone."""
    cell = np.minimum((source * CELLS).astype(np.intp), CELLS - 1) @ np.array([CELLS * CELLS, CELLS, 1])
    _, which = np.unique(cell, return_inverse=True)
    count = np.bincount(which).astype(float)
    means = [
        np.stack([np.bincount(which, channel) for channel in colour.T], 1) / count[:, None]
        for colour in (source, target)
    ]
    crowd = count**CROWD
    return ColourPairs(means[0], means[1], crowd / crowd.sum())


def _joined(parts: Sequence[ColourPairs]) -> ColourPairs:
    weight = np.concatenate([part.weight for part in parts])
    return ColourPairs(
        np.concatenate([part.source for part in parts]),
        np.concatenate([part.target for part in parts]),
        weight / weight.sum(),
    )


def _part(pairs: ColourPairs, kept: Array) -> ColourPairs:
    weight = pairs.weight[kept]
    return ColourPairs(pairs.source[kept], pairs.target[kept], weight / max(weight.sum(), 1e-12))


def _unclipped(pairs: ColourPairs) -> ColourPairs:
    """Drops pixels that either picture may have clipped: they would mislead the ten parameters."""
    low, high = CLIPPED
    both = np.concatenate([pairs.source, pairs.target], 1)
    return _part(pairs, np.all((both > low) & (both < high), axis=1))
