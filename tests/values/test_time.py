from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from post.values import Clock, Span, SpeedKey, TimeMap, round_half_up
from post.values.ease import Ease, eased_run, read_ease

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
signed = st.one_of(speeds, st.just(Fraction(0)), speeds.map(lambda speed: -speed))
BEZIERS = (
    "bezier(0.42,0,0.58,1)",
    "bezier(0,0,1,1)",
    "bezier(0.9,0.1,0.3,1)",
    "bezier(1,1,0,0)",
    "bezier(0,1,0,1)",
)
eases: st.SearchStrategy[Ease] = st.sampled_from(["linear", "smooth", "hold", *BEZIERS])


@st.composite
def ramps(draw: st.DrawFn, of: st.SearchStrategy[Fraction] = speeds) -> TimeMap:
    places = sorted(draw(st.sets(st.integers(0, 60), min_size=1, max_size=5)))
    keys = tuple(SpeedKey(Fraction(at), draw(of), draw(eases)) for at in places)
    return TimeMap(Fraction(draw(st.integers(0, 9))), draw(speeds), keys)


def on_curve(ease: Ease, u: float) -> float:
    """A Bezier ease, written out a second time: its parameter by halving, in floats."""
    x1, y1, x2, y2 = (float(number) for number in ease[7:-1].split(","))

    def at(t: float, first: float, second: float) -> float:
        return 3 * (1 - t) ** 2 * t * first + 3 * (1 - t) * t * t * second + t**3

    low, high = 0.0, 1.0
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (low, middle) if at(middle, x1, x2) > u else (middle, high)
    return at(low, y1, y2)


def speed_at(time: TimeMap, frame: float) -> float:
    """The speed curve itself, written out a second time."""
    keys = time.keys
    if frame <= keys[0].at:
        return float(keys[0].speed)
    for a, b in zip(keys, keys[1:], strict=False):
        if frame < b.at:
            u = (frame - float(a.at)) / float(b.at - a.at)
            plain = {"hold": 0.0, "linear": u, "smooth": u * u * (3 - 2 * u)}
            share = plain[b.ease] if b.ease in plain else on_curve(b.ease, u)
            return float(a.speed) + share * float(b.speed - a.speed)
    return float(keys[-1].speed)


def integral(speed: Callable[[float], float], edges: list[float]) -> float:
    """The integral of a speed that is smooth between edges, by Gauss and Legendre."""
    nodes, weights = np.polynomial.legendre.leggauss(8)
    total = 0.0
    for a, b in zip(edges, edges[1:], strict=False):
        points = (a + b) / 2 + (b - a) / 2 * nodes
        total += (b - a) / 2 * sum(w * speed(p) for w, p in zip(weights, points, strict=True))
    return total


@given(
    ramps(signed).filter(lambda time: not any(key.ease in BEZIERS for key in time.keys)), st.integers(1, 80)
)
def test_a_ramp_is_the_integral_of_its_speed(time: TimeMap, frame: int) -> None:
    edges = sorted({0.0, float(frame), *(float(k.at) for k in time.keys if 0 < k.at < frame)})
    total = integral(lambda at: speed_at(time, at), edges)
    assert float(time(frame)) == pytest.approx(float(time.start) + float(time.step) * total, abs=1e-9)


@pytest.mark.parametrize("ease", BEZIERS)
def test_a_bezier_ease_runs_within_1e_9_of_its_integral(ease: Ease) -> None:
    """By its parameter: the integral over time is that of y(t) x'(t), a polynomial, exact by Gauss."""
    x1, y1, x2, y2 = (float(number) for number in ease[7:-1].split(","))

    def cubic(t: float, first: float, second: float) -> float:
        return 3 * (1 - t) ** 2 * t * first + 3 * (1 - t) * t * t * second + t**3

    def rate(t: float) -> float:
        return 3 * (1 - t) ** 2 * x1 + 6 * (1 - t) * t * (x2 - x1) + 3 * t * t * (1 - x2)

    for t in (0.0, 0.01, 0.3, 0.5, 0.77, 1.0):
        u = Fraction(cubic(t, x1, x2))
        exact = integral(lambda at: cubic(at, y1, y2) * rate(at), [0.0, t])
        assert float(eased_run(ease, u)) == pytest.approx(exact, abs=1e-9)
    assert abs(eased_run("bezier(0.25,0.25,0.75,0.75)", Fraction(1, 3)) - Fraction(1, 18)) < Fraction(
        1, 10**18
    )


