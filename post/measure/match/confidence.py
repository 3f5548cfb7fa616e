"""Computes the confidence of a match: the probability that the shot is not worse, calibrated on held-in scenes."""

from __future__ import annotations

from dataclasses import dataclass
from math import exp, log

import numpy as np

from post.measure.match.fit import apply
from post.measure.match.palette import Palette, move_palette, palette_distance
from post.measure.oklab import weighted
from post.values.array import Array

# `python -m tests.bench.match.calibrate` fits and prints all that follows, on the fit half of its scenes and on
# some that only it sees. Logistic regression (ridge 1) of "not made more than .3 dE2000 worse" on 406 pairs of 19
# scenes: graded disjoint and unrelated views, ungraded unrelated ones, where any change does harm. Fitted
# 2026-11-21; scene left out in turn: Brier score .156.
PER_ALIKE, PER_LOG_TRIP, PER_LOG_FAR, CONSTANT = 7.892, -0.593, -0.693, -3.774
# What matches of two disjoint views under a grade mostly move by: a longer way is rather between two scenes.
USUAL = 0.08
# From where a match is done whole, and from where by half: chosen by hand. On those pairs, each scene left out
# in turn, 2.2 % of the disjoint and .6 % of the unrelated ones are made worse, and 4.9 % of the unrelated with
# nothing wrong are moved. How little a match moves is no mark: it would part those better, and give up takes
# of one prompt, which differ by little.
FULL, PARTIAL = 0.7, 0.65
HALF = 0.5
# The same things seen in both pictures: nothing is learned of the single pair, this is the share of the fit
# half's graded overlapping pairs, so matched, that came out no worse, by the rule of succession,
# (no worse + 1) / (all + 2).
CORRESPONDING, NO_WORSE = 44, 44
BY_CORRESPONDENCE = (NO_WORSE + 1) / (CORRESPONDING + 2)


@dataclass(frozen=True, slots=True)
class MatchEvidence:
    """The evidence for a palette match.

    alike: share of pixels of either shot with a similar one in the other; move: how far the match moves the colours
    of the target; trip: how far they are from their start after a second match back. Both in weighted Oklab.
    """

    alike: float
    move: float
    trip: float

    @property
    def confidence(self) -> float:
        """The probability, 0..1."""
        alike, log_trip, log_far = marks(self)
        odds = exp(PER_ALIKE * alike + PER_LOG_TRIP * log_trip + PER_LOG_FAR * log_far + CONSTANT)
        return odds / (1 + odds)


def marks(proof: MatchEvidence) -> tuple[float, float, float]:
    """Returns the three inputs of the logistic function of confidence."""
    return proof.alike, log(proof.trip + 1e-3), max(0.0, log((proof.move + 1e-3) / USUAL))


def evidence(parameters: Array, target: Palette, reference: Palette) -> MatchEvidence:
    """Returns the evidence for a match of the two palettes by these parameters."""
    began, there = weighted(target.colour), np.clip(apply(parameters, target.colour), 0, 1)
    back = weighted(apply(move_palette(reference, target), there))
    move, trip = (target.share @ np.linalg.norm(end - began, axis=1) for end in (weighted(there), back))
    return MatchEvidence(palette_distance(parameters, target, reference), float(move), float(trip))


def strength_for(confidence: float) -> float:
    """Returns the strength of a palette match for a confidence: 1, HALF or 0."""
    if confidence >= FULL:
        return 1.0
    return HALF if confidence >= PARTIAL else 0.0
