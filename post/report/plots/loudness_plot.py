"""Plots a film's loudness over time."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil

import numpy as np

from post.sound import curve
from post.sound.runs import runs_of
from post.values.array import Array
from post.values.time import Span

WIDTH, HEIGHT = 960, 240  # of the plot, in its own units
TOP_LUFS, BOTTOM_LUFS = 0, -60
STEP_LU = 12
# Steps of a time axis, in seconds: the first one that gives at most MOST_TICKS is used.
TIME_STEPS = (0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 1800, 3600)
MOST_TICKS = 12


@dataclass(frozen=True, slots=True)
class Tick:
    """A mark on an axis: its place in units of the plot, and its label."""

    at: float
    says: str


@dataclass(frozen=True, slots=True)
class LoudnessPlot:
    """Loudness over time in a plot of `width` by `height`, y downwards.

    momentary, short_term: lines, each as SVG points; a line ends where the meter has no reading;
    target: y of the target, None where there is none.
    """

    momentary: tuple[str, ...]
    short_term: tuple[str, ...]
    times: tuple[Tick, ...]
    levels: tuple[Tick, ...]
    target: float | None
    width: int = WIDTH
    height: int = HEIGHT


def loudness_plot(pcm: Array, rate_hz: int, target_lufs: float | None) -> LoudnessPlot:
    """Returns the plot of momentary and short-term loudness (EBU Tech 3341).

    pcm: (samples, channels) float, full scale 1; target_lufs: None where there is no target.
    """
    times, momentary, short_term = curve(pcm, rate_hz)
    seconds = max(len(pcm) / rate_hz, 1 / rate_hz)
    levels = range(TOP_LUFS, BOTTOM_LUFS - 1, -STEP_LU)
    return LoudnessPlot(
        _lines(times, momentary, seconds),
        _lines(times, short_term, seconds),
        _time_ticks(seconds),
        tuple(Tick(_y(level), f"{level}".replace("-", "−")) for level in levels),
        None if target_lufs is None else _y(target_lufs),
    )


def _y(lufs: float) -> float:
    held = min(max(lufs, BOTTOM_LUFS), TOP_LUFS)
    return round((TOP_LUFS - held) / (TOP_LUFS - BOTTOM_LUFS) * HEIGHT, 1)


def _lines(times: Array, levels: Array, seconds: float) -> tuple[str, ...]:
    """Returns the lines. Each column of the plot has one point, its loudest, so that no peak is lost."""
    columns = np.minimum((times / seconds * WIDTH).astype(int), WIDTH - 1)
    loudest = np.full(WIDTH, np.nan)
    np.fmax.at(loudest, columns, levels)
    known = np.isfinite(loudest)
    drawn = _held(loudest, known, columns)
    return tuple(_points(drawn, run) for run in runs_of(np.isfinite(drawn)))


def _held(loudest: Array, known: Array, columns: Array) -> Array:
    """Returns the columns; one without a reading (in short films) repeats the one before, silent ones stay empty."""
    read = np.zeros(WIDTH, bool)
    read[columns] = True
    latest = np.maximum.accumulate(np.where(read, np.arange(WIDTH), -1))
    usable = (latest >= 0) & known[latest]
    return np.where(usable, loudest[latest], np.nan)


def _points(levels: Array, run: Span) -> str:
    return " ".join(f"{column},{_y(float(levels[column])):g}" for column in run)


def _time_ticks(seconds: float) -> tuple[Tick, ...]:
    step = next((step for step in TIME_STEPS if seconds / step <= MOST_TICKS), ceil(seconds / MOST_TICKS))
    count = int(seconds / step + 1e-9)
    return tuple(Tick(round(n * step / seconds * WIDTH, 1), _clock(n * step)) for n in range(count + 1))


def _clock(seconds: float) -> str:
    minutes, rest = divmod(seconds, 60)
    return f"{int(minutes)}:{rest:04.1f}" if rest % 1 else f"{int(minutes)}:{int(rest):02}"
