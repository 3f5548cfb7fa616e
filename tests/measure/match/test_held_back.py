"""What guards do to a decision: the stage that is returned passes every one of them."""

from __future__ import annotations

import numpy as np
import pytest

from post.measure.match import decision, guards
from post.measure.match.confidence import MatchEvidence
from post.measure.match.fit import ColourPairs
from post.measure.match.pixel_match import PixelMatch
from post.picture.colour.match import NODES, read_residual
from post.values.array import Array

SURE = MatchEvidence(alike=0.9, move=0.05, trip=0.001)
# Stops, offsets, log exponents, log saturation: what a palette match would do, and the colour of the shot.
TURNED = {
    "skin": (np.array([-0.4, 0.3, -0.2, 0, 0, 0, 0, 0, 0, 0]), (0.85, 0.62, 0.5)),
    "neutrals": (np.array([0.4, 0, -0.4, 0, 0, 0, 0, 0, 0, 0]), (0.5, 0.5, 0.5)),
}


def shot(colour: tuple[float, float, float]) -> Array:
    """A shot of one colour, brighter and darker, with some of all others in it: so few pixels that guards see each."""
    rng = np.random.default_rng(0)
    light = rng.normal(0, 0.05, (60, 90, 1)) + rng.normal(0, 0.02, (60, 90, 3))
    rgb = np.asarray(np.clip(np.array(colour) + light, 0.05, 0.95), np.float32)
    rgb[::20] = rng.uniform(0.2, 0.8, (3, 90, 3))
    return rgb


@pytest.mark.parametrize("name", TURNED)
def test_a_palette_match_is_held_back_by_what_a_palette_does_not_know(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    ten, colour = TURNED[name]
    monkeypatch.setattr(decision, "match_pixels", lambda *_: None)
    monkeypatch.setattr(decision, "move_palette", lambda *_: ten)
    monkeypatch.setattr(decision, "evidence", lambda *_: SURE)
    made = decision.find_transfer([shot(colour)], [shot(colour)], "likely")
    pixels = shot(colour).reshape(-1, 3).astype(np.float64)
    scene = guards.Scene(pixels, pixels)
    assert made.method == "palette"
    assert name in made.guards
    assert 0 < made.strength < 1
    assert guards.failing_guards(made.stage.colour, scene, guards.OF_PALETTE) == ()


@pytest.fixture
def scene() -> guards.Scene:
    pixels = np.random.default_rng(0).uniform(0.02, 0.9, (4000, 3))
    return guards.Scene(pixels, pixels)


def bent(darker: float) -> PixelMatch:
    """A match whose exponents are too steep for `slope` and `step`, and whose table makes all darker."""
    ten = np.array([0, 0, 0, 0, 0, 0, *np.log([2.5, 2.5, 2.5]), 0])
    table = np.full((NODES, NODES, NODES, 3), -darker)
    return PixelMatch(ten, table, 99, 0.9, ColourPairs(np.zeros((0, 3)), np.zeros((0, 3)), np.zeros(0)))


def test_the_table_of_a_match_held_back_is_held_back_with_it(scene: guards.Scene) -> None:
    """The exponents alone are limited; the table, harmless by itself, is done as far as they are."""
    held = decision._within_guards(bent(0.004), scene)
    assert set(held.bit) <= {"slope", "step"}
    assert 0.1 < held.strength < 0.9
    assert read_residual(held.stage.residual) == pytest.approx(-0.004 * held.strength, abs=1 / 4080)


def test_the_stage_of_a_match_held_back_twice_passes_every_guard(scene: guards.Scene) -> None:
    """The exponents by `slope`, and what the table adds by `clipping`."""
    held = decision._within_guards(bent(0.1), scene)
    assert {"slope", "clipping"} <= set(held.bit)
    assert guards.failing_guards(held.stage.colour, scene, guards.EVERY) == ()
    left = read_residual(held.stage.residual)
    assert -0.1 * held.strength < left.mean() < -0.01  # some of it
