"""Which frames of a film are covered by films that were approved: approval follows pixels, in order.

A frame counts with the sound under it. Each cut between two neighbours is covered if one approved film shows the same
neighbours, with enough of what lies around them. So frames that were approved one by one, and then put in another
order, repeated, left out or cut off at an end, are asked about again.

    around a cut      CONTEXT frames on each side that the film shows once only, and that no approved film repeats: held
                      pictures, black and loops say nothing of where they stand
    ends              the start and the end of a film are neighbours too

What is asked is the smallest set of spans that, once approved, covers the film.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Literal

from provenance.approval.frames import FilmFrames
from provenance.approval.statement import Spans

CONTEXT = 6  # frames: a quarter of a second at 24 a second
START, END = "start", "end"
Reason = Literal["picture", "sound", "together", "order"]


@dataclass(frozen=True, slots=True)
class ApprovedFrames:
    """Frames of one film that somebody approved. spans: as (first, frame after the last), in order."""

    film: FilmFrames
    spans: Spans


@dataclass(frozen=True, slots=True)
class AskedSpan:
    """Frames of a film that are to be looked at. why: what of them nobody has approved; `together` where pictures and
    sound were approved apart, `order` where every frame was, and not in this order."""

    first: int
    stop: int
    why: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class Coverage:
    """What is left to ask about a film. asked: spans to look at; differing: how many frames are in no approved film."""

    asked: tuple[AskedSpan, ...]
    differing: int

    @property
    def covered(self) -> bool:
        """Whether nothing is left to ask."""
        return not self.asked


def cover(film: FilmFrames, approved: Sequence[ApprovedFrames]) -> Coverage:
    """Returns what is left to ask about a film, given what was approved."""
    shown = (START, *film.units, END)
    pieces = [_Piece(each) for each in approved]
    runs = sorted({run for piece in pieces for run in piece.runs(shown)})
    anchors = _anchors(shown, pieces)
    gaps = _gaps(shown, runs, anchors)
    asked = tuple(_asked(film, gaps, approved))
    known = {unit for each in approved for unit in _units(each)}
    return Coverage(asked, sum(unit not in known for unit in film.units))


class _Piece:
    """An approved film, with its ends, and which of its places were approved."""

    def __init__(self, approved: ApprovedFrames) -> None:
        film = approved.film
        self.shown = (START, *film.units, END)
        self.counts = Counter(self.shown)
        self.place = {unit: at for at, unit in enumerate(self.shown)}
        self.allowed = bytearray(len(self.shown))
        for first, stop in approved.spans:
            low, high = first + (first > 0), stop + 1 + (stop == len(film))
            self.allowed[low:high] = b"\1" * (high - low)

    def runs(self, shown: Sequence[str]) -> Iterator[tuple[int, int]]:
        """Yields the longest runs of places of a film, as (first, after the last), that this one shows in order.

        They are found from units that this one shows once, as its ends are.
        """
        ends: dict[int, int] = {}
        for at, unit in enumerate(shown):
            if self.counts[unit] != 1:
                continue
            there = self.place[unit]
            shift = there - at
            if not self.allowed[there] or ends.get(shift, 0) > at:
                continue
            first, stop = at, at + 1
            while first > 0 and self._same(shown, first - 1, shift):
                first -= 1
            while stop < len(shown) and self._same(shown, stop, shift):
                stop += 1
            ends[shift] = stop
            yield first, stop

    def _same(self, shown: Sequence[str], at: int, shift: int) -> bool:
        there = at + shift
        return 0 <= there < len(self.shown) and bool(self.allowed[there]) and self.shown[there] == shown[at]


def _anchors(shown: Sequence[str], pieces: Sequence[_Piece]) -> list[bool]:
    """Returns which places of a film tell where they stand: this film and each approved film show them once at most."""
    counts = Counter(shown)
    repeated = {unit for piece in pieces for unit, count in piece.counts.items() if count > 1}
    return [counts[unit] == 1 and unit not in repeated for unit in shown]


def _gaps(
    shown: Sequence[str], runs: Sequence[tuple[int, int]], anchors: Sequence[bool]
) -> list[tuple[int, int]]:
    """Returns the surroundings, as (first place, after the last), of each pair of neighbours that no run covers."""
    last = len(shown) - 1
    before = list(accumulate(anchors, initial=0))  # anchors before each place
    places = [at for at, anchor in enumerate(anchors) if anchor]
    reach = _reach(runs, len(shown))
    found = []
    for at in range(last):
        left, right = before[at + 1] - CONTEXT, before[at + 1] + CONTEXT - 1
        first = min(places[left], at) if left >= 0 else 0
        stop = max(places[right], at + 1) + 1 if right < len(places) else last + 1
        if reach[first] < stop:
            found.append((first, stop))
    return found


def _reach(runs: Sequence[tuple[int, int]], length: int) -> list[int]:
    """Returns how far the runs that begin at each place, or before it, go."""
    reach = [0] * length
    for first, stop in runs:
        reach[first] = max(reach[first], stop)
    return list(accumulate(reach, max))


def _asked(
    film: FilmFrames, gaps: Iterable[tuple[int, int]], approved: Sequence[ApprovedFrames]
) -> Iterator[AskedSpan]:
    """Yields the frames in those surroundings, joined where they touch. A place is a frame's number and one."""
    why = _Reasons(film, approved)
    joined = list[list[int]]()
    for low, high in gaps:
        first, stop = max(low - 1, 0), min(high - 1, len(film))
        if joined and first <= joined[-1][1]:
            joined[-1][1] = max(joined[-1][1], stop)
        else:
            joined.append([first, stop])
    for first, stop in joined:
        yield AskedSpan(first, stop, why.of(first, stop))


class _Reasons:
    """Says why frames are asked about."""

    def __init__(self, film: FilmFrames, approved: Sequence[ApprovedFrames]) -> None:
        self.film = film
        self.units = {unit for each in approved for unit in _units(each)}
        self.pictures = {f for each in approved for a, b in each.spans for f in each.film.picture[a:b]}
        self.sounds = {s for each in approved for a, b in each.spans for s in each.film.sound[a:b]}

    def of(self, first: int, stop: int) -> tuple[Reason, ...]:
        film, found = self.film, set[Reason]()
        for at in range(first, stop):
            if film.units[at] in self.units:
                continue
            picture = film.picture[at] not in self.pictures
            sound = bool(film.sound) and film.sound[at] not in self.sounds
            found |= {"picture"} if picture else set()
            found |= {"sound"} if sound else set()
            found |= {"together"} if not (picture or sound) else set()
        order: tuple[Reason, ...] = ("picture", "sound", "together")
        return tuple(each for each in order if each in found) or ("order",)


def _units(approved: ApprovedFrames) -> Iterator[str]:
    for first, stop in approved.spans:
        yield from approved.film.units[first:stop]
