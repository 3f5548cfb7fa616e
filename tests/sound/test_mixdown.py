"""The mix: every event at its sample, at its level, in its channel."""

from __future__ import annotations

import tracemalloc
from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from post.errors import SourceError
from post.sound import mix
from post.sound.channels import mix_matrix
from post.sound.mixdown.laying import BLOCK
from post.sound.pcm import gain_factor
from post.values import File, Mix, Sound, SoundEvent, SpeedKey, TimeMap
from post.values.array import Array
from post.values.speakers import BY_COUNT
from tests.sound.tones import RATE, noise

F = Fraction
FILE = File("0" * 64, "rain.wav")
SOUND = Sound(0, "pcm_s16le", RATE, 2, RATE, F(0))
EVENT = SoundEvent(FILE, "clip", SOUND, at=0, length=1000, offset=F(0), gain_db=0)


def mixed(source: Array, *events: SoundEvent, length: int = 10000, channels: int = 2) -> Array:
    return mix(plan(events, length, channels), lambda _file, _sound, _rate: source)


def plan(events: Sequence[SoundEvent], length: int, channels: int = 2) -> Mix:
    return Mix(tuple(events), RATE, channels, length, None, -1, "pcm_s24le", 0, ())


def click(at: int, length: int = 9000, channels: int = 2) -> Array:
    made = np.zeros((length, channels), np.float32)
    made[at] = 0.5
    return made


@settings(max_examples=80, deadline=None)
@given(st.integers(-3000, 9000), st.fractions(-1, 1, max_denominator=1001), st.integers(0, 8999))
def test_a_sample_lands_where_at_and_offset_put_it(at: int, offset: F, place: int) -> None:
    event = replace(EVENT, at=at, length=9000, offset=offset)
    bus = mixed(click(place), event)
    # The source sample nearest to the offset plays first; exactly half-way rounds up.
    lands = at + place - int((offset * RATE + F(1, 2)).__floor__())
    heard = np.flatnonzero(bus[:, 0])
    assert list(heard) == ([lands] if max(0, at) <= lands < min(10000, at + 9000) else [])
    assert bus.shape == (10000, 2)
    assert bus.dtype == np.float32


@pytest.mark.parametrize(
    ("offset", "first"), [(F(1, 3), 0), (F(1, 2), 1), (F(2, 3), 1), (F(-1, 2), 0), (F(-2, 3), -1)]
)
def test_an_offset_between_samples_takes_the_nearer(offset: F, first: int) -> None:
    bus = mixed(click(500), replace(EVENT, offset=offset / RATE))
    assert list(np.flatnonzero(bus[:, 0])) == [500 - first]


@pytest.mark.parametrize("at", [0, 1, BLOCK - 1, BLOCK, BLOCK + 1, 2 * BLOCK - 5])
def test_blocks_join_without_a_seam(at: int) -> None:
    source = noise(4.5)
    event = replace(EVENT, at=at, length=3 * BLOCK - 100, offset=F(7, RATE))
    bus = mixed(source, event, length=4 * BLOCK)
    assert np.array_equal(bus[at : at + event.length], source[7 : 7 + event.length][: len(bus) - at])
    assert not bus[:at].any()
    assert not bus[at + event.length :].any()


def test_events_add_up_at_their_gains() -> None:
    source = noise(0.1)
    events = [replace(EVENT, gain_db=-6), replace(EVENT, at=100, gain_db=3)]
    bus = mixed(source, *events)
    wanted = np.zeros((10000, 2))
    wanted[:1000] += source[:1000] * gain_factor(-6)
    wanted[100:1100] += source[:1000] * gain_factor(3)
    assert bus == pytest.approx(wanted, abs=1e-6)


def test_outside_a_source_there_is_silence() -> None:
    source = noise(0.01)
    early = replace(EVENT, at=100, offset=F(-50, RATE))
    bus = mixed(source, early)
    assert not bus[:150].any()
    assert np.array_equal(bus[150:630], source)
    assert not bus[630:].any()


@pytest.mark.parametrize("samples", [1, 2, 480, 999, 1000, 5000])
def test_a_crossfade_keeps_its_power_at_every_sample(samples: int) -> None:
    ones = np.ones((10000, 1), np.float32)
    going = mixed(ones, replace(EVENT, length=5000, fade_out=samples))[:5000, 0].astype(np.float64)
    coming = mixed(ones, replace(EVENT, length=5000, fade_in=samples))[:5000, 0].astype(np.float64)
    assert going[-samples:] ** 2 + coming[:samples] ** 2 == pytest.approx(1, abs=1e-6)
    assert going[: 5000 - samples] == pytest.approx(1)
    assert np.all(np.diff(coming[:samples]) > 0)
    # One fade is the other reversed: both are sampled half a sample in from their ends.
    assert coming == pytest.approx(going[::-1], abs=1e-6)


def test_a_loop_repeats_from_its_start_without_a_gap() -> None:
    source = noise(0.02)
    bus = mixed(source, replace(EVENT, at=30, length=5000, offset=F(60, RATE), loop=True))
    wanted = np.tile(source[60:], (10, 1))[:5000]
    assert np.array_equal(bus[30:5030], wanted)


