"""Each sound codec, in each layout: nothing is lost that it keeps, no channel changes its place, no sample its time."""

from __future__ import annotations

from fractions import Fraction
from io import BytesIO

import numpy as np
import pytest

from post.render.sound.codec import decode_sound, encode_sound
from post.values import Clock, Mix
from post.values.array import Array
from post.values.files.film_container import LAYOUTS, SOUND_CODECS
from tests.made.clicks import clicks, lag_of

RATE = 48_000
STEP = {"flac": 2**-23, "pcm_s24le": 2**-23, "pcm_s16le": 2**-15}
TONES_HZ = (300, 400, 500, 60, 700, 800)  # the fourth is the LFE: AAC keeps nothing else of it


def mix_of(codec: str, channels: int, length: int) -> Mix:
    kbps = SOUND_CODECS[codec].kbps.get(channels, 0)
    return Mix((), RATE, channels, length, None, -1.0, codec, 1000 * kbps, ())


def track(pcm: Array, codec: str) -> BytesIO:
    file = BytesIO()
    encode_sound([pcm], mix_of(codec, pcm.shape[1], len(pcm)), file)
    file.seek(0)
    return file


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("codec", STEP)
def test_what_loses_nothing_keeps_each_sample(codec: str, layout: str) -> None:
    pcm = np.random.default_rng(3).uniform(-0.9, 0.9, (RATE // 4 + 77, LAYOUTS[layout])).astype(np.float32)
    assert np.abs(decode_sound(track(pcm, codec)) - pcm).max() <= STEP[codec] / 2 + 2**-24


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("codec", SOUND_CODECS)
def test_each_channel_stays_in_its_place_and_the_bytes_are_the_same_again(codec: str, layout: str) -> None:
    at = np.arange(RATE // 2)[:, None] / RATE
    pcm = (0.3 * np.sin(2 * np.pi * at * np.array(TONES_HZ[: LAYOUTS[layout]]))).astype(np.float32)
    coded = track(pcm, codec)
    assert coded.getvalue() == track(pcm, codec).getvalue()
    heard = decode_sound(coded, len(pcm))
    assert heard.shape == pcm.shape
    alike = np.corrcoef(pcm[4800:-4800].T, heard[4800:-4800].T)[len(pcm[0]) :, : len(pcm[0])]
    assert (np.diag(alike) > 0.99).all(), alike


@pytest.mark.parametrize("rate", [Fraction(24000, 1001), Fraction(30000, 1001), Fraction(24)])
def test_ten_minutes_end_on_the_sample(rate: Fraction) -> None:
    frames = round(600 * rate)
    exact = frames * RATE / rate
    assert Clock(rate).samples(frames, RATE) == int(exact + Fraction(1, 2))
    # Nothing adds up on the way: the samples of each frame begin at the frame's own time.
    for frame in range(0, frames, 997):
        assert abs(Clock(rate).samples(frame, RATE) - frame * RATE / rate) <= Fraction(1, 2)


@pytest.mark.parametrize(("codec", "minutes"), [("aac", 10), ("opus", 1), ("flac", 1), ("pcm_s24le", 1)])
def test_the_last_click_has_not_drifted(codec: str, minutes: int) -> None:
    length = Clock(Fraction(24000, 1001)).samples(1439 * minutes, RATE)  # no whole number of packets
    at = [RATE, length // 2, length - RATE]
    pcm = clicks(length, at, channels=1)
    heard = decode_sound(track(pcm, codec), length)
    assert len(heard) == length
    assert np.abs([lag_of(heard[:, 0], pcm[:, 0], each) for each in at]).max() <= 0.5
