"""Changes pixels by a balance, and finds how much of it is needed.

Seven parameters: gain in stops and offset, the same for all channels; lift of the middle; red and blue gain at the
same luma; log saturation; contrast about the middle. Lift and contrast leave black and white where they are, and are
the residual of the stage `match`; the others are its ASC CDL. A CDL's exponent is not used: its slope is without end
at black, so that noise there would be seen.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from post.measure.match.guards import Colour
from post.measure.oklab import LUMA
from post.picture.colour.match import DISPLAY_GAMMA, NODES, ColourMatch, write_residual
from post.values.array import Array

NOTHING = np.zeros(7)
BOUND = np.array([1.0, 0.08, 0.2, 0.2, 0.25, 0.6, 0.45])
# What missing an aim costs, by figure as in `balance.vector`: exposure and contrast are what is seen first, black and
# white are mostly the content's.
AIMS = np.array([0.5, 1.5, 0.4, 2.0, 1.0, 1.0, 0.2])
# One of these costs as much as missing an aim by .02: of two balances that reach the same, the smaller one.
USUAL, PRIOR = np.array([0.6, 0.03, 0.1, 0.15, 0.15, 0.3, 0.3]), 0.015
ROUNDS, STEP = 10, 2e-3
DIGITS = 5


def balanced(parameters: Array) -> Colour:
    """Returns what does the balance to (n, 3) R'G'B'."""

    def colour(rgb: Array) -> Array:
        out = _cdl(parameters, rgb)
        return out + _bend(parameters, out)

    return colour


def stage_of(parameters: Array) -> ColourMatch:
    """Returns the stage `match` that does the balance."""
    slope, offset, saturation = _knobs(parameters)
    axis = np.linspace(0, 1, NODES)
    nodes = np.stack(np.meshgrid(axis, axis, axis, indexing="ij"), -1).reshape(-1, 3)
    table = _bend(parameters, _cdl(parameters, nodes)).reshape(NODES, NODES, NODES, 3)
    stops = [round(float(gain), DIGITS) for gain in DISPLAY_GAMMA * np.log2(slope)]
    shared = round(offset, DIGITS)
    return ColourMatch(
        exposure=(stops[0], stops[1], stops[2]),
        offset=(shared, shared, shared),
        saturation=round(saturation, DIGITS),
        residual=write_residual(table),
    )


def _knobs(parameters: Array) -> tuple[Array, float, float]:
    gain, offset, _, red, blue, saturation, _ = parameters
    # Green takes back what red and blue add to luma: the neutral axis turns, and exposure stays.
    green = 1 - (LUMA[0] * red + LUMA[2] * blue) / LUMA[1]
    slope = 2 ** (gain / DISPLAY_GAMMA) * np.array([1 + red, green, 1 + blue])
    return slope, float(offset), float(np.exp(saturation))


def _cdl(parameters: Array, rgb: Array) -> Array:
    """Returns what the stage's CDL makes of R'G'B', whose power is 1 here."""
    slope, offset, saturation = _knobs(parameters)
    out = rgb * slope + offset
    luma = (out @ LUMA)[:, None]
    return np.asarray(luma + saturation * (out - luma))


def _bend(parameters: Array, rgb: Array) -> Array:
    """Returns what lift and contrast add: nothing at black, at white, and beyond.

    Lift is a hyperbola, whose slope lies between that at black and its inverse at white: of all curves that raise the
    middle so far, hardly one is less steep.
    """
    lift, contrast = parameters[2], parameters[6]
    inside = np.clip(rgb, 0, 1)
    gain = (0.5 + lift) / (0.5 - lift)
    curve = gain * inside / (1 + (gain - 1) * inside) - inside
    return np.asarray(curve - contrast / (2 * np.pi) * np.sin(2 * np.pi * inside))


def solve(
    at: Array,
    free: Array,
    measure: Callable[[Colour], Array],
    aim: Array,
    strain: Callable[[Colour], Array] = lambda _: np.zeros(0),
) -> Array:
    """Returns the parameters by which the figures come nearest to an aim, within bounds.

    at: where to start; free: (7,) 1 for each parameter that may change, else 0; measure: the (7,) figures of the
    pixels after a balance; aim: (7,); strain: how far a balance goes beyond what the guards allow, as figures that
    should be 0: of all ways to an aim, one that they let pass.
    Source: Levenberg-Marquardt.
    """

    def missed(parameters: Array) -> Array:
        colour = balanced(parameters)
        return np.concatenate([AIMS * (measure(colour) - aim), PRIOR * parameters / USUAL, strain(colour)])

    damping, error = 1e-3, missed(at)
    for _ in range(ROUNDS):
        slopes = np.stack([(missed(at + move) - error) / STEP for move in STEP * np.diag(free)], 1)
        normal, gradient = slopes.T @ slopes, slopes.T @ error
        move = free * np.linalg.solve(normal + np.diag(damping * np.diag(normal) + 1e-12), -gradient)
        tried = np.clip(at + move, -BOUND, BOUND)
        there = missed(tried)
        if there @ there < error @ error:
            small = np.abs(tried - at).max() < 1e-3
            at, error, damping = tried, there, damping / 10
            if small:
                break
        else:
            damping *= 10
    return at
