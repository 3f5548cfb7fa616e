from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from post.handoff.ramps import in_ramps
from post.handoff.time_keys import CLOSE, PositionKey, position, positions_of, rebased, speeds_of
from post.values import Clock, Span, SpeedKey, TimeMap

FILM = Clock(Fraction(24))
SPEEDS = st.sampled_from([Fraction(each) for each in ("0.25", "0.5", "1", "2", "4")])
EASES = st.sampled_from(["linear", "smooth", "hold", "bezier(0.42,0,0.58,1)"])


@st.composite
def curves(draw: st.DrawFn) -> tuple[SpeedKey, ...]:
    frames = sorted(draw(st.sets(st.integers(0, 70), min_size=1, max_size=4)))
    return tuple(SpeedKey(Fraction(at), draw(SPEEDS), draw(EASES)) for at in frames)


@settings(deadline=None, max_examples=40)
@given(curves())
def test_lines_touch_the_curve_at_every_key_and_leave_it_by_a_twentieth_of_a_frame(
    keys: tuple[SpeedKey, ...],
) -> None:
    curve, source = TimeMap(keys=keys), Fraction(3)
    lines = positions_of(keys, source, Span(-6, 78), FILM)
    assert all(key.at.denominator == 1 for key in lines)
    assert all(key.source == source + FILM.seconds(curve(key.at)) for key in lines)
    assert max(abs((position(lines, at) - source) * 24 - curve(at)) for at in range(-6, 79)) <= CLOSE


@settings(deadline=None, max_examples=40)
@given(curves())
def test_constant_speeds_follow_lines_exactly_and_ramps_as_far_as_they_say(
    keys: tuple[SpeedKey, ...],
) -> None:
    lines = positions_of(keys, Fraction(0), Span(0, 78), FILM)
    exact = speeds_of(lines, FILM)
    assert exact.error == 0
    held, ramps = TimeMap(keys=exact.speeds), in_ramps(exact)
    assert all(held(at) == position(lines, at) * 24 for at in range(78))
    made = TimeMap(keys=ramps.speeds)
    assert max(abs(made(at) - held(at)) for at in range(78)) <= ramps.error + Fraction(1, 100)
    assert ramps.error <= CLOSE


@settings(deadline=None, max_examples=20)
@given(curves(), st.integers(-10, 60))
def test_speeds_counted_from_another_frame_are_the_same_speeds(
    keys: tuple[SpeedKey, ...], skipped: int
) -> None:
    curve, moved = TimeMap(keys=keys), rebased(keys, Fraction(skipped))
    assert moved[0].at >= 0
    run = TimeMap(keys=moved)
    # A smooth ease that is cut in two is followed by straight ones.
    furthest = max(abs(run(at) - (curve(at + skipped) - curve(skipped))) for at in range(0, 60, 4))
    assert furthest <= Fraction(1, 50)


def test_an_even_change_of_speed_is_exact_at_both_of_its_ends() -> None:
    """Final Cut Pro gives the place where two speeds would meet, and how long they take to pass into each other."""
    keys = (
        PositionKey(Fraction(0), Fraction(0)),
        PositionKey(Fraction(24), Fraction(1), "smooth", Fraction(6), Fraction(6)),
        PositionKey(Fraction(48), Fraction(3), "smooth"),
    )
    fitted = speeds_of(keys, FILM)
    assert (fitted.error, fitted.why) == (Fraction(0), "")
    run = TimeMap(keys=fitted.speeds)
    assert [run(at) for at in (18, 30, 48)] == [18, 36, 72]
    assert 18 < run(24) - run(18) + 18 < 30


def test_an_uneven_change_says_by_how_much_it_is_missed() -> None:
    keys = (
        PositionKey(Fraction(0), Fraction(0)),
        PositionKey(Fraction(24), Fraction(1), "smooth", Fraction(6), Fraction(2)),
        PositionKey(Fraction(48), Fraction(3), "smooth"),
    )
    assert speeds_of(keys, FILM).why
    assert speeds_of(keys, FILM).error == 3


def test_jumps_and_keys_out_of_order_are_refused() -> None:
    jump = (PositionKey(Fraction(0), Fraction(0)), PositionKey(Fraction(9), Fraction(2), "hold"))
    with pytest.raises(ValueError, match="jumps"):
        speeds_of(jump, FILM)
    with pytest.raises(ValueError, match="rising order"):
        speeds_of(tuple(reversed(jump)), FILM)
