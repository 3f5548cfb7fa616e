"""Regular stripes are found whatever their direction, counted, and told from what is no pattern."""

from __future__ import annotations

import numpy as np
import pytest

from post.qc.flash.stripes import find_stripes
from post.values.array import Array

ROWS, COLUMNS = 108, 192
Y, X = np.mgrid[0:ROWS, 0:COLUMNS].astype(np.float64)
SIZE = (1920.0, 1080.0)


def waves(phase: Array) -> Array:
    """Returns light and dark bands, one pair for each whole number of a phase."""
    return np.where(phase % 1 < 0.5, 0.9, 0.05).astype(np.float32)


@pytest.mark.parametrize("degrees", range(0, 180, 15))
def test_stripes_of_any_direction_are_found(degrees: int) -> None:
    turn = np.radians(degrees)
    seen = find_stripes(waves((X * np.cos(turn) + Y * np.sin(turn)) / 9), SIZE)
    assert seen is not None
    assert seen.pairs > 8
    assert seen.area > 0.7
    assert seen.light > 0.7


def test_rings_and_rays_are_stripes_too() -> None:
    away = np.hypot(X - COLUMNS / 2, Y - ROWS / 2)
    rings = find_stripes(waves(away / 7), SIZE)
    rays = find_stripes(waves(np.arctan2(Y - ROWS / 2, X - COLUMNS / 2) / (2 * np.pi) * 36), SIZE)
    assert rings is not None
    assert rays is not None
    assert rings.area > 0.25
    assert rays.area > 0.25


@pytest.mark.parametrize("pairs", [4, 6, 9])
def test_pairs_are_counted(pairs: int) -> None:
    seen = find_stripes(waves(Y * pairs / ROWS), SIZE)
    assert (seen is not None) == (pairs > 5)
    if seen is not None:
        assert seen.pairs == pytest.approx(pairs, abs=0.5)


def test_a_striped_part_has_its_box_and_its_share() -> None:
    shown = np.full((ROWS, COLUMNS), 0.4, np.float32)
    shown[20:80, 30:110] = waves(X[20:80, 30:110] / 8)
    seen = find_stripes(shown, SIZE)
    assert seen is not None
    assert seen.box == pytest.approx((300, 200, 1100, 800), abs=80)
    assert seen.area == pytest.approx(60 * 80 / (ROWS * COLUMNS), abs=0.05)


@pytest.mark.parametrize("kind", ["flat", "noise", "blobs", "ramp", "bars"])
def test_what_is_no_pattern_is_none(kind: str) -> None:
    random = np.random.default_rng(3)
    shown = {
        "flat": np.full((ROWS, COLUMNS), 0.5),
        "noise": random.random((ROWS, COLUMNS)),
        "blobs": np.kron(random.random((ROWS // 12, COLUMNS // 12)), np.ones((12, 12))),
        "ramp": X / COLUMNS,
        "bars": waves(X * 4 / COLUMNS),
    }[kind]
    assert find_stripes(shown.astype(np.float32), SIZE) is None
