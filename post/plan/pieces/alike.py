"""Cuts several films where any of them shows a title or a graphic come or go, so that they share what lies between."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

from post.plan.pieces.edges import ContentEdge, content_edges, more_edges
from post.stage import LayerStage, find
from post.values import LayerPlacement, Rendition, Segment, Span


def cut_alike(films: Sequence[Rendition]) -> tuple[Rendition, ...]:
    """Returns films of one run, such as the versions of a job, each cut also where others of them differ.

    They show what they showed. A film that nothing is added to is returned as it is, and so is a part of a film.
    """
    whole = [film for film in films if film.part is None]
    told = {edge for film in whole for edge in content_edges(film.shots, tuple(_layers(film)))}
    return tuple(_cut_finer(film, told) if film.part is None else film for film in films)


def _layers(film: Rendition) -> Iterator[LayerPlacement]:
    for placed in film.placed:
        if issubclass(find(placed.call.stage), LayerStage):
            yield LayerPlacement(placed.call, placed.span)


def _cut_finer(film: Rendition, told: Iterable[ContentEdge]) -> Rendition:
    edges = more_edges(film.format, film.shots, [place.first for place in film.places], told)
    if len(edges) == len(film.segments) + 1:
        return film
    rows = zip(film.segments, film.places, strict=True)
    return replace(
        film, segments=tuple(part for segment, place in rows for part in _parts(segment, place, edges))
    )


def _parts(segment: Segment, place: Span, edges: Sequence[int]) -> Iterator[Segment]:
    inner = [edge - place.first for edge in edges if place.first < edge < place.stop]
    if not inner:
        yield segment
        return
    for first, stop in pairwise([0, *inner, len(place)]):
        yield segment.part(Span(first, stop))
