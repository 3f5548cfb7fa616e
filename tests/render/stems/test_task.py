"""The task that makes the stems of a film: what it packs is what the film's mix is added up from."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from post.render.sound import stems
from post.render.sound.stems import read_stems
from post.sound import mix_down
from post.takes.made.synthetic import ClipRecipe, SoundRecipe, make_clip
from post.takes.probe import probe
from post.takes.sound.decode import read_sound
from post.values import Duck, Mix, SoundEvent, StemsOrder, plain
from post.values.array import Array

RATE = 48000
STEP = 1 / (1 << 23)


@pytest.fixture(scope="module")
def order(tmp_path_factory: pytest.TempPathFactory) -> StemsOrder:
    clip = make_clip(
        tmp_path_factory.mktemp("stems") / "clip.mp4", ClipRecipe(width=64, height=48, sound=SoundRecipe())
    )
    take = probe(clip, "clip")
    assert take.sound is not None
    event = SoundEvent(take.file, "clip", take.sound, 0, RATE, Fraction(0), 0.0)
    beside = [
        replace(event, role=stem, stem=stem, at=at, length=RATE // 2, gain_db=gain, duck=duck)
        for stem, at, gain, duck in (
            ("voice", RATE // 4, -6.0, None),
            ("music", 0, -9.0, Duck(12.0)),
            ("effects", RATE // 2, -20.0, None),
        )
    ]
    mix = Mix((event, *beside), RATE, 2, RATE, -14.0, -1.0, "aac", 128000, ())
    return StemsOrder.of(mix, "Winter", Fraction(24), "Answerprint 9")


def made(order: StemsOrder, path: Path) -> dict[str, Array]:
    files = {each.file.sha256: each.file.here for each in order.mix.events}
    stems.make(plain(order), files, path)
    with path.open("rb") as pack, read_stems(pack) as found:
        return {each.stem: _samples(content.read()) for each, content in found}


def _samples(content: bytes) -> Array:
    at = content.index(b"data") + 8
    wide = np.zeros(((len(content) - at) // 3, 4), np.uint8)
    wide[:, 1:] = np.frombuffer(content[at:], np.uint8).reshape(-1, 3)
    return wide.view("<i4").reshape(-1, 2) >> 8


def test_the_stems_are_those_of_the_mix_and_add_up_to_it(order: StemsOrder, tmp_path: Path) -> None:
    found = made(order, tmp_path / "pack")
    mix = found.pop("mix")
    assert list(found) == ["clip", "voice", "music", "effects"]
    assert {len(sound) for sound in (mix, *found.values())} == {order.mix.length}
    assert np.array_equal(sum(found.values()), mix)
    truth = mix_down(order.mix, lambda file, sound, rate: read_sound(file.here, sound, rate)).pcm
    assert np.abs(mix * STEP - truth).max() <= STEP
    assert not found["effects"][: RATE // 2 - 2400].any()


def test_the_same_order_gives_the_same_bytes(order: StemsOrder, tmp_path: Path) -> None:
    for name in ("one", "two"):
        made(order, tmp_path / name)
    assert (tmp_path / "one").read_bytes() == (tmp_path / "two").read_bytes()


def test_a_silent_stem_has_no_file_and_a_silent_film_has_one_for_its_clips(
    order: StemsOrder, tmp_path: Path
) -> None:
    quiet = [replace(each, gain_db=-400.0) for each in order.mix.events]
    music = replace(order, mix=replace(order.mix, events=(*quiet[:2], order.mix.events[2])))
    assert list(made(music, tmp_path / "music")) == ["music", "mix"]
    silent = made(replace(order, mix=replace(order.mix, events=tuple(quiet))), tmp_path / "silent")
    assert list(silent) == ["clip", "mix"]
    assert not any(sound.any() for sound in silent.values())
