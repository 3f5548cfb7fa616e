"""Speech of people and of generators is found in several languages; music, effects and animals hold none."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from post.sound.voice import find_speech, find_voice
from post.takes.sound.decode import read_sound_file
from post.values.array import Array
from post.values.time import Span

pytestmark = pytest.mark.media
RATE = 16000
SPOKEN = ["asterisk_en_demo-congrats.wav", "asterisk_fr_demo-instruct.wav", "librivox_sense_0870.wav"]
UNSPOKEN = [
    "audio_music/manolo_camp-morning_coffee.wav", "audio_music/sonicpi_loop_mika.flac",
    "audio_sfx/sonicpi_ambi_choir.flac", "audio_sfx/sonicpi_perc_swoosh.flac", "ai_clips/ltx2_dog_snow.mp4",
    "ai_clips/ltx2_pigeons_768x512.mp4",
]  # fmt: skip


def beginning(path: Path) -> Array:
    """Returns the first 15 s, mono."""
    return np.ascontiguousarray(read_sound_file(path, RATE)[: 15 * RATE].mean(axis=1, keepdims=True))


def covered(spans: tuple[Span, ...], length: int) -> Array:
    made = np.zeros(length, bool)
    for each in spans:
        made[each.first : each.stop] = True
    return made


@pytest.mark.parametrize("name", SPOKEN)
def test_network_and_level_agree_on_a_clean_voice(media: Callable[[str], Path], name: str) -> None:
    voice = beginning(media(f"audio_speech/{name}"))
    heard, loud = (covered(finder(voice, RATE), len(voice)) for finder in (find_speech, find_voice))
    assert 0.7 < loud.mean() < 0.99
    assert (heard & loud).sum() > 0.97 * loud.sum()
    assert (heard & ~loud).mean() < 0.05


@pytest.mark.parametrize("name", SPOKEN[1:])
def test_speech_is_found_under_music_as_loud_as_it_is(media: Callable[[str], Path], name: str) -> None:
    voice = beginning(media(f"audio_speech/{name}"))
    music = np.resize(beginning(media("audio_music/sonicpi_loop_tabla.flac")), voice.shape)
    music *= np.sqrt(np.mean(voice**2) / np.mean(music**2))
    truth = covered(find_voice(voice, RATE), len(voice))
    heard = covered(find_speech(voice + music, RATE), len(voice))
    assert (heard & truth).sum() > 0.85 * truth.sum()


@pytest.mark.parametrize("name", UNSPOKEN)
def test_nothing_else_is_taken_for_speech(media: Callable[[str], Path], name: str) -> None:
    assert find_speech(beginning(media(name)), RATE) == ()
