"""Holds a window where it cuts nothing that must stay whole: text on the screen, marks of generators, what a job names.

Where one place keeps all of it for as long as the shot goes on, the window never leaves that place's bounds. Where it
takes several places, the window is held to each while it is shown, and a little before and after.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from post.measure.attention.sights import Box
from post.plan.camera.path import PLACES
from post.values.array import Array

Range = tuple[float, float]
AROUND = 4  # looks before and after
COSTS = 20.0  # what a window's width outside the bounds costs, in looks that lose the whole subject
SLACK = 0.004  # of the picture: what is cut by less is whole


def held_ranges(texts: Sequence[Sequence[Box]], keep: Sequence[Box], axis: int) -> list[Range | None]:
    """Returns from where to where what must stay whole reaches at each look, None where there is nothing. texts: boxes
    of text at each look; keep: those that the job names; axis: 0 across, 1 down."""
    made: list[Range | None] = []
    for text in texts:
        boxes = (*keep, *text)
        made.append((min(box[axis] for box in boxes), max(box[axis + 2] for box in boxes)) if boxes else None)
    return made


def start_bounds(held: Sequence[Range | None], window: float) -> list[Range | None]:
    """Returns the least and the greatest start of a window that keeps what must stay whole, at each look; None where
    any does, or none."""
    every = union_of(held)
    if every is not None and every[1] - every[0] <= window:
        return [_starts(every, window)] * len(held)
    made: list[Range | None] = []
    for look, own in enumerate(held):
        near = union_of(held[max(0, look - AROUND) : look + AROUND + 1])
        for each in (near, own):
            if each is not None and each[1] - each[0] <= window:
                made.append(_starts(each, window))
                break
        else:
            made.append(None)
    return made


def costs_outside(bounds: Sequence[Range | None], window: float) -> Array:
    """Returns what each place of a window costs for lying outside its bounds, (looks, PLACES)."""
    starts = np.linspace(0, 1 - window, PLACES)
    rows = [np.zeros(PLACES) if each is None else _outside(starts, each) for each in bounds]
    return np.asarray(rows) * COSTS / window


def keep_inside(starts: Array, bounds: Sequence[Range | None]) -> Array:
    """Returns a drawn way that nowhere leaves bounds that are the same at all looks; any other as it is."""
    first = bounds[0] if bounds else None
    if first is None or any(each != first for each in bounds):
        return starts
    return np.asarray(np.clip(starts, *first))


def most_cut(held: Sequence[Range | None], starts: Array, window: float) -> float:
    """Returns the largest share of what must stay whole that lies outside the window at any look; 0 where all of it
    is whole. starts: of the window at each look."""
    worst = 0.0
    for each, start in zip(held, starts, strict=True):
        if each is not None:
            low, high = each
            lost = max(start - low, 0.0) + max(high - start - window, 0.0)
            worst = max(worst, lost / max(high - low, 1e-6) if lost > SLACK else 0.0)
    return min(worst, 1.0)


def union_of(held: Sequence[Range | None]) -> Range | None:
    """Returns from the least to the greatest of some ranges; None where there are none."""
    found = [each for each in held if each is not None]
    return (min(low for low, _ in found), max(high for _, high in found)) if found else None


def _starts(held: Range, window: float) -> Range:
    low, high = held
    return min(max(high - window, 0.0), 1 - window), min(max(low, 0.0), 1 - window)


def _outside(starts: Array, bounds: Range) -> Array:
    return np.maximum(np.maximum(bounds[0] - starts, starts - bounds[1]), 0)
