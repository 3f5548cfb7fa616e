"""How sure a match is: a probability that it leaves the shot no worse, learned on scenes set aside for it."""

from __future__ import annotations

from dataclasses import dataclass
from math import exp, log

import numpy as np

from post.measure.match.fit import apply
from post.measure.match.oklab import weighted
from post.measure.match.palette import Palette, lay, lie
from post.stage import Array

# Logistic regression (ridge .1) of "not made more than .3 dE2000 worse" on 332 pairs of the 14 scenes of
# `tests.bench.match`'s fit half: graded overlapping, disjoint and unrelated views, ungraded unrelated ones,
# each scene against up to seven others. 2026-11-21; scene left out in turn: Brier score .123.
PER_MASS, PER_LOG_TRIP, CONSTANT = 11.732, -0.872, -7.562
# From where a match is done whole, and from where by half. On those pairs, each scene left out in turn: none
# of the unrelated and 1.8 % of the disjoint ones made worse.
FULL, PARTIAL = 0.8, 0.7
HALF = 0.5
# The same things seen in both pictures: of the fit half's 36 graded pairs so matched, every one came out
# better. By the rule of succession, (n + 1) / (n + 2).
CORRESPONDING = 36
BY_CORRESPONDENCE = (CORRESPONDING + 1) / (CORRESPONDING + 2)


@dataclass(frozen=True, slots=True)
class Evidence:
    """mass: share of the target's colours with a counterpart in the reference; trip: how far colours end up
    from where they began when matched there and, by a match of its own, back, in weighted Oklab."""

    mass: float
    trip: float

    @property
    def confidence(self) -> float:
        """0..1."""
        return 1 / (1 + exp(-(PER_MASS * self.mass + PER_LOG_TRIP * log(self.trip + 1e-3) + CONSTANT)))


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
