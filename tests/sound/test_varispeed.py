"""Varispeed: its timing and its noise."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from post.sound.standstill import heard_gain
from post.sound.varispeed import Path, play
from post.values.array import Array
from post.values.ease import Ease
from post.values.time import SpeedKey, TimeMap
from tests.sound.tones import RATE, noise

F = Fraction
RAMP = TimeMap(
    F(0), F(1), (SpeedKey(F(0), F(1)), SpeedKey(F(RATE), F(3), "smooth"), SpeedKey(F(5 * RATE, 2), F(1, 2)))
)
KEY = st.tuples(st.integers(1, 30000), st.fractions(F(1, 10), 16, max_denominator=50))


def read(source: Array, time: TimeMap, samples: int) -> Array:
    def fetch(first: int, stop: int) -> Array:
        at = np.arange(first, stop)
        inside = (at >= 0) & (at < len(source))
        return np.where(inside[:, None], source[np.clip(at, 0, len(source) - 1)], 0)

    return play(Path(time), fetch, 0, samples)


def steady(speed: F, start: int = 0) -> TimeMap:
    return TimeMap(F(start), F(1), (SpeedKey(F(0), speed),))


@settings(max_examples=60, deadline=None)
@given(
    st.lists(KEY, min_size=1, max_size=5),
    st.lists(st.sampled_from(["linear", "smooth", "hold", "bezier(0.4,0,0.2,1)"]), min_size=5, max_size=5),
    st.fractions(-1000, 10**7, max_denominator=7),
    st.integers(-500, 500),
)
def test_the_path_is_the_exact_map(
    keys: list[tuple[int, F]], eases: list[Ease], start: F, first: int
) -> None:
    at, made = F(first), list[SpeedKey]()
    for (gap, speed), ease in zip(keys, eases, strict=False):
        made.append(SpeedKey(at, speed, ease))
        at += gap
    time = TimeMap(start, F(3, 2), tuple(made))
    samples = np.unique(np.linspace(0, int(at) + 2000, 60).astype(int))
    exact = [float(time(int(n))) for n in samples]
    assert Path(time)(samples.astype(np.float64)) == pytest.approx(exact, abs=1e-7, rel=0)


@pytest.mark.parametrize("hz", [100, 1000, 8000])
def test_a_ramp_is_cleaner_than_116_db(hz: int) -> None:
    source = np.sin(2 * np.pi * hz * np.arange(5 * RATE) / RATE)[:, None]
    n = np.arange(3 * RATE + 1, dtype=np.float64)
    positions = Path(RAMP)(n)
    kept = (np.diff(positions) * hz < 16000) & (n[:-1] > 200)
    wanted = np.sin(2 * np.pi * hz * positions[:-1] / RATE)[kept]
    error = read(source, RAMP, 3 * RATE)[kept, 0] - wanted
    assert 10 * np.log10(np.mean(wanted**2) / np.mean(error**2)) > 116


def test_frequencies_too_high_for_a_faster_speed_are_removed_and_not_aliased() -> None:
    source = np.sin(2 * np.pi * 16000 * np.arange(RATE) / RATE)[:, None]
    heard = read(source, steady(F(2)), RATE // 2)[200:-200]
    assert 10 * np.log10(np.mean(heard**2)) < -110


def test_speed_1_from_a_whole_sample_gives_the_samples_themselves() -> None:
    source = noise(0.5)
    assert np.array_equal(read(source, steady(F(1), 1000), 20000).astype(np.float32), source[1000:21000])


@pytest.mark.parametrize("speed", [F(1, 10), F(1, 2), F(24, 25), F(1001, 1000), F(5, 2), F(16)])
def test_a_click_lands_within_a_sample_of_its_place(speed: F) -> None:
    for place in (4000, 4001, 7777):
        source = np.zeros((10000, 1))
        source[place] = 1
        heard = read(source, steady(speed), int(10000 / speed))[:, 0]
        middle = np.sum(np.arange(len(heard)) * heard**2) / np.sum(heard**2)
        assert middle == pytest.approx(float(place / speed), abs=1)


def test_clicks_on_a_ramp_land_within_a_sample_of_the_map() -> None:
    positions = Path(RAMP)(np.arange(3 * RATE, dtype=np.float64))
    for place in (RATE // 3, RATE, 2 * RATE, 3 * RATE):
        source = np.zeros((5 * RATE, 1))
        source[place] = 1
        heard = np.abs(read(source, RAMP, 3 * RATE)[:, 0])
        assert abs(int(heard.argmax()) - np.searchsorted(positions, place)) <= 1


def test_a_constant_stays_constant_at_any_speed() -> None:
    for speed in (F(1, 3), F(1), F(7, 3), F(16)):
        heard = read(np.ones((40000, 1)), steady(speed, 1000), int(30000 / speed) // 16 * 4)
        assert heard[100:-100] == pytest.approx(1, abs=1e-7)


@pytest.mark.parametrize("cut", [1, 7, 1000, 4097])
def test_cutting_the_work_anywhere_gives_the_same_samples(cut: int) -> None:
    source, path = noise(1, 1).astype(np.float64), Path(RAMP)

    def fetch(first: int, stop: int) -> Array:
        return np.take(source, np.arange(first, stop), axis=0, mode="wrap")

    whole = play(path, fetch, RATE, RATE + 9000)
    parts = [play(path, fetch, RATE, RATE + cut), play(path, fetch, RATE + cut, RATE + 9000)]
    assert np.concatenate(parts) == pytest.approx(whole, abs=1e-9)


def test_backwards_at_speed_1_the_samples_are_the_sources_own_in_reverse() -> None:
    source = np.random.default_rng(4).standard_normal((RATE, 2))
    time = TimeMap(F(RATE - 1), F(1), (SpeedKey(F(0), F(-1)),))
    assert np.abs(read(source, time, RATE) - source[::-1]).max() < 1e-9


def test_where_a_map_stands_still_there_is_silence_and_no_click() -> None:
    source = np.sin(2 * np.pi * 200 * (np.arange(2 * RATE) + 60) / RATE)[:, None]
    keys = (SpeedKey(F(0), F(1)), SpeedKey(F(RATE // 2), F(0), "hold"), SpeedKey(F(RATE), F(1), "hold"))
    heard = _heard(source, TimeMap(keys=keys), 3 * RATE // 2)
    assert not np.any(heard[RATE // 2 + 1 : RATE - 1])
    assert np.abs(np.diff(heard)).max() < 1.05 * np.abs(np.diff(source[:, 0])).max()
    assert np.abs(heard[RATE + 500 :] - source[RATE // 2 + 500 : RATE, 0]).max() < 1e-6
    held = _heard(source, TimeMap(held=F(RATE // 2)), RATE)
    assert not np.any(held[RATE // 2 + 1 :])


@pytest.mark.parametrize("held", [20, 48, 55, 70])
def test_a_held_map_is_the_same_for_arrays_wherever_its_keys_are(held: int) -> None:
    time = TimeMap(keys=(SpeedKey(F(48), F(1)), SpeedKey(F(60), F(2))), held=F(held))
    assert Path(time)(np.arange(90.0)) == pytest.approx([float(time(frame)) for frame in range(90)])


def _heard(source: Array, time: TimeMap, samples: int) -> Array:
    gain = heard_gain(Path(time), 0, samples, RATE)
    assert gain is not None
    return np.asarray(read(source, time, samples)[:, 0] * gain)
