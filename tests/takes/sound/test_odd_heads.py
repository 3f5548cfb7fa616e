"""Sound files whose heads are rare, wrong or lying, and damaged ones: each is read as it is, or one error says why."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import soundfile

from post.errors import SourceError
from post.sound import measure
from post.takes.probe import probe_sound
from post.takes.sound.decode import read_sound
from post.values.array import Array
from tests.made.sounds import TrackRecipe, make_sound
from tests.made.waves import UNKNOWN, WaveRecipe, bext

RATE = 48_000
TONE = 0.3 * np.sin(2 * np.pi * 440 * np.arange(RATE // 2)[:, None] / RATE)
PAIR = TONE * np.array([1.0, -0.5])
SIX = TONE * np.array([1.0, 0.8, 0.6, 0.0, 0.4, 0.2])
WAVE_ORDER = "its sound does not say which channel is which: read as FL FR FC LFE SL SR"
MIXED = "its sound has 6 channels: a film in stereo has them mixed to two, without its low channel"


def read(path: Path, rate_hz: int = RATE) -> tuple[Array, tuple[str, ...]]:
    """Returns a file's sound as it is in a mix, and what is said of it."""
    sound, said = probe_sound(path)
    return read_sound(path, sound, rate_hz), tuple(map(str, said))


def written(folder: Path, recipe: WaveRecipe, pcm: Array = PAIR) -> Path:
    (folder / "a.wav").write_bytes(recipe.build(pcm))
    return folder / "a.wav"


@pytest.mark.parametrize(
    ("bits", "valid"), [(32, 32), (32, 24), (32, 20), (32, 16), (24, 24), (24, 20), (24, 16), (16, 12)]
)
def test_integers_are_read_at_the_size_that_they_are_stored_in(bits: int, valid: int, tmp_path: Path) -> None:
    """FFmpeg takes the valid bits for the size: 24 in 32 are noise of 10^31, 16 in 32 last twice as long."""
    heard, said = read(written(tmp_path, WaveRecipe(bits=bits, valid=valid, mask=3)))
    assert said == ()
    assert heard.shape == PAIR.shape
    assert np.abs(heard - PAIR).max() <= 2.0 ** (1 - valid) + 2e-7


@pytest.mark.parametrize(
    "recipe",
    [
        WaveRecipe(claimed=UNKNOWN),
        WaveRecipe(claimed=0),
        WaveRecipe(opening=b"RF64"),
        WaveRecipe(opening=b"BW64"),
        WaveRecipe(before=bext(3600 * RATE)),
    ],
    ids=["streamed", "no size", "RF64", "BW64", "BWF"],
)
def test_a_head_that_does_not_know_its_length_costs_no_sample(recipe: WaveRecipe, tmp_path: Path) -> None:
    heard, said = read(written(tmp_path, recipe))
    assert said == ()
    assert np.abs(heard - PAIR).max() <= 2**-15


