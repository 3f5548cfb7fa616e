from __future__ import annotations

from dataclasses import replace

import pytest

from post.picture.grain.grain import Grain
from post.report.plots.grain_plot import HEIGHT, WIDTH, GrainPlot, grain_plot
from post.stage import call_of
from post.values import Placed, Rendition, Span
from tests.report.finished_film import Made

ASKED = Grain(strength=4.0, shadows=0.5, mids=1.0, highlights=0.25)


@pytest.fixture
def rendition(made: Made) -> Rendition:
    found = made.done.deliverables[0].rendition
    kept = tuple(each for each in found.placed if each.call.stage != "grain")
    return replace(found, placed=kept)


def given(rendition: Rendition, *grains: Grain) -> GrainPlot | None:
    shots = rendition.shots
    placed = [
        Placed(call_of(grain), shot.span, shot.name) for grain, shot in zip(grains, shots, strict=False)
    ]
    return grain_plot(replace(rendition, placed=(*rendition.placed, *placed)), ASKED)


def heights(points: str) -> list[float]:
    return [float(point.split(",")[1]) for point in points.split()]


def test_a_film_without_grain_has_no_plot(rendition: Rendition) -> None:
    assert grain_plot(rendition, None) is None


def test_strength_is_drawn_by_brightness(rendition: Rendition) -> None:
    whole = Placed(call_of(ASKED), Span(0, rendition.format.length))
    plot = grain_plot(replace(rendition, placed=(*rendition.placed, whole)), ASKED)
    assert plot is not None
    [line] = plot.given
    assert line.shots == ", ".join(shot.name for shot in rendition.shots)
    drawn = heights(line.points)
    assert [drawn[0], drawn[24], drawn[48]] == [HEIGHT / 2, 0, HEIGHT * 0.75]
    assert line.points.split()[-1].startswith(f"{WIDTH},")
    assert [tick.says for tick in plot.codes] == ["0", "2", "4"]
    assert plot.wanted is None


def test_a_shot_with_less_grain_has_a_line_below_the_jobs(rendition: Rendition) -> None:
    plot = given(rendition, ASKED, replace(ASKED, strength=2.0))
    assert plot is not None
    assert [line.shots for line in plot.given] == [shot.name for shot in rendition.shots[:2]]
    assert plot.wanted is not None
    all_of_it, less = (heights(line.points) for line in plot.given)
    assert all_of_it == heights(plot.wanted)
    assert all(low > high for low, high in zip(less, all_of_it, strict=True))
