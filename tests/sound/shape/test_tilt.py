"""Tilt: as much as is promised at every frequency, in blocks of any size."""

from __future__ import annotations

import numpy as np
import pytest

from post.sound.shape import tilt
from post.sound.varispeed import Fetch
from post.values.array import Array
from tests.sound.tones import noise


def reading(pcm: Array) -> Fetch:
    """Reads PCM; silence outside it."""

    def fetch(first: int, stop: int) -> Array:
        beyond = max(0, -first), max(0, stop - len(pcm))
        inside = pcm[max(0, first) : max(0, min(stop, len(pcm)))]
        return np.pad(inside, (beyond, (0, 0)))[: stop - first]

    return fetch


def promised_db(tilt_db: float, hz: Array) -> Array:
    """A first-order tilt around 1 kHz: half of it below, half above."""
    g, s = 10 ** (tilt_db / 40), 1j * hz / 1000
    return np.asarray(20 * np.log10(np.abs((1 + g * s) / (g + s))))


@pytest.mark.parametrize("rate", [44100, 48000, 96000])
@pytest.mark.parametrize("tilt_db", [-12.0, -3.0, 1.0, 6.0, 12.0])
def test_the_measured_response_is_what_is_promised(tilt_db: float, rate: int) -> None:
    click = np.zeros((8192, 1))
    click[0] = 1
    made = tilt(reading(click), tilt_db, rate)(0, 8192)[:, 0]
    hz = np.fft.rfftfreq(8192, 1 / rate)
    heard = (hz >= 20) & (hz <= 20000)
    found_db = 20 * np.log10(np.abs(np.fft.rfft(made)))[heard]
    assert np.abs(found_db - promised_db(tilt_db, hz[heard])).max() < 0.2
    assert np.interp(1000, hz[heard], found_db) == pytest.approx(0, abs=0.02)
    assert found_db[-1] - found_db[0] == pytest.approx(tilt_db, abs=0.05)


@pytest.mark.parametrize("size", [7, 480, 4096])
@pytest.mark.parametrize("tilt_db", [-12.0, 12.0])
def test_blocks_of_any_size_give_the_same_samples(size: int, tilt_db: float) -> None:
    tilted = tilt(reading(noise(0.1)), tilt_db, 48000)
    whole = tilted(100, 4600)
    parts = [tilted(first, min(first + size, 4600)) for first in range(100, 4600, size)]
    assert np.concatenate(parts) == pytest.approx(whole, abs=1e-10)
    assert tilted(50, 50).shape == (0, 2)


def test_it_is_linear_and_keeps_channels_apart() -> None:
    one, two = noise(0.05, seed=2), noise(0.05, seed=3)
    made = [tilt(reading(pcm), -7.0, 48000)(0, 2400) for pcm in (one, two, 0.5 * one + two)]
    assert made[2] == pytest.approx(0.5 * made[0] + made[1], abs=1e-7)
    left = one.copy()
    left[:, 1] = 0
    assert tilt(reading(left), -7.0, 48000)(0, 2400)[:, 0] == pytest.approx(made[0][:, 0], abs=1e-12)
