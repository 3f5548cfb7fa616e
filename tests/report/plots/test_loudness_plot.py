from __future__ import annotations

import numpy as np
import pytest

from post.report.plots.loudness_plot import HEIGHT, WIDTH, LoudnessPlot, loudness_plot
from post.sound import measure
from post.values.array import Array

RATE = 48000


def tone(level_db: float, seconds: float) -> Array:
    """Returns 997 Hz in both channels, whose loudness is level_db LUFS by BS.1770-5's calibration."""
    wave = 10 ** (level_db / 20) * np.sin(2 * np.pi * 997 / RATE * np.arange(round(seconds * RATE)))
    return np.repeat(wave[:, None], 2, axis=1).astype(np.float32)


def silence(seconds: float) -> Array:
    return np.zeros((round(seconds * RATE), 2), np.float32)


def points(line: str) -> list[tuple[float, float]]:
    return [(float(x), float(y)) for x, y in (point.split(",") for point in line.split())]


def level(y: float) -> float:
    """Returns the LUFS at a height of the plot, which goes from 0 down to -60."""
    return -60 * y / HEIGHT


def drawn(pcm: Array, target: float | None = -14) -> LoudnessPlot:
    return loudness_plot(pcm, RATE, target)


def test_a_steady_tone_is_drawn_at_its_level() -> None:
    made = drawn(tone(-20, 6))
    for lines in (made.momentary, made.short_term):
        assert len(lines) == 1
        assert all(level(y) == pytest.approx(-20, abs=0.1) for _, y in points(lines[0]))


def test_each_line_begins_where_its_first_window_ends() -> None:
    made = drawn(tone(-20, 6))
    assert points(made.momentary[0])[0][0] == pytest.approx(0.4 / 6 * WIDTH, abs=1)
    assert points(made.short_term[0])[0][0] == pytest.approx(3 / 6 * WIDTH, abs=1)


def test_a_line_reaches_the_end_without_a_gap() -> None:
    columns = [x for x, _ in points(drawn(tone(-20, 2)).momentary[0])]
    assert columns == list(range(int(columns[0]), WIDTH))


def test_silence_leaves_a_gap() -> None:
    made = drawn(np.concatenate([tone(-20, 2), silence(2), tone(-30, 2)]))
    assert len(made.momentary) == 2
    before, after = (points(line) for line in made.momentary)
    assert before[-1][0] / WIDTH * 6 == pytest.approx(2.4, abs=0.05)
    assert after[0][0] / WIDTH * 6 == pytest.approx(4, abs=0.05)


def test_a_short_burst_in_a_long_film_keeps_its_height() -> None:
    pcm = np.concatenate([tone(-40, 60), tone(-12, 0.4), tone(-40, 60)])
    top = min(y for line in drawn(pcm).momentary for _, y in points(line))
    loudest = measure(pcm, RATE).max_momentary_lufs
    assert loudest is not None
    assert level(top) == pytest.approx(loudest, abs=0.05)


def test_nothing_is_drawn_for_silence_or_for_less_than_a_window() -> None:
    for pcm in (silence(5), tone(-20, 0.2)):
        made = drawn(pcm)
        assert (made.momentary, made.short_term) == ((), ())


def test_the_target_is_drawn_at_its_level() -> None:
    target = drawn(tone(-20, 1), -23).target
    assert target is not None
    assert level(target) == pytest.approx(-23, abs=0.05)
    assert drawn(tone(-20, 1), None).target is None


@pytest.mark.parametrize("seconds", [0.5, 4, 30, 95])
def test_the_time_axis_is_readable_at_any_length(seconds: float) -> None:
    ticks = drawn(silence(seconds)).times
    assert 2 <= len(ticks) <= 13
    assert len({tick.says for tick in ticks}) == len(ticks)
    assert all(0 <= tick.at <= WIDTH for tick in ticks)
