"""What a motion makes of a unit in each frame."""

from __future__ import annotations

from fractions import Fraction

import pytest

from post.picture.motion.moves import Move, TypeMotion
from post.picture.motion.states import WHOLE, TitleMoment, TypeScale, frames_of, moment_of, state_at
from post.values.time import Clock

CLOCK, SCALE = Clock(Fraction(24)), TypeScale(1000, 50.0)
MOST = {"whole": 1, "line": 2, "word": 3, "cluster": 9}


def test_distances_are_of_the_shorter_side_or_of_the_type() -> None:
    motion = TypeMotion(into=Move(length="1f", dx="-3%", dy="0.5em", ease="linear"))
    state = state_at(motion, TitleMoment(0, -1), WHOLE, SCALE, CLOCK)
    assert (state.dx, state.dy) == pytest.approx((-15, 12.5))  # half the way is done in the one frame between


def test_parts_start_one_after_the_other_and_the_last_ends_last() -> None:
    move = Move(length="4f", by="word", stagger="2f", opacity=0, ease="linear")
    assert frames_of(move, MOST, CLOCK) == 8
    motion = TypeMotion(into=move)

    def opacities(frame: int) -> list[float]:
        parts = [WHOLE | {"word": (number, 3)} for number in range(3)]
        return [state_at(motion, TitleMoment(frame, -1), each, SCALE, CLOCK).opacity for each in parts]

    assert opacities(0) == pytest.approx([0.2, 0, 0])
    assert opacities(3) == pytest.approx([0.8, 0.4, 0])
    assert opacities(7) == pytest.approx([1, 1, 0.8])
    backward = TypeMotion(
        into=Move("4f", by="word", stagger="2f", opacity=0, ease="linear", order="backward")
    )
    last = state_at(backward, TitleMoment(0, -1), WHOLE | {"word": (2, 3)}, SCALE, CLOCK)
    assert last.opacity == pytest.approx(0.2)


def test_what_comes_first_goes_first() -> None:
    motion = TypeMotion(out=Move(length="4f", by="word", stagger="2f", opacity=0, ease="linear"))
    first, last = (
        state_at(motion, TitleMoment(-1, 2), WHOLE | {"word": (number, 3)}, SCALE, CLOCK).opacity
        for number in (0, 2)
    )
    assert first < last


def test_a_move_of_no_length_is_there_at_once() -> None:
    motion = TypeMotion(into=Move(length="0s", by="cluster", stagger="1.5f", opacity=0))
    second = WHOLE | {"cluster": (1, 9)}
    seen = [state_at(motion, TitleMoment(frame, -1), second, SCALE, CLOCK).opacity for frame in range(3)]
    assert seen == [0, 0, 1]


def test_while_runs_from_the_first_frame_to_the_last() -> None:
    motion = TypeMotion(during=Move(dx="10%", ease="linear"))
    moments = [moment_of(motion, frame, 11, MOST, CLOCK) for frame in range(11)]
    states = [state_at(motion, moment, WHOLE, SCALE, CLOCK) for moment in moments if moment]
    assert [state.dx for state in states] == pytest.approx([10 * n for n in range(11)])


def test_a_moment_names_only_what_moves() -> None:
    motion = TypeMotion(into=Move(length="3f", dy="1em"), out=Move(length="2f", opacity=0))
    found = [moment_of(motion, frame, 8, MOST, CLOCK) for frame in range(8)]
    assert found[0] == TitleMoment(0, -1)
    assert found[3:6] == [None] * 3
    assert found[-1] == TitleMoment(-1, 0)
    both = moment_of(motion, 1, 3, MOST, CLOCK)  # so short that it comes and goes at once
    assert both == TitleMoment(1, 1)
