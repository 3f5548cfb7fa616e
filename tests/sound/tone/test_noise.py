"""Room tone is steady, never repeats, and is the same whoever asks for which part of it."""

from __future__ import annotations

import numpy as np
import pytest

from post.sound.tone.model import model_tone
from post.sound.tone.noise import make_noise
from post.values.array import Array
from tests.sound.tone.made import RATE, room


@pytest.fixture(scope="module")
def factors() -> Array:
    model = model_tone(room(4, -50, 1, low_hz=200, high_hz=4000), RATE)
    assert model is not None
    return model.factors


def test_any_part_is_the_same_as_in_the_whole(factors: Array) -> None:
    whole = make_noise(factors, 0, 20000, 5)
    for first, stop in ((0, 1), (1, 700), (679, 681), (5000, 20000)):
        assert np.array_equal(make_noise(factors, first, stop, 5), whole[first:stop])
    assert not np.array_equal(make_noise(factors, 0, 20000, 6), whole)
    assert make_noise(factors, 7, 7, 5).shape == (0, 2)


def test_its_level_is_the_same_everywhere(factors: Array) -> None:
    noise = make_noise(factors, 0, 60 * RATE, 5)[:, 0].astype(np.float64)
    # Over many blocks, the mean power at each place of a block: no block is heard as such.
    hop = len(factors) - 1
    powers = np.square(noise[: len(noise) // hop * hop]).reshape(-1, hop).mean(axis=0)
    tenths = powers[: hop // 10 * 10].reshape(10, -1).mean(axis=1)
    assert 10 * np.log10(tenths.max() / tenths.min()) < 0.5
    assert abs(noise.mean()) < 1e-4 * noise.std()


def test_it_does_not_repeat(factors: Array) -> None:
    noise = make_noise(factors, 0, 30 * RATE, 5)[:, 0].astype(np.float64)
    spectrum = np.abs(np.fft.rfft(noise, 2 * len(noise))) ** 2
    alike = np.fft.irfft(spectrum)[: len(noise) // 2]
    # Beyond the block, in which its own spectrum is heard, no lag is like the start.
    assert np.abs(alike[4 * len(factors) :]).max() < 0.04 * alike[0]
