"""Checks that a film whose loudness is gated on dialogue is delivered at it, as decoded."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from io import BytesIO
from pathlib import Path

import pytest

from post.atomic import checksum
from post.render import sound
from post.render.sound.codec import decode_sound
from post.sound import measure
from post.sound.dialogue import gated_speech
from post.takes.probe import probe_sound_file
from post.values import File, Mix, Sound, SoundEvent, plain
from tests.sound.tones import RATE

SPEECH, MUSIC = "audio_speech/librivox_sense_0870.wav", "audio_music/sonicpi_loop_tabla.flac"
LENGTH = 10 * RATE
# Speech is found in windows of 32 ms: in the decoded sound, one more or less may be speech than in the mix.
WITHIN_LU = 0.1


@pytest.mark.media
@pytest.mark.parametrize(
    ("names", "gate", "target"), [((SPEECH, MUSIC), "dialogue", -27), ((MUSIC,), "programme", -24)]
)
def test_speech_is_delivered_at_its_target_and_a_film_without_it_at_the_other(
    names: tuple[str, ...], gate: str, target: float, tmp_path: Path, media: Callable[[str], Path]
) -> None:
    events = [_event(media(name), -12 if name == MUSIC else 0) for name in names]
    mix = Mix(
        tuple(events), RATE, 2, LENGTH, -27.0, -2.0, "aac", 192000, (), gate="dialogue", sparse_lufs=-24.0
    )
    files = {event.file.sha256: event.file.here for event in events}
    sound.make(plain(mix), files, tmp_path / "sound.mov")
    heard = decode_sound(BytesIO((tmp_path / "sound.mov").read_bytes()), LENGTH)
    read = measure(heard, RATE, speech=gated_speech(heard, RATE, mix.gate))
    assert read.gate == gate
    assert read.integrated_lufs == pytest.approx(target, abs=WITHIN_LU)
    assert read.true_peak_dbtp is not None
    assert read.true_peak_dbtp <= -2


def _event(path: Path, gain_db: float) -> SoundEvent:
    found = probe_sound_file(path)
    return SoundEvent(_file(path), "music", found, 0, min(LENGTH, _samples(found)), Fraction(0), gain_db)


def _samples(found: Sound) -> int:
    return found.samples * RATE // found.rate_hz


def _file(path: Path) -> File:
    return File(checksum(path).sha256, path.name, path)
