"""Odd sounds in a whole job: what can be heard is finished and told; what cannot is one error, and nothing is made."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest
import soundfile

from post.takes.made.synthetic import ClipRecipe, make_clip
from tests.flow.commands import answerprint
from tests.made.sounds import level_of
from tests.made.waves import UNKNOWN, WaveRecipe

RATE = 48_000
JOB = """
schema: Job.2
title: Odd
clock: 24
house: plain
takes: {dusk: dusk.mov}
cut: [{take: dusk}]
label: none
sound: {loudness: {off: true}, effects: [EFFECTS]}
deliver: [{preset: draft, name: film, width: 64, height: 48, container: mov, audio: {codec: pcm_s24le}}]
"""
# Each file has a tone of its own: its frequency in Hz.
TONES = {"boom.wav": 400, "phone.wav": 500, "six.wav": 600, "stream.wav": 700, "lab.wav": 900}


def tone(hz: int, rate_hz: int = RATE, channels: int = 1) -> np.ndarray:
    at = np.arange(rate_hz)[:, None] / rate_hz
    return np.repeat(0.1 * np.sin(2 * np.pi * hz * at), channels, axis=1)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("odd")
    make_clip(folder / "dusk.mov", ClipRecipe("dusk", 64, 48, Fraction(24), 24))
    (folder / "boom.wav").write_bytes(WaveRecipe(bits=32, valid=24).build(tone(400)))
    soundfile.write(folder / "phone.wav", tone(500, 8_000), 8_000, subtype="ALAW")
    centre = np.zeros((RATE, 6))
    centre[:, 2:3] = tone(600)
    (folder / "six.wav").write_bytes(WaveRecipe().build(centre))
    (folder / "stream.wav").write_bytes(WaveRecipe(claimed=UNKNOWN).build(tone(700)))
    soundfile.write(folder / "lab.wav", tone(900, 96_000, 2), 96_000, subtype="PCM_24")
    broken = tone(800).astype(np.float32)
    broken[9] = np.nan
    soundfile.write(folder / "nan.wav", broken, RATE, subtype="FLOAT")
    (folder / "none.wav").write_bytes(WaveRecipe().build(tone(800)[:0]))
    return folder


def job(folder: Path, *names: str) -> Path:
    effects = ", ".join(f"{{file: {name}, gain: 0 dB, declick: 0s}}" for name in names)
    path = folder / f"{names[0]}.yaml"
    path.write_text(JOB.replace("EFFECTS", effects))
    return path


@pytest.mark.slow
def test_what_can_be_heard_is_in_the_film_at_its_pitch_and_level(folder: Path) -> None:
    made = answerprint(
        folder, "finish", job(folder, *TONES), "-o", folder / "out", "--store", folder / "store", "--json"
    )
    (film,) = made.data["deliverables"]
    assert "does not say which channel is which: read as FL FR FC LFE SL SR" in made.out
    with av.open(film["path"]) as container:
        heard = np.concatenate([frame.to_ndarray() for frame in container.decode(audio=0)], axis=1)
    pcm = heard.reshape(-1, 2) / 2**31
    assert len(pcm) == film["samples"] == RATE
    for name, hz in TONES.items():
        wanted = 0.7071 if name == "six.wav" else 1.0  # the centre goes to both sides
        assert level_of(pcm, hz) == pytest.approx([wanted] * 2, abs=0.02), name


@pytest.mark.parametrize(
    ("name", "says"),
    [
        (
            "nan.wav",
            "nan.wav: holds sound that is not a number; expected finite samples, got nan at sample 9, channel 1",
        ),
        ("none.wav", "none.wav: holds no sound that decodes"),
    ],
)
def test_what_cannot_be_heard_is_one_error_and_nothing_is_made(name: str, says: str, folder: Path) -> None:
    out = folder / f"out-{name}"
    answer = answerprint(folder, "finish", job(folder, name), "-o", out, "--store", folder / "store")
    assert answer.code in (2, 3)
    assert says in answer.said
    assert len(answer.said.strip().splitlines()) == 1
    assert not out.exists() or not any(out.iterdir())
