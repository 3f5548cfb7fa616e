"""Sound files as people have them: every channel is heard where it belongs, at its pitch, for its length."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
import soundfile

from post.errors import SourceError
from post.measure.report import measure_file
from post.sound import mix
from post.sound.channels import mix_matrix
from post.takes.probe import probe, probe_sound, probe_sound_file
from post.takes.sound.decode import read_sound
from post.values import File, Mix, Sound, SoundEvent
from post.values.array import Array
from tests.made.broken import patched
from tests.made.sounds import LOWEST_HZ, TrackRecipe, joined, level_of, make_sound, pitch_of
from tests.sound.tones import ffmpeg

RATE = 48000
HALF = 0.7071
# The order of the channels in FFmpeg's layouts; the shares of each in L and R: BS.775-4, Annex 4, Table 2.
L, R, C, LOW = (1, 0), (0, 1), (HALF, HALF), (0, 0)
LS, RS, S = (HALF, 0), (0, HALF), (0.5, 0.5)
W, Y, OUT = (0.5, 0.5), (0.5, 0.5), (0, 0)  # Y is at -0.5 on the right: the same level, the other phase
LAYOUTS: dict[str, tuple[tuple[float, float], ...]] = {
    "mono": ((1, 1),),
    "stereo": (L, R),
    "2.1": (L, R, LOW),
    "3.0": (L, R, C),
    "3.0(back)": (L, R, S),
    "4.0": (L, R, C, S),
    "quad": (L, R, LS, RS),
    "quad(side)": (L, R, LS, RS),
    "3.1": (L, R, C, LOW),
    "5.0": (L, R, C, LS, RS),
    "4.1": (L, R, C, LOW, S),
    "5.1": (L, R, C, LOW, LS, RS),
    "5.1(side)": (L, R, C, LOW, LS, RS),
    "6.0": (L, R, C, S, LS, RS),
    "hexagonal": (L, R, C, LS, RS, S),
    "6.1": (L, R, C, LOW, S, LS, RS),
    "7.0": (L, R, C, LS, RS, LS, RS),
    "7.1": (L, R, C, LOW, LS, RS, LS, RS),
    "7.1(wide)": (L, R, C, LOW, LS, RS, L, R),
    "octagonal": (L, R, C, LS, RS, S, LS, RS),
}


def probed(path: Path) -> tuple[Sound, tuple[str, ...]]:
    """Returns what probing finds in a sound file, and what it says of it."""
    sound, said = probe_sound(path)
    return sound, tuple(map(str, said))


def stereo(path: Path, sound: Sound | None = None) -> Array:
    """Returns a file's sound as it is in a film, (samples, 2)."""
    sound = sound or probe_sound_file(path)
    length = round(sound.samples * Fraction(RATE, sound.rate_hz))
    event = SoundEvent(
        File("0" * 64, path.name, path), "music", sound, at=0, length=length, offset=Fraction(0), gain_db=0
    )
    plan = Mix((event,), RATE, 2, length, None, -1, "pcm_s24le", 0, ())
    return mix(plan, lambda file, heard, rate: read_sound(file.here, heard, rate))


def shares(path: Path, channels: int, sound: Sound | None = None) -> Array:
    """Returns the level of each channel's tone on the left and on the right, (channels, 2)."""
    heard = stereo(path, sound)
    return np.array([level_of(heard, LOWEST_HZ + 100 * channel) for channel in range(channels)])


@pytest.mark.parametrize("layout", LAYOUTS)
def test_channels_are_mixed_by_their_loudspeakers(layout: str, tmp_path: Path) -> None:
    path = make_sound(tmp_path / "a.flac", TrackRecipe("flac", layout))
    assert shares(path, len(LAYOUTS[layout])) == pytest.approx(np.array(LAYOUTS[layout]), abs=0.002)


