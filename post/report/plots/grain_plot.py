"""Plots the strength of a film's grain by brightness: as the job asks for it, and as each shot gets it."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil

import numpy as np

from post.plan.grain_transfer import grain_strength
from post.report.plots.loudness_plot import Tick
from post.stage import FieldStage, find, open_call
from post.values import Rendition, StageCall
from post.values.array import Array

WIDTH, HEIGHT = 960, 200  # of the plot, in its own units
LEVELS = np.linspace(0, 1, 49)
QUARTERS = (0, 25, 50, 75, 100)


@dataclass(frozen=True, slots=True)
class GrainLine:
    """One grain. shots: the shots that have it; points: its line, as SVG points; at: y of its label."""

    shots: str
    points: str
    at: float


@dataclass(frozen=True, slots=True)
class GrainPlot:
    """Standard deviation in 8-bit codes by brightness, y downwards. wanted: the film's own line, None where
    every shot has all of it."""

    given: tuple[GrainLine, ...]
    wanted: str | None
    brightness: tuple[Tick, ...]
    codes: tuple[Tick, ...]
    width: int = WIDTH
    height: int = HEIGHT


def grain_plot(rendition: Rendition, film_grain: FieldStage | None) -> GrainPlot | None:
    """Returns the plot of a film; None where it has no grain. film_grain: the one the job wants."""
    shots = _shots(rendition)
    stages = {call: open_call(call) for call in shots}
    lines = {
        call: grain_strength(stage, LEVELS) for call, stage in stages.items() if isinstance(stage, FieldStage)
    }
    wanted = grain_strength(film_grain, LEVELS) if film_grain is not None else np.zeros(len(LEVELS))
    highest = max(float(line.max()) for line in [*lines.values(), wanted])
    if highest == 0:
        return None
    top = ceil(highest * 2) / 2
    given = tuple(
        GrainLine(", ".join(shots[call]), _points(line, top), _y(float(line[len(line) // 2]), top))
        for call, line in lines.items()
    )
    as_asked = all(np.array_equal(line, wanted) for line in lines.values())
    return GrainPlot(
        given,
        None if as_asked else _points(wanted, top),
        tuple(Tick(WIDTH * share / 100, f"{share} %") for share in QUARTERS),
        tuple(Tick(_y(level, top), f"{level:g}") for level in np.linspace(0, top, 3)),
    )


def _shots(rendition: Rendition) -> dict[StageCall, list[str]]:
    """Returns the shots that have each grain, from the stages on their last frame."""
    found: dict[StageCall, list[str]] = {}
    for shot in rendition.shots:
        call = _grain_at(rendition, shot.span.stop - 1, shot.name)
        if call is not None:
            found.setdefault(call, []).append(shot.name)
    return found


def _grain_at(rendition: Rendition, frame: int, shot: str) -> StageCall | None:
    """Returns the grain of a shot: the film's, or its own."""
    placed = [each for each in rendition.placed if frame in each.span and each.shot in ("", shot)]
    return next((each.call for each in placed if issubclass(find(each.call.stage), FieldStage)), None)


def _points(sigma: Array, top: float) -> str:
    return " ".join(
        f"{WIDTH * level:.0f},{_y(float(strength), top):g}"
        for level, strength in zip(LEVELS, sigma, strict=True)
    )


def _y(strength: float, top: float) -> float:
    return round((1 - strength / top) * HEIGHT, 1)
