"""Finds where an event is heard, and which of its ends are edits."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from post.sound.edits import LONGEST_S, REACH_S
from post.sound.varispeed import Path
from post.values.plan import SoundEvent
from post.values.time import round_half_up

SHOTS = "clip"  # the role of events that may cross with their neighbours
Range = tuple[int, int]


@dataclass(frozen=True, slots=True)
class End:
    """An end that needs a fade, in samples of the event. inside, outside: the ranges beside it, up to, without, the
    second; meets: it may cross with a neighbour's."""

    at: int
    opens: bool
    inside: Range
    outside: Range
    meets: bool


@dataclass(frozen=True, slots=True)
class Ends:
    """An event without those of its ends that need a fade: from its sample `first` up to, without, `stop`."""

    first: int
    stop: int
    edges: tuple[End, ...]


def find_ends(event: SoundEvent, source: int, rate_hz: int) -> Ends:
    """Returns the ends of an event. source: samples of its file, from the picture's start on.

    They are where the event starts and ends, or where its sound does if that is later or earlier.
    """
    if not event.declick:
        return Ends(0, event.length, ())
    before, after = _source_ends(event, source, rate_hz)
    opens, closes = max(0, before), min(event.length, after)
    if closes <= opens:
        return Ends(0, 0, ())
    reach = min(round(REACH_S * rate_hz), (closes - opens) // 2)
    handle = round(LONGEST_S * rate_hz)
    edges = list[End]()
    if opens > 0 or event.fade_in < event.declick:
        lead = min(handle, opens - before) if opens == 0 else 0
        edges.append(
            End(opens, True, (opens, opens + reach), (opens - lead, opens), _meets(event, opens == 0))
        )
        opens += reach
    if closes < event.length or event.fade_out < event.declick:
        whole = closes == event.length
        tail = min(handle, after - closes) if whole else 0
        edges.append(
            End(closes, False, (closes - reach, closes), (closes, closes + tail), _meets(event, whole))
        )
        closes -= reach
    return Ends(opens, closes, tuple(edges))


def _meets(event: SoundEvent, at_its_end: bool) -> bool:
    return event.role == SHOTS and at_its_end


def _source_ends(event: SoundEvent, source: int, rate_hz: int) -> Range:
    """Returns the samples of the event, below 0 and beyond its length too, between which its file has sound."""
    if event.loop or (event.map is not None and event.map.direction != 1):
        return 0, event.length
    first = max(0, round_half_up(event.sound.start * rate_hz))
    if event.map is None:
        offset = round_half_up(event.offset * rate_hz)
        return first - offset, source - offset
    path, far = Path(event.map), round(LONGEST_S * rate_hz)

    def place(sample: int) -> float:
        return float(path(np.array([sample], np.float64))[0])

    return (
        _first(lambda sample: place(sample) >= first, -far, event.length),
        _first(lambda sample: place(sample) > source - 1, -far, event.length + far),
    )


def _first(is_so: Callable[[int], bool], low: int, high: int) -> int:
    """Returns the first of low..high from which on it is so; high if it never is."""
    while low < high:
        middle = (low + high) // 2
        low, high = (low, middle) if is_so(middle) else (middle + 1, high)
    return low
