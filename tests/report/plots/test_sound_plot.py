"""The sound panel: every lane on one time axis, at the height that its figures say."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest

from post.deliver.check import MeasuredFilm
from post.plan import compile_plan
from post.report.plots.duck_plot import HEIGHT, duck_plot
from post.report.plots.loudness_plot import WIDTH
from post.report.plots.sound_plot import sound_plot
from post.report.plots.waveform import waveform
from post.sound import measure
from post.values import DuckNote, MixNotes, Rendition, Span, Toolchain
from post.values.array import Array
from tests.plan.made import cut, deliver, job, take

RATE = 48000
VOICE = (Span(RATE, 2 * RATE), Span(3 * RATE, 3 * RATE + RATE // 100))
CURVE = ((RATE - 480, 0.0), (RATE, -9.0), (2 * RATE, -9.0), (2 * RATE + 480, 0.0))
MUSIC = DuckNote("music", 12.0, 11.9, VOICE, CURVE, ratios=(11.5, None))


def points(line: str) -> list[tuple[float, float]]:
    return [(float(x), float(y)) for x, y in (point.split(",") for point in line.split())]


def tone(seconds: float) -> Array:
    wave = 0.5 * np.sin(2 * np.pi * 997 / RATE * np.arange(round(seconds * RATE)))
    return np.stack([wave, -0.25 * np.abs(wave)], axis=1).astype(np.float32)


def test_a_waveform_spans_the_extremes_of_all_channels() -> None:
    outline = points(waveform(tone(4), 100, 80))
    up, down = outline[:100], outline[100:]
    assert [x for x, _ in up] == list(range(100))
    assert [x for x, _ in down] == list(reversed(range(100)))
    assert all(y == pytest.approx(80 * (1 - 0.5) / 2, abs=0.1) for _, y in up)
    assert all(y == pytest.approx(80 * (1 + 0.5) / 2, abs=0.1) for _, y in down)


def test_one_loud_sample_of_an_hour_is_drawn_in_its_column_and_full_scale_is_the_edge() -> None:
    pcm = np.zeros((100_000, 2), np.float32)
    pcm[50_500, 1] = 1.5
    heights = [y for _, y in points(waveform(pcm, 100, 80))[:100]]
    assert [at for at, y in enumerate(heights) if y < 40] == [50]
    assert heights[50] == 0


@pytest.mark.parametrize("samples", [0, 1, 7])
def test_a_waveform_of_fewer_samples_than_columns_is_drawn(samples: int) -> None:
    assert len(points(waveform(np.zeros((samples, 2), np.float32), 100, 80))) == (200 if samples else 0)


def test_a_ducked_stem_has_its_gain_its_passages_and_what_was_asked_on_one_axis() -> None:
    plot = duck_plot(MUSIC, 4 * RATE, WIDTH, "as asked")
    bottom = float(plot.levels[-1].says.replace("−", "-"))
    assert bottom <= -12
    assert plot.asked == pytest.approx(12 / -bottom * HEIGHT, abs=0.1)
    gain = points(plot.gain)
    assert [x for x, _ in gain] == pytest.approx([0, 237.6, 240, 480, 482.4, 960], abs=0.1)
    assert [y for _, y in gain] == pytest.approx([0, 0, *[9 / -bottom * HEIGHT] * 2, 0, 0], abs=0.1)
    first, second = plot.ratios
    assert (first.x, first.width, first.says) == (240, 240, "11.5")
    assert first.y == pytest.approx(11.5 / -bottom * HEIGHT, abs=0.1)
    assert (second.says, second.y) == ("", 0)  # not measurable: it has no height


@pytest.mark.parametrize("deepest", [3.0, 14.0, 30.0, 90.0])
def test_the_axis_of_a_duck_holds_its_deepest_gain(deepest: float) -> None:
    note = replace(MUSIC, curve=((0, 0.0), (RATE, -deepest)))
    heights = [y for _, y in points(duck_plot(note, 4 * RATE, WIDTH, "").gain)]
    assert max(heights) <= HEIGHT
    assert max(heights) < HEIGHT or deepest > 40


def test_a_stem_that_was_not_ducked_is_a_flat_line() -> None:
    plot = duck_plot(DuckNote("music", 12.0, None), RATE, WIDTH, "")
    assert {y for _, y in points(plot.gain)} == {0}
    assert plot.ratios == ()


@pytest.fixture(scope="module")
def planned() -> Rendition:
    asked = replace(job(cut("dog", length="1s"), cut("cat", length="3s")), deliver=(deliver("film", 64, 48),))
    takes = {name: take(name, 96) for name in ("dog", "cat")}
    (rendition,) = compile_plan(asked, takes, (), Toolchain((), ())).renditions
    return rendition


def test_all_lanes_share_the_time_axis_and_none_lies_over_another(planned: Rendition) -> None:
    notes = MixNotes(ducks=(MUSIC, replace(MUSIC, what="ambience")), tone=(Span(0, RATE),))
    pcm = tone(4)
    measured = MeasuredFilm(64, 48, Fraction(24), 96, len(pcm), (1, 1, 1, 1), measure(pcm, RATE), notes)
    plot = sound_plot(pcm, measured, planned)
    assert plot.cuts == (240,)
    assert [(each.x, each.width) for each in plot.tone] == [(0, 240)]
    assert [(each.x, each.width) for each in plot.voice] == [(240, 240), (720, 2.4)]
    tops = [0, plot.loudness_y, *(lane.y for lane in plot.ducks)]
    heights = [plot.wave_height, plot.loudness.height, *(lane.duck.height for lane in plot.ducks)]
    assert all(top + high < after for top, high, after in zip(tops, heights, tops[1:], strict=False))
    assert plot.height == tops[-1] + heights[-1]
    assert [lane.duck.stem for lane in plot.ducks] == ["music", "ambience"]
