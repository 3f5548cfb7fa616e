"""Which gaps of a film are filled with which tone, and how loud it is there."""

from __future__ import annotations

import numpy as np
import pytest

from post.sound.tone.gaps import SILENT
from post.values.array import Array
from post.values.plan import RoomTone
from tests.sound.tone.made import RATE, Laid, film_of, part, power_db, room, spoken

LOW = spoken(room(6, -60, 1, high_hz=1500), -20)
HIGH = spoken(room(6, -66, 2, low_hz=3000), -20)


def longest_silence_s(sound: Array) -> float:
    silent = np.concatenate([[False], np.abs(sound).max(axis=1) < SILENT, [False]])
    turns = np.flatnonzero(np.diff(silent.astype(int)))
    return float(np.max(turns[1::2] - turns[::2], initial=0) / RATE)


def test_a_shot_without_sound_between_two_rooms_goes_from_the_one_to_the_other() -> None:
    before, after, tone = film_of([Laid(LOW, 0, 2), Laid(HIGH, 5, 2)], 7)
    assert longest_silence_s(before) == pytest.approx(3, abs=0.01)
    assert longest_silence_s(after) < 0.001
    assert [(gap.first, gap.stop) for gap in tone.filled] == [(2 * RATE, 5 * RATE)]
    assert power_db(part(after, 2, 2.7)) == pytest.approx(-60, abs=1)
    assert power_db(part(after, 4.3, 5)) == pytest.approx(-66, abs=1)
    # Half-way, both are heard at half their power.
    half = 10 * np.log10((1e-6 + 10**-6.6) / 2)
    assert power_db(part(after, 3.4, 3.6)) == pytest.approx(half, abs=1.5)


def test_what_the_shots_have_of_their_own_stays() -> None:
    before, after, _ = film_of([Laid(LOW, 1, 2), Laid(HIGH, 5, 2)], 8)
    for first, stop in ((1.031, 2.969), (5.031, 6.969)):
        assert np.array_equal(part(before, first, stop), part(after, first, stop))
    assert longest_silence_s(after) < 0.001


def test_a_gap_within_a_shot_has_its_own_tone() -> None:
    # The second shot's sound starts a second late and ends a second early, with digital silence inside.
    late = np.concatenate([np.zeros((RATE, 2), np.float32), HIGH[: 2 * RATE]])
    late[round(1.8 * RATE) : round(2.2 * RATE)] = 0
    _, after, tone = film_of([Laid(LOW, 0, 2), Laid(late, 2, 4)], 6)
    ends = [end / RATE for gap in tone.filled for end in (gap.first, gap.stop)]
    assert ends == pytest.approx([2, 3, 3.8, 4.2, 5, 6], abs=0.002)
    for first, stop in ((2.05, 2.95), (3.85, 4.15), (5.05, 6)):
        heard = part(after, first, stop)
        assert power_db(heard) == pytest.approx(-66, abs=1)
        assert np.corrcoef(heard[1:, 0], heard[:-1, 0])[0, 1] < 0  # all of it is high


def test_a_shot_without_a_quiet_part_borrows_the_tone_of_the_nearest_one() -> None:
    at = np.arange(2 * RATE) / RATE
    sine = np.repeat((0.1 * np.sin(2 * np.pi * 440 * at)).astype(np.float32)[:, None], 2, axis=1)
    _, after, _ = film_of([Laid(LOW, 0, 2), Laid(sine, 3, 1), Laid(sine, 5, 1)], 7)
    for first, stop in ((2, 3), (4.05, 4.95), (6.05, 7)):
        assert power_db(part(after, first, stop)) == pytest.approx(-60, abs=1)


def test_no_tone_is_invented() -> None:
    silence = np.zeros((RATE, 2), np.float32)
    for source in (silence, silence + np.float32(0.1)):
        before, after, tone = film_of([Laid(source, 0, 1)], 3)
        assert np.array_equal(before, after)
        assert tone.filled == ()


def test_off_fills_nothing_and_gain_moves_its_level() -> None:
    shots = [Laid(LOW, 0, 2)]
    before, after, tone = film_of(shots, 4, tone=None)
    assert np.array_equal(before, after)
    assert tone.filled == ()
    assert power_db(part(film_of(shots, 4, RoomTone(-10))[1], 2.1, 4)) == pytest.approx(-70, abs=1)


@pytest.mark.parametrize(("gap_s", "filled"), [(0.015, False), (0.025, True)])
def test_gaps_of_20_ms_and_more_are_filled(gap_s: float, filled: bool) -> None:
    _, _, tone = film_of([Laid(LOW, 0, 2), Laid(LOW, 2 + gap_s, 1)], 4)
    assert bool([gap for gap in tone.filled if gap.first == 2 * RATE]) == filled


def test_the_same_film_has_the_same_tone_and_two_gaps_have_two() -> None:
    shots = [Laid(LOW, 0, 1), Laid(LOW, 2, 1), Laid(LOW, 4, 1)]
    first, again = (film_of(shots, 5)[1] for _ in range(2))
    assert np.array_equal(first, again)
    a, b = part(first, 1.05, 1.95)[:, 0], part(first, 3.05, 3.95)[:, 0]
    assert abs(np.corrcoef(a, b)[0, 1]) < 0.1


def test_edges_are_crossed_at_equal_power() -> None:
    # Shots that are room and nothing else, so that the edge can be measured: many of them, as one has too few samples.
    quiet = room(6, -50, 3)
    powers = []
    for k in range(12):
        _, after, _ = film_of([Laid(quiet, 0, 1, offset=k * 0.4)], 2)
        powers.append(np.square(part(after, 0.9, 1.1), dtype=np.float64).mean(axis=1))
    levels = 10 * np.log10(np.mean(powers, axis=0).reshape(-1, RATE // 200).mean(axis=1))
    # These shots do not fade: over the 30 ms before the gap the tone comes in beside them, up to 3 dB.
    assert levels.min() > -51.5
    assert levels.max() < -46
