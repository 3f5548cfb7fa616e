"""Counts the frames that films share, and those that show the same thing, whatever their grain and their place."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from post.values import Rendition, Segment, Span, digest


@dataclass(frozen=True, slots=True)
class Sharing:
    """Frames of a film: all, those that show what another film shows, and those in segments that the other has."""

    frames: int
    alike: int
    shared: int

    @property
    def share(self) -> float:
        """Shared frames of those that could be."""
        return self.shared / self.alike if self.alike else 1.0


def sharing(film: Rendition, *others: Rendition) -> Sharing:
    """Returns how much a film shares with others that are made before it."""
    shown = {look for other in others for look in _looks(other)}
    made = {digest(segment) for other in others for segment in other.segments}
    alike = sum(look in shown for look in _looks(film))
    shared = sum(len(segment.span) for segment in film.segments if digest(segment) in made)
    return Sharing(film.format.length, alike, shared)


def _looks(film: Rendition) -> Iterator[str]:
    for segment in film.segments:
        bare = _without_chance(segment)
        for frame in segment.span:
            yield digest(bare.part(Span(frame, frame + 1)))


def _without_chance(segment: Segment) -> Segment:
    """Returns a segment without what its seeds and the numbers of its libraries add."""
    clips = tuple(replace(clip, seeds=()) for clip in segment.clips)
    return replace(segment, clips=clips, toolchain=())
