"""Flashes are judged right at every limit of WCAG: how many, how large, how bright, how red, how close together."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from post.qc.flash.counts import SecondCount
from post.qc.flash.light import CellGrid
from post.values.sights.flash import FlashLimit, FlashSight
from tests.qc.flash.made import (
    BLACK,
    GAP,
    HEIGHT,
    RATE,
    RED,
    WHITE,
    WIDTH,
    Colour,
    flashing,
    grey,
    measured,
    part,
    whole,
)

FIELD, SCREEN = FlashLimit(of="field"), FlashLimit(of="screen")


def worst(sight: FlashSight, limit: FlashLimit = FIELD, *, red: bool = False) -> int:
    return max(each.changes for each in sight.judged(limit, red=red))


def states(sight: FlashSight, limit: FlashLimit = FIELD, *, red: bool = False) -> set[str]:
    return {each.state for each in sight.judged(limit, red=red)}


@pytest.mark.parametrize(("flashes", "changes", "state"), [(1, 2, "pass"), (3, 6, "warning"), (4, 7, "fail")])
def test_three_flashes_in_a_second_pass_and_four_fail(flashes: int, changes: int, state: str) -> None:
    sight = measured(flashing(flashes))
    assert worst(sight) == changes
    assert state in states(sight)
    assert ("fail" in states(sight)) == (state == "fail")


def test_changes_are_counted_at_any_rate() -> None:
    count = SecondCount(CellGrid(2, 2, (1, 1), 1), Fraction(300))
    for _ in range(258):
        count.add(np.ones((2, 2), bool))
    assert count.counts.tolist() == [[258, 258], [258, 258]]


@pytest.mark.parametrize(("share", "fails"), [(0.249, False), (0.25, False), (0.251, True)])
def test_a_quarter_of_a_field_may_flash(share: float, fails: bool) -> None:
    sight = measured(flashing(4, part(share)))
    assert ("fail" in states(sight)) is fails
    assert "fail" not in states(sight, SCREEN)  # it is a ninth of that of the screen


@pytest.mark.parametrize(("rows", "fails"), [(22, False), (23, True)])
def test_a_quarter_of_the_screen_may_flash(rows: int, fails: bool) -> None:
    cells = np.zeros((HEIGHT, WIDTH), bool)
    cells[:rows] = True  # 24.4 and 25.6 % of it
    assert ("fail" in states(measured(flashing(4, cells)), SCREEN)) is fails


def test_flashes_that_lie_apart_in_one_field_add_up() -> None:
    both = part(0.15, 10, 10) | part(0.15, 10, 30)
    assert "fail" in states(measured(flashing(4, both)))
    apart = part(0.15, 10, 5) | part(0.15, 60, 90)
    assert "fail" not in states(measured(flashing(4, apart)))


@pytest.mark.parametrize(
    ("dark", "light", "changes"),
    [
        (0.5, 0.599, 0),
        (0.5, 0.6, 7),
        (0.0, 0.099, 0),
        (0.0, 0.101, 7),
        (0.79, 0.9, 7),
        (0.8, 0.95, 0),  # the darker one is not below 0.80
    ],
)
def test_a_change_is_a_tenth_of_luminance_and_its_darker_state_is_dark(
    dark: float, light: float, changes: int
) -> None:
    assert worst(measured(flashing(4, None, grey(dark), grey(light)))) == changes


@pytest.mark.parametrize(
    ("dark", "light", "changes"),
    [
        (BLACK, RED, 7),
        (grey(0.2), RED, 7),
        (grey(0.2126), RED, 7),  # of one luminance
        (grey(0.2), (0.79, 0.12, 0.09), 0),  # not saturated: 0.79
        (grey(0.2), (0.95, 0.03, 0.02), 7),
        ((0.85, 0.15, 0.0), RED, 0),  # both red, near to each other
    ],
)
def test_red_flashes_go_to_or_from_a_saturated_red_and_far(dark: Colour, light: Colour, changes: int) -> None:
    sight = measured(flashing(4, None, dark, light))
    assert worst(sight, red=True) == changes
    assert ("fail" in states(sight, red=True)) == (changes > 6)


def test_three_red_flashes_pass() -> None:
    assert "fail" not in states(measured(flashing(3, None, grey(0.2126), RED)), red=True)


def test_a_red_flash_of_one_luminance_is_no_general_flash() -> None:
    assert worst(measured(flashing(4, None, grey(0.2126), RED))) == 0


def test_flashes_have_to_come_within_one_second() -> None:
    fast, slow = flashing(4, gap=4), flashing(4, gap=6)  # 3.75 and 2.5 flashes a second
    assert worst(measured(fast)) == 7
    assert worst(measured(slow)) == 5


def test_a_fade_that_takes_frames_is_one_change() -> None:
    ramp = [0.0, 0.3, 0.6, 1.0, 0.6, 0.3]
    sight = measured([whole(grey(ramp[at % 6])) for at in range(2 * RATE)])
    assert worst(sight) == 7  # ten changes a second, of which seven are told apart
    assert {round(each.changed, 3) for each in sight.frames[1:]} == {1.0}


def test_a_picture_that_reverses_its_checks_flashes() -> None:
    board = ((np.indices((HEIGHT, WIDTH)) // 15).sum(axis=0) % 2).astype(bool)
    frames = []
    for at in range(2 * RATE):
        frame = whole(BLACK)
        frame[board if at // GAP % 2 else ~board] = WHITE
        frames.append(frame)
    assert worst(measured(frames)) == 7


def test_a_texture_that_moves_does_not_flash() -> None:
    texture = np.random.default_rng(1).random((HEIGHT // 3, WIDTH)) ** 2
    wide = np.repeat(np.repeat(texture, 3, axis=0), 3, axis=1)
    frames = [np.dstack([wide[:, 2 * at : 2 * at + WIDTH]] * 3) for at in range(RATE)]
    assert all(each.changed > 0.2 for each in measured(frames).frames[1:])
    assert worst(measured(frames)) < 4


@settings(max_examples=12, deadline=None)
@given(st.integers(0, 5), st.integers(2, 6), st.integers(0, 1))
def test_changes_are_counted_as_they_are_made(flashes: int, gap: int, inverted: int) -> None:
    dark, light = (WHITE, BLACK) if inverted else (BLACK, WHITE)
    times = [at for at in range(1, 2 * RATE) if at % gap == 0 and at // gap <= 2 * flashes]
    most = max((sum(last - RATE < at <= last for at in times) for last in times), default=0)
    assert worst(measured(flashing(flashes, None, dark, light, gap))) == min(most, 7)


def test_flashing_near_the_limit_is_extended_after_four_of_five_seconds() -> None:
    pulse = [WHITE if at % 15 < 7 else BLACK for at in range(6 * RATE)]  # two flashes a second
    judged = measured(whole(each) for each in pulse).judged(SCREEN)
    first = next(at for at, each in enumerate(judged) if each.state == "extended")
    assert judged[first].near == 4 * RATE
    assert judged[first - 1].state == "warning"
    longer = FlashLimit(seconds=FIELD.seconds * 2)
    assert "extended" not in {each.state for each in measured(whole(each) for each in pulse).judged(longer)}


def test_stillness_is_seen_as_nothing() -> None:
    sight = measured([whole(grey(0.4))] * 5)
    assert sight.judged(FIELD) == sight.judged(FIELD, red=True)
    assert states(sight) == {"pass"}
    assert [each.luminance for each in sight.frames] == [0.4] * 5
