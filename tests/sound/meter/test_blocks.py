"""Checks that a meter reads the same however its sound is cut into blocks, and that it holds no sound."""

from __future__ import annotations

import sys
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from post.errors import SourceError
from post.sound import curve, measure, true_peak
from post.sound.meter import Meter, integrated, k_weighting
from post.sound.true_peak import TruePeak, true_peak_dbtp
from post.values.speakers import BY_COUNT
from tests.sound.tones import RATE, noise

STEREO = BY_COUNT[2]


@settings(max_examples=6, deadline=None)
@given(st.lists(st.integers(0, 3 * 48000), max_size=6), st.sampled_from([8000, 32000, 44056, 44100, 48000]))
def test_the_blocks_of_a_sound_change_no_figure(cuts: list[int], rate: int) -> None:
    pcm = noise(3.3, seed=5) * np.linspace(0.05, 1, round(3.3 * RATE), dtype=np.float32)[:, None]
    meter = Meter(rate, STEREO)
    for first, stop in pairwise(sorted({0, len(pcm), *cuts})):
        meter.add(pcm[first:stop])
    assert meter.read() == measure(pcm, rate)
    for ours, whole in zip(meter.curve(), curve(pcm, rate), strict=True):
        assert np.array_equal(ours, whole, equal_nan=True)
    assert meter.integrated() == integrated(pcm, rate)


@pytest.mark.parametrize("rate", [32000, 44056, 44100, 47999, 96000])
def test_seconds_are_filtered_as_one_sound(rate: int) -> None:
    """Compares with a filter that goes sample by sample over the whole, at rates whose seconds are no whole steps."""
    from scipy.signal import sosfilt

    pcm = noise(3.25, 1, rate=rate).astype(np.float64)
    powers = np.square(sosfilt(k_weighting(rate), pcm[:, 0]))
    ends = np.floor(np.arange(1, 326) * rate / 100 + 0.5).astype(int)
    means = [np.mean(powers[ends[n - 40] if n >= 40 else 0 : ends[n]]) for n in range(39, 325)]
    assert curve(pcm, rate)[1][39:] == pytest.approx(-0.691 + 10 * np.log10(means), abs=1e-9)


def test_an_hour_takes_as_little_memory_as_its_hops() -> None:
    meter, second = Meter(RATE, STEREO), noise(1)
    for _ in range(20):
        meter.add(second)
    held = sum(_bytes(value) for value in vars(meter).values())
    # A hop is one number of 8 bytes; beside them the meter holds less than a second of sound.
    assert held < 20 * 100 * 8 + 20 * 200 + RATE * 2 * 8
    assert meter.read().integrated_lufs == pytest.approx(integrated(noise(1), RATE), abs=0.1)


def _bytes(value: object) -> int:
    if isinstance(value, list):
        return sum(_bytes(each) for each in value)
    return value.nbytes if isinstance(value, np.ndarray) else sys.getsizeof(value)


def test_a_meter_that_was_read_takes_no_more_sound() -> None:
    meter = Meter(RATE, STEREO)
    meter.add(noise(1))
    meter.read()
    with pytest.raises(ValueError, match="takes no more sound"):
        meter.add(noise(1))


def test_a_block_of_another_number_of_channels_is_refused() -> None:
    meter = Meter(RATE, STEREO)
    with pytest.raises(SourceError, match="another number of channels"):
        meter.add(noise(1, 1))


def test_a_bad_sample_is_named_by_its_place_in_the_whole_sound() -> None:
    meter, bad = Meter(RATE, STEREO), noise(1)
    bad[5, 1] = np.nan
    meter.add(noise(1))
    with pytest.raises(SourceError, match="at sample 48005, channel 2"):
        meter.add(bad)


def test_what_is_left_out_of_oversampling_is_no_higher(monkeypatch: pytest.MonkeyPatch) -> None:
    """Compares the peak with that where no group is left out."""
    quiet, loud = noise(1, 2, seed=7), noise(1, 1, seed=8)
    loud[30000:30004] *= 4
    sounds = [quiet, loud, np.cumsum(quiet, axis=0) * np.float32(0.01)]
    found = [true_peak_dbtp(pcm) for pcm in sounds]
    monkeypatch.setattr(
        true_peak, "_bounds", lambda x: np.full((len(x), x.shape[1] // true_peak.GROUP - 2), np.inf)
    )
    for pcm, bounded in zip(sounds, found, strict=True):
        assert bounded == pytest.approx(true_peak_dbtp(pcm), abs=1e-5)


@pytest.mark.parametrize("size", [1, 999, 70000])
def test_the_blocks_of_a_sound_do_not_change_its_true_peak(size: int) -> None:
    pcm = noise(0.2 if size == 1 else 2)
    peak = TruePeak(2)
    for first in range(0, len(pcm), size):
        peak.add(pcm[first : first + size])
    assert peak.dbtp() == true_peak_dbtp(pcm)
