"""The level loop: the decoded sound has the loudness that was asked for."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import soundfile

from post.errors import IncompleteError, SourceError
from post.sound import level, limit, measure
from post.sound.dynamics.master import Master
from post.sound.level import MOST_REDUCTION_DB, Levelled, Trip
from post.sound.meter import integrated
from post.sound.pcm import gain_factor
from post.values.array import Array
from tests.sound.tones import RATE, decoded, ffmpeg, noise, sequence, tone


def lossless(master: Master) -> Iterator[Array]:
    return master.blocks()


def lossy(master: Master) -> list[Array]:
    """Simulates a codec as bad as AAC at 96 kb/s with noise: 0.4 dB quieter, peaks 2 dB higher."""
    heard = master.pcm() * np.float32(gain_factor(-0.4))
    loud = np.abs(heard) > 0.9 * np.abs(heard).max()
    return [np.where(loud, heard * np.float32(gain_factor(2.0)), heard)]


def aac(folder: Path, bitrate: str) -> Trip:
    """Returns a real codec: PCM to AAC in mp4 and back, by the independent ffmpeg."""

    def trip(master: Master) -> list[Array]:
        pcm = master.pcm()
        path = folder / "trip.mp4"
        given = ["-f", "f32le", "-ar", str(RATE), "-ac", str(pcm.shape[1]), "-i", "-"]
        ffmpeg(["-y", *given, "-c:a", "aac", "-b:a", bitrate, str(path)], pcm.astype(np.float32).tobytes())
        return [decoded(path, RATE, pcm.shape[1])]

    return trip


def meets(made: Levelled, target: float, ceiling: float, within: float = 0.05) -> bool:
    heard = made.loudness
    assert heard.integrated_lufs is not None
    assert heard.true_peak_dbtp is not None
    return abs(heard.integrated_lufs - target) <= within and heard.true_peak_dbtp <= ceiling


@pytest.mark.parametrize("target", [-30, -23, -16, -14])
@pytest.mark.parametrize("trip", [lossless, lossy])
def test_noise_reaches_its_target_and_stays_under_its_peak(target: float, trip: Trip) -> None:
    pcm = noise(4)
    made = level(pcm, RATE, target, -1, trip)
    assert meets(made, target, -1)
    assert made.passes <= (1 if trip is lossless else 4)
    assert (made.note, made.shortfall_lu) == ("", 0)
    assert made.master.pcm().shape == pcm.shape


@pytest.mark.parametrize("trip", [lossless, lossy])
def test_the_returned_loudness_is_that_of_the_returned_sound(trip: Trip) -> None:
    made = level(noise(4), RATE, -9, -1, trip)
    again = measure(np.concatenate(list(trip(made.master))), RATE)
    assert made.loudness.true_peak_dbtp == pytest.approx(again.true_peak_dbtp, abs=1e-4)
    assert replace(made.loudness, true_peak_dbtp=again.true_peak_dbtp) == again


def test_sound_far_below_the_ceiling_gets_only_a_gain() -> None:
    pcm = noise(4)
    made = level(pcm, RATE, -30, -1, lossless)
    assert made.reduction_db == 0
    assert made.master.pcm() == pytest.approx(pcm * gain_factor(made.gain_db), abs=1e-7)


def test_only_a_gain_and_the_limiter_change_the_sound() -> None:
    pcm = noise(4)
    made = level(pcm, RATE, -6, -1, lossless)
    held, reduction_db = limit(pcm * gain_factor(made.gain_db), RATE, -1)
    assert made.reduction_db > 2
    assert made.reduction_db == pytest.approx(
        reduction_db, abs=0.05
    )  # `limit` looks again for what its gain raised
    assert made.master.pcm() == pytest.approx(held, abs=0.003)


def test_without_a_target_the_level_stays_and_the_peak_is_still_limited() -> None:
    pcm = noise(4)
    quiet = level(pcm, RATE, None, -1, lossless)
    assert np.array_equal(quiet.master.pcm(), pcm)
    assert (quiet.gain_db, quiet.reduction_db, quiet.note, quiet.passes) == (0, 0, "", 1)
    loud = level(pcm * np.float32(8), RATE, None, -1, lossy)
    assert loud.loudness.true_peak_dbtp is not None
    assert loud.loudness.true_peak_dbtp <= -1
    assert loud.gain_db == 0


UNMEASURABLE = {
    "silence": np.zeros((5 * RATE, 2), np.float32),
    "short": noise(0.3),
    "faint": noise(5) * np.float32(1e-4),
}


@pytest.mark.parametrize("kind", UNMEASURABLE)
def test_sound_without_a_loudness_is_left_alone_and_says_why(kind: str) -> None:
    made = level(UNMEASURABLE[kind], RATE, -14, -1, lossless)
    assert np.array_equal(made.master.pcm(), UNMEASURABLE[kind])
    assert made.gain_db == 0
    assert made.loudness.integrated_lufs is None
    assert made.note.startswith("level left alone: ")


def test_peaky_sound_falls_short_and_says_by_how_much() -> None:
    pcm = sequence((-50, 6), channels=1)
    pcm[:: RATE // 4] = 0.9
    made = level(pcm, RATE, -14, -1, lossless)
    assert made.loudness.integrated_lufs is not None
    assert made.shortfall_lu == pytest.approx(-14 - made.loudness.integrated_lufs)
    assert made.shortfall_lu > 3
    assert 30 < made.reduction_db <= 40.1
    assert "the limiter takes 39 dB off the highest peaks" in made.note
    assert f"{made.shortfall_lu:.1f} LU below -14 LUFS" in made.note
    assert made.loudness.true_peak_dbtp is not None
    assert made.loudness.true_peak_dbtp <= -1


def test_peaky_sound_reaches_its_target_in_two_stages() -> None:
    # Speech of -33 LUFS with claps of -1 dBTP: the gain of 19 dB and more is taken off the claps alone.
    pcm = sequence((-36, 8), channels=2)
    for at in range(RATE, 8 * RATE, 3 * RATE):
        pcm[at : at + 300] += 0.88 * np.sin(np.arange(300) * 0.4)[:, None]
    made = level(pcm, RATE, -14, -1, lossless)
    assert meets(made, -14, -1)
    assert made.passes == 1
    assert made.shortfall_lu == 0
    assert 20 < made.reduction_db < 30
    assert made.slow_db == pytest.approx(made.reduction_db - 12, abs=0.1)
    assert "listen to them" in made.note
    slope_db = np.abs(np.diff(20 * np.log10(made.master.curve.edges)))
    assert slope_db.max() * 30 < 40  # of 10 ms: the slow stage 1.5 dB, the fast one within its look-ahead


def test_a_hard_limited_target_costs_no_more_encodes() -> None:
    # Where 1 dB of gain adds 0.3 dB of loudness, adding the missing dB as gain took three encodes instead of one.
    assert level(noise(4), RATE, -6.3, -1, lossless).passes == 1


@pytest.mark.parametrize("trip", [lossless, lossy])
def test_out_of_reach_the_limiter_takes_no_more_than_it_may_however_often_it_is_encoded(trip: Trip) -> None:
    """An offset with a click at its ends: no gain brings it to its target, and a codec raises its peaks each time."""
    made = level(np.full((4 * RATE, 2), 0.5, np.float32), RATE, -14, -1, trip)
    assert made.shortfall_lu > 3
    assert made.reduction_db <= MOST_REDUCTION_DB + 0.1
    assert made.loudness.true_peak_dbtp is not None
    assert made.loudness.true_peak_dbtp <= -1


def test_noise_that_is_raised_far_is_noted() -> None:
    assert "raised by 2" in level(noise(4) * np.float32(0.02), RATE, -20, -1, lossless).note


def spiking(master: Master) -> list[Array]:
    """Simulates a codec that always adds a full-scale sample."""
    return [np.where(np.arange(len(master))[:, None] == 9, 1.0, master.pcm())]


def test_a_codec_that_exceeds_the_peak_is_noted() -> None:
    made = level(noise(1), RATE, -14, -1, spiking)
    assert "true peak" in made.note


def test_a_codec_that_returns_silence_is_an_error() -> None:
    with pytest.raises(IncompleteError, match="without a loudness"):
        level(noise(1), RATE, -14, -1, lambda master: [np.zeros_like(master.pcm())])


def test_sound_with_nan_is_refused() -> None:
    with pytest.raises(SourceError, match="not a finite number"):
        level(np.full((RATE, 2), np.nan), RATE, -14, -1, lossless)


def test_the_given_sound_is_not_changed() -> None:
    pcm = noise(2)
    before = pcm.copy()
    level(pcm, RATE, -9, -1, lossy)
    assert np.array_equal(pcm, before)


@pytest.mark.parametrize("channels", [1, 2, 6])
def test_any_layout_is_levelled(channels: int) -> None:
    assert meets(level(noise(2, channels), RATE, -20, -2, lossless), -20, -2)


@pytest.mark.slow
@pytest.mark.parametrize("bitrate", ["96k", "192k"])
def test_noise_through_real_aac_meets_its_target(bitrate: str, tmp_path: Path) -> None:
    # The worst case: at 96 kb/s the encoder raises peaks by 2 dB.
    made = level(noise(4), RATE, -14, -1, aac(tmp_path, bitrate))
    assert meets(made, -14, -1)
    assert made.passes <= 4


@pytest.mark.media
@pytest.mark.parametrize("target", [-23, -14])
def test_music_and_speech_through_real_aac_meet_their_targets(
    target: float, media: Callable[[str], Path], tmp_path: Path
) -> None:
    music = decoded(media("audio_music/sonicpi_loop_mika.flac"), RATE, 2)
    speech = decoded(media("audio_speech/librivox_sense_0870.wav"), RATE, 2)
    pcm = music * np.float32(0.1)
    pcm[: len(speech)] += speech[: len(pcm)]
    made = level(pcm, RATE, target, -1, aac(tmp_path, "128k"))
    assert meets(made, target, -1)
    assert made.passes <= 4


@pytest.mark.media
def test_a_clip_of_digital_silence_stays_silent(media: Callable[[str], Path]) -> None:
    pcm = decoded(media("footage/sam2_dog_courtyard.mp4"), RATE, 2)
    assert level(pcm, RATE, -14, -1, lossless).note.startswith("level left alone")


@pytest.mark.media
def test_a_sine_at_full_scale_is_turned_down_without_distortion(media: Callable[[str], Path]) -> None:
    pcm, rate = soundfile.read(media("loudness/sine_1000.wav"), always_2d=True)
    made = level(pcm, rate, -14, -1, lossless)
    assert made.reduction_db == 0
    assert integrated(made.master.pcm(), rate) == pytest.approx(-14, abs=0.05)


def test_one_channel_tone_is_a_pure_gain() -> None:
    made = level(tone(-20, 2), RATE, -23, -1, lossless)
    assert made.gain_db == pytest.approx(-23 + 20 + 3.01, abs=0.03)
