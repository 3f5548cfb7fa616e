"""Finds the gaps of a film's sound: where no shot is heard, and no ambience is laid."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from post.sound.runs import runs_of
from post.sound.stages import CLIP
from post.sound.varispeed import Fetch
from post.values.array import Array
from post.values.plan import SoundEvent
from post.values.time import Span

SILENT = 10 ** (-90 / 20)  # digital silence, and the last bit of 16
CELLS_A_SECOND = 1000
SHORTEST_S = 0.02
ROOMS = ("ambience",)  # stems of sounds that are laid as a room: under them no tone is missing


def is_room(event: SoundEvent) -> bool:
    """Returns whether an event is the sound of a place: a shot's own sound, or a laid ambience."""
    return event.role == CLIP or event.stem in ROOMS


class HeardCells:
    """Where a film's rooms are heard, in cells of a millisecond. Sound is taken before its fades: one that fades out is
    no gap."""

    def __init__(self, length: int, rate_hz: int) -> None:
        self.length = length
        self.cell = max(1, rate_hz // CELLS_A_SECOND)
        self.shortest = -(-round(SHORTEST_S * rate_hz) // self.cell)
        self.heard = np.zeros(-(-length // self.cell), np.bool_)

    def watched(self, event: SoundEvent, read: Fetch) -> Fetch:
        """Returns a function that reads an event's samples first..stop-1 as `read` does, and notes where they sound."""
        if not is_room(event):
            return read

        def fetch(first: int, stop: int) -> Array:
            piece = read(first, stop)
            self._note(event, first, piece)
            return piece

        return fetch

    def _note(self, event: SoundEvent, first: int, piece: Array) -> None:
        start = max(0, first, -event.at)
        stop = min(first + len(piece), event.length, self.length - event.at)
        if stop <= start:
            return
        loud = np.abs(piece[start - first : stop - first]).max(axis=1) > SILENT
        places = event.at + start + np.flatnonzero(loud)
        self.heard[places // self.cell] = True

    def gaps(self) -> list[Span]:
        """Returns the spans of samples, of 20 ms or more, in which nothing was heard."""
        return [
            Span(run.first * self.cell, min(run.stop * self.cell, self.length))
            for run in runs_of(~self.heard)
            if len(run) >= self.shortest
        ]


@dataclass(frozen=True, slots=True)
class GapPart:
    """A part of a gap, and the shot whose tone fills it. span: samples of the film."""

    event: SoundEvent
    span: Span


def split_gap(gap: Span, shots: Sequence[SoundEvent]) -> list[GapPart]:
    """Returns the parts of a gap, each with the shot whose tone fills it, in order of time.

    shots: those that have a tone, one or more, by their starts. Within a shot it is that shot's own. Between two shots
    the first half has the tone of the shot before, the second half that of the shot after.
    """
    edges = {gap.first, gap.stop, *(e.at for e in shots), *(e.at + e.length for e in shots)}
    inside = sorted(edge for edge in edges if gap.first <= edge <= gap.stop)
    parts = list[GapPart]()
    for first, stop in pairwise(inside):
        parts += _owned(Span(first, stop), shots)
    return _merged(parts)


def _owned(part: Span, shots: Sequence[SoundEvent]) -> list[GapPart]:
    """Returns a part in which no shot starts or ends, in halves if it lies between two shots."""
    own = [e for e in shots if e.at <= part.first and part.stop <= e.at + e.length]
    if own:
        return [GapPart(own[-1], part)]
    before = max((e for e in shots if e.at + e.length <= part.first), key=_end, default=None)
    after = next((e for e in shots if e.at >= part.stop), None)
    middle = (part.first + part.stop) // 2
    if before is None or after is None or _alike(before, after) or middle == part.first:
        return [GapPart(event, part) for event in (before or after,) if event]
    return [GapPart(before, Span(part.first, middle)), GapPart(after, Span(middle, part.stop))]


def _merged(parts: Sequence[GapPart]) -> list[GapPart]:
    """Returns the parts; those that meet and have one tone are one."""
    merged = list[GapPart]()
    for part in parts:
        if merged and _alike(merged[-1].event, part.event):
            merged[-1] = GapPart(merged[-1].event, Span(merged[-1].span.first, part.span.stop))
        else:
            merged.append(part)
    return merged


def _alike(a: SoundEvent, b: SoundEvent) -> bool:
    """Returns whether two shots have the same tone."""
    return (a.file, a.gain_db, a.stem, a.shape, a.duck) == (b.file, b.gain_db, b.stem, b.shape, b.duck)


def _end(event: SoundEvent) -> int:
    return event.at + event.length
