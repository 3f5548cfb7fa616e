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
    """What is left to ask about a film. asked: spans to look at; differing: how many frames are, with
    their sound, in no approved film; pictures: of those, how many show a picture that is in none."""

    asked: tuple[AskedSpan, ...]
    differing: int
    pictures: int

    @property
    def covered(self) -> bool:
        """Whether nothing is left to ask."""
        return not self.asked


def cover(film: FilmFrames, approved: Sequence[ApprovedFrames]) -> Coverage:
    """Returns what is left to ask about a film, given what was approved. More that was approved never asks for more."""
    shown = (START, *film.units, END)
    own = {unit for unit, count in Counter(shown).items() if count == 1}
    covered = bytearray(len(shown) - 1)
    for each in {(one.film.digest, one.spans): one for one in approved}.values():
        piece = _Piece(each)
        anchors = [unit in own and piece.counts[unit] == 1 for unit in shown]
        for run in piece.runs(shown):
            first, stop = _told_apart(run, anchors)
            covered[first:stop] = b"\1" * (stop - first)
    gaps = [at for at, is_covered in enumerate(covered) if not is_covered]
    asked = tuple(_asked(film, _around(gaps, [unit in own for unit in shown]), approved))
    known = {unit for each in approved for unit in units_of(each)}
    seen = {
        frame for each in approved for first, stop in each.spans for frame in each.film.picture[first:stop]
    }
    pictures = sum(frame not in seen for frame in film.picture)
    return Coverage(asked, sum(unit not in known for unit in film.units), pictures)


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


def _told_apart(run: tuple[int, int], anchors: Sequence[bool]) -> tuple[int, int]:
    """Returns the cuts that a run covers, as (first, after the last); cut n is between the places n and n + 1.

    On each side of them it has CONTEXT anchors, places that tell where they stand, or the film's end.
    """
    first, stop = run
    places = [at for at in range(first, stop) if anchors[at]]
    known = len(places) >= CONTEXT
    left = first if first == 0 else places[CONTEXT - 1] if known else stop
    right = stop if stop == len(anchors) else places[-CONTEXT] + 1 if known else first
    return left, max(left, right - 1)


def _around(gaps: Sequence[int], anchors: Sequence[bool]) -> Iterator[tuple[int, int]]:
    """Yields the surroundings of each cut, as (first place, after the last), that make it tell where it stands."""
    before = list(accumulate(anchors, initial=0))  # anchors before each place
    places = [at for at, anchor in enumerate(anchors) if anchor]
    for at in gaps:
        left, right = before[at + 1] - CONTEXT, before[at + 1] + CONTEXT - 1
        first = places[left] if left >= 0 else 0
        yield first, (places[right] + 1 if right < len(places) else len(anchors))


def _asked(
    film: FilmFrames, spans: Iterable[tuple[int, int]], approved: Sequence[ApprovedFrames]
) -> Iterator[AskedSpan]:
    """Yields the frames in those surroundings, joined where they touch. A place is a frame's number and one."""
    why = _Reasons(film, approved)
    joined = list[list[int]]()
    for low, high in spans:
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
        self.units = {unit for each in approved for unit in units_of(each)}
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


def units_of(approved: ApprovedFrames) -> Iterator[str]:
    """Yields the units that were approved."""
    for first, stop in approved.spans:
        yield from approved.film.units[first:stop]
