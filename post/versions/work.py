"""Counts the work of several versions: which segments they have in common, and which are made already."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import cached_property

from post.engine import Store
from post.values import Rendition, Segment, digest
from post.versions.planned import PlannedVersion


@dataclass(frozen=True, slots=True)
class FilmWork:
    """The work of one film. axes: its version's; keys: of its segments; sound: of its mix, "" for none."""

    rendition: Rendition
    axes: tuple[tuple[str, str], ...]
    keys: tuple[str, ...]
    sound: str

    @property
    def frames(self) -> int:
        """Returns how many frames it has."""
        return sum(len(each.span) for each in self.rendition.segments)


@dataclass(frozen=True)
class VersionsWork:
    """The work of all films of a run, in their order. stored: the keys whose results are in the store."""

    films: tuple[FilmWork, ...]
    stored: frozenset[str] = frozenset()

    @cached_property
    def segments(self) -> dict[str, Segment]:
        """Returns every different segment, by its key."""
        return {
            key: segment
            for film in self.films
            for key, segment in zip(film.keys, film.rendition.segments, strict=True)
        }

    @cached_property
    def sounds(self) -> dict[str, Rendition]:
        """Returns a film of each different mix, by its key."""
        return {film.sound: film.rendition for film in self.films if film.sound}

    @cached_property
    def unique_frames(self) -> int:
        """Returns the frames of all different segments."""
        return self.frames_of(self.segments)

    def frames_of(self, keys: Collection[str]) -> int:
        """Returns the frames of segments."""
        return sum(len(self.segments[key].span) for key in keys)

    def new_frames(self) -> list[int]:
        """Returns, for each film, the frames of its segments that no film before it has: their sum is all of them."""
        seen: set[str] = set()
        found = []
        for film in self.films:
            new = set(film.keys) - seen
            seen |= new
            found.append(self.frames_of(new))
        return found

    def own_frames(self) -> list[int]:
        """Returns, for each film, the frames of its segments that no other film has."""
        counts: dict[str, int] = {}
        for film in self.films:
            for key in set(film.keys):
                counts[key] = counts.get(key, 0) + 1
        return [self.frames_of({key for key in film.keys if counts[key] == 1}) for film in self.films]

    def cost_of_one(self) -> float:
        """Returns the frames of all different segments over those of the longest film."""
        return self.unique_frames / max(film.frames for film in self.films)


def versions_work(planned: Sequence[PlannedVersion], store: Store | None = None) -> VersionsWork:
    """Returns the work of all versions. store: where results are looked up, None for none."""
    films = tuple(
        FilmWork(
            made,
            each.sources.job.version.axes if each.sources.job.version else (),
            tuple(digest(segment) for segment in made.segments),
            digest(made.mix) if made.mix.events else "",
        )
        for each in planned
        for made in each.plan.renditions
    )
    keys = {key for film in films for key in (*film.keys, film.sound) if key}
    stored = frozenset(store.present(keys) if store else ())
    return VersionsWork(films, stored)
