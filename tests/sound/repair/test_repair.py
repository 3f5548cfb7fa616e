"""What is mended in a source, how well, and that clean sound stays as it is, bit by bit."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from post.sound.repair import repair
from post.takes.sound.choose import choose_sound
from post.values.array import Array

RATE = 16000
AT = np.arange(6 * RATE) / RATE


def hiss(level_db: float, seed: int = 1, channels: int = 2) -> Array:
    made: Array = np.random.default_rng(seed).standard_normal((len(AT), channels)) * 10 ** (level_db / 20)
    return made.astype(np.float32)


def voiced(level_db: float = -20, pauses_hz: float = 0.8) -> Array:
    """Returns a buzz that glides and pauses so often, over a little hiss, (samples, 2) float32."""
    turn = 2 * np.pi * np.cumsum(130 + 25 * np.sin(2 * np.pi * 0.7 * AT)) / RATE
    buzz = sum(np.sin(k * turn + k) / k for k in range(1, 25)) * np.clip(
        np.sin(2 * np.pi * pauses_hz * AT) * 4, 0, 1
    )
    made: Array = 10 ** (level_db / 20) * buzz[:, None]
    return made.astype(np.float32) + hiss(-70)


def sine(hz: float, level_db: float) -> Array:
    made: Array = 10 ** (level_db / 20) * np.sin(2 * np.pi * hz * AT + 0.3)
    return np.repeat(made[:, None], 2, axis=1).astype(np.float32)


def struck(seed: int = 3) -> Array:
    """Returns hits that start within a sample and ring, like castanets and drums, over a little hiss."""
    made = hiss(-70)
    for at in range(3000, len(made) - 4000, 7000):
        ring = np.exp(-np.arange(4000) / 300) * np.random.default_rng(seed + at).standard_normal(4000)
        made[at : at + 4000] += (0.4 * ring)[:, None].astype(np.float32)
    return made


def mended(pcm: Array) -> tuple[Array, list[str]]:
    made, notes = repair(pcm, RATE, "take.wav")
    assert all(note.file == "take.wav" for note in notes)
    return made, [f"{note.what}: {note.says}" for note in notes]


def power_db(sound: Array) -> float:
    return float(10 * np.log10(np.mean(np.square(sound, dtype=np.float64)) + 1e-30))


IMPULSES = np.where((np.arange(len(AT)) % RATE == 0)[:, None], np.float32(0.5), np.float32(0))
MEANT = {"hits": struck(), "impulses in silence": IMPULSES, "impulses in hiss": IMPULSES + hiss(-60)}
CLEAN = {
    "hiss": hiss(-30),
    "a voice": voiced(),
    **MEANT,
    "a tone of 50 Hz": sine(50, -20) + hiss(-60),
    "a buzz of 50 Hz that is all there is": sum((sine(50 * k, -20 - 3 * k) for k in range(1, 8)), hiss(-60)),
    "a chord on G": sine(49, -30) + sine(98, -30) + sine(196, -30) + voiced(),
    "full scale without flat tops": sine(997, 0),
    "a low tone, whose top is flat within a step": np.round(sine(20, -1) * 32768) / np.float32(32768),
    "over full scale": sine(440, 6),
    "silence": np.zeros((len(AT), 2), np.float32),
    "nothing": np.zeros((0, 2), np.float32),
    "one sample": np.full((1, 2), 0.5, np.float32),
    "a tenth of a second": voiced()[: RATE // 10],
    "six channels": hiss(-40, channels=6),
}  # fmt: skip


@pytest.mark.parametrize("name", CLEAN)
def test_clean_sound_is_the_same_array(name: str) -> None:
    made, said = mended(CLEAN[name])
    assert made is CLEAN[name]
    assert said == []


@pytest.mark.parametrize("level", [0.004, -0.05])
def test_a_steady_offset_is_taken_out(level: float) -> None:
    clean = voiced()
    late = np.concatenate([np.zeros((4000, 2), np.float32), clean + np.float32(level)])
    made, said = mended(late)
    assert said == [f"dc: DC offset of {20 * np.log10(abs(level)):.0f} dBFS taken out"]
    assert not made[:4000].any()
    assert np.abs(made[4000:] - clean).max() < 0.05 * abs(level)


def test_speech_that_leans_to_one_side_has_no_offset() -> None:
    # Its mean follows its level: it is not there in the pauses.
    voice = voiced()
    lean = voice + np.float32(0.3) * np.abs(voice)
    assert abs(lean.mean()) > 0.001
    assert mended(lean)[0] is lean


def test_hum_under_a_voice_falls_where_it_is_heard_and_the_voice_stays() -> None:
    clean = voiced(pauses_hz=0.4)
    hum = sum((sine(60.04 * k, -48 - 3 * k) for k in (1, 2, 3, 5)), np.zeros_like(clean))
    made, said = mended(clean + hum)
    assert len(said) == 1
    assert said[0].startswith("hum: hum of 60.0 Hz, 4 lines, -5")
    assert power_db(made - clean) < power_db(hum) - 8
    pauses = np.sin(2 * np.pi * 0.4 * AT) <= 0
    assert power_db((made - clean)[pauses]) < power_db(hum) - 10


def test_a_chord_at_multiples_of_the_mains_is_no_hum() -> None:
    chord = voiced(pauses_hz=0.4) + sum((sine(hz, -52) for hz in (200, 250, 300)), np.zeros_like(AT)[:, None])
    assert mended(chord.astype(np.float32))[1] == []
    fundamental = sine(50, -52) + sine(100, -52)
    assert len(mended(chord.astype(np.float32) + fundamental)[1]) == 1


@pytest.mark.media
@pytest.mark.parametrize(("hz", "level_db"), [(50.0, -30), (60.03, -42), (60.2, -42)])
def test_hum_is_told_only_where_it_was_taken_out(
    hz: float, level_db: float, media: Callable[[str], Path]
) -> None:
    """Under a boom that falls for 8 s: where it covers the lowest lines, all stays as it was."""
    found = choose_sound(media("audio_sfx/sonicpi_misc_cineboom.flac")).decoded
    at = np.arange(len(found.samples)) / found.rate_hz
    lines = sum(
        (10 ** (-3 * k / 20) * np.sin(2 * np.pi * hz * k * at + k) for k in range(1, 7)), np.zeros_like(at)
    )
    hum = (lines * 10 ** (level_db / 20) / np.sqrt(np.mean(np.square(lines)))).astype(np.float32)[:, None]
    humming = found.samples + hum
    made, notes = repair(humming, found.rate_hz, "boom.flac")
    if level_db == -42:
        assert made is humming
    else:
        assert len(notes) == 1
        assert power_db(made - found.samples) < power_db(hum) - 9


def test_a_hard_join_within_a_sound_is_bridged() -> None:
    voice = sine(210, -14) + sine(333, -20) + hiss(-66)
    first, second = voice[:30007], -voice[41000:]
    made, said = mended(np.concatenate([first, second]))
    assert said == ["clicks: a click at 1.875 s bridged"]
    changed = np.flatnonzero((made != np.concatenate([first, second])).any(axis=1))
    assert len(changed) <= 0.002 * RATE
    jump = np.abs(np.diff(made[29900:30100], 4, axis=0)).max()
    assert jump < 3 * np.abs(np.diff(voice, 4, axis=0)).max()


def test_clicks_all_through_are_a_texture_and_stay() -> None:
    voice = sine(210, -14) + hiss(-66)
    pieces = [voice[k * 4001 : k * 4001 + 2500] for k in range(20)]
    crackling = np.concatenate(pieces)
    assert mended(crackling)[0] is crackling


def test_short_flat_tops_are_rounded_towards_what_was_there() -> None:
    loud = sine(700, -8) + sine(431, -8) + sine(1130, -14)
    clipped = np.clip(loud, -0.9, 0.9)
    made, said = mended(clipped)
    assert len(said) == 1
    assert said[0].startswith("overs: clipped at ")
    assert power_db(made - loud) < power_db(clipped - loud) - 4
    same = np.abs(clipped) < np.float32(0.9)
    assert np.array_equal(made[same], clipped[same])


def test_heavily_clipped_sound_is_told_and_stays() -> None:
    clipped = np.clip(sine(300, 10), -1, 1)
    made, said = mended(clipped)
    assert made is clipped
    assert len(said) == 1
    assert said[0].startswith("overs: heavily clipped, ")
    (note,) = repair(clipped, RATE, "hot.wav", "ab")[1]
    assert (note.sha256, note.mended) == ("ab", False)
    assert f"{note.clipped_pc:.1f} %" in note.says


@pytest.mark.media
@pytest.mark.parametrize(
    "name",
    [
        "audio_music/sonicpi_loop_tabla.flac", "audio_music/sonicpi_loop_mika.flac",
        "audio_sfx/sonicpi_perc_swoosh.flac",
        "audio_sfx/sonicpi_misc_cineboom.flac", "audio_sfx/sonicpi_vinyl_hiss.flac", "ai_clips/ltx2_guitar_student.mp4",
        "ai_clips/ltx2_couple_dialogue.mp4", "audio_speech/librivox_sense_0890.wav",
    ],
)  # fmt: skip
def test_real_sound_stays_as_it_is(media: Callable[[str], Path], name: str) -> None:
    heard = choose_sound(media(name)).decoded
    made, notes = repair(heard.samples, heard.rate_hz, name)
    assert made is heard.samples
    assert notes == ()
