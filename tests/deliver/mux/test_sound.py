"""Films in 5.1 and in mono, of one mix: each loudspeaker gets what is its own, and the low channel nothing."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest
import soundfile

from post.deliver.check import check_film
from post.engine import InProcess, Store
from post.render.sound import decode_sound
from post.takes.made.synthetic import ClipRecipe, make_clip
from post.values import Rendition
from tests.flow_job import Small, small_job
from tests.laws.test_sync import join
from tests.made.sounds import level_of
from tests.made.stores import open_store

CLIP = ClipRecipe("dusk", 64, 48, Fraction(24), 26)
LONE_HZ, LEFT_HZ, RIGHT_HZ, LEVEL = 500, 700, 900, 0.1
JOB = """
schema: Job.2
title: Six
clock: 24
house: plain
takes: {dusk: dusk.mov}
cut: [{take: dusk, length: 1s}]
label: none
sound:
  loudness: {off: true}
  effects: [{file: lone.wav, gain: 0 dB}]
  music: [{file: pair.wav, gain: 0 dB}]
deliver:
"""
# By name: container and sound.
FILMS = {
    "mov-pcm": ("mov", "{codec: pcm_s24le, channels: 5.1}"),
    "mp4-aac": ("mp4", "{codec: aac, channels: 5.1}"),
    "mp4-opus": ("mp4", "{codec: opus, channels: 5.1}"),
    "mkv-aac": ("mkv", "{codec: aac, channels: 5.1}"),
    "mkv-opus": ("mkv", "{codec: opus, channels: 5.1}"),
    "mkv-flac": ("mkv", "{codec: flac, channels: 5.1}"),
    "mono": ("mp4", "{codec: aac, channels: mono}"),
    "stereo": ("mov", "{codec: pcm_s24le}"),
}
FRAME = "width: 64, height: 48, picture: {preset: ultrafast}"
PLACES = ("FL", "FR", "FC", "LFE", "SL", "SR")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Small, Store, Path]:
    folder = tmp_path_factory.mktemp("six")
    make_clip(folder / "dusk.mov", CLIP)
    at = np.arange(48_000) / 48_000
    tones = {hz: LEVEL * np.sin(2 * np.pi * hz * at) for hz in (LONE_HZ, LEFT_HZ, RIGHT_HZ)}
    soundfile.write(folder / "lone.wav", tones[LONE_HZ], 48_000, subtype="FLOAT")
    pair = np.stack([tones[LEFT_HZ], tones[RIGHT_HZ]], axis=1)
    soundfile.write(folder / "pair.wav", pair, 48_000, subtype="FLOAT")
    rows = [
        f"  - {{preset: draft, name: {name}, {FRAME}, container: {container}, audio: {audio}}}\n"
        for name, (container, audio) in FILMS.items()
    ]
    small, store = small_job(folder, JOB + "".join(rows)), open_store(folder / "store")
    with InProcess() as engine:
        list(engine.run(small.tasks(), store))
    return small, store, folder


def film_of(made: tuple[Small, Store, Path], name: str) -> tuple[Rendition, Path]:
    small, store, folder = made
    film = next(each for each in small.plan.renditions if each.name == name)
    return film, join(film, store, folder)


@pytest.mark.parametrize("name", [name for name in FILMS if "-" in name])
def test_six_channels_are_where_they_belong(name: str, made: tuple[Small, Store, Path]) -> None:
    film, path = film_of(made, name)
    assert check_film(path, film).samples == film.mix.length == 48_000
    with av.open(path) as container:
        layout = container.streams.audio[0].codec_context.layout
    assert (layout.nb_channels, layout.name.removesuffix("(side)")) == (6, "5.1")
    heard = decode_sound(path, film.mix.length)
    for hz, place in ((LONE_HZ, "FC"), (LEFT_HZ, "FL"), (RIGHT_HZ, "FR")):
        wanted = [float(each == place) for each in PLACES]
        assert level_of(heard, hz) == pytest.approx(wanted, abs=0.03), hz
    assert np.abs(heard[:, PLACES.index("LFE")]).max() < 1e-3


def test_the_same_mix_in_stereo_and_in_mono(made: tuple[Small, Store, Path]) -> None:
    film, path = film_of(made, "stereo")
    heard = decode_sound(path, film.mix.length)
    assert level_of(heard, LONE_HZ) == pytest.approx([1, 1], abs=0.001)
    assert level_of(heard, LEFT_HZ) == pytest.approx([1, 0], abs=0.001)
    film, path = film_of(made, "mono")
    heard = decode_sound(path, film.mix.length)
    assert level_of(heard, LONE_HZ) == pytest.approx([1], abs=0.03)
    assert level_of(heard, RIGHT_HZ) == pytest.approx([0.7071], abs=0.03)


@pytest.mark.parametrize("name", ["mkv-aac", "mkv-opus", "mkv-flac", "mp4-opus"])
def test_a_film_joined_again_has_the_same_bytes(name: str, made: tuple[Small, Store, Path]) -> None:
    first = film_of(made, name)[1].read_bytes()
    assert film_of(made, name)[1].read_bytes() == first