@pytest.mark.parametrize("ease", [*BEZIERS, "linear", "smooth", "hold"])
def test_the_speed_of_a_map_is_that_of_its_keys_and_eases(ease: Ease) -> None:
    time = TimeMap(keys=(SpeedKey(Fraction(3), Fraction(1)), SpeedKey(Fraction(30), Fraction(-4), ease)))
    for frame in (0, 3, 4, 11, 29, 30, 50):
        assert float(time.speed(frame)) == pytest.approx(speed_at(time, frame), abs=1e-5)


@pytest.mark.parametrize(
    "text", ["", "fast", "bezier(1,2)", "bezier(0,0,2,1)", "bezier(0,-1,1,1)", "bezier(0,0,1.5,1)"]
)
def test_what_is_no_ease_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="not an ease"):
        read_ease(text)


def test_an_ease_is_written_in_one_way() -> None:
    assert read_ease(" bezier( .420, 0 ,0.58,1.0) ") == "bezier(0.42,0,0.58,1)"


@settings(max_examples=40, deadline=None)
@given(ramps(), st.integers(0, 80), st.fractions(0, 1, max_denominator=7))
def test_the_inverse_finds_the_frame_of_a_position(time: TimeMap, frame: int, more: Fraction) -> None:
    found = time.inverse(time(frame + more))
    assert found is not None
    assert abs(found - frame - more) < Fraction(1, 10**12)


@settings(max_examples=40, deadline=None)
@given(ramps(), st.integers(0, 60))
def test_the_inverse_of_a_map_backwards_or_held_is_the_first_frame_that_shows_it(
    time: TimeMap, frame: int
) -> None:
    back = replace(time, keys=tuple(replace(key, speed=-key.speed) for key in time.keys))
    found = back.inverse(back(frame))
    assert found is not None
    assert abs(found - frame) < Fraction(1, 10**12)
    held = replace(time, held=Fraction(40))
    found = held.inverse(held(frame))
    assert found is not None
    assert abs(found - min(frame, 40)) < Fraction(1, 10**12)
    assert held.inverse(held(40) + 1) is None
    assert time.inverse(time.start - 1) is None


def test_a_map_that_turns_round_has_no_inverse() -> None:
    with pytest.raises(ValueError, match="runs both ways"):
        TimeMap(keys=(SpeedKey(Fraction(0), Fraction(1)), SpeedKey(Fraction(9), Fraction(-1)))).inverse(
            Fraction(3)
        )


@settings(max_examples=40, deadline=None)
@given(ramps(signed), st.integers(1, 40), st.integers(1, 40))
def test_a_map_leaves_a_range_at_its_first_frame_outside(time: TimeMap, below: int, above: int) -> None:
    low, high = time(0) - below, time(0) + above
    found = time.leaves(low, high)
    looked_at = range(1, 200)
    outside = next((frame for frame in looked_at if not low <= time(frame) < high), None)
    assert (found if found in looked_at else None) == outside
    assert found is None or not low <= time(found) < high


def test_a_held_map_stays_where_it_is() -> None:
    time = TimeMap(held=Fraction(9))
    assert [time(frame) for frame in (8, 9, 10, 100)] == [8, 9, 9, 9]
    assert time.constant is None
    assert time.speed(9) == 0


@given(ramps(), st.integers(0, 80))
def test_time_never_runs_backwards(time: TimeMap, frame: int) -> None:
    assert time(frame) < time(frame + 1)


def test_keys_out_of_order_are_refused() -> None:
    with pytest.raises(ValueError, match="rising order"):
        TimeMap(keys=(SpeedKey(Fraction(2), Fraction(1)), SpeedKey(Fraction(1), Fraction(1))))