@pytest.mark.parametrize("bits", [8, 16])
def test_a_wave_that_ends_before_it_says_is_said_to_be_cut_short(bits: int, tmp_path: Path) -> None:
    soundfile.write(tmp_path / "a.wav", PAIR, RATE, subtype="PCM_U8" if bits == 8 else "PCM_16")
    whole = (tmp_path / "a.wav").read_bytes()
    (tmp_path / "a.wav").write_bytes(whole[: len(whole) // 2])
    heard, said = read(tmp_path / "a.wav")
    assert said == (f"its sound is cut short; got {len(heard)} of {len(PAIR)} samples; fetch it again",)
    assert np.abs(heard - PAIR[: len(heard)]).max() <= 2.0 ** (1 - bits)


@pytest.mark.parametrize(
    ("recipe", "said"),
    [
        (WaveRecipe(), (WAVE_ORDER, MIXED)),
        (WaveRecipe(valid=16, mask=0), (WAVE_ORDER, MIXED)),
        (WaveRecipe(valid=16, mask=0b11), (WAVE_ORDER, MIXED)),  # a mask of two speakers, for six channels
        (WaveRecipe(valid=16, mask=0x3F), (MIXED,)),
    ],
    ids=["plain", "no mask", "a wrong mask", "5.1"],
)
def test_six_channels_are_5_1_and_a_guess_is_said(
    recipe: WaveRecipe, said: tuple[str, ...], tmp_path: Path
) -> None:
    path = written(tmp_path, recipe, SIX)
    heard, told = read(path)
    assert told == said
    assert probe_sound(path)[0].speakers == ("FL", "FR", "FC", "LFE", "SL", "SR")
    assert np.abs(heard - SIX).max() <= 2**-15
    assert not heard[:, 3].any()


@pytest.mark.parametrize(
    ("subtype", "rate_hz"), [("ALAW", 8_000), ("ULAW", 8_000), ("PCM_16", 8_000), ("PCM_24", 192_000)]
)
def test_a_telephone_and_a_laboratory_are_heard_at_their_pitch(
    subtype: str, rate_hz: int, tmp_path: Path
) -> None:
    at = np.arange(rate_hz // 2) / rate_hz
    soundfile.write(tmp_path / "a.wav", 0.3 * np.sin(2 * np.pi * 440 * at), rate_hz, subtype=subtype)
    heard, said = read(tmp_path / "a.wav")
    assert said == ()
    assert heard.shape == (RATE // 2, 1)
    middle = slice(RATE // 8, -RATE // 8)
    assert np.abs(heard - TONE)[middle].max() <= 0.01


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
def test_sound_that_is_not_a_number_is_refused_with_its_place(value: float, tmp_path: Path) -> None:
    pcm = PAIR.astype(np.float32)
    pcm[1234, 1] = value
    soundfile.write(tmp_path / "a.wav", pcm, RATE, subtype="FLOAT")
    with pytest.raises(SourceError) as caught:
        read(tmp_path / "a.wav")
    assert str(caught.value) == (
        f"a.wav: holds sound that is not a number; expected finite samples, got {value} at sample 1234, channel 2; "
        "export it again"
    )


def test_a_track_of_no_length_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match=r"^a\.wav: holds no sound that decodes"):
        read(written(tmp_path, WaveRecipe(), PAIR[:0]))


def test_a_short_sound_is_read_and_has_no_loudness(tmp_path: Path) -> None:
    heard, _ = read(written(tmp_path, WaveRecipe(), PAIR[: RATE // 5]))
    found = measure(heard, RATE)
    assert (len(heard), found.integrated_lufs) == (RATE // 5, None)
    assert "integrated_lufs" in dict(found.unmeasured)


def frames_of(data: bytes) -> list[int]:
    """Where each FLAC frame begins."""
    found, at = list[int](), data.find(b"\xff\xf8")
    while at >= 0:
        found.append(at)
        at = data.find(b"\xff\xf8", at + 64)
    return found


@pytest.mark.parametrize("which", [0, 3])
def test_a_damaged_frame_of_flac_is_silence_and_what_follows_keeps_its_time(
    which: int, tmp_path: Path
) -> None:
    """FFmpeg's decoder does not look at checksums where it is not told to: a flipped bit is noise at full scale."""
    path = make_sound(tmp_path / "a.flac", TrackRecipe("flac"))
    clean, _ = read(path)
    data = bytearray(path.read_bytes())
    starts = frames_of(bytes(data))
    data[(starts[which] + starts[which + 1]) // 2] ^= 0x10
    path.write_bytes(data)
    heard, said = read(path)
    assert said[0].startswith("has damaged sound; got 1 damaged packet")
    assert np.abs(heard).max() <= np.abs(clean).max()
    assert len(heard) == len(clean)
    assert np.abs(heard[-8000:] - clean[-8000:]).max() == 0


def flipped(data: bytes) -> bytes:
    """Returns a file with a flipped bit in one byte of each hundred, behind its head."""
    broken = bytearray(data)
    for at in range(2_000, len(broken) - 2_000, 100):
        broken[at] ^= 0x08
    return bytes(broken)


def cut(data: bytes) -> bytes:
    return data[: len(data) // 2]


@pytest.mark.parametrize("damage", [flipped, cut])
@pytest.mark.parametrize(
    ("name", "codec"), [("a.aac", "aac"), ("a.mp3", "mp3"), ("a.flac", "flac"), ("a.mka", "libopus")]
)
def test_a_damaged_file_is_read_in_bounds_or_refused(
    name: str, codec: str, damage: Callable[[bytes], bytes], tmp_path: Path
) -> None:
    path = make_sound(tmp_path / name, replace(TrackRecipe(codec), seconds=2.0))
    path.write_bytes(damage(path.read_bytes()))
    try:
        heard, _ = read(path)
    except SourceError:
        return
    assert np.isfinite(heard).all()
    assert 0 < len(heard) <= 2.2 * RATE
