from __future__ import annotations

from fractions import Fraction

import pytest

from post.takes.timing import choose_grid

MILLI = Fraction(1, 1000)
RATES = [
    Fraction(r) for r in ("8", "12", "15", "16", "24000/1001", "24", "25", "28", "30000/1001", "30", "60")
]


def steady(rate: Fraction, frames: int, tick: Fraction) -> list[int]:
    """Stamps rounded to a container's tick."""
    return [round(i / rate / tick) for i in range(frames)]


@pytest.mark.parametrize("rate", RATES, ids=str)
@pytest.mark.parametrize("tick", [MILLI, Fraction(1, 90000), Fraction(1, 12800)], ids=str)
def test_stamps_rounded_to_any_tick_are_one_steady_rate(rate: Fraction, tick: Fraction) -> None:
    grid = choose_grid(steady(rate, 120, tick), round(1 / rate / tick), tick)
    assert (grid.clock.rate, grid.length, grid.variable, grid.known) == (rate, 120, False, True)
    assert [grid.shown_at(i) for i in range(120)] == list(range(120))


def test_a_rate_that_is_no_standard_is_kept() -> None:
    grid = choose_grid(steady(Fraction(13), 50, Fraction(1, 13000)), 1000, Fraction(1, 13000))
    assert (grid.clock.rate, grid.variable) == (Fraction(13), False)


def test_jitter_below_half_a_frame_is_no_varying_rate() -> None:
    stamps = [i * 3000 + (700, -650, 0)[i % 3] for i in range(60)]
    grid = choose_grid(stamps, 3000, Fraction(1, 90000))
    assert [grid.shown_at(i) for i in range(60)] == list(range(60))
    assert not grid.variable


def test_a_gap_holds_the_frame_before_it() -> None:
    stamps = [*range(0, 10), *range(14, 20)]
    grid = choose_grid(stamps, 1, Fraction(1, 24))
    assert (grid.clock.rate, grid.length, grid.variable) == (Fraction(24), 20, True)
    assert [grid.shown_at(i) for i in range(20)] == [*range(10), 9, 9, 9, 9, *range(10, 16)]


def test_frames_closer_than_the_grid_are_dropped() -> None:
    stamps = sorted([*range(0, 3000, 100), 1250])
    grid = choose_grid(stamps, 100, Fraction(1, 3000))
    # The extra frame between grid frames 12 and 13 moves all later ones one on; it is never the latest.
    assert (grid.clock.rate, grid.length, grid.variable) == (Fraction(30), 30, True)
    assert [stamps[grid.shown_at(i)] for i in range(30)] == list(range(0, 3000, 100))


def test_a_frame_stamped_within_half_a_tick_of_its_time_counts_as_on_time() -> None:
    # 24 fps in milliseconds: frame 1 is stamped 42 and due at 41.67.
    stamps = [*steady(Fraction(24), 20, MILLI), 1500]
    grid = choose_grid(stamps, 42, MILLI)
    assert grid.variable
    assert [grid.shown_at(i) for i in range(20)] == list(range(20))


def test_a_held_tail_keeps_its_length() -> None:
    tick = Fraction(1, 24)
    assert choose_grid(range(12), 13, tick).length == 24
    assert choose_grid(range(12), 13, tick).shown_at(23) == 11
    assert choose_grid([*range(12), 23], 1, tick).length == 24
    # A last frame that the file gives no length is shown for one interval.
    assert choose_grid([*range(12), 23], 0, tick).length == 24


def test_the_first_stamp_is_where_the_grid_starts() -> None:
    grid = choose_grid([100, 101, 102, 110], 1, Fraction(1, 24))
    assert grid.start == Fraction(100, 24)
    assert [grid.shown_at(i) for i in (0, 1, 2, 3, 9, 10)] == [0, 1, 2, 2, 2, 3]


def test_one_frame_is_a_clip() -> None:
    grid = choose_grid([7], 40, MILLI)
    assert (grid.clock.rate, grid.length, grid.known) == (Fraction(25), 1, True)
    unknown = choose_grid([7], 0, MILLI)
    assert (unknown.clock.rate, unknown.length, unknown.known) == (Fraction(24), 1, False)


@pytest.mark.parametrize("i", [-1, 3])
def test_no_frame_is_shown_outside_the_grid(i: int) -> None:
    with pytest.raises(IndexError, match="of 3"):
        choose_grid([0, 1, 2], 1, Fraction(1, 24)).shown_at(i)


def test_a_long_pause_is_exact_however_far_it_is() -> None:
    """No float is on the way: nine hours in, the frame is still the right one."""
    ticks = 1001 * 1_000_000
    stamps = [*range(0, 60 * 1001, 1001), ticks]
    grid = choose_grid(stamps, 1001, Fraction(1, 30000))
    last = grid.length - 1
    assert grid.clock.rate == Fraction(30000, 1001)
    assert [grid.shown_at(i) for i in (59, 60, last - 1, last)] == [59, 59, 59, 60]
