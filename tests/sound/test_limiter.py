"""The limiter: peaks stay under the ceiling, and nothing else changes."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st
from scipy.signal import butter, sosfilt

from post.sound import limit
from post.sound.dynamics.reduction import highest, mean
from post.sound.pcm import gain_factor
from post.sound.true_peak import true_peak_dbtp
from post.values.array import Array
from tests.sound.tones import RATE, noise, second_opinion, spliced, tone


def clicks(seed: int) -> Array:
    """Returns silence with single samples of up to 4x full scale, also at the start and the end."""
    made = np.zeros((9000, 2), np.float32)
    at = np.random.default_rng(seed).integers(0, 9000, 12)
    made[[0, -1, *at], seed % 2] = np.linspace(-4, 4, 14)
    return made


SOURCES: dict[str, Callable[[int], Array]] = {
    "noise": lambda seed: noise(0.3, 2, seed),
    "clicks": clicks,
    "bass": lambda seed: np.repeat(tone(0, 0.3, hz=40 + seed), 2, axis=1),
    "treble": lambda seed: np.repeat(tone(0, 0.3, hz=20000 - 10 * seed, degrees=45), 2, axis=1),
    "between": lambda seed: spliced(seed % 4)[:30000],
    "highest": lambda seed: np.resize([1.0, -1.0], (4801 + seed, 2)),
}


def peak_of(pcm: Array) -> float:
    """Returns the true peak; for silence a very low number."""
    peak = true_peak_dbtp(pcm)
    return -999.0 if peak is None else peak


@settings(max_examples=60, deadline=None)
@example("bass", 48, 0.0, -1.0, 8000)
@given(
    st.sampled_from(sorted(SOURCES)), st.integers(0, 50), st.floats(-20, 30), st.floats(-9, 0),
    st.sampled_from([8000, 24000, 44100, 48000, 96000]),
)  # fmt: skip
def test_no_true_peak_is_above_the_ceiling(
    kind: str, seed: int, level_db: float, ceiling: float, rate: int
) -> None:
    pcm = SOURCES[kind](seed) * gain_factor(level_db)
    before = pcm.copy()
    held, reduction_db = limit(pcm, rate, ceiling)
    assert held.shape == pcm.shape
    assert held.dtype == pcm.dtype
    assert peak_of(held) <= ceiling + 0.01
    assert np.array_equal(pcm, before)
    peak = peak_of(pcm)
    assume(abs(peak - ceiling) > 1e-4)  # the envelope is float32, too coarse for smaller differences
    assert (held is pcm) == (peak <= ceiling) == (reduction_db == 0)
    assert reduction_db <= max(0.0, peak - ceiling) + 1.5


def test_sound_far_from_a_peak_is_left_alone_and_gain_only_falls() -> None:
    pcm = noise(4) * np.float32(0.3)
    pcm[2 * RATE] = 3.0
    held, _ = limit(pcm, RATE, -1)
    assert np.array_equal(held[: 2 * RATE - 600], pcm[: 2 * RATE - 600])
    assert np.array_equal(held[3 * RATE :], pcm[3 * RATE :])
    assert (np.abs(held) <= np.abs(pcm)).all()


def test_there_is_no_delay_and_the_balance_of_the_channels_stays() -> None:
    pcm = noise(1)
    pcm[:, 1] *= 0.5
    held, reduction_db = limit(pcm, RATE, -15)
    assert reduction_db > 1
    heard = np.abs(pcm) > 0.01
    ratio = held[heard.all(axis=1)] / pcm[heard.all(axis=1)]
    assert ratio[:, 0] == pytest.approx(ratio[:, 1], rel=1e-4)
    assert (ratio > 0).all()


@pytest.mark.parametrize("hz", [50, 100, 1000])
def test_a_steady_tone_is_turned_down_without_distortion(hz: int) -> None:
    held, _ = limit(tone(6, 3, hz=hz), RATE, -1)
    steady = held[RATE : 2 * RATE, 0]
    spectrum = np.abs(np.fft.rfft(steady * np.hanning(RATE))) ** 2
    own = spectrum[hz - 3 : hz + 4].sum()
    assert 10 * np.log10((spectrum.sum() - own) / own) < -80


@pytest.mark.parametrize("passes", [0, 1])
def test_peaks_left_after_the_last_pass_turn_the_whole_down(
    passes: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("post.sound.limiter.PASSES", passes)
    held, reduction_db = limit(noise(1) * np.float32(8), RATE, -3)
    assert peak_of(held) <= -3
    assert reduction_db > 5


def test_a_peak_that_needs_a_second_pass_turns_down_nothing_else() -> None:
    # Noise 10 dB too loud: one pass leaves some peaks too high, which must not change the quiet end.
    pcm = np.concatenate([noise(1) * np.float32(5), noise(3) * np.float32(0.1)])
    held, _ = limit(pcm, RATE, -3)
    assert np.array_equal(held[2 * RATE :], pcm[2 * RATE :])


def test_ffmpeg_agrees_on_the_peak() -> None:
    # Up to 20 kHz, as codecs keep it: above that, two oversampling filters differ by half a decibel.
    band = butter(12, 20000, fs=RATE, output="sos")
    held, _ = limit(sosfilt(band, noise(3) * 4, axis=0), RATE, -1)
    assert second_opinion(held, RATE)[2] <= -0.7  # EBU R 128: true peak within 0.3 dB


def test_sound_without_samples_is_limited_too() -> None:
    for pcm in (np.zeros((0, 2)), np.zeros((10, 1), np.float32)):
        held, reduction_db = limit(pcm, RATE, -1)
        assert (held is pcm, reduction_db) == (True, 0)


@pytest.mark.parametrize(("length", "reach"), [(1, 3), (7, 3), (50, 3), (1000, 120), (100, 120)])
def test_running_maxima_and_means_equal_those_of_each_window(length: int, reach: int) -> None:
    values = np.random.default_rng(length).exponential(1, length)
    padded = np.pad(values, reach, mode="edge")
    windows = np.lib.stride_tricks.sliding_window_view(padded, 2 * reach + 1)
    assert np.array_equal(highest(values, reach), windows.max(axis=1))
    assert np.allclose(mean(values, reach), windows.mean(axis=1), rtol=0, atol=1e-9)
