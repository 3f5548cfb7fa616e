from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from post.values import Clock, Span, SpeedKey, TimeMap, round_half_up
from post.values.time import Ease

NTSC = Clock(Fraction(30000, 1001))


def test_halves_go_up_so_that_a_run_of_them_does_not_drift() -> None:
    assert [round_half_up(Fraction(n, 2)) for n in (-1, 0, 1, 2, 3)] == [0, 0, 1, 1, 2]


def test_a_film_at_2997_has_exactly_its_samples() -> None:
    # 30000/1001: 1001 frames last 33.366 666... s; the trade's five-frame cadence is 8008 samples.
    assert NTSC.samples(5, 48000) == 8008
    assert NTSC.samples(1001, 48000) == round(1001 * 48000 * 1001 / 30000)


@given(st.integers(0, 10_000), st.integers(1, 240))
def test_frames_of_seconds_of_frames_is_where_it_began(frame: int, rate: int) -> None:
    clock = Clock(Fraction(rate * 1000, 1001))
    assert clock.frames(clock.seconds(frame)) == frame


@given(st.integers(0, 50), st.integers(0, 50), st.integers(0, 50), st.integers(0, 50))
def test_common_frames_are_those_in_both(a: int, b: int, c: int, d: int) -> None:
    one, other = Span(min(a, b), max(a, b)), Span(min(c, d), max(c, d))
    assert list(one.common(other)) == [frame for frame in one if frame in other]
    assert one.meets(other) == bool(set(one) & set(other)) or not len(one) or not len(other)


def test_a_span_cannot_end_before_it_starts() -> None:
    with pytest.raises(ValueError, match="ends before it starts"):
        Span(3, 2)


def test_a_map_at_speed_one_is_the_ratio_of_the_clocks() -> None:
    fifteen_in_24 = TimeMap(Fraction(0), Fraction(15, 24))
    assert [fifteen_in_24(frame) for frame in (0, 8, 24)] == [0, 5, 15]


speeds = st.fractions(Fraction(1, 10), Fraction(16), max_denominator=20)
eases: st.SearchStrategy[Ease] = st.sampled_from(["linear", "smooth", "hold"])


@st.composite
def ramps(draw: st.DrawFn) -> TimeMap:
    places = sorted(draw(st.sets(st.integers(0, 60), min_size=1, max_size=5)))
    keys = tuple(SpeedKey(Fraction(at), draw(speeds), draw(eases)) for at in places)
    return TimeMap(Fraction(draw(st.integers(0, 9))), draw(speeds), keys)


def speed_at(time: TimeMap, frame: float) -> float:
    """The speed curve itself, written out a second time."""
    keys = time.keys
    if frame <= keys[0].at:
        return float(keys[0].speed)
    for a, b in zip(keys, keys[1:], strict=False):
        if frame < b.at:
            u = (frame - float(a.at)) / float(b.at - a.at)
            share = {"hold": 0.0, "linear": u, "smooth": u * u * (3 - 2 * u)}[b.ease]
            return float(a.speed) + share * float(b.speed - a.speed)
    return float(keys[-1].speed)


@given(ramps(), st.integers(1, 80))
def test_a_ramp_is_the_integral_of_its_speed(time: TimeMap, frame: int) -> None:
    edges = sorted({0.0, float(frame), *(float(k.at) for k in time.keys if 0 < k.at < frame)})
    nodes, weights = np.polynomial.legendre.leggauss(4)  # exact up to degree 7; smooth is degree 3
    total = 0.0
    for a, b in zip(edges, edges[1:], strict=False):
        points = (a + b) / 2 + (b - a) / 2 * nodes
        total += (b - a) / 2 * sum(w * speed_at(time, p) for w, p in zip(weights, points, strict=True))
    assert float(time(frame)) == pytest.approx(float(time.start) + float(time.step) * total, abs=1e-9)


@given(ramps(), st.integers(0, 80))
def test_time_never_runs_backwards(time: TimeMap, frame: int) -> None:
    assert time(frame) < time(frame + 1)


def test_keys_out_of_order_are_refused() -> None:
    with pytest.raises(ValueError, match="rising order"):
        TimeMap(keys=(SpeedKey(Fraction(2), Fraction(1)), SpeedKey(Fraction(1), Fraction(1))))
