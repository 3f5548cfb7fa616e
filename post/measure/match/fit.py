"""Fits the ten parameters of a match to pairs of colours."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from post.measure.oklab import weighted
from post.picture.colour.match import DISPLAY_GAMMA, apply_cdl
from post.values.array import Array

# What grades of one scene differ by, one sigma: gain in stops, offset in signal, log exponent, each as the
# part all channels share and the part that is each one's own; then log saturation. The shared offset and
# exponent are held tighter than grades are: what differs between two views of a scene is mostly how much
# dark there is in each, and a palette cannot tell that from contrast (3.93 to 3.65 dE2000 on disjoint views,
# the benchmark's fit half).
SHARED, OWN = np.array([0.25, 0.006, 0.036]), np.array([0.15, 0.015, 0.05])
SATURATION = 0.14
# Within what a stage's knobs may hold, and what a colourist would believe of one scene.
BOUND = np.array([2.0] * 3 + [0.2] * 3 + [0.7] * 3 + [0.9])
SOFT = 0.03  # Oklab, chroma doubled: an error beyond this counts by its size, no longer by its square
ROUNDS, STEP = 12, 1e-4


@dataclass(frozen=True, eq=False)
class ColourPairs:
    """Pairs of colours: source should become target, (n, 3) R'G'B', 0..1; weight: (n,), sums to 1."""

    source: Array
    target: Array
    weight: Array


def apply(parameters: Array, rgb: Array) -> Array:
    """Returns (n, 3) R'G'B' after (10,) parameters: gains in stops, offsets, log exponents, log saturation."""
    slope = 2 ** (parameters[:3] / DISPLAY_GAMMA)
    return apply_cdl(rgb, slope, parameters[3:6], np.exp(parameters[6:9]), float(np.exp(parameters[9])))


def fit(
    pairs: ColourPairs,
    prior: float,
    start: Array | None = None,
    soft: float = SOFT,
    *,
    straight: bool = False,
) -> Array:
    """Returns the parameters that bring pairs.source nearest to pairs.target in Oklab.

    prior: how far the usual grades are trusted over the pairs, in squared Oklab for one sigma; straight:
    leave the exponents at 1, whose slope is without end at black.
    Source: Levenberg-Marquardt; Huber's weights against pairs that do not belong.
    """
    held, goal = np.sqrt(prior) * _penalty(), weighted(pairs.target)
    free = np.diag(np.repeat([1.0, 1.0, 0.0 if straight else 1.0, 1.0], [3, 3, 3, 1]))
    at = np.zeros(10) if start is None else start
    error, damping = _error(at, pairs, goal), 1e-3
    for _ in range(ROUNDS):
        weight = np.sqrt(pairs.weight / np.maximum(1, np.linalg.norm(error, axis=1) / soft))[:, None]
        slopes = np.stack([(_error(at + step, pairs, goal) - error) / STEP for step in STEP * free], -1)
        matrix = np.vstack([(weight[..., None] * slopes).reshape(-1, 10), held])
        wrong = np.concatenate([(weight * error).ravel(), held @ at])
        normal, gradient = matrix.T @ matrix, matrix.T @ wrong
        move = np.linalg.solve(normal + damping * np.diag(np.diag(normal)), -gradient)
        tried = np.clip(at + move, -BOUND, BOUND)
        error_there = _error(tried, pairs, goal)
        new = np.sum((weight * error_there) ** 2) + np.sum((held @ tried) ** 2)
        if new < wrong @ wrong:
            small = np.abs(tried - at).max() < 1e-4
            at, error, damping = tried, error_there, damping / 10
            if small:
                break
        else:
            damping *= 10
    return at


def _error(parameters: Array, pairs: ColourPairs, goal: Array) -> Array:
    return weighted(apply(parameters, pairs.source)) - goal


def _penalty() -> Array:
    """Returns (13, 10): times the parameters, the distance of a grade from usual grades, in sigmas."""
    rows = []
    for kind in range(3):
        for channel in range(3):
            own = np.zeros(10)
            own[3 * kind : 3 * kind + 3] = -1 / 3
            own[3 * kind + channel] += 1
            rows.append(own / OWN[kind])
        both = np.zeros(10)
        both[3 * kind : 3 * kind + 3] = 1 / 3
        rows.append(both / SHARED[kind])
    rows.append(np.eye(10)[9] / SATURATION)
    return np.array(rows)
