"""The regression that gives the gate's constants."""

from __future__ import annotations

import numpy as np
import pytest

from tests.bench.match.calibrate import logistic


def test_weights_that_made_the_answers_are_found() -> None:
    draw = np.random.default_rng(0)
    x, weights = np.c_[draw.uniform(0, 1, 40_000), draw.normal(-4, 1, 40_000)], np.array([8.0, -1.5, -9.0])
    y = (draw.random(len(x)) < 1 / (1 + np.exp(-(x @ weights[:2] + weights[2])))).astype(float)
    assert logistic(x, y) == pytest.approx(weights, rel=0.05)


def test_separable_answers_give_finite_weights() -> None:
    x = np.linspace(0, 1, 50)[:, None]
    assert np.abs(logistic(x, (x[:, 0] > 0.5).astype(float))).max() < 100


def test_the_constant_is_not_penalised() -> None:
    """Without any input, confidence is the share of ones."""
    x = np.random.default_rng(0).normal(size=(1000, 1))
    weights = logistic(x, np.r_[np.ones(900), np.zeros(100)], ridge=1e9)
    assert 1 / (1 + np.exp(-weights[-1])) == pytest.approx(0.9, abs=1e-3)
