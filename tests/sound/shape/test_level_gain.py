"""Level: every sound comes to its loudness, short and soft ones too."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest

from post.sound import mix, mix_down
from post.sound.meter import integrated
from post.sound.shape import find_level_gain
from post.sound.shape.level_gain import MOST_GAIN_DB
from post.values import File, Mix, Sound, SoundEvent, SoundShape, SpeedKey, TimeMap
from post.values.array import Array
from tests.sound.tones import RATE, noise, tone

F = Fraction
FILE = File("0" * 64, "hum.wav")
EVENT = SoundEvent(FILE, "music", Sound(0, "pcm_s16le", RATE, 1, 10 * RATE, F(0)), at=0, length=3 * RATE, offset=F(1),
                   gain_db=0, stem="music", shape=SoundShape(level_lufs=-27.0))  # fmt: skip


def planned(event: SoundEvent, length: int = 4 * RATE) -> Mix:
    return Mix((event,), RATE, 2, length, None, -1, "pcm_s24le", 0, ())


def mixed(event: SoundEvent, source: Array) -> Array:
    return mix(planned(event), lambda *_: source)


def rising() -> Array:
    """Sound that is louder where it is not heard: 20 dB in its first and last seconds."""
    pcm = noise(10, 1)
    pcm[:RATE] *= 10
    pcm[5 * RATE :] *= 10
    return pcm


@pytest.mark.parametrize("shape", [
    SoundShape(-27.0), SoundShape(-27.0, pan=-0.7), SoundShape(-27.0, tilt_db=-9), SoundShape(-14.0, pan=1, tilt_db=6)
])  # fmt: skip
def test_what_is_heard_of_it_has_its_level(shape: SoundShape) -> None:
    bus = mixed(replace(EVENT, shape=shape), rising())
    assert integrated(bus[: 3 * RATE], RATE) == pytest.approx(shape.level_lufs, abs=0.02)


def test_its_gain_is_over_its_level_and_its_fades_do_not_change_it() -> None:
    plain, source = mixed(EVENT, rising()), rising()
    faded = mixed(replace(EVENT, gain_db=-6, fade_in=RATE, fade_out=RATE), source)
    middle = slice(RATE, 2 * RATE)
    assert faded[middle] == pytest.approx(plain[middle] * 10 ** (-6 / 20), abs=1e-6)


def test_it_is_measured_at_its_own_speed() -> None:
    """At double speed six of its seconds are heard, the loud ones too."""
    fast = replace(EVENT, map=TimeMap(F(RATE), F(1), (SpeedKey(F(0), F(2)),)))
    assert integrated(mixed(fast, rising())[: 3 * RATE], RATE) == pytest.approx(-27, abs=0.02)


@pytest.mark.parametrize(("seconds", "level_db", "measured"), [
    (3.0, -20.0, "integrated"), (0.4, -20.0, "integrated"), (3.0, -75.0, "momentary"), (0.39, -20.0, "mean"),
    (0.05, -20.0, "mean"),
])  # fmt: skip
def test_a_tone_has_its_loudness_however_short_and_soft(
    seconds: float, level_db: float, measured: str
) -> None:
    pcm = tone(level_db, seconds, hz=997)
    found = find_level_gain(pcm, RATE, -60.0)
    assert found.measured == measured
    # One channel of a sine: BS.1770 reads 3.01 LU below its peak level.
    assert found.found_lufs == pytest.approx(level_db - 3.01, abs=0.1)
    assert found.gain_db == pytest.approx(-60 - (level_db - 3.01), abs=0.1)


def test_silence_keeps_its_level_and_noise_is_not_raised_without_end() -> None:
    assert find_level_gain(np.zeros((RATE, 2), np.float32), RATE, -23.0).gain_db == 0
    assert find_level_gain(np.zeros((0, 2), np.float32), RATE, -23.0).found_lufs is None
    soft = find_level_gain(noise(1) * 1e-4, RATE, -23.0)
    assert soft.gain_db == MOST_GAIN_DB


def test_the_mix_notes_what_it_found() -> None:
    (note,) = mix_down(planned(EVENT), lambda *_: rising()).notes.levels
    assert (note.file, note.at, note.asked_lufs, note.measured) == ("hum.wav", 0, -27.0, "integrated")
    assert note.found_lufs is not None
    assert note.found_lufs + note.gain_db == pytest.approx(-27)
