"""`measure` on any file: the keys of the contract, and a reason for every null."""

from __future__ import annotations

import json
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile

from post.errors import SourceError
from post.measure import measure_file
from post.takes import probe
from post.takes.made.synthetic import ClipRecipe, SoundRecipe, make_clip
from post.values.colour import BT709

PICTURE = {"width", "height", "fps", "frames", "tags", "cuts", "grain", "flicker_pct", "drift_pct", "cambi"}
SOUND = {
    "integrated_lufs", "max_momentary_lufs", "max_short_term_lufs", "range_lu", "true_peak_dbtp", "samples", "rate_hz",
}  # fmt: skip
ODD = {
    "untagged.mp4": ClipRecipe("sea", 320, 240, frames=12),
    "eight_fps.mp4": ClipRecipe("lights", 320, 240, rate=Fraction(8), frames=9),
    "varying.mp4": ClipRecipe("dusk", 320, 240, frames=6, tick=Fraction(1, 600), stamps=(0, 25, 50, 150, 175, 200)),
    "odd_pixels.mp4": ClipRecipe("sea", 362, 380, frames=8, sar=Fraction(1449, 1448)),
    "one_frame.mp4": ClipRecipe("sea", 320, 240, frames=1),
    "black.mp4": ClipRecipe("black", 320, 240, frames=12),
    "bars.mp4": ClipRecipe("bars", 320, 240, frames=12),
    "noise.mp4": ClipRecipe("noise", 320, 240, frames=12),
    "tiny.mp4": ClipRecipe("sea", 16, 16, frames=6),
    "ten_bits.mov": ClipRecipe("sea", 320, 240, frames=8, codec="prores_ks", pixel_format="yuv422p10le", colour=BT709),
    "rgb.mkv": ClipRecipe("sea", 320, 240, frames=8, codec="ffv1", pixel_format="bgr0"),
    "grey.mkv": ClipRecipe("sea", 320, 240, frames=8, codec="ffv1", pixel_format="gray"),
    "sixteen_bits.mkv": ClipRecipe("sea", 320, 240, frames=4, codec="ffv1", pixel_format="yuv444p16le"),
    "turned.mp4": ClipRecipe("sea", 320, 240, frames=6, rotation=90),
    "silent.mp4": ClipRecipe("sea", 320, 240, frames=12, sound=SoundRecipe("silence")),
    "sounding.mov": ClipRecipe("sea", 320, 240, frames=12, sound=SoundRecipe(codec="pcm_s16le", rate_hz=96000)),
}  # fmt: skip


def nulls(data: dict[str, Any]) -> set[str]:
    """Every key whose value is null, wherever it is."""
    parts = [data, data["picture"] or {}, data["sound"] or {}]
    return {key for part in parts for key, value in part.items() if value is None}


@pytest.mark.parametrize("name", ODD)
def test_every_null_has_its_reason_and_nothing_else_does(name: str, tmp_path: Path) -> None:
    data = measure_file(make_clip(tmp_path / name, ODD[name]))
    assert set(data["picture"]) >= PICTURE
    assert data["sound"] is None or set(data["sound"]) >= SOUND
    assert set(data["unmeasured"]) == nulls(data)
    assert all(data["unmeasured"].values())
    assert json.loads(json.dumps(data, allow_nan=False)) == data


def test_numbers_are_those_of_the_grid(tmp_path: Path) -> None:
    picture = measure_file(make_clip(tmp_path / "v.mp4", ODD["varying.mp4"]))["picture"]
    assert (picture["width"], picture["height"], picture["fps"]) == (320, 240, "24/1")
    assert (
        picture["frames"] >= 9
    )  # five steps of the grid and a gap of four; mp4 guesses the last frame's time


def test_tags_say_what_was_assumed(tmp_path: Path) -> None:
    untagged = measure_file(make_clip(tmp_path / "u.mp4", ODD["untagged.mp4"]))["picture"]["tags"]
    tagged = measure_file(make_clip(tmp_path / "t.mov", ODD["ten_bits.mov"]))["picture"]["tags"]
    assert untagged["matrix"] == 6
    assert "colour" in untagged["assumed"]
    assert tagged == {"primaries": 1, "transfer": 1, "matrix": 1, "range": "limited", "assumed": []}


