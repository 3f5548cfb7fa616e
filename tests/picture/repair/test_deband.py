"""Deband on gradients whose values before rounding are known."""

from __future__ import annotations

import numpy as np
import pytest

from post.measure import cambi
from post.picture.repair.deband import Deband
from post.values.array import Array
from tests.measure.made import photograph, window
from tests.picture.repair.planes import eight, planes

HEIGHT, WIDTH = 540, 960


def sky() -> Array:
    y, x = np.mgrid[0:HEIGHT, 0:WIDTH]
    return np.asarray(70 + 60 * (y / HEIGHT) ** 1.5 + 3 * np.sin(x / WIDTH * 2.2))


def debanded(luma: Array, **knobs: float) -> Array:
    return eight(Deband(**knobs).repair(0, {0: planes(luma)})[0])


def test_a_rounded_gradient_loses_half_of_its_rounding_error() -> None:
    truth = sky()
    source = np.rint(truth)
    found = debanded(source)
    assert np.sqrt(np.mean((found - truth) ** 2)) < 0.5 * np.sqrt(np.mean((source - truth) ** 2))
    assert np.abs(found - source).max() <= 0.5 + 1 / 256


def test_its_bands_are_gone_at_ten_bits() -> None:
    from post.render.repair import dither_to_ten_bits

    source = np.rint(sky())
    assert cambi(source.astype(np.uint8), 8) > 8
    mended = Deband().repair(0, {0: planes(source)})[0]
    assert cambi(dither_to_ten_bits(mended, 3, 0), 10) < 1


@pytest.mark.parametrize("name", ["coffee", "astronaut"])
def test_texture_stays(name: str) -> None:
    picture = np.rint(window(photograph(name), 0, 0, 256, 384))
    moved = np.abs(debanded(picture) - picture)
    busy = np.hypot(*np.gradient(picture)) > 8
    assert moved[busy].mean() < 0.3
    assert moved.max() <= 0.5 + 1 / 256


def test_grain_stays() -> None:
    grain = np.rint(sky() + np.random.default_rng(0).normal(0, 3, (HEIGHT, WIDTH)))
    assert np.std(debanded(grain) - sky()) > 0.85 * 3


def test_an_edge_does_not_move() -> None:
    edge = np.full((256, 256), 60.0)
    edge[:, 128:] = 180
    moved = np.abs(debanded(edge) - edge)
    assert moved[:, 124:132].max() <= 0.5 + 1 / 256
    assert moved[:, :124].max() < 0.1
    assert moved[:, 132:].max() < 0.1


def test_a_picture_too_small_for_a_gradient_stays_as_it_is() -> None:
    tiny = np.arange(64.0).reshape(8, 8) + 60
    assert (debanded(tiny) == tiny).all()
