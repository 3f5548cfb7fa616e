from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest
import soundfile

from post.errors import SourceError
from post.takes.made.synthetic import SoundRecipe, make_clip
from post.takes.probe import probe, probe_sound_file
from post.takes.sound.decode import read_sound, read_sound_file
from post.values.media import Sound
from tests.made.broken import patched, without_sound_between
from tests.made.numbered import small

LOSSY = 0.02


def impulses(path: Path, rate_hz: int, **changes: object) -> tuple[Sound, np.ndarray]:
    """The sound of a clip of 3 s with one sample of .5 at every second, and where its peaks are."""
    recipe = SoundRecipe(kind="impulses", **changes)  # type: ignore[arg-type]  # checked by the recipe
    make_clip(path, small(frames=72, sound=recipe))
    sound = probe(path, "clip").sound
    assert sound is not None
    samples = read_sound(path, sound, rate_hz)
    peaks = np.flatnonzero(np.abs(samples[:, 0]) > 0.2)
    return sound, peaks


@pytest.mark.parametrize(
    ("name", "codec"),
    [("a.mov", "pcm_s16le"), ("a.mov", "pcm_s24le"), ("a.mkv", "flac"), ("a.mov", "pcm_f32le")],
)
def test_impulses_stay_on_their_sample(name: str, codec: str, tmp_path: Path) -> None:
    _, peaks = impulses(tmp_path / name, 48000, codec=codec)
    assert peaks.tolist() == [0, 48000, 96000]


@pytest.mark.parametrize("codec", ["aac", "mp3"])
def test_a_codecs_delay_is_taken_out(codec: str, tmp_path: Path) -> None:
    path = tmp_path / "a.mp4"
    make_clip(path, small(frames=72, sound=SoundRecipe(kind="impulses", codec=codec)))
    sound = probe(path, "clip").sound
    assert sound is not None
    samples = np.abs(read_sound(path, sound, 48000)[:, 0])
    peaks = [at + int(samples[at : at + 24000].argmax()) for at in (36000, 84000)]
    assert peaks == [48000, 96000]


@pytest.mark.parametrize("start_s", [Fraction(1, 2), Fraction(3, 8)])
def test_sound_that_starts_late_is_preceded_by_silence(start_s: Fraction, tmp_path: Path) -> None:
    sound, peaks = impulses(tmp_path / "a.mov", 48000, codec="pcm_s16le", start_s=start_s)
    assert sound.start == start_s
    assert peaks[0] == round(start_s * 48000)


def test_sound_that_starts_before_the_picture_is_cut(tmp_path: Path) -> None:
    path = tmp_path / "a.mkv"
    recipe = SoundRecipe(kind="impulses", codec="flac")
    make_clip(path, small(frames=48, start_s=Fraction(1, 4), sound=recipe))
    sound = probe(path, "clip").sound
    assert sound is not None
    assert sound.start == Fraction(-1, 4)
    samples = read_sound(path, sound, 48000)
    assert np.flatnonzero(np.abs(samples[:, 0]) > 0.2).tolist() == [36000]
    assert len(samples) == sound.samples - 12000


@pytest.mark.parametrize("rate_hz", [8000, 24000, 32000, 44100, 96000])
def test_resampling_keeps_time_and_level(rate_hz: int, tmp_path: Path) -> None:
    at = np.arange(rate_hz * 2) / rate_hz
    tone = (0.5 * np.sin(2 * np.pi * 1000 * at)).astype(np.float32)
    soundfile.write(tmp_path / "a.wav", tone, rate_hz, subtype="FLOAT")
    heard = read_sound_file(tmp_path / "a.wav", 48000)
    assert heard.shape == (96000, 1)
    assert heard.dtype == np.float32
    truth = 0.5 * np.sin(2 * np.pi * 1000 * np.arange(96000) / 48000)
    assert np.abs(heard[2000:-2000, 0] - truth[2000:-2000]).max() < 1e-4


@pytest.mark.parametrize(
    ("name", "subtype", "error"),
    [
        ("a.wav", "PCM_16", 2**-15), ("a.wav", "PCM_U8", 2**-7), ("a.wav", "PCM_24", 2**-23),
        ("a.wav", "DOUBLE", 1e-7), ("a.flac", "PCM_24", 2**-23), ("a.aiff", "PCM_16", 2**-15),
        ("a.ogg", "VORBIS", LOSSY), ("a.mp3", None, LOSSY),
    ],
)  # fmt: skip
def test_a_sound_file_is_read_to_its_own_precision(
    name: str, subtype: str | None, error: float, tmp_path: Path
) -> None:
    # Noise for what is lossless; for the rest a tone, which is all a codec has to keep.
    noise = np.random.default_rng(3).uniform(-0.5, 0.5, (44100, 2))
    if error == LOSSY:
        noise[:] = 0.5 * np.sin(2 * np.pi * 440 * np.arange(44100) / 44100)[:, None]
    soundfile.write(tmp_path / name, noise, 44100, subtype=subtype)
    heard = read_sound_file(tmp_path / name, 44100)
    assert heard.shape[1] == 2
    assert abs(len(heard) - len(noise)) <= (2400 if error == LOSSY else 0)
    length = min(len(heard), len(noise))
    assert np.sqrt(np.mean((heard[:length] - noise[:length]) ** 2)) <= error


