"""Cuts a film's media into blocks, and finds the seconds of the film in each block.

A block is no longer than a second, so that a change is located to the second at any bit rate: at 0.8 Mbit/s
a mebibyte is ten seconds of film.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from provenance.formats.bmff import Box
from provenance.formats.sample_table import TrackSamples

MAX_SECONDS = 1.0
MAX_BYTES = 1 << 20
# Where sound is stored far ahead of its picture, sample by sample, there would be a cut at every sample. If there are
# more than this many times the necessary cuts, only the picture's times make cuts.
_MAX_CUTS_RATIO = 4

Seconds = tuple[float, float]
_Samples = list[tuple[int, float, float]]


@dataclass(frozen=True, slots=True)
class BlockSpan:
    """One block: start, stop in bytes from the beginning of the file. shown: its seconds of the film,
    (first, last), None where nothing in it is presented."""

    start: int
    stop: int
    shown: Seconds | None


def cut_blocks(
    media: Box, found: Sequence[TrackSamples], most_bytes: int = MAX_BYTES
) -> tuple[BlockSpan, ...]:
    """Returns the blocks of one `mdat`'s payload: all of it, in order, each at most a second and `most_bytes` long.

    found: the tracks of the film.
    """
    timed = tuple(_ordered(track) for track in found if track.kind in ("vide", "soun"))
    edges = _edges(media, timed)
    if len(edges) > _max_cuts(media, timed, most_bytes):
        timed = _picture(found)
        edges = _edges(media, timed)
    return tuple(
        BlockSpan(start, stop, find_shown(timed, start, stop))
        for a, b in zip(edges, [*edges[1:], media.stop], strict=True)
        for start, stop in _pieces(a, b, most_bytes)
    )


@dataclass(frozen=True)
class FileOrder:
    """A track's samples in file order: start, stop, (n,) int64 bytes; first_s, last_s, (n,) float64 seconds."""

    start: np.ndarray[Any, Any]
    stop: np.ndarray[Any, Any]
    first_s: np.ndarray[Any, Any]
    last_s: np.ndarray[Any, Any]


def find_shown(timed: Sequence[FileOrder], start: int, stop: int) -> Seconds | None:
    """Returns the seconds of the film in bytes start..stop of the file, (first, last), of all tracks together.

    None where nothing in them is presented.
    """
    spans = [span for track in timed if (span := _span(track, start, stop))]
    if not spans:
        return None
    return min(first for first, _ in spans), max(last for _, last in spans)


def _span(track: FileOrder, start: int, stop: int) -> Seconds | None:
    a = int(np.searchsorted(track.stop, start, side="right"))
    b = int(np.searchsorted(track.start, stop, side="left"))
    if a >= b:
        return None
    # Samples before the first presented one are decoded for it: a change in them is visible there.
    return max(0.0, float(track.first_s[a:b].min())), max(0.0, float(track.last_s[a:b].max()))


def _ordered(track: TrackSamples) -> FileOrder:
    order = np.argsort(track.offset, kind="stable")
    start = track.offset[order]
    return FileOrder(start, start + track.size[order], track.first_s[order], track.last_s[order])


def _picture(found: Sequence[TrackSamples]) -> tuple[FileOrder, ...]:
    pictures = [track for track in found if track.kind == "vide"]
    return tuple(_ordered(track) for track in pictures or found)[:1]


def _edges(media: Box, timed: Sequence[FileOrder]) -> list[int]:
    """Returns where blocks start, in bytes of the file, so that each holds at most a second."""
    edges = [media.payload]
    low, high = np.inf, -np.inf
    for at, first, last in _within(media, timed):
        low, high = min(low, first), max(high, last)
        if high - low > MAX_SECONDS + 1e-6 and at > edges[-1]:
            edges.append(at)
            low, high = first, last
    return edges


def _within(media: Box, timed: Sequence[FileOrder]) -> _Samples:
    """Returns (place in the file, first second, last second) of every sample in a box, in file order."""
    rows: _Samples = []
    for track in timed:
        a, b = np.searchsorted(track.start, (media.payload, media.stop))
        columns = (track.start[a:b], track.first_s[a:b].clip(0.0), track.last_s[a:b].clip(0.0))
        rows += zip(*(column.tolist() for column in columns), strict=True)
    return sorted(rows)


def _max_cuts(media: Box, timed: Sequence[FileOrder], most_bytes: int) -> float:
    lasts = max((float(track.last_s.max()) for track in timed if len(track.last_s)), default=0.0)
    return _MAX_CUTS_RATIO * (1 + lasts / MAX_SECONDS + media.payload_bytes / most_bytes)


def _pieces(start: int, stop: int, most_bytes: int) -> Iterator[tuple[int, int]]:
    for at in range(start, stop, most_bytes):
        yield at, min(at + most_bytes, stop)
