"""Compares true peaks with EBU Tech 3341 cases 15 to 23, and with arithmetic."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from post.sound.true_peak import BLOCK, REACH, peaks_after, sample_peak, true_peak_dbtp
from post.values.array import Array
from tests.sound.tones import RATE, noise, spliced, tapered, tone

# case: (fs over frequency, amplitude, phase, dBTP)
TONES = {
    15: (4, 0.5, 0, -6),
    16: (4, 0.5, 45, -6),
    17: (6, 0.5, 60, -6),
    18: (8, 0.5, 67.5, -6),
    19: (4, 1.41, 45, 3),
}


def within_tech_3341(measured: float | None, expected: float) -> bool:
    return measured is not None and expected - 0.4 <= measured <= expected + 0.2


@pytest.mark.parametrize("case", TONES)
def test_tones_between_samples_tech_3341_cases_15_to_19(case: int) -> None:
    divisor, amplitude, degrees, expected = TONES[case]
    pcm = tone(20 * np.log10(amplitude), 1, hz=RATE / divisor, degrees=degrees)
    assert within_tech_3341(true_peak_dbtp(tapered(np.repeat(pcm, 2, axis=1))), expected)


@pytest.mark.parametrize("offset", range(4))
def test_a_burst_between_samples_tech_3341_cases_20_to_23(offset: int) -> None:
    assert within_tech_3341(true_peak_dbtp(spliced(offset)), 0)


def test_a_peak_on_the_edge_of_a_block_is_found() -> None:
    for edge in (BLOCK - 1, BLOCK, BLOCK + 1):
        pcm = np.zeros((2 * BLOCK, 2))
        pcm[edge : edge + 2, 1] = 0.7
        # Between two equal samples the waveform reaches 4/pi of their height.
        assert 10 ** ((true_peak_dbtp(pcm) or 0) / 20) == pytest.approx(0.7 * 4 / np.pi, rel=0.06)


def test_levels_peak_where_the_sound_does() -> None:
    for at in (5, 500, 997, 1999):
        x = np.zeros((1, 2000 + 2 * REACH), np.float32)
        x[0, REACH + at] = 0.5
        peaks = peaks_after(x)
        assert peaks.shape == (2000,)
        assert set(np.flatnonzero(peaks > 0.49)) == {at}


def test_no_sound_has_no_peak() -> None:
    assert true_peak_dbtp(np.zeros((0, 2))) is None
    assert true_peak_dbtp(np.zeros((100, 2))) is None
    assert sample_peak(np.zeros((0, 2))) == 0


@settings(max_examples=40, deadline=None)
@given(st.integers(1, 4000), st.integers(1, 6), st.integers(0, 99))
def test_a_true_peak_is_never_below_the_sample_peak(n: int, ch: int, seed: int) -> None:
    pcm: Array = noise(n / RATE, ch, seed)
    assert (true_peak_dbtp(pcm) or 0) >= 20 * np.log10(sample_peak(pcm)) - 1e-4
