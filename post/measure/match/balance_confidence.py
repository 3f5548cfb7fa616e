"""Computes how sure each part of a balance is, calibrated on held-in scenes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import exp, log
from typing import Literal

Part = Literal["black", "exposure", "white", "contrast", "neutral", "saturation"]
PARTS: tuple[Part, ...] = ("black", "exposure", "white", "contrast", "neutral", "saturation")
When = Literal["sure", "likely", "always"]
WHEN: tuple[When, ...] = ("sure", "likely", "always")

# `python -m tests.bench.match.calibrate` fits and prints these. A part is measured on one half of both pictures, and
# counts as 1 if the other halves, which nobody measured, are nearer to each other after it is moved. So a difference
# as small as that between two parts of one picture is unsure, whatever caused it. Logistic regression (ridge 1) on
# the logarithm of the difference, in units of `FURTHEST`, and for neutrals also on the smaller share of greys.
# Fitted 2026-11-29 on some 990 pairs of 20 scenes for each part (neutral: 418); Brier scores .14 (saturation) to .25.
PER_LOG_APART: Mapping[Part, float] = {
    "black": 0.42, "exposure": 0.26, "white": 0.51, "contrast": 0.28, "neutral": -0.19, "saturation": 1.06,
}  # fmt: skip
PER_GREYS = 2.75
CONSTANT: Mapping[Part, float] = {
    "black": 0.41, "exposure": 0.78, "white": 0.24, "contrast": 0.35, "neutral": -0.66, "saturation": 1.11,
}  # fmt: skip
# A part is likely if it is more likely than not. None is ever sure: how a shot was before somebody graded it cannot
# be known from an unlike shot (on graded pairs of unrelated scenes, exposure becomes right in a quarter).
LIKELY = 0.5
LEAST: Mapping[When, float] = {"sure": 1.0, "likely": LIKELY, "always": 0.0}


def part_confidence(part: Part, apart: float, greys: float) -> float:
    """Returns the probability, 0..1, that moving a part brings the shots nearer to each other.

    apart: how far they are apart, in units of the furthest that the part may be moved; greys: as in `part_marks`.
    """
    weights = (PER_LOG_APART[part], *((PER_GREYS,) if part == "neutral" else ()))
    odds = exp(
        sum(w * x for w, x in zip(weights, part_marks(part, apart, greys), strict=True)) + CONSTANT[part]
    )
    return odds / (1 + odds)


def part_marks(part: Part, apart: float, greys: float) -> Sequence[float]:
    """Returns the inputs of a part's logistic function. greys: the smaller share of greys of the two shots."""
    return (log(apart + 0.05), greys) if part == "neutral" else (log(apart + 0.05),)
