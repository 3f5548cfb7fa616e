"""The real mixes of the benchmark of sound: speech over music over ambience, of the files of shared media."""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import numpy as np

from post.atomic import checksum
from post.takes.probe import probe_sound_file
from post.takes.sound.decode import read_sound
from post.values import File, Mix, Sound, SoundEvent
from tests.sound.tones import RATE

CEILING_DBTP = -1.0
KBPS = (96, 128, 192, 256)
SPEECH, MUSIC, SFX, CLIPS = "audio_speech/", "audio_music/", "audio_sfx/", "ai_clips/"


@dataclass(frozen=True, slots=True)
class MixPart:
    """A sound in a mix: `file` from second `at` on, to its end, or to the end of the mix if it loops."""

    file: str
    at: float = 0.0
    gain_db: float = 0.0
    loop: bool = True


def said(file: str, at: float = 0.0, gain_db: float = 0.0) -> MixPart:
    """Returns speech, heard once."""
    return MixPart(SPEECH + file, at, gain_db, loop=False)


CONGRATS, READER, FRENCH = (
    "asterisk_en_demo-congrats.wav",
    "librivox_sense_0870.wav",
    "asterisk_fr_demo-instruct.wav",
)
GARZUL, MIKA, TABLA = (f"{MUSIC}sonicpi_loop_{name}.flac" for name in ("garzul", "mika", "tabla"))
COFFEE, HISS = f"{MUSIC}manolo_camp-morning_coffee.wav", f"{SFX}sonicpi_vinyl_hiss.flac"
LUNAR, CHOIR, BOOM = (
    f"{SFX}sonicpi_{name}.flac" for name in ("ambi_lunar_land", "ambi_choir", "misc_cineboom")
)
DOG, PIGEONS, CLAP = f"{CLIPS}ltx2_dog_snow.mp4", f"{CLIPS}ltx2_pigeons_768x512.mp4", "clap"
# Name: (seconds, target in LUFS, parts).
MIXES: dict[str, tuple[float, float, tuple[MixPart, ...]]] = {
    "spot": (6, -14, (said("librivox_sense_0890.wav", 0.4), MixPart(GARZUL, 0, -20), MixPart(DOG, 0, -12))),
    "loud spot": (6, -14, (said(CONGRATS), MixPart(MIKA, 0, -6), MixPart(LUNAR, 0, -12))),
    "reading": (7.1, -16, (said(READER), MixPart(TABLA, 0, -6), MixPart(HISS))),
    "dialogue": (
        10, -14,
        (MixPart(f"{SPEECH}ltx2_generated_dialogue.wav"), MixPart(COFFEE, 0, -12), MixPart(PIGEONS, 0, -12)),
    ),
    "congratulations": (
        12, -14, (said(CONGRATS), MixPart(COFFEE, 0, -8), MixPart(f"{CLIPS}ltx2_official_student.mp4", 0, -15)),
    ),
    "instructions": (
        60, -14, (said("asterisk_en_demo-instruct.wav"), MixPart(COFFEE, 0, -8), MixPart(PIGEONS, 0, -15)),
    ),
    "french": (14, -16, (said(FRENCH), MixPart(TABLA), MixPart(CHOIR, 0, -24))),
    "techno bed": (10, -14, (said(READER, 2, 3), MixPart(GARZUL, 0, -8), MixPart(HISS, 0, -6))),
    "trailer": (
        12, -14,
        (
            said(CONGRATS, 3, -3), MixPart("footage/bbb_trailer_720p_mp3.mp4", 0, -3), MixPart(BOOM, 8, 0, loop=False),
            MixPart(LUNAR, 0, -18),
        ),
    ),
    "guitar": (
        10, -14,
        (said("librivox_sense_0890.wav", 1), MixPart(f"{CLIPS}ltx2_guitar_768x512.mp4", 0, -6), MixPart(DOG, 0, -15)),
    ),
    "peaky": (
        12, -14,
        (
            said(READER, 1, -12), MixPart(TABLA, 0, -18), MixPart(HISS, 0, -12),
            *(MixPart(CLAP, at, 1, loop=False) for at in (1.5, 4.2, 6.9, 9.6)),
        ),
    ),
    "quiet": (12, -23, (said(FRENCH, 0, -20), MixPart(TABLA, 0, -20), MixPart(DOG, 0, -20))),
}  # fmt: skip
STEMS = (
    MixPart(f"{SPEECH}asterisk_en_demo-instruct.wav"), MixPart(f"{SPEECH}{READER}", 80, 2, loop=False),
    MixPart(GARZUL, 0, -14),
    MixPart(COFFEE, 0, -14), MixPart(DOG, 0, -12), MixPart(LUNAR, 0, -20), MixPart(BOOM, 60, -6, loop=False),
    MixPart("footage/bbb_trailer_720p_mp3.mp4", 0, -12),
)  # fmt: skip


class Media:
    """The files of shared media, probed once each."""

    def __init__(self) -> None:
        self._root = Path(os.environ["ANSWERPRINT_MEDIA"])
        self._known: dict[str, tuple[File, Sound]] = {}

    def event(self, part: MixPart, length: int) -> SoundEvent:
        """Returns a part as an event of a mix of `length` samples."""
        if part.file == CLAP:
            return self._clap(part)
        file, sound = self._probed(part.file)
        at, own = round(part.at * RATE), round(sound.samples / sound.rate_hz * RATE)
        heard = length - at if part.loop else min(own, length - at)
        return SoundEvent(
            file, "music", sound, at, heard, Fraction(0), part.gain_db, loop=part.loop, declick=240
        )

    def files(self) -> dict[str, Path]:
        """Returns where each file is, by its SHA-256."""
        return {file.sha256: file.here for file, _ in self._known.values()}

    def _clap(self, part: MixPart) -> SoundEvent:
        """Returns 6 ms around the highest peak of a percussive effect, with a fade."""
        file, sound = self._probed(f"{SFX}sonicpi_perc_swoosh.flac")
        peak = int(np.abs(read_sound(file.here, sound, RATE)).max(axis=1).argmax())
        offset = Fraction(max(0, peak - 48), RATE)
        return SoundEvent(
            file, "effects", sound, round(part.at * RATE), 288, offset, part.gain_db, fade_out=192
        )

    def _probed(self, name: str) -> tuple[File, Sound]:
        if name not in self._known:
            path = self._root / name
            self._known[name] = (File(checksum(path).sha256, path.name, path), probe_sound_file(path))
        return self._known[name]


def planned(media: Media, parts: Iterable[MixPart], seconds: float, target: float, codec: str = "aac") -> Mix:
    """Returns the plan of a mix, in stereo at 48 kHz."""
    length = round(seconds * RATE)
    events = tuple(media.event(part, length) for part in parts)
    rate = KBPS[-1] * 1000 if codec == "aac" else 0
    return Mix(events, RATE, 2, length, target, CEILING_DBTP, codec, rate, ())
