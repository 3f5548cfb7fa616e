"""Speech is raised, and what is heard beside it is not."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest
from scipy.signal import butter, sosfilt

from post.sound.buses import Buses
from post.sound.voice import raise_clips, raise_speech
from post.values import File, Sound, SoundEvent
from post.values.array import Array
from tests.sound.tones import RATE, noise, tone
from tests.sound.voice.spoken import phrases

SAID = ((1.0, 2.5), (4.0, 5.2))
EVENT = SoundEvent(
    File("0" * 64, "clip.mp4"), "clip", Sound(0, "aac", RATE, 2, RATE, Fraction(0)), 0, 6 * RATE, Fraction(0), 0.0
)  # fmt: skip


def clip() -> tuple[Array, Array]:
    """Returns a voice, and rain that is 20 dB below it, stereo."""
    voice = np.repeat(phrases(6.0, RATE, SAID)[0], 2, axis=1)
    return voice, (0.08 * noise(6.0)).astype(np.float32)


def gain_db(made: Array, part: Array, span: tuple[float, float]) -> float:
    """Returns how much of a part is in a sound, by their correlation over a span of seconds."""
    within = slice(round(span[0] * RATE), round(span[1] * RATE))
    return float(20 * np.log10((made[within] * part[within]).sum() / np.square(part[within]).sum()))


@pytest.mark.parametrize("speech_db", [3.0, 6.0, 10.0])
def test_the_voice_is_raised_and_the_rain_is_not(speech_db: float) -> None:
    voice, rain = clip()
    mixed = voice + rain
    made = mixed.copy()
    spans = raise_speech(made, RATE, speech_db)
    assert len(spans) == 2
    assert gain_db(made, voice, (1.4, 2.2)) == pytest.approx(speech_db, abs=1.0)
    assert gain_db(made, rain, (1.4, 2.2)) < 0.5 * speech_db


def test_away_from_speech_no_bit_changes() -> None:
    voice, rain = clip()
    mixed = voice + rain
    made = mixed.copy()
    spans = raise_speech(made, RATE, 6.0)
    away = np.ones(len(made), bool)
    for span in spans:
        away[span.first : span.stop] = False
    assert away.mean() > 0.3
    assert np.array_equal(made[away], mixed[away])
    quiet = rain.copy()
    assert raise_speech(quiet, RATE, 6.0) == ()
    assert np.array_equal(quiet, rain)


@pytest.mark.parametrize("hz", [60.0, 12000.0])
def test_bass_and_the_highest_treble_stay(hz: float) -> None:
    voice, _ = clip()
    mixed = (voice + tone(-20, 6.0, hz=hz)).astype(np.float32)
    made = mixed.copy()
    raise_speech(made, RATE, 9.0)
    around = butter(4, (0.8 * hz, 1.2 * hz), "bandpass", fs=RATE, output="sos")
    before, after = (np.sqrt(np.mean(np.square(sosfilt(around, each, axis=0)))) for each in (mixed, made))
    assert 20 * np.log10(after / before) == pytest.approx(0, abs=0.2)


def test_the_gain_comes_and_goes_without_a_step() -> None:
    voice, rain = clip()
    mixed = voice + rain
    made = mixed.copy()
    raise_speech(made, RATE, 9.0)
    added = (made - mixed)[:, 0]
    assert np.abs(np.diff(added)).max() < 1.5 * (10 ** (9 / 20) - 1) * np.abs(np.diff(mixed[:, 0])).max()


def test_only_events_that_ask_for_it_are_raised() -> None:
    voice, rain = clip()
    buses = Buses(6 * RATE, 2)
    buses.of(EVENT)[:] = voice + rain
    before = buses.of(EVENT).copy()
    assert raise_clips(buses, [EVENT], RATE) == ()
    assert np.array_equal(before, buses.of(EVENT))
    asking = replace(EVENT, at=-RATE, length=4 * RATE, speech_db=6.0)
    (note,) = raise_clips(buses, [asking], RATE)
    (span,) = note.raised
    assert span.stop <= 3 * RATE
    assert np.array_equal(before[3 * RATE :], buses.of(EVENT)[3 * RATE :])
    assert not np.array_equal(before[: 3 * RATE], buses.of(EVENT)[: 3 * RATE])
