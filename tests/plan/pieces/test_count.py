from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from post.plan.pieces.count import count_of, seeds_of
from post.values import Shot, Span, SpeedKey, TimeMap
from tests.plan.made import take

TAKE = take("a", 400)


def shot(time: TimeMap, length: int, first: int = 0, name: str = "a") -> Shot:
    return Shot(name, replace(TAKE, name=name), Span(first, first + length), time, "nearest", 0)


def steady(start: Fraction, pace: Fraction = Fraction(1)) -> TimeMap:
    return TimeMap(start, Fraction(1), (SpeedKey(Fraction(0), pace),))


def seeds(*shots: Shot) -> list[list[int]]:
    return [list(seeds_of(shots, number)) for number in range(len(shots))]


@given(
    start=st.fractions(0, 100, max_denominator=50),
    pace=st.fractions(-3, 3, max_denominator=12).filter(bool),
    head=st.integers(0, 30),
    tail=st.integers(0, 30),
    moved=st.integers(0, 200),
)
def test_a_shot_that_moves_and_loses_its_head_and_its_tail_keeps_the_seeds_of_what_is_left(
    start: Fraction, pace: Fraction, head: int, tail: int, moved: int
) -> None:
    (whole,) = seeds(shot(steady(start, pace), 90))
    (left,) = seeds(shot(steady(start + head * pace, pace), 90 - head - tail, moved))
    assert left == whole[head : 90 - tail]
    assert len(set(whole)) == 90
    assert all(
        b - a == 1 or (a & 0xFFFF, b & 0xFFFF) == (0xFFFF, 0) for a, b in zip(whole, whole[1:], strict=False)
    )


RAMP = TimeMap(
    Fraction(3), Fraction(1), (SpeedKey(Fraction(0), Fraction(1)), SpeedKey(Fraction(20), Fraction(0)))
)
STILL = steady(Fraction(5), Fraction(0))
TURNING = TimeMap(
    Fraction(3), Fraction(1), (SpeedKey(Fraction(0), Fraction(1)), SpeedKey(Fraction(40), Fraction(-1)))
)


@pytest.mark.parametrize("time", [RAMP, STILL, TURNING, replace(steady(Fraction(0)), held=Fraction(10))])
def test_whatever_stands_still_or_runs_back_no_seed_comes_twice_in_a_shot(time: TimeMap) -> None:
    (made,) = seeds(shot(time, 60))
    assert len(set(made)) == 60
    (shorter,) = seeds(shot(time, 30, 100))
    assert shorter == made[:30]


def test_a_take_shown_twice_has_other_seeds_the_first_time_and_the_later_one_keeps_its_own() -> None:
    alone = shot(steady(Fraction(0)), 60, 100)
    opening = shot(steady(Fraction(20)), 24)
    first, again = seeds(opening, alone)
    assert again == seeds(alone)[0]
    assert not set(first) & set(again)
    beyond = shot(steady(Fraction(60)), 24)  # what it shows is not shown again
    assert seeds(beyond, alone)[0] == seeds(beyond)[0]


def test_another_speed_and_another_take_have_other_seeds() -> None:
    slow, fast = shot(steady(Fraction(0), Fraction(1, 2)), 48), shot(steady(Fraction(0)), 48)
    file = replace(TAKE.file, sha256="f" * 64)
    other = replace(fast, take=replace(TAKE, file=file))
    made = [set(each) for each in seeds(slow, fast, other)]
    assert len(set.union(*made)) == 3 * 48


def test_numbers_along_a_take_are_whole_frames_of_the_film() -> None:
    count = count_of(shot(TimeMap(Fraction(25), Fraction(30, 24)), 10))
    assert count.span == Span(20, 30)
