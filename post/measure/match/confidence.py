"""How sure a match is: a probability that it leaves the shot no worse, learned on scenes set aside for it."""

from __future__ import annotations

from dataclasses import dataclass
from math import exp, log

import numpy as np

from post.measure.match.fit import apply
from post.measure.match.palette import Palette, lay, lie
from post.measure.oklab import weighted
from post.stage import Array

# `python -m tests.bench.match.calibrate` fits and prints all that follows, on the fit half of its scenes alone.
# Logistic regression (ridge .1) of "not made more than .3 dE2000 worse" on 332 pairs of 14 scenes: graded
# overlapping, disjoint and unrelated views, ungraded unrelated ones, each scene against up to seven others.
# Fitted 2026-11-21; scene left out in turn: Brier score .126.
PER_MASS, PER_LOG_TRIP, CONSTANT = 8.967, -1.035, -7.294
# From where a match is done whole, and from where by half: chosen by hand. On those pairs, each scene left out
# in turn, 1.8 % of the disjoint and .4 % of the unrelated ones are made worse.
FULL, PARTIAL = 0.8, 0.7
HALF = 0.5
# The same things seen in both pictures: nothing is learned of the single pair, this is the share of the fit
# half's graded overlapping pairs, so matched, that came out no worse, by the rule of succession,
# (no worse + 1) / (all + 2).
CORRESPONDING, NO_WORSE = 44, 44
BY_CORRESPONDENCE = (NO_WORSE + 1) / (CORRESPONDING + 2)


@dataclass(frozen=True, slots=True)
class Evidence:
    """mass: share of the target's colours with a counterpart in the reference; trip: how far colours end up
    from where they began when matched there and, by a match of its own, back, in weighted Oklab."""

    mass: float
    trip: float

    @property
    def confidence(self) -> float:
        """0..1."""
        mass, log_trip = marks(self)
        return 1 / (1 + exp(-(PER_MASS * mass + PER_LOG_TRIP * log_trip + CONSTANT)))


def marks(proof: Evidence) -> tuple[float, float]:
    """What confidence is a logistic function of."""
    return proof.mass, log(proof.trip + 1e-3)


def evidence(parameters: Array, target: Palette, reference: Palette) -> Evidence:
    """What speaks for a match of the two palettes by these parameters."""
    home = lay(reference, target)
    moved = weighted(apply(home, np.clip(apply(parameters, target.colour), 0, 1))) - weighted(target.colour)
    trip = target.share @ np.linalg.norm(moved, axis=1)
    return Evidence(lie(parameters, target, reference).mass, float(trip))


def strength_for(confidence: float) -> float:
    """How much of a palette's match is done: all, half or none."""
    if confidence >= FULL:
        return 1.0
    return HALF if confidence >= PARTIAL else 0.0
