"""The speech band is the band-pass that it is said to be, whichever block it is found in."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.signal import lfilter

from post.sound.duck.speech_band import MIDDLE_HZ, STEP, lead_of, speech_band
from tests.sound.tones import noise


@pytest.mark.parametrize("rate", [8000, 44100, 48000, 96000])
def test_it_is_the_band_pass_of_the_cookbook(rate: int) -> None:
    lead, sound = lead_of(rate), noise(1, rate=rate)[: 200 * STEP]
    turn = 2 * np.pi * MIDDLE_HZ / rate
    alpha = np.sin(turn) / 2
    wanted = lfilter(
        [alpha, 0, -alpha], [1 + alpha, -2 * np.cos(turn), 1 - alpha], sound.astype(float), axis=0
    )
    found = speech_band(np.pad(sound, ((lead, 0), (0, 0))), rate)
    assert found == pytest.approx(wanted, abs=1e-7)


def test_it_does_not_depend_on_the_block() -> None:
    lead, sound = lead_of(48000), noise(1)[: 700 * STEP]
    whole = speech_band(np.pad(sound, ((lead, 0), (0, 0))), 48000)
    for first in (lead, lead + STEP, 300 * STEP):
        # Products of matrices round by the place of a row: that is the last bit.
        assert speech_band(sound[first - lead :], 48000) == pytest.approx(whole[first:], abs=1e-7)
