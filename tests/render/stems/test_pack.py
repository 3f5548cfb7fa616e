"""Packs of stems: their sum is the mix to the last bit, nothing clips, and the same stems give the same bytes."""

from __future__ import annotations

import hashlib
from fractions import Fraction
from io import BytesIO
from typing import IO

import numpy as np
import pytest

from post.render.sound.stems import read_stems
from post.render.sound.stems.task import write_pack
from post.sound import measure
from post.values import Mix, StemsOrder
from post.values.array import Array

RATE, LENGTH = 48000, 70_001  # more than one block, and an odd number of bytes with one channel
STEP = 1 / (1 << 23)


def noise(seed: int, peak: float, channels: int = 2) -> Array:
    wave = np.random.default_rng(seed).uniform(-peak, peak, (LENGTH, channels))
    return wave.astype(np.float32)


def order(channels: int = 2) -> StemsOrder:
    mix = Mix((), RATE, channels, LENGTH, -14, -1, "aac", 128000, ())
    return StemsOrder.of(mix, "Winter", Fraction(24), "Answerprint 9")


def packed(stems: dict[str, Array], channels: int = 2) -> BytesIO:
    file = BytesIO()
    write_pack(order(channels), stems, file)
    return file


def samples(wave: IO[bytes], channels: int) -> Array:
    """Returns the samples of a file, as whole steps of 24 bits, and checks that its sizes are right."""
    content = wave.read()
    at = content.index(b"data") + 8
    size = int.from_bytes(content[at - 4 : at], "little")
    assert len(content) == at + size + size % 2
    assert int.from_bytes(content[4:8], "little") == len(content) - 8
    wide = np.zeros((size // 3, 4), np.uint8)
    wide[:, 1:] = np.frombuffer(content[at : at + size], np.uint8).reshape(-1, 3)
    return wide.view("<i4").reshape(-1, channels) >> 8


def unpacked(file: BytesIO, channels: int = 2) -> dict[str, Array]:
    with read_stems(file) as files:
        return {each.stem: samples(content, channels) for each, content in files}


STEMS = {"voice": noise(1, 0.2), "music": noise(2, 0.3), "effects": noise(3, 0.1), "ambience": noise(4, 0.2)}


@pytest.mark.parametrize("channels", [1, 2])
def test_the_stems_add_up_to_the_mix_and_each_is_what_it_was(channels: int) -> None:
    stems = {name: noise(at, 0.2, channels) for at, name in enumerate(STEMS)}
    found = unpacked(packed(stems, channels), channels)
    mix = found.pop("mix")
    assert list(found) == list(stems)
    assert np.array_equal(sum(found.values()), mix)
    for name, sound in stems.items():
        assert np.abs(found[name] * STEP - sound).max() <= 1.01 * STEP
    assert np.abs(mix * STEP - np.sum(list(stems.values()), axis=0, dtype=np.float64)).max() <= 0.51 * STEP


def test_silence_in_a_stem_stays_silence() -> None:
    music = noise(2, 0.3)
    music[1000:50_000] = 0
    found = unpacked(packed({"voice": noise(1, 0.2), "music": music}))
    assert not found["music"][1000:50_000].any()


def test_stems_that_would_clip_are_all_lowered_alike_and_it_is_told() -> None:
    loud = {"voice": noise(1, 0.9), "music": noise(2, 0.9), "effects": noise(3, 1.4)}
    file = packed(loud)
    with read_stems(file) as files:
        gains = {each.gain_db for each, _ in files}
        heads = [content.read(700) for _, content in files]
    assert len(gains) == 1
    gain = gains.pop()
    assert gain == round(gain)
    assert gain < 0
    assert all(f"all stems at {gain:g} dB".encode() in head for head in heads)
    found = unpacked(file)
    mix = found.pop("mix")
    assert np.array_equal(sum(found.values()), mix)
    assert np.abs(mix).max() < 1 << 23
    wanted = loud["effects"] * 10 ** (gain / 20)
    assert np.abs(found["effects"] * STEP - wanted).max() <= 1.01 * STEP


def test_the_listing_tells_digests_and_levels() -> None:
    with read_stems(packed(STEMS)) as files:
        told = {each.stem: (each, content.read()) for each, content in files}
    for each, content in told.values():
        assert each.sha256 == hashlib.sha256(content).hexdigest()
        assert each.bytes == len(content)
    heard = measure(STEMS["music"], RATE)
    assert told["music"][0].loudness_lufs == pytest.approx(heard.integrated_lufs, abs=0.001)
    assert told["music"][0].peak_dbtp == pytest.approx(heard.true_peak_dbtp, abs=0.001)
    assert b"stem music, before master gain and limiter; unsigned, for the mixer" in told["music"][1]


def test_the_same_stems_give_the_same_bytes() -> None:
    assert packed(STEMS).getvalue() == packed(dict(STEMS)).getvalue()


def test_films_of_one_mix_have_one_order() -> None:
    mix = order().mix
    other = Mix((), RATE, 2, LENGTH, None, -2, "pcm_s16le", 0, ())
    assert StemsOrder.of(other, "Winter", Fraction(24), "Answerprint 9") == order()
    assert StemsOrder.of(mix, "Summer", Fraction(24), "Answerprint 9") != order()