def test_a_loop_that_starts_outside_its_sound_is_refused() -> None:
    with pytest.raises(SourceError, match=r"rain\.wav: a loop starts outside its sound"):
        mixed(noise(0.01), replace(EVENT, offset=F(1), loop=True))


@pytest.mark.parametrize("speed", [F(1, 2), F(24, 25), F(3)])
@pytest.mark.parametrize("offset", [F(0), F(1, 7), F(1001, 30000)])
def test_at_another_speed_a_click_is_within_a_sample(speed: F, offset: F) -> None:
    place = 40000
    time = TimeMap(offset * RATE, F(1), (SpeedKey(F(0), speed),))
    event = replace(EVENT, at=123, length=100000, offset=offset, map=time)
    bus = np.abs(mixed(click(place, 60000), event, length=110000))
    assert abs(int(bus[:, 0].argmax()) - float(123 + (place - offset * RATE) / speed)) <= 1


def test_a_map_at_speed_1_gives_the_plain_mix() -> None:
    source = noise(1)
    plain = replace(EVENT, length=40000, offset=F(11, RATE), fade_in=99, gain_db=-3)
    mapped = replace(plain, map=TimeMap(F(11), F(1)))
    assert mixed(source, mapped, length=50000) == pytest.approx(mixed(source, plain, length=50000), abs=1e-7)


def test_a_map_and_an_offset_that_disagree_are_a_bug() -> None:
    with pytest.raises(ValueError, match="map starts at source sample 500"):
        mixed(noise(1), replace(EVENT, map=TimeMap(F(500), F(1))))


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
def test_a_nan_or_infinity_names_its_file(bad: float) -> None:
    source = noise(0.1)
    source[77, 0] = bad
    with pytest.raises(SourceError, match=r"rain\.wav: .* at sample 77, channel 1"):
        mixed(source, EVENT)


@pytest.mark.parametrize(
    "source", [np.zeros((0, 2), np.float32), np.zeros((100, 2), np.int16), np.zeros(100), noise(1, 9)]
)
def test_an_array_that_is_not_sound_names_its_file(source: Array) -> None:
    with pytest.raises(SourceError, match=r"rain\.wav"):
        mixed(source, EVENT)


def test_a_mono_source_feeds_both_sides_at_its_own_level() -> None:
    source = noise(0.1, 1)
    bus = mixed(source, EVENT)
    assert np.array_equal(bus[:1000], np.repeat(source[:1000], 2, axis=1))


def test_5_1_becomes_stereo_by_the_table_of_bs_775() -> None:
    # Sources L R C LFE Ls Rs, outputs L' R'.
    table = [[1, 0], [0, 1], [0.7071, 0.7071], [0, 0], [0.7071, 0], [0, 0.7071]]
    assert np.array_equal(mix_matrix(BY_COUNT[6], 2), np.array(table))
    source = noise(0.1, 6)
    assert mixed(source, EVENT)[:1000] == pytest.approx(source[:1000] @ np.array(table), abs=1e-6)


def test_other_layouts_are_mixed() -> None:
    assert mix_matrix(BY_COUNT[6], 1)[:, 0].tolist() == [0.7071, 0.7071, 1, 0, 0.5, 0.5]
    assert mix_matrix(BY_COUNT[2], 1)[:, 0].tolist() == [0.7071, 0.7071]
    assert mix_matrix(BY_COUNT[1], 6).tolist() == [[0, 0, 1, 0, 0, 0]]
    assert mix_matrix(BY_COUNT[2], 6).tolist() == [[1, 0, 0, 0, 0, 0], [0, 1, 0, 0, 0, 0]]
    for same in (1, 2, 6):
        assert np.array_equal(mix_matrix(BY_COUNT[same], same), np.eye(same))


def test_each_source_is_read_once_in_the_order_of_the_plan() -> None:
    other, asked = File("1" * 64, "wind.wav"), list[tuple[File, int]]()

    def read(file: File, _sound: Sound, rate: int) -> Array:
        asked.append((file, rate))
        return noise(0.1, seed=3 if file == FILE else 4)

    events = [EVENT, replace(EVENT, file=other, at=10), replace(EVENT, at=500)]
    first = mix(plan(events, 5000), read)
    assert asked == [(FILE, RATE), (other, RATE)]
    assert np.array_equal(first, mix(plan(events, 5000), read))


def test_no_events_give_silence_of_the_planned_length() -> None:
    assert np.array_equal(mixed(noise(1), length=77), np.zeros((77, 2), np.float32))


def test_memory_is_the_bus_and_one_source() -> None:
    source = noise(40)
    time = TimeMap(F(0), F(1), (SpeedKey(F(0), F(1, 2)),))
    events = [replace(EVENT, length=60 * RATE), replace(EVENT, length=4 * RATE, map=time)]
    mixed(source[:1000], replace(events[1], length=100))  # the kernel's table is made once
    tracemalloc.start()
    bus = mixed(source, *events, length=60 * RATE)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < bus.nbytes + 12e6
