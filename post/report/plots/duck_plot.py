"""Plots how a stem gives way to the voice: its gain over time, and how far below the voice it then stands."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import ceil

from post.report.plots.loudness_plot import Tick
from post.values import DuckNote, Span

HEIGHT = 96
LEAST_LABEL = 36  # units of the plot: a narrower passage has no figure beside it
STEP_DB, LEAST_DB, MOST_DB = 6, 18, 48  # of the axis, below 0


@dataclass(frozen=True, slots=True)
class PlotSpan:
    """A part of the time axis, in units of the plot; says: what stands beside it, y: where it stands, 0 if nowhere."""

    x: float
    width: float
    says: str = ""
    y: float = 0.0


@dataclass(frozen=True, slots=True)
class DuckPlot:
    """A stem's gain over time, in a lane of `height`, y downwards, in dB below 0.

    gain: its curve as SVG points; ratios: each passage of voice, with how far below the voice the stem stands there;
    asked: y of how far it was to stand.
    """

    stem: str
    gain: str
    ratios: tuple[PlotSpan, ...]
    asked: float
    levels: tuple[Tick, ...]
    words: str
    height: int = HEIGHT


def duck_plot(note: DuckNote, length: int, width: int, words: str) -> DuckPlot:
    """Returns the plot of a stem's ducking. length: of the film, in samples; width: of the plot; words: what is so."""
    deepest = max([LEAST_DB, note.asked_db, *(-gain for _, gain in note.curve), *_known(note)])
    bottom = min(MOST_DB, STEP_DB * ceil((deepest + 1) / STEP_DB))

    def y(below_db: float) -> float:
        return round(min(max(below_db, 0.0), bottom) / bottom * HEIGHT, 1)

    curve = note.curve or ((0, 0.0),)
    corners = ((0, curve[0][1]), *curve, (length, curve[-1][1]))
    step = STEP_DB if bottom <= 4 * STEP_DB else 2 * STEP_DB
    return DuckPlot(
        note.what,
        " ".join(f"{at / length * width:.1f},{y(-gain):g}" for at, gain in corners),
        tuple(_ratio(span, stands, (length, width), y) for span, stands in _passages(note)),
        y(note.asked_db),
        tuple(Tick(y(level), f"−{level}" if level else "0") for level in range(0, bottom + 1, step)),
        words,
    )


def _passages(note: DuckNote) -> list[tuple[Span, float | None]]:
    """Returns each passage of voice with how far below it the stem stands there, None where that is not known."""
    known = note.ratios if len(note.ratios) == len(note.passages) else (None,) * len(note.passages)
    return list(zip(note.passages, known, strict=True))


def _known(note: DuckNote) -> list[float]:
    return [stands for _, stands in _passages(note) if stands is not None]


def _ratio(span: Span, stands: float | None, of: tuple[int, int], y: Callable[[float], float]) -> PlotSpan:
    """Returns a passage's part of the plot. of: the film's length in samples, and the plot's width."""
    length, width = of
    x, wide = span.first / length * width, len(span) / length * width
    said = "" if stands is None or wide < LEAST_LABEL else f"{stands:.1f}"
    return PlotSpan(round(x, 1), round(wide, 1), said, 0.0 if stands is None else y(stands))
