"""Predicts what the films of a run cost in CPU seconds, before anything is made.

A run is counted (frames, pixels, mixes, films), and each count costs a rate. The rates are a
stated default; how much more or less a machine takes is learned from each run on it, and kept in the store.
"""

from __future__ import annotations

import json
import platform
from collections.abc import Collection
from contextlib import suppress
from dataclasses import asdict, dataclass, fields
from math import exp, log
from typing import Any

from post.engine import Store
from post.values import Rendition, Segment, digest
from post.versions.work import FilmWork, VersionsWork

MEGA = 1e6
LEARNS = 0.5  # the share of a new measurement in what is kept: a busy machine is not a slow one
LEAST_TO_LEARN_S = 10.0  # of making: a smaller run shows what starting costs
STRANGEST = 8.0  # a machine that seems so much faster or slower was doing something else


@dataclass(frozen=True, slots=True)
class Counts:
    """What a run does, counted: each is a number of units that has a rate."""

    runs: float = 0
    films: float = 0
    segments: float = 0
    source_mpx: float = 0
    h264_mpx: float = 0
    other_mpx: float = 0
    layer_mpx: float = 0
    between_mpx: float = 0
    sound_s: float = 0
    film_mpx: float = 0
    film_s: float = 0

    def plus(self, other: Counts) -> Counts:
        """Returns the counts of both."""
        return Counts(*(getattr(self, each.name) + getattr(other, each.name) for each in fields(self)))

    def cost(self, rates: Counts) -> float:
        """Returns what they cost at some rates, in CPU seconds."""
        return float(sum(getattr(self, each.name) * getattr(rates, each.name) for each in fields(self)))


# CPU seconds a unit: estimates, not yet fitted to runs. Ratios rest on them alone: 10 small versions over one were
# predicted as 2.49 and measured as 2.32 (`python -m tests.bench.versions --quick`); seconds need a run on the machine.
RATES = Counts(
    runs=4.0, films=0.6, segments=0.12, source_mpx=0.0040, h264_mpx=0.040, other_mpx=0.12, layer_mpx=0.002,
    between_mpx=0.15, sound_s=0.10, film_mpx=0.0008, film_s=0.02,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Prediction:
    """What a run will cost, in CPU seconds. alone: the costliest of its films by itself, with nothing in the store;
    whole: all of them, with nothing in the store; left: what is still to do; measured: how many runs of this machine
    its speed was learned from."""

    alone: float
    whole: float
    left: float
    measured: int

    def row(self) -> dict[str, Any]:
        """Returns it as JSON has it."""
        return {
            "seconds": round(self.whole, 1),
            "costliest_alone_seconds": round(self.alone, 1),
            "over_one": round(self.whole / self.alone, 3),
            "seconds_left": round(self.left, 1),
            "runs_measured": self.measured,
            "basis": (
                f"By {self.measured} run{'s' * (self.measured > 1)} measured on this machine."
                if self.measured
                else "By estimated rates: no run was measured on this machine yet."
            ),
        }


@dataclass(frozen=True, slots=True)
class _Machine:
    """What a machine's speed is kept under."""

    processor: str
    version: int = 1


@dataclass(frozen=True, slots=True)
class MachineSpeed:
    """How a machine compares with that of RATES. slower: its CPU seconds over those; runs: how many were measured."""

    slower: float = 1.0
    runs: int = 0


def predict_costs(work: VersionsWork, store: Store | None = None) -> Prediction:
    """Returns what the films of a run cost. store: where the machine's speed is kept; None for the rates alone."""
    speed = read_speed(store)
    whole = count_work(work, set(work.segments) | set(work.sounds)).cost(RATES)
    alone = max(count_film(film).cost(RATES) for film in work.films)
    left = count_work(work, (set(work.segments) | set(work.sounds)) - work.stored).cost(RATES)
    return Prediction(alone * speed.slower, whole * speed.slower, left * speed.slower, speed.runs)


def count_work(work: VersionsWork, made: Collection[str]) -> Counts:
    """Returns the counts of a run that makes all its films. made: the keys of the results that it makes."""
    counts = Counts(runs=1)
    for key in made:
        if key in work.segments:
            counts = counts.plus(count_segment(work.segments[key]))
        elif key in work.sounds:
            counts = counts.plus(_sound(work.sounds[key]))
    for film in work.films:
        counts = counts.plus(_film(film.rendition))
    return counts


def count_film(film: FilmWork) -> Counts:
    """Returns the counts of a run that makes one film alone."""
    counts = Counts(runs=1).plus(_film(film.rendition))
    for segment in dict(zip(film.keys, film.rendition.segments, strict=True)).values():
        counts = counts.plus(count_segment(segment))
    return counts.plus(_sound(film.rendition)) if film.sound else counts


def count_segment(segment: Segment) -> Counts:
    """Returns the counts of making one segment."""
    area = segment.format.width * segment.format.height / MEGA
    out = area * len(segment.span)
    # A clip whose own rate is lower repeats frames: each is read once.
    read = sum(
        len({frame for frame, _ in clip.frames}) * clip.picture.width * clip.picture.height / MEGA
        for clip in segment.clips
    )
    between = sum(
        area * sum(weight != 0 for _, weight in clip.frames) for clip in segment.clips if clip.synthesised
    )
    h264 = segment.encoder.codec == "libx264"
    layers = sum(len(layer.span) for layer in segment.layers) * area
    return Counts(
        segments=1, source_mpx=read, h264_mpx=out if h264 else 0, other_mpx=0 if h264 else out, layer_mpx=layers,
        between_mpx=between,
    )  # fmt: skip


def _sound(film: Rendition) -> Counts:
    return Counts(sound_s=film.mix.length / film.mix.rate_hz)


def _film(film: Rendition) -> Counts:
    area = film.format.width * film.format.height / MEGA
    return Counts(
        films=1,
        film_mpx=area * film.format.length,
        film_s=float(film.format.clock.seconds(film.format.length)),
    )


def learn_from(work: VersionsWork, made: Collection[str], store: Store, cpu_seconds: float) -> None:
    """Keeps what a run shows of this machine's speed, where it made enough to show it.

    made: the keys of what it made; cpu_seconds: that it took in all processes, without measuring its sources.
    """
    counts = count_work(work, made)
    if counts.cost(RATES) - count_work(work, ()).cost(RATES) >= LEAST_TO_LEARN_S:
        learn_speed(store, counts, cpu_seconds)


def read_speed(store: Store | None) -> MachineSpeed:
    """Returns how fast this machine is, as runs before have shown; the speed of RATES where none has."""
    kept = store.load(_key()) if store else None
    if kept is not None:
        with suppress(ValueError, TypeError):
            return MachineSpeed(**json.loads(kept))
    return MachineSpeed()


def learn_speed(store: Store, counts: Counts, cpu_seconds: float) -> None:
    """Keeps what a run shows of this machine's speed. counts: what it did; cpu_seconds: that it took, of all processes.

    Raises OutputError or RetryError where it cannot be kept.
    """
    seen = cpu_seconds / counts.cost(RATES)
    if not 1 / STRANGEST < seen < STRANGEST:
        return
    known = read_speed(store)
    share = LEARNS if known.runs else 1.0
    slower = exp((1 - share) * log(known.slower) + share * log(seen))
    store.save(_key(), json.dumps(asdict(MachineSpeed(slower, known.runs + 1))).encode())


def _key() -> str:
    return digest(_Machine(f"{platform.machine()} {_processor()}"))


def _processor() -> str:
    """Returns the name of the processor, as far as the system tells it."""
    return platform.processor() or platform.machine()