def test_a_cut_in_a_file_is_found(tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    a, b = (np.kron(rng.random((12, 16, 3), np.float32), np.ones((20, 20, 1), np.float32)) for _ in "ab")
    recipe = ClipRecipe(width=320, height=240, frames=20)
    path = make_clip(tmp_path / "cut.mp4", recipe, lambda i: b if i >= 11 else a)
    assert measure_file(path)["picture"]["cuts"] == [11]


def test_sound_alone_is_measured(tmp_path: Path) -> None:
    tone = 0.1 * np.sin(2 * np.pi * 997 * np.arange(4 * 48000) / 48000)
    soundfile.write(tmp_path / "tone.wav", np.stack([tone, tone], 1), 48000, "PCM_24")
    data = measure_file(tmp_path / "tone.wav")
    assert data["picture"] is None
    assert data["unmeasured"] == {"picture": "holds no picture"}
    # A 997 Hz stereo sine of peak -20 dBFS reads -20 LUFS (BS.1770-5, Annex 1: 0 dBFS on one channel reads -3.01).
    assert data["sound"]["integrated_lufs"] == pytest.approx(-20, abs=0.05)
    assert (data["sound"]["samples"], data["sound"]["rate_hz"]) == (4 * 48000, 48000)


def test_sound_alone_has_its_warnings(tmp_path: Path) -> None:
    whole = tmp_path / "whole.wav"
    soundfile.write(whole, np.full(48000, 0.1), 48000, "PCM_16")
    (tmp_path / "cut.wav").write_bytes(whole.read_bytes()[: 44 + 2 * 30000])
    assert measure_file(whole)["warnings"] == []
    said = measure_file(tmp_path / "cut.wav")["warnings"]
    assert [(each["code"], each["got"]) for each in said] == [("cut-short", "30000 of 48000 samples")]


@pytest.mark.parametrize(
    ("samples", "what"),
    [([0.1] * 900 + [float("nan")], "holds sound that is not a number"), ([], "holds no sound that decodes")],
)
def test_sound_alone_that_cannot_be_read_is_refused_for_its_own_fault(
    tmp_path: Path, samples: list[float], what: str
) -> None:
    """Before, `measure` asked for a picture and did not name the fault of the sound."""
    soundfile.write(tmp_path / "odd.wav", np.array(samples), 48000, "FLOAT")
    with pytest.raises(SourceError) as refused:
        measure_file(tmp_path / "odd.wav")
    assert refused.value.what == what


def test_sound_that_does_not_decode_says_so_where_its_levels_are_missing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise SourceError("nothing of it decodes")

    clip = make_clip(tmp_path / "clip.mp4", ClipRecipe("sea", 64, 48, frames=6, sound=SoundRecipe()))
    monkeypatch.setattr(probe, "choose_sound", refuse)
    said = "its sound is left out: nothing of it decodes"
    assert measure_file(clip)["unmeasured"]["sound"] == said
    take = probe.probe(clip, "clip")
    assert (take.sound, take.sound_left_out) == (None, said)
    assert said in [each.what for each in take.warnings]
    monkeypatch.undo()
    take = probe.probe(clip, "clip")
    assert (take.sound is None, take.sound_left_out) == (False, "")


def test_what_is_no_media_is_refused(tmp_path: Path) -> None:
    (tmp_path / "words.mp4").write_text("no film at all\n" * 100)
    with pytest.raises(SourceError):
        measure_file(tmp_path / "words.mp4")


@pytest.mark.media
@pytest.mark.parametrize(
    "clip",
    [
        "ai_clips/kandinsky5_degenerate.mp4",
        "ai_clips/heygen_avatar_a_362x380.mp4",
        "ai_clips/cogvideox_3.mp4",
        "footage/chaplin_filmscan_360p.mp4",
        "footage/phone_dog_1080p_vfr.mp4",
    ],
)
def test_real_clips_are_measured(media: Callable[[str], Path], clip: str) -> None:
    data = measure_file(media(clip))
    assert data["picture"]["cuts"] == []
    assert data["picture"]["flicker_pct"] > 0
    assert set(data["unmeasured"]) == nulls(data)