@pytest.mark.parametrize(
    ("name", "codec", "layout"),
    [
        ("a.mp4", "aac", "7.1"), ("a.ogg", "libopus", "7.1"), ("a.mkv", "libopus", "5.1"),
        ("a.mp4", "aac", "4.0"), ("a.mp4", "aac", "2.1"), ("a.ac3", "ac3", "3.1"), ("a.mp4", "eac3", "5.1"),
        ("a.wav", "pcm_s24le", "7.1"), ("a.mov", "pcm_f32le", "hexagonal"), ("a.wav", "pcm_f64le", "octagonal"),
    ],
)  # fmt: skip
def test_a_codecs_own_order_of_channels_is_followed(
    name: str, codec: str, layout: str, tmp_path: Path
) -> None:
    path = make_sound(tmp_path / name, TrackRecipe(codec, layout))
    wanted = np.array(LAYOUTS[layout])
    assert shares(path, len(wanted)) == pytest.approx(wanted, abs=0.03)
    assert measure_file(path)["sound"]["integrated_lufs"] is not None


def test_ambisonics_are_heard_as_by_two_microphones(tmp_path: Path) -> None:
    path = make_sound(
        tmp_path / "a.ogg", TrackRecipe("libopus", "ambisonic 1", options=(("mapping_family", "2"),))
    )
    assert shares(path, 4) == pytest.approx(np.array([W, Y, OUT, OUT]), abs=0.02)
    _, said = probed(path)
    assert said == ("its sound is ambisonic (4 channels): heard as by two microphones, left and right",)
    assert measure_file(path)["sound"]["integrated_lufs"] is not None


def test_what_comes_from_the_left_of_a_sphere_is_heard_on_the_left() -> None:
    from_the_left = np.array([[1.0, 1.0, 0.0, 0.0]])  # W and Y alike
    assert (from_the_left @ mix_matrix(("AMBI0", "AMBI1", "AMBI2", "AMBI3"), 2)).tolist() == [[1, 0]]


def test_pcm_that_says_nothing_is_in_the_order_of_wave_and_said(tmp_path: Path) -> None:
    path = make_sound(tmp_path / "a.wav", TrackRecipe("pcm_s16le", "6 channels"))
    assert shares(path, 6) == pytest.approx(np.array(LAYOUTS["5.1"]), abs=0.002)
    assert probed(path)[1] == (
        "its sound does not say which channel is which: read as FL FR FC LFE SL SR",
        "its sound has 6 channels: a film in stereo has them mixed to two, without its low channel",
    )


@pytest.mark.parametrize(
    ("name", "codec", "layout", "channels"),
    [
        ("a.wav", "pcm_s16le", "16 channels", 16), ("a.mp4", "aac", "octagonal", 8),
        ("a.wav", "pcm_s16le", "64 channels", 64),
    ],
)  # fmt: skip
def test_channels_of_no_known_place_are_heard_in_the_middle(
    name: str, codec: str, layout: str, channels: int, tmp_path: Path
) -> None:
    path = make_sound(tmp_path / name, TrackRecipe(codec, layout))
    assert shares(path, channels) == pytest.approx(np.full((channels, 2), HALF), abs=0.02)
    said = f"its sound does not say where {channels} channels belong: heard in the middle"
    assert probed(path)[1] == (said,)
    assert measure_file(path)["sound"]["integrated_lufs"] is not None


def test_too_many_channels_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.wav"
    soundfile.write(path, np.zeros((4800, 65)), RATE)
    with pytest.raises(SourceError, match=r"a\.wav: has too many channels; expected up to 64, got 65"):
        probe_sound_file(path)


