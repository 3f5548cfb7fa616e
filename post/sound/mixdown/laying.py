"""Lays events on their buses: the body of each at once, its ends when both sides of every edit are known."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from post.sound.buses import Buses
from post.sound.crossings import CrossedEnds, CrossingSide, join_crossings
from post.sound.edits import Edge, faded
from post.sound.ends import find_ends
from post.sound.mixdown.event_sound import event_sound
from post.sound.mixdown.shot_levels import ShotLevels
from post.sound.pcm import split_blocks
from post.sound.tone import FilmTone
from post.sound.varispeed import Fetch
from post.values.array import Array
from post.values.plan import Crossing, SoundEvent, SourceLevelNote

BLOCK = 1 << 16


class Joins:
    """The ends of a film's events that wait for the other side of their edit. tone: watches where events sound; shots:
    measures how loud they are."""

    def __init__(self, rate_hz: int, tone: FilmTone, shots: ShotLevels) -> None:
        self.rate_hz, self.tone, self.shots = rate_hz, tone, shots
        self.edges = list[tuple[SoundEvent, Edge]]()
        self.sides = list[CrossingSide]()

    def lay(self, buses: Buses) -> tuple[Crossing, ...]:
        """Adds every end to the bus of its own event, faded; returns how shots crossed over in transitions."""
        owners = {id(edge): event for event, edge in self.edges}
        for edge, first, sound in faded([edge for _, edge in self.edges], self.rate_hz):
            buses.add(owners[id(edge)], first, sound)
        said = list[Crossing]()
        for crossing, sides in join_crossings(self.sides):
            for side, sound in sides:
                buses.add(side.event, side.at, sound)
            said += [crossing] if crossing else []
        return tuple(said)


def lay(
    buses: Buses, event: SoundEvent, crossed: CrossedEnds, source: Array, joins: Joins
) -> SourceLevelNote | None:
    """Adds one event to its bus, without those of its ends that need a fade: they are added to `joins`.

    crossed: what of the event crosses with other shots; source: (samples, channels), as its file has it. Returns how it
    was brought to its level, None where it has none.
    """
    rate_hz, within = joins.rate_hz, buses.length
    made = event_sound(event, source, buses, rate_hz)
    heard = joins.tone.watched(event, made.fetch, made.shaped)
    joins.shots.measure(event, made.fetch)
    ends = find_ends(event, len(source), rate_hz)
    first, stop = ends.first, ends.stop
    # Where a file's own sound begins or ends within the event, its edge is made as any other is.
    if crossed.start and ends.first == 0:
        first = crossed.start
        opened = _faded(replace(event, fade_in=0), heard, 0, first)
        joins.sides.append(CrossingSide(event, event.at, True, opened.astype(np.float32)))
    if crossed.stop and ends.stop == event.length:
        stop = event.length - crossed.stop
        closed = _faded(replace(event, fade_out=0), heard, stop, event.length)
        joins.sides.append(CrossingSide(event, event.at + stop, False, closed.astype(np.float32)))
    heard_from, heard_to = max(first, -event.at), min(stop, within - event.at)
    for a, b in split_blocks(max(0, heard_to - heard_from), BLOCK):
        piece = _faded(event, heard, a + heard_from, b + heard_from)
        buses.add(event, event.at + a + heard_from, piece)
    # As float32: a film of a thousand shots keeps two thousand of them.
    for end in ends.edges:
        inside, outside = (
            _faded(event, heard, *part).astype(np.float32) for part in (end.inside, end.outside)
        )
        edge = Edge(event.at + end.at, end.opens, inside, outside, event.declick, end.meets)
        joins.edges.append((event, edge))
    return made.level


def _faded(event: SoundEvent, heard: Fetch, first: int, stop: int) -> Array:
    """Returns an event's samples first..stop-1 with its own fades, equal-power (sine)."""
    if stop <= first:
        return heard(0, 0)
    if first >= event.fade_in and stop <= event.length - event.fade_out:
        return heard(first, stop)
    return np.asarray(heard(first, stop) * _fades(event, first, stop)[:, None])


def _fades(event: SoundEvent, first: int, stop: int) -> Array:
    """Returns the gain of an event's samples first..stop-1.

    The squares of a fade in and of a fade out of the same length that it crosses add up to 1 at every sample.
    """
    middle = np.arange(first, stop) + 0.5
    return _rise(middle, event.fade_in) * _rise(event.length - middle, event.fade_out)


def _rise(since: Array, samples: int) -> Array:
    if samples < 1:
        return np.ones(len(since))
    return np.asarray(np.sin(np.pi / 2 * np.clip(since / samples, 0, 1)))
