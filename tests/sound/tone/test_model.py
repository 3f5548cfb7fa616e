"""What a clip's room tone is measured as, and which clips have none."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from post.sound.meter import integrated
from post.sound.tone.model import LOUDEST_LUFS, model_tone
from post.sound.tone.noise import make_noise
from post.takes.sound.decode import read_sound_file
from post.values.array import Array
from tests.sound.tone.made import RATE, band_db, power_db, room, spoken

BANDS = ((100, 400), (400, 1500), (1500, 4000), (4000, 7000))


def tone_of(pcm: Array, rate: int = RATE, seconds: float = 4, seed: int = 7) -> Array:
    model = model_tone(pcm, rate)
    assert model is not None
    return make_noise(model.factors, 0, round(seconds * rate), seed)


def test_tone_under_speech_has_the_spectrum_and_the_level_of_the_room() -> None:
    quiet = room(6, -62, 1, high_hz=3000) + room(6, -75, 2)
    tone = tone_of(spoken(quiet, -20))
    for low, high in BANDS:
        assert band_db(tone, low, high) == pytest.approx(band_db(quiet, low, high), abs=1.5)


def test_tone_is_as_wide_as_the_room() -> None:
    wide = room(6, -60, 3)
    narrow = np.repeat(wide.mean(axis=1, keepdims=True), 2, axis=1).astype(np.float32)
    for quiet, alike in (
        (wide, 0.0),
        (narrow, 1.0),
        (np.float32(0.7) * narrow + np.float32(0.5) * wide, None),
    ):
        wanted = np.corrcoef(quiet.T)[0, 1] if alike is None else alike
        assert np.corrcoef(tone_of(spoken(quiet, -20)).T)[0, 1] == pytest.approx(wanted, abs=0.06)


def test_a_line_of_hum_is_no_part_of_the_tone() -> None:
    quiet = room(6, -60, 4)
    at = np.arange(len(quiet)) / RATE
    humming = quiet + (10 ** (-55 / 20) * np.sin(2 * np.pi * 1000 * at))[:, None].astype(np.float32)
    assert band_db(humming, 980, 1020) > band_db(quiet, 980, 1020) + 20
    tone = tone_of(spoken(humming, -20))
    assert band_db(tone, 980, 1020) < band_db(quiet, 980, 1020) + 3
    assert power_db(tone) == pytest.approx(-60, abs=1)


def test_tone_is_never_louder_than_its_limit_unless_the_clip_is_steady_noise() -> None:
    loud = room(6, -38, 5)
    assert power_db(tone_of(loud)) == pytest.approx(-38, abs=0.5)
    limited = integrated(tone_of(spoken(loud, -6)), RATE)
    assert limited == pytest.approx(LOUDEST_LUFS, abs=0.3)


def sine(hz: float, seconds: float = 4) -> Array:
    at = np.arange(round(seconds * RATE)) / RATE
    return (0.1 * np.sin(2 * np.pi * hz * at))[:, None].astype(np.float32)


CHORD = sine(220) + sine(277) + sine(330) + sine(880)
NO_TONE = {
    "silence": np.zeros((RATE, 2), np.float32),
    "a sine": sine(440),
    "a chord": CHORD,
    "a chord with a little hiss": CHORD + room(4, -70, 6)[:, :1],
    "a tenth of a second": room(0.1, -60, 7),
    "bursts in digital silence": np.where((np.arange(4 * RATE) % RATE < RATE // 10)[:, None], sine(440), np.float32(0)),
    "impulses": np.where((np.arange(4 * RATE) % RATE == 0)[:, None], np.float32(0.5), np.float32(0)),
}  # fmt: skip


@pytest.mark.parametrize("name", NO_TONE)
def test_sound_without_a_quiet_part_has_no_tone(name: str) -> None:
    assert model_tone(NO_TONE[name], RATE) is None


@pytest.mark.parametrize("rate", [8000, 44100, 96000])
@pytest.mark.parametrize("channels", [1, 6])
def test_tone_at_any_rate_in_any_number_of_channels(rate: int, channels: int) -> None:
    quiet = np.random.default_rng(8).standard_normal((2 * rate, channels)).astype(np.float32) * np.float32(
        0.001
    )
    quiet[:, 3:4] = 0  # a silent low channel, in 5.1
    tone = tone_of(quiet, rate, 2)
    assert tone.shape == (2 * rate, channels)
    levels = 20 * np.log10(tone.std(axis=0) + 1e-12)
    sounding = np.array([k != 3 for k in range(channels)])
    assert levels[sounding] == pytest.approx(-60, abs=0.7)
    assert np.all(levels[~sounding] < -180)


@pytest.mark.media
@pytest.mark.parametrize(
    ("name", "level_db"),
    [
        ("ltx2_dog_snow", -60),
        ("ltx2_official_student", -73),
        ("ltx2_pigeons_768x512", -35),
        ("ltx2_guitar_student", None),
    ],
)
def test_tones_of_generated_clips(media: Callable[[str], Path], name: str, level_db: float | None) -> None:
    model = model_tone(read_sound_file(media(f"ai_clips/{name}.mp4"), 48000), 48000)
    assert (model is None) == (level_db is None)
    assert model is None or model.level_dbfs == pytest.approx(level_db, abs=1)