# Files of voices, joined by their bytes as people join them.
PARTS: dict[str, tuple[TrackRecipe, TrackRecipe, str]] = {
    "slower": (TrackRecipe("libmp3lame", "mono", 44100), TrackRecipe("libmp3lame", "mono", 24000), "a.mp3"),
    "faster": (TrackRecipe("libmp3lame", "mono", 16000), TrackRecipe("libmp3lame", "mono", 48000), "a.mp3"),
    "aac, slower": (TrackRecipe("aac", "mono", 44100), TrackRecipe("aac", "mono", 24000), "a.aac"),
    "aac, faster": (TrackRecipe("aac", "mono", 16000), TrackRecipe("aac", "mono", 48000), "a.aac"),
    "aac, wider": (TrackRecipe("aac", "mono", 44100), TrackRecipe("aac", "stereo", 44100), "a.aac"),
    "mp3, narrower": (TrackRecipe("libmp3lame", "stereo", 44100), TrackRecipe("libmp3lame", "mono", 22050), "a.mp3"),
    "ac3, wider": (TrackRecipe("ac3", "stereo", 48000), TrackRecipe("ac3", "5.1", 44100), "a.ac3"),
    "ts": (TrackRecipe("aac", "stereo", 48000), TrackRecipe("aac", "mono", 32000), "a.ts"),
}  # fmt: skip


