"""Sound of another rate: exact length, no delay, a flat pass band, and nothing folded back from above it."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

from post.takes.sound.join import resampled
from post.values import round_half_up
from post.values.array import Array

RATES = [
    (8_000, 48_000),
    (44_100, 48_000),
    (96_000, 48_000),
    (192_000, 48_000),
    (48_000, 44_100),
    (48_000, 96_000),
]
LEVEL = 0.5


def tone(hz: float, rate_hz: int, seconds: float = 1.0) -> Array:
    at = np.arange(round(seconds * rate_hz))[:, None] / rate_hz
    return (LEVEL * np.sin(2 * np.pi * hz * at)).astype(np.float32)


def middle(pcm: Array) -> Array:
    return pcm[len(pcm) // 4 : -len(pcm) // 4, 0].astype(np.float64)


@pytest.mark.parametrize(("given", "wanted"), RATES)
def test_it_lasts_as_long_to_the_nearest_sample(given: int, wanted: int) -> None:
    for length in (1, 2, 7, 1023, 12_345, 48_001):
        made = resampled(np.ones((length, 2), np.float32), given, wanted)
        assert made.shape == (round_half_up(Fraction(length * wanted, given)), 2)


@pytest.mark.parametrize(("given", "wanted"), RATES)
def test_what_both_rates_hold_is_kept_and_is_not_late(given: int, wanted: int) -> None:
    top = min(given, wanted) / 2
    for hz in (20.0, 1_000.0, 0.9 * top):
        heard, exact = (
            middle(each) for each in (resampled(tone(hz, given), given, wanted), tone(hz, wanted))
        )
        gain = float(heard @ exact / (exact @ exact))
        assert abs(20 * np.log10(gain)) < 0.01, hz
        assert 20 * np.log10(np.std(heard - exact) / np.std(exact)) < -60, (
            hz
        )  # a delay of .1 sample would be -25
        assert 20 * np.log10(np.std(heard - gain * exact) / np.std(exact)) < -130, hz


@pytest.mark.parametrize("given", [96_000, 192_000])
def test_nothing_is_folded_back(given: int) -> None:
    for hz in (24_500, 26_400, 30_000, 40_000):
        left = np.std(middle(resampled(tone(hz, given), given, 48_000)))
        assert 20 * np.log10(left / (LEVEL / np.sqrt(2)) + 1e-12) < -130, hz
