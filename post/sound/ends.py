"""Finds where an event is heard, and which of its ends are edits."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from post.sound.edits import LONGEST_S, REACH_S
from post.sound.pcm import split_blocks
from post.sound.varispeed import Path
from post.values.plan import SoundEvent
from post.values.time import round_half_up

SHOTS = "clip"  # the role of events that may cross with their neighbours
Range = tuple[int, int]
BLOCK = 1 << 16


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
    if event.loop:
        return 0, event.length
    first = max(0, round_half_up(event.sound.start * rate_hz))
    if event.map is None:
        offset = round_half_up(event.offset * rate_hz)
        return first - offset, source - offset
    far = round(LONGEST_S * rate_hz)
    return _heard_of(Path(event.map), first, source, (-far, event.length + far))


def _heard_of(path: Path, first: int, stop: int, within: Range) -> Range:
    """Returns between which output samples of `within` a path reads source samples first..stop-1.

    The path may run backwards or turn: it is silent where it leaves the source and comes back, and that is no end.
    """
    low, high = within
    heard = list[Range]()
    for a, b in split_blocks(high - low, BLOCK):
        places = path(np.arange(low + a, low + b, dtype=np.float64))
        inside = np.flatnonzero((places >= first) & (places <= stop - 1))
        if len(inside):
            heard.append((low + a + int(inside[0]), low + a + int(inside[-1]) + 1))
    return (heard[0][0], heard[-1][1]) if heard else (high, high)