@pytest.mark.parametrize("case", PARTS)
def test_joined_files_keep_the_pitch_and_the_length_of_each(case: str, tmp_path: Path) -> None:
    first, second, name = PARTS[case]
    ending = Path(name).suffix
    parts = [
        make_sound(tmp_path / f"{number}{ending}", each)
        for number, each in enumerate((first, TrackRecipe(second.codec, second.layout, second.rate_hz, first_hz=700)))
    ]  # fmt: skip
    sound, said = probed(joined(tmp_path / name, *parts))
    heard = stereo(tmp_path / name, sound)
    # Each codec adds its delay and its padding, up to some frames of up to 1152 samples at each file's own rate.
    slack = 4 * 1152 * (1 / first.rate_hz + 1 / second.rate_hz)
    assert 2 <= len(heard) / RATE <= 2 + slack
    assert pitch_of(heard[RATE // 4 : RATE * 3 // 4, 0]) == pytest.approx(LOWEST_HZ, rel=0.003)
    assert pitch_of(heard[-RATE * 3 // 4 : -RATE // 4, 0]) == pytest.approx(700, rel=0.003)
    assert level_of(heard[RATE // 4 : RATE * 3 // 4], LOWEST_HZ)[0] == pytest.approx(1, abs=0.1)
    assert level_of(heard[-RATE * 3 // 4 : -RATE // 4], 700)[0] == pytest.approx(1, abs=0.1)
    kinds = [f"{each.rate_hz} Hz {each.layout}" for each in (first, second)]
    assert said[0].startswith(f"its sound changes on the way, {kinds[0]} to {kinds[1]}")


def test_a_tag_between_joined_files_is_no_damage(tmp_path: Path) -> None:
    tag = tmp_path / "tag"
    tag.write_bytes(b"ID3\4\0\0\0\0\0\x22" + b"TSSE\0\0\0\x18\0\0" + b"x" * 24)
    parts = [
        make_sound(tmp_path / f"{hz}.mp3", TrackRecipe("libmp3lame", "mono", 44100, first_hz=hz))
        for hz in (300, 700)
    ]
    plain = joined(tmp_path / "plain.mp3", *parts)
    tagged = joined(tmp_path / "tagged.mp3", parts[0], tag, parts[1])
    assert abs(len(stereo(tagged)) - len(stereo(plain))) <= 1152 * RATE // 44100 + 1


@pytest.mark.parametrize(("rate_hz", "layout"), [(44100, "stereo"), (24000, "stereo")])
def test_a_join_that_cannot_be_read_on_is_refused(rate_hz: int, layout: str, tmp_path: Path) -> None:
    """FFmpeg stops reading Ogg where the rate or the channels change: the second part would be lost."""
    options = (("strict", "experimental"),)
    ours = TrackRecipe("vorbis", "stereo", 48000, options=options)
    parts = [
        make_sound(tmp_path / "1.ogg", ours),
        make_sound(tmp_path / "2.ogg", replace(ours, rate_hz=rate_hz)),
    ]
    whole = joined(tmp_path / "a.ogg", *parts)
    with pytest.raises(SourceError, match=r"a\.ogg: uses a feature that cannot be decoded here"):
        probe_sound_file(whole)


MONO = TrackRecipe(layout="mono")


def mono(first_hz: int, **changes: object) -> TrackRecipe:
    return replace(MONO, first_hz=first_hz, **changes)  # type: ignore[arg-type]  # checked by the recipe


@pytest.mark.parametrize("ending", ["mov", "mkv"])
def test_two_mono_tracks_are_left_and_right(ending: str, tmp_path: Path) -> None:
    sound, said = probed(make_sound(tmp_path / f"a.{ending}", mono(300), mono(400)))
    assert shares(tmp_path / f"a.{ending}", 2, sound) == pytest.approx(np.eye(2), abs=0.002)
    assert said == ("its mono tracks are heard as left and right",)


def test_mono_tracks_of_two_rates_and_starts_stay_in_time(tmp_path: Path) -> None:
    path = make_sound(
        tmp_path / "a.mkv", mono(300), mono(400, rate_hz=32000, start_s=Fraction(1, 2), seconds=0.5)
    )
    heard = stereo(path)
    assert len(heard) == RATE
    assert np.abs(heard[: RATE // 2 - 100, 1]).max() < 1e-3
    assert level_of(heard[RATE // 2 :], 400)[1] == pytest.approx(1, abs=0.01)
    assert level_of(heard[RATE // 2 :], 300)[0] == pytest.approx(1, abs=0.01)


def test_of_eight_mono_tracks_the_first_two_are_heard_and_the_others_said(tmp_path: Path) -> None:
    sound, said = probed(make_sound(tmp_path / "a.mov", *(mono(300 + 100 * at) for at in range(8))))
    wanted = np.zeros((8, 2))
    wanted[:2] = np.eye(2)
    assert shares(tmp_path / "a.mov", 8, sound) == pytest.approx(wanted, abs=0.002)
    assert said[-1] == "has 6 more sound streams, which are left out"


def test_mono_tracks_with_labels_are_one_sound(tmp_path: Path) -> None:
    labels = ("FL", "FR", "FC", "LFE", "SL", "SR")
    tracks = [replace(mono(300 + 100 * at), layout=label) for at, label in enumerate(labels)]
    sound, said = probed(make_sound(tmp_path / "a.mov", *tracks))
    assert shares(tmp_path / "a.mov", 6, sound) == pytest.approx(np.array(LAYOUTS["5.1"]), abs=0.002)
    assert said[0] == "its mono tracks are heard as FL FR FC LFE SL SR"


def test_mono_tracks_of_two_languages_are_no_pair(tmp_path: Path) -> None:
    path = make_sound(tmp_path / "a.mkv", mono(300, language="eng"), mono(400, language="spa"))
    sound, said = probed(path)
    assert shares(path, 2, sound) == pytest.approx(np.array([(1, 1), (0, 0)]), abs=0.002)
    assert said == ("has 1 more sound stream, which is left out",)


@pytest.mark.parametrize("silent", [0, 1])
def test_a_voice_beside_a_silent_track_is_heard_on_both_sides(silent: int, tmp_path: Path) -> None:
    tracks = [mono(300 + 100 * at, silent=at == silent) for at in range(2)]
    sound, said = probed(make_sound(tmp_path / "a.mov", *tracks))
    wanted = [(0, 0), (0, 0)]
    wanted[1 - silent] = (1, 1)
    assert shares(tmp_path / "a.mov", 2, sound) == pytest.approx(np.array(wanted), abs=0.002)
    assert said[0] == "of its mono tracks one alone is not silent: it is heard on both sides"


def test_the_first_track_that_decodes_is_heard(tmp_path: Path) -> None:
    """The codec of the first track is known here, but none of its packets decodes."""
    tracks = TrackRecipe("flac", seconds=0.5), TrackRecipe("pcm_s16le", first_hz=700)
    whole = make_sound(tmp_path / "a.mkv", *tracks)
    data = bytearray(whole.read_bytes())
    at = data.find(b"\xff\xf8")
    while at >= 0:  # every FLAC frame begins so
        data[at : at + 8] = bytes(8)
        at = data.find(b"\xff\xf8", at)
    (tmp_path / "b.mkv").write_bytes(data)
    sound, said = probed(tmp_path / "b.mkv")
    assert (sound.stream, sound.codec) == (1, "pcm_s16le")
    assert said == ("1 sound stream cannot be decoded: stream 1 is heard",)
    assert level_of(stereo(tmp_path / "b.mkv", sound), 700)[0] == pytest.approx(1, abs=0.01)


def test_a_track_in_an_unknown_codec_is_passed_over(tmp_path: Path) -> None:
    tracks = TrackRecipe("pcm_s24le"), TrackRecipe("pcm_s16le", first_hz=700)
    whole = make_sound(tmp_path / "a.mov", *tracks)
    sound, said = probed(patched(whole, tmp_path / "b.mov", b"in24", b"zzzz"))
    assert (sound.stream, said) == (1, ("1 sound stream cannot be decoded: stream 1 is heard",))


def test_vorbis_of_eight_channels_is_mixed_down(tmp_path: Path) -> None:
    path = tmp_path / "a.ogg"
    tones = "|".join(f"0.1*sin(2*PI*{300 + 100 * at}*t)" for at in range(8))
    ffmpeg(["-f", "lavfi", "-i", f"aevalsrc={tones}:c=7.1:s=48000:d=1", "-c:a", "libvorbis", str(path)])
    assert shares(path, 8) == pytest.approx(np.array(LAYOUTS["7.1"]), abs=0.03)


@pytest.mark.media
@pytest.mark.parametrize(
    ("name", "wanted", "said"),
    [
        ("10_apac_first.mov", None, "1 sound stream cannot be decoded: stream 2 is heard"),
        ("12_dual_mono.mov", None, "its mono tracks are heard as left and right"),
        (
            "18_aac_71.mp4",
            None,
            "its sound has 8 channels: a film in stereo has them mixed to two, without its low channel",
        ),
        ("19_aac_40.mp4", "4.0", "its sound has 4 channels: a film in stereo has them mixed to two"),
    ],
)
def test_files_as_people_have_them(
    media: Callable[[str], Path], name: str, wanted: str | None, said: str
) -> None:
    path = media(f"odd/{name}")
    take = probe(path, "take")
    assert take.sound is not None
    assert tuple(map(str, take.warnings)) == (said,)
    heard = stereo(path, replace(take.sound, start=Fraction(0)))
    assert heard.any(axis=0).all()
    measured = measure_file(path)["sound"]
    assert measured["integrated_lufs"] is not None
    if wanted:
        levels = np.array([level_of(heard, hz) for hz in (300, 400, 500, 600)])
        assert levels / levels[0, 0] == pytest.approx(np.array(LAYOUTS[wanted]), abs=0.03)


@pytest.mark.media
def test_voices_of_two_rates_joined_as_people_join_them(media: Callable[[str], Path]) -> None:
    path = media("odd/11b_tts_concat_rate_change.mp3")
    sound, said = probed(path)
    heard = stereo(path, sound)
    assert len(heard) / RATE == pytest.approx(
        2.065, abs=0.001
    )  # 43 frames at 48 kHz, 44 at 24 kHz, less the delay
    assert said == (
        "its sound changes on the way, 48000 Hz mono to 24000 Hz mono: each part is read as it is",
    )
    assert pitch_of(heard[RATE // 4 : RATE * 3 // 4, 0]) == pytest.approx(440, rel=0.003)
    assert pitch_of(heard[-RATE * 3 // 4 : -RATE // 4, 0]) == pytest.approx(440, rel=0.003)
