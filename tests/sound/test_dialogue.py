"""Checks loudness that is gated on dialogue, on real speech over real music."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from post.sound import measure
from post.sound.dialogue import gated_speech, loudness_goal
from post.sound.meter import Meter
from post.takes.sound.decode import read_sound_file
from post.values import Mix, Span
from post.values.array import Array
from tests.sound.tones import RATE, noise, sequence

MIX = Mix((), RATE, 2, 0, -27.0, -2.0, "aac", 256000, (), gate="dialogue", sparse_lufs=-24.0)


def test_loudness_of_speech_is_the_mean_over_its_spans_without_a_level_gate() -> None:
    """Of 20 s, 6 are speech: 3 s at -25 and 3 s at -40, which the relative gate would leave out."""
    pcm = sequence((-25, 3), (-40, 3), (-10, 14))
    read = measure(pcm, RATE, speech=(Span(0, 6 * RATE),))
    assert read.gate == "dialogue"
    assert read.integrated_lufs == pytest.approx(10 * np.log10((10**-2.5 + 10**-4) / 2), abs=0.02)
    assert measure(pcm, RATE).integrated_lufs == pytest.approx(-10, abs=0.1)


@pytest.mark.parametrize(("seconds", "gate"), [(3, "programme"), (3.1, "dialogue")])
def test_with_15_percent_of_speech_or_less_the_programme_is_measured(seconds: float, gate: str) -> None:
    pcm = sequence((-20, 4), (-30, 16))
    read = measure(pcm, RATE, speech=(Span(0, round(seconds * RATE)),))
    assert read.gate == gate
    if gate == "programme":
        assert read == measure(pcm, RATE)


@pytest.mark.parametrize("rate", [8000, 44100])
def test_spans_are_in_samples_of_the_sound_at_any_rate(rate: int) -> None:
    pcm = sequence((-20, 2), (-40, 2), rate=rate)
    meter = Meter(rate, ("FL", "FR"))
    meter.add(pcm)
    assert meter.read((Span(2 * rate, 4 * rate),)).integrated_lufs == pytest.approx(-40, abs=0.3)


def test_a_film_without_speech_has_the_target_of_its_programme() -> None:
    assert loudness_goal(noise(2), MIX) == (-24.0, None)


@pytest.mark.media
def test_speech_over_music_is_measured_where_the_speech_is(media: Callable[[str], Path]) -> None:
    """Speech of -25 LUFS, for 7 of 14 s, over music 15 LU below: the music between has no part in it."""
    speech = _real(media("audio_speech/librivox_sense_0870.wav"), -25)
    music = _real(media("audio_music/sonicpi_loop_tabla.flac"), -40)
    pcm = np.resize(music, (14 * RATE, 2))
    pcm[3 * RATE : 3 * RATE + len(speech)] += speech
    target, spans = loudness_goal(pcm, MIX)
    assert target == -27
    assert spans is not None
    assert gated_speech(pcm, RATE, "programme") is None
    read = measure(pcm, RATE, speech=spans)
    alone = measure(speech, RATE, speech=(Span(0, len(speech)),)).integrated_lufs
    assert read.gate == "dialogue"
    # What is found has less of the pauses than the whole reading, so it is a little louder.
    assert read.integrated_lufs == pytest.approx(alone, abs=1.2)


def _real(path: Path, lufs: float) -> Array:
    pcm = np.repeat(read_sound_file(path, RATE)[:, :1], 2, axis=1)
    loud = measure(pcm, RATE).integrated_lufs
    assert loud is not None
    return np.asarray(pcm * np.float32(10 ** ((lufs - loud) / 20)))
