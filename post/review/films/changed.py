"""Compares two revisions frame by frame, by the hashes of what they decode to."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

HASH_BYTES = 32


@dataclass(frozen=True, slots=True)
class FrameMatch:
    """Which frame of an older revision each frame of a newer one shows. older: by the newer frame's number, None for a
    frame that is new; length: of the older revision, in frames."""

    older: tuple[int | None, ...]
    length: int

    def changed(self) -> list[tuple[int, int]]:
        """Returns the spans of the newer revision that the older one does not show, half-open."""
        return spans_of([number for number, each in enumerate(self.older) if each is None])

    def removed(self) -> list[tuple[int, int]]:
        """Returns the spans of the older revision that the newer one does not show, half-open."""
        kept = {each for each in self.older if each is not None}
        return spans_of([number for number in range(self.length) if number not in kept])

    def seams(self) -> list[int]:
        """Returns each frame of the newer revision that follows another frame than it did in the older one, though
        both were there: frames were taken out between, or moved."""
        pairs = zip(self.older, self.older[1:], strict=False)
        return [
            number
            for number, (before, here) in enumerate(pairs, 1)
            if before is not None and here is not None and here != before + 1
        ]

    def changed_sound(self, before: bytes, after: bytes) -> list[tuple[int, int]]:
        """Returns the spans of the newer revision whose frames are the older one's, with other sound under them.

        before, after: the hashes of their sound, a frame each, one after the other; empty without sound.
        """
        heard = split_hashes(before), split_hashes(after)
        silent = [b""] * (self.length + len(self.older))
        old, new = (each or silent for each in heard)
        pairs = [(number, each) for number, each in enumerate(self.older) if each is not None]
        return spans_of([number for number, each in pairs if new[number] != old[each]])

    def newer_of(self, first: int, stop: int) -> tuple[int, int] | None:
        """Returns the span of the newer revision that shows all of a span of the older one, None for none."""
        place = {older: number for number, older in enumerate(self.older) if older is not None}
        found = [place.get(number) for number in range(first, stop)]
        start = found[0] if found else None
        if start is None or any(each != start + step for step, each in enumerate(found)):
            return None
        return start, start + stop - first


def map_frames(older: bytes, newer: bytes) -> FrameMatch:
    """Returns which frames of two revisions are the same, in the same order. older, newer: the hashes of their frames,
    one after the other.

    Frames that each has once are the anchors; equal frames beside an anchor are matched outwards from it.
    """
    before, after = split_hashes(older), split_hashes(newer)
    found: list[int | None] = [None] * len(after)
    for low, place in _anchors(before, after):
        found[place] = low
    _extend(found, before, after, 1)
    _extend(found, before, after, -1)
    return FrameMatch(tuple(found), len(before))


def split_hashes(hashes: bytes) -> list[bytes]:
    """Returns the hash of each frame."""
    return [hashes[place : place + HASH_BYTES] for place in range(0, len(hashes), HASH_BYTES)]


def spans_of(numbers: Sequence[int]) -> list[tuple[int, int]]:
    """Returns rising numbers as half-open spans.

    >>> spans_of([1, 2, 3, 7])
    [(1, 4), (7, 8)]
    """
    spans: list[tuple[int, int]] = []
    for number in numbers:
        if spans and spans[-1][1] == number:
            spans[-1] = (spans[-1][0], number + 1)
        else:
            spans.append((number, number + 1))
    return spans


def _anchors(before: Sequence[bytes], after: Sequence[bytes]) -> list[tuple[int, int]]:
    """Returns (older, newer) frames that stand once in each, the longest series of them that rises in both."""
    once_before = {each for each, count in Counter(before).items() if count == 1}
    once = {each for each, count in Counter(after).items() if count == 1} & once_before
    place = {each: number for number, each in enumerate(before) if each in once}
    pairs = [(place[each], number) for number, each in enumerate(after) if each in once]
    return _rising(pairs)


def _rising(pairs: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """Returns the longest subsequence whose first members rise (patience sorting)."""
    tops: list[int] = []
    ends: list[int] = []
    back: list[int] = []
    for index, (value, _) in enumerate(pairs):
        pile = bisect_left(tops, value)
        back.append(ends[pile - 1] if pile else -1)
        if pile == len(tops):
            tops.append(value)
            ends.append(index)
        else:
            tops[pile], ends[pile] = value, index
    series, at = list[tuple[int, int]](), ends[-1] if ends else -1
    while at >= 0:
        series.append(pairs[at])
        at = back[at]
    return series[::-1]


def _extend(found: list[int | None], before: Sequence[bytes], after: Sequence[bytes], step: int) -> None:
    """Matches equal frames next to matched ones, forwards (1) or backwards (-1), where neither is matched yet.

    The ends of both films count as matched."""
    taken = {each for each in found if each is not None}
    last = -1 if step > 0 else len(before)
    for number in range(len(after)) if step > 0 else reversed(range(len(after))):
        here = found[number]
        if here is not None:
            last = here
            continue
        guess = last + step
        if 0 <= guess < len(before) and guess not in taken and before[guess] == after[number]:
            found[number] = last = guess
            taken.add(guess)
