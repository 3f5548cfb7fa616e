"""The room: it dies away as asked, answers on both sides, keeps levels, and ends with the film."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest
from scipy.signal import butter, fftconvolve, sosfilt

from post.sound import mix_down
from post.sound.buses import BusName
from post.sound.channels import mix_matrix
from post.sound.shape import partitioned
from post.sound.shape.room import add_answer, impulse_response
from post.values import Duck, File, Mix, Room, Sound, SoundEvent, SoundShape
from post.values.array import Array
from post.values.speakers import BY_COUNT
from tests.sound.tones import RATE, noise

F = Fraction
ROOM = Room(decay_s=0.4, predelay_ms=8.0, damping_hz=5000.0)
EVENT = SoundEvent(File("0" * 64, "a.wav"), "music", Sound(0, "pcm_s16le", RATE, 2, RATE, F(0)), at=0, length=RATE,
                   offset=F(0), gain_db=0, stem="music", shape=SoundShape(send_db=0.0))  # fmt: skip


def answered(sent: Array, room: Room = ROOM, rate: int = RATE, channels: int = 2) -> Array:
    bus = np.zeros((len(sent), channels), np.float32)
    add_answer(bus, sent.astype(np.float32), room, rate)
    return bus


def decay_s(answer: Array, rate: int, low: float, high: float) -> float:
    """T30 of a band of an impulse response, by the integration of Schroeder.

    The band is filtered backwards in time, so that its filter does not ring after the answer. Source: ISO 3382-2.
    """
    band = sosfilt(butter(3, (low, high), "band", fs=rate, output="sos"), answer[::-1])[::-1]
    level = 10 * np.log10(np.cumsum(band[::-1] ** 2)[::-1] / np.sum(band**2) + 1e-20)
    first, last = (int(np.argmax(level < db)) for db in (-5, -35))
    slope = np.polyfit(np.arange(first, last) / rate, level[first:last], 1)[0]
    return float(-60 / slope)


@pytest.mark.parametrize("rate", [44100, 96000])
@pytest.mark.parametrize("decay", [0.1, 0.4, 1.5])
def test_it_dies_away_as_long_as_asked_and_in_half_of_that_above_the_damping(decay: float, rate: int) -> None:
    answer = impulse_response(Room(decay, 0.0, 5000.0), rate, 2, 2).reshape(4, -1)
    for low, high, share in ((400, 2000, 1.0), (1000, 4000, 1.0), (8000, 16000, 0.5)):
        found = np.mean([decay_s(side, rate, low, high) for side in answer])
        assert found == pytest.approx(share * decay, rel=0.1), (low, high)


def test_each_side_answers_with_noise_of_its_own() -> None:
    click = np.zeros((RATE, 2), np.float32)
    click[0] = 1
    both = answered(click)
    assert abs(np.corrcoef(both.T)[0, 1]) < 0.05
    click[0, 1] = 0
    assert answered(click)[:, 1].std() == pytest.approx(answered(click)[:, 0].std(), rel=0.1)


def test_it_starts_after_its_predelay_and_ends_with_the_film() -> None:
    click = np.zeros((RATE // 4, 2), np.float32)
    click[1000] = 1
    bus = answered(click, replace(ROOM, predelay_ms=20.0, decay_s=2.0))
    first = 1000 + round(0.02 * RATE)
    # The transforms of float32 leave 1e-7 of what they hold beside it.
    assert np.abs(bus[:first]).max() < 1e-6 * np.abs(bus).max()
    assert np.abs(bus[first : first + 48]).max() > 0.1 * np.abs(bus).max()
    fading = np.sqrt(np.mean(bus[-240:] ** 2) / np.mean(bus[-4800:-2400] ** 2))
    assert fading < 0.1


@pytest.mark.parametrize("channels", [1, 2, 6])
def test_noise_comes_back_with_the_power_that_was_sent(channels: int) -> None:
    sent = sosfilt(butter(4, (200, 3000), "band", fs=RATE, output="sos"), noise(4, channels), axis=0)
    heard = answered(sent, replace(ROOM, decay_s=0.2), channels=channels)[RATE:]
    given = sent @ mix_matrix(BY_COUNT[6], 2) if channels == 6 else sent  # of 5.1, its stereo mix is sent
    assert np.sum(heard**2) == pytest.approx(np.sum(given[RATE:] ** 2), rel=0.15)
    if channels == 6:
        assert not heard[:, [2, 3]].any()


@pytest.mark.parametrize("decay", [0.1, 1.5])
def test_it_is_the_plain_convolution_in_partitions_of_any_size(
    decay: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    room, sent = Room(decay, 0.0, 5000.0), noise(0.7)
    sent[9000:20000] = 0
    answer = impulse_response(room, RATE, 2, 2)
    plain = sum(
        np.stack([fftconvolve(sent[:, side], answer[side, out])[: len(sent)] for out in range(2)], axis=1)
        for side in range(2)
    )
    for size in (1 << 9, 1 << 12):
        monkeypatch.setattr(partitioned, "PARTITION", size)
        monkeypatch.setattr(partitioned, "LONG_PARTITION", 2 * size)
        heard = answered(sent, room)
        assert heard[:-2400] == pytest.approx(np.asarray(plain)[:-2400], abs=2e-6)


def test_silence_stays_silent_and_the_same_sound_gives_the_same_bytes() -> None:
    assert not answered(np.zeros((RATE, 2))).any()
    sent = noise(0.5)
    assert answered(sent).tobytes() == answered(sent).tobytes()


def test_what_a_bus_sends_comes_back_on_that_bus() -> None:
    under = replace(EVENT, duck=Duck(9.0), shape=SoundShape(send_db=-6.0))
    voice = replace(EVENT, stem="voice", shape=SoundShape())
    plan = Mix((EVENT, under, voice), RATE, 2, 2 * RATE, None, -1, "pcm_s24le", 0, (), room=ROOM)
    buses = mix_down(plan, lambda *_: noise(1), apart=True).buses
    dry, full, half = (buses.bus(BusName(*name)) for name in (("voice",), ("music",), ("music", Duck(9.0))))
    assert not dry[RATE:].any()
    assert full[RATE:].std() > 1e-3
    assert half[RATE:] == pytest.approx(full[RATE:] * 10 ** (-6 / 20), abs=1e-6)
