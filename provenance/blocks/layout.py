"""Where a film's media is cut into blocks, and which seconds each block holds.

A block is no longer than a second, so that whatever changed is named to the second at any bit rate: at
0.8 Mbit/s a mebibyte is ten seconds of film.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from provenance.formats.bmff import Box
from provenance.formats.sample_table import Track

MOST_SECONDS = 1.0
MOST_BYTES = 1 << 20
# Sound that runs far ahead of its picture, sample by sample, would be cut at every sample: the picture's
# time alone then makes the cuts.
_CUTS_TO_SPARE = 4

Seconds = tuple[float, float]
_Samples = list[tuple[int, float, float]]


@dataclass(frozen=True, slots=True)
class Cut:
    """A stretch of the file, in bytes from its start, and the seconds it holds: None where nothing in it
    is ever shown or heard."""

    start: int
    stop: int
    shown: Seconds | None


def cuts(media: Box, found: Sequence[Track], most_bytes: int = MOST_BYTES) -> tuple[Cut, ...]:
    """The blocks of one `mdat`'s payload: all of it, in order, each at most a second and `most_bytes` long."""
    timed = tuple(_ordered(track) for track in found if track.kind in ("vide", "soun"))
    edges = _edges(media, timed)
    if len(edges) > _enough(media, timed, most_bytes):
        timed = _picture(found)
        edges = _edges(media, timed)
    return tuple(
        Cut(start, stop, shown(timed, start, stop))
        for a, b in zip(edges, [*edges[1:], media.stop], strict=True)
        for start, stop in _pieces(a, b, most_bytes)
    )


@dataclass(frozen=True)
class Order:
    """A track's samples in the order they lie in the file: their bytes, and when each is shown."""

    start: np.ndarray[Any, Any]
    stop: np.ndarray[Any, Any]
    first_s: np.ndarray[Any, Any]
    last_s: np.ndarray[Any, Any]


def shown(timed: Sequence[Order], start: int, stop: int) -> Seconds | None:
    """The seconds that bytes start..stop of the file hold, of all tracks together."""
    spans = [span for track in timed if (span := _span(track, start, stop))]
    if not spans:
        return None
    return min(first for first, _ in spans), max(last for _, last in spans)


def _span(track: Order, start: int, stop: int) -> Seconds | None:
    a = int(np.searchsorted(track.stop, start, side="right"))
    b = int(np.searchsorted(track.start, stop, side="left"))
    if a >= b:
        return None
    # What comes before the first frame that is shown is decoded for it: a change there is seen there.
    return max(0.0, float(track.first_s[a:b].min())), max(0.0, float(track.last_s[a:b].max()))


def _ordered(track: Track) -> Order:
    order = np.argsort(track.offset, kind="stable")
    start = track.offset[order]
    return Order(start, start + track.size[order], track.first_s[order], track.last_s[order])


def _picture(found: Sequence[Track]) -> tuple[Order, ...]:
    pictures = [track for track in found if track.kind == "vide"]
    return tuple(_ordered(track) for track in pictures or found)[:1]


def _edges(media: Box, timed: Sequence[Order]) -> list[int]:
    """Where blocks start, so that each holds no more than a second."""
    edges = [media.payload]
    low, high = np.inf, -np.inf
    for at, first, last in _within(media, timed):
        low, high = min(low, first), max(high, last)
        if high - low > MOST_SECONDS + 1e-6 and at > edges[-1]:
            edges.append(at)
            low, high = first, last
    return edges


def _within(media: Box, timed: Sequence[Order]) -> _Samples:
    """(place, first, last) of every sample that starts inside a box, in the order of the file."""
    rows: _Samples = []
    for track in timed:
        a, b = np.searchsorted(track.start, (media.payload, media.stop))
        columns = (track.start[a:b], track.first_s[a:b].clip(0.0), track.last_s[a:b].clip(0.0))
        rows += zip(*(column.tolist() for column in columns), strict=True)
    return sorted(rows)


def _enough(media: Box, timed: Sequence[Order], most_bytes: int) -> float:
    lasts = max((float(track.last_s.max()) for track in timed if len(track.last_s)), default=0.0)
    return _CUTS_TO_SPARE * (1 + lasts / MOST_SECONDS + media.payload_bytes / most_bytes)


def _pieces(start: int, stop: int, most_bytes: int) -> Iterator[tuple[int, int]]:
    for at in range(start, stop, most_bytes):
        yield at, min(at + most_bytes, stop)
