"""Chooses the frames to cut a film's picture at, so that films that show the same share its pieces.

First edits and the ends of transitions, then where titles and graphics come and go, then every LONGEST_S of each
shot's own count (post.plan.pieces.count). Nothing is counted from the film's start. So a shot that moves, or loses its
head or its tail, keeps the cuts between the frames that are left. None lies within SHORTEST_SEGMENT of one that was
chosen before it.
"""

from __future__ import annotations

from bisect import bisect
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain

from post.picture.captions.caption import CaptionLayer
from post.plan.pieces.count import FrameCount, count_of
from post.values import Format, LayerPlacement, Shot
from post.values.plan import SHORTEST_SEGMENT

LONGEST_S = 2  # one closed group of pictures: parallel work and re-made titles against +1.3 % size
# A place in a shot's count, by its stream and number: the same place in every film that shows the frames beside it.
ContentEdge = tuple[str, int]


def choose_edges(film: Format, shots: Sequence[Shot], layers: Sequence[LayerPlacement]) -> list[int]:
    """Returns the frames to cut at, in order, the film's first and the one after its last among them.

    layers: all that the film shows.
    """
    cuts = [0, film.length]
    edits = {edge for shot in shots for edge in _edits(shot)}
    _add_cuts(cuts, sorted(edits))
    counts = [count_of(shot) for shot in shots]
    _add_cuts(cuts, sorted(set(_comings_and_goings(layers))))
    longest = int(LONGEST_S * film.clock.rate)
    _add_cuts(cuts, chain(*(_steps(shot, count, longest) for shot, count in zip(shots, counts, strict=True))))
    return cuts


def more_edges(
    film: Format, shots: Sequence[Shot], edges: Sequence[int], told: Iterable[ContentEdge]
) -> list[int]:
    """Returns the frames that a film is cut at, and those where it shows what other films are cut at."""
    cuts = sorted({*edges, film.length})
    _add_cuts(cuts, sorted(set(_places(told, shots, [count_of(shot) for shot in shots]))))
    return cuts


def content_edges(shots: Sequence[Shot], layers: Sequence[LayerPlacement]) -> frozenset[ContentEdge]:
    """Returns where titles and graphics come and go, in the counts of the shots that they lie over."""
    counts = [count_of(shot) for shot in shots]
    return frozenset(
        (count.stream, count.span.first + edge - shot.span.first)
        for edge in _comings_and_goings(layers)
        for shot, count in zip(shots, counts, strict=True)
        if shot.span.first < edge < shot.span.stop
    )


def _edits(shot: Shot) -> tuple[int, ...]:
    return shot.span.first, shot.span.first + shot.transition, shot.span.stop - shot.ending


def _comings_and_goings(layers: Sequence[LayerPlacement]) -> Iterator[int]:
    for layer in layers:
        if (
            layer.call.stage != CaptionLayer.name
        ):  # captions come so often that they would cut the film to pieces
            yield layer.span.first
            yield layer.span.stop


def _places(
    edges: Iterable[ContentEdge], shots: Sequence[Shot], counts: Sequence[FrameCount]
) -> Iterator[int]:
    """Yields the frames of a film that places in counts are at."""
    for stream, number in edges:
        for shot, count in zip(shots, counts, strict=True):
            if count.stream == stream and number in count.span:
                yield shot.span.first + number - count.span.first


def _steps(shot: Shot, count: FrameCount, longest: int) -> range:
    """Returns every frame of a shot whose number is a multiple of `longest`."""
    start = shot.span.first + -count.span.first % longest
    return range(start, shot.span.stop, longest)


def _add_cuts(cuts: list[int], places: Iterable[int]) -> None:
    """Adds those places to `cuts`, which rise, that are far enough from every cut in it."""
    for place in places:
        at = bisect(cuts, place)
        if all(abs(place - near) >= SHORTEST_SEGMENT for near in cuts[max(0, at - 1) : at + 1]):
            cuts.insert(at, place)
