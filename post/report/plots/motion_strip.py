"""Draws how far motion was followed in shots with frames between source frames: one strip for each, frame by frame."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

from post.engine import Store
from post.measure.fact import load_fact
from post.measure.motion import ClipMotion
from post.picture.between.confidence import SURE
from post.plan.shots import source_frames
from post.values import Rendition, Shot
from post.values.plan.place import SYNTHESISED

WIDTH, HEIGHT = 960, 22  # of a strip, in its own units
# The classes of a frame, by the share of the change that motion explains: from each on, up to the next.
HEATS = (0.0, SURE, 0.6, 0.8)
SOURCE = "source"


@dataclass(frozen=True, slots=True)
class StripRun:
    """Frames of one class, side by side: "source", or "heat-0" (lost) to "heat-3" (followed)."""

    x: float
    width: float
    heat: str


@dataclass(frozen=True, slots=True)
class MotionStrip:
    """The strip of one shot. made, lost: frames between source frames, in words, and those whose motion is lost."""

    shot: str
    sampling: str
    runs: tuple[StripRun, ...]
    made: str
    lost: str
    width: int = WIDTH
    height: int = HEIGHT


def motion_strips(rendition: Rendition, keep: Store | None) -> tuple[MotionStrip, ...]:
    """Returns a strip for each shot with frames made by motion, if the motion of its take is among the kept facts."""
    shots = [shot for shot in rendition.shots if shot.sampling in SYNTHESISED]
    return tuple(strip for shot in shots if keep and (strip := _strip(shot, keep)))


def _strip(shot: Shot, keep: Store) -> MotionStrip | None:
    fact = load_fact(keep, shot.take.file.sha256, "motion")
    if fact is None or not isinstance(fact.value, ClipMotion):
        return None
    heats = list(_heats(shot, fact.value.confidence))
    made = [heat for heat in heats if heat != SOURCE]
    lost = made.count("heat-0")
    words = f"{len(made)} of {len(heats)} frames were made between source frames"
    told = f"in {lost} of them motion is lost" if lost else "motion is followed in all of them"
    return MotionStrip(shot.name, shot.sampling, tuple(_runs(heats)), words, told)


def _heats(shot: Shot, confidence: tuple[float, ...]) -> Iterator[str]:
    """Yields the class of each film frame of a shot."""
    for number, weight in source_frames(shot, shot.span):
        if not weight or number >= len(confidence):
            yield SOURCE
        else:
            yield f"heat-{sum(confidence[number] >= least for least in HEATS) - 1}"


def _runs(heats: list[str]) -> Iterator[StripRun]:
    unit, at = WIDTH / len(heats), 0
    for heat, same in groupby(heats):
        count = len(list(same))
        yield StripRun(round(at * unit, 2), round(count * unit, 2), heat)
        at += count