def test_channels_are_kept_apart(tmp_path: Path) -> None:
    tones = np.stack([np.full(4800, level) for level in (0.1, 0.2, 0.3, 0.4, 0.5, 0.6)], axis=1)
    soundfile.write(tmp_path / "a.wav", tones, 48000, subtype="FLOAT")
    heard = read_sound_file(tmp_path / "a.wav", 48000)
    assert np.allclose(heard[100], [0.1, 0.2, 0.3, 0.4, 0.5, 0.6], atol=1e-6)


def test_eight_channels_are_read(tmp_path: Path) -> None:
    """PyAV ends the process where it makes an array of a decoded frame of eight planes."""
    levels = np.arange(1, 9, dtype=np.float32) / 10
    with av.open(str(tmp_path / "a.mp4"), "w") as out:
        stream = out.add_stream("aac", rate=48000, layout="7.1", options={"b": "640k"})
        assert isinstance(stream, av.AudioStream)
        tone = np.sin(2 * np.pi * 440 * np.arange(48000)[:, None] / 48000, dtype=np.float32) * levels
        frame = av.AudioFrame.from_ndarray(tone.reshape(1, -1), "flt", "7.1")
        frame.sample_rate = 48000
        for part in av.AudioResampler("fltp", "7.1", 48000, 1024).resample(frame):
            out.mux(stream.encode(part))
        out.mux(stream.encode(None))
    heard = read_sound_file(tmp_path / "a.mp4", 48000)
    assert heard.shape[1] == 8
    front = [0, 1, 2, 4, 5, 6, 7]  # without the low channel, of which AAC keeps only low tones
    assert np.allclose(np.abs(heard[9600:38400]).max(0)[front], levels[front], rtol=0.1)


def test_sound_in_an_unknown_codec_is_left_out(tmp_path: Path) -> None:
    whole = make_clip(tmp_path / "a.mov", small(frames=24, sound=SoundRecipe(codec="pcm_s16le")))
    path = patched(whole, tmp_path / "b.mov", b"sowt", b"zzzz")
    take = probe(path, "clip")
    assert take.sound is None
    assert take.sound_left_out == "its sound is left out: holds no sound that decodes"
    with pytest.raises(SourceError, match=r"b\.mov: holds no sound that decodes"):
        probe_sound_file(path)


def test_what_a_sound_file_holds(tmp_path: Path) -> None:
    soundfile.write(tmp_path / "a.flac", np.zeros((96000, 1)), 32000)
    assert probe_sound_file(tmp_path / "a.flac") == Sound(
        0, "flac", 32000, 1, 96000, Fraction(0), silent=True, speakers=("M",)
    )


def test_a_clip_without_sound_is_refused(tmp_path: Path) -> None:
    path = make_clip(tmp_path / "a.mp4", small(frames=3))
    with pytest.raises(SourceError, match=r"a.mp4: holds no sound; expected a sound stream"):
        read_sound_file(path, 48000)
    with pytest.raises(SourceError, match="not the file that was probed"):
        read_sound(path, replace(_any_sound(), stream=4), 48000)


def _any_sound() -> Sound:
    return Sound(0, "aac", 48000, 2, 1, Fraction(0))


def test_a_hole_in_the_sound_stays_a_hole(tmp_path: Path) -> None:
    """Packets that are missing are silence: what follows them is heard when it was."""
    path = make_clip(
        tmp_path / "whole.mkv",
        small(frames=96, b_frames=0, sound=SoundRecipe(kind="impulses", codec="pcm_s16le")),
    )
    cut = without_sound_between(path, tmp_path / "cut.mkv", 1.5, 2.5)
    sound = probe(cut, "clip").sound
    assert sound is not None
    peaks = np.flatnonzero(np.abs(read_sound(cut, sound, 48000)[:, 0]) > 0.2)
    # Matroska counts milliseconds: what follows a hole is placed to the nearest one, 48 samples.
    assert np.abs(peaks - [0, 48000, 144000]).max() <= 24
