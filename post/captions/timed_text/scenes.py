"""Turns ttconv's documents into captions: for every span of time in which nothing changes, what each region shows.

Styles and places are those that TTML 2 computes; a paragraph that is the same in neighbouring spans is one caption.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import Any

from ttconv import model
from ttconv.isd import ISD, SignificantTimes

from post.captions.model import ENDLESS, Caption
from post.captions.timed_text.blocks import Said, caption_of, plate_of
from post.errors import JobError

# Elements times the spans of time that show them, each of which costs a millisecond or two: a feature film has 15,000.
MOST_SHOWN = 30_000
MOST_CLONED = 500_000  # elements times regions
WINDOW = 16  # spans of time for which a document holds no other paragraphs: ttconv asks each one in each span


@dataclass(frozen=True, slots=True)
class Source:
    """Where a paragraph stands in its file ("file:line"), what it is called there, and who says it."""

    where: str
    id: str = ""
    speaker: str = ""


def captions_of(
    document: model.ContentDocument,
    sources: Mapping[str, Source],
    where: str,
    said: Said,
) -> tuple[list[Caption], list[str]]:
    """Returns the captions of a document, and what of their style the model of captions does not hold.

    sources: by the id of the document's paragraphs; where: the file's name; said: which styles the file speaks of.
    """
    body = document.get_body()
    count = sum(1 for _ in body.dfs_iterator()) if body is not None else 0
    cloned = count * sum(1 for _ in document.iter_regions())
    if cloned > MOST_CLONED:
        raise _too_many("too many elements and regions", where, MOST_CLONED, cloned)
    times = ISD.significant_times(document)
    if (count := _shown_count(times)) > MOST_SHOWN:
        raise _too_many("too much is shown and changes too often", where, MOST_SHOWN, count)
    joiner = _Joiner()
    moments = list(times)
    window = _Window(times)
    for i, start in enumerate(moments):
        if i % WINDOW == 0:
            window.move(start, moments[i + WINDOW] if i + WINDOW < len(moments) else None)
        stop = moments[i + 1] if i + 1 < len(moments) else None
        scene = ISD.from_model(document, start, times)
        shown = [] if scene is None else list(_shown(scene, sources, where, said))
        if stop is not None or shown:
            joiner.add(start, ENDLESS if stop is None else stop, shown)
    return joiner.found, sorted(said.lost)


class _Window:
    """Holds in a document only those paragraphs that a stretch of time shows."""

    def __init__(self, times: SignificantTimes) -> None:
        self.parents: list[tuple[Any, list[tuple[Any, Fraction, Fraction | None]]]] = []
        for each in times.cache():
            body, spans = each.doc.get_body(), each.interval_cache
            for parent in [] if body is None else list(body.dfs_iterator()):
                if isinstance(parent, model.Div):
                    # An element of no time has no moments of its own; those within it have none at all.
                    self.parents.append((parent, [(child, *spans.get(child, (0, 0))) for child in parent]))

    def move(self, first: Fraction, stop: Fraction | None) -> None:
        """Lets the document hold what is shown from one time to another, in its order. stop: None for the end."""
        for parent, children in self.parents:
            parent.remove_children()
            parent.push_children(
                child
                for child, begin, end in children
                if (stop is None or begin < stop) and (end is None or end > first)
            )


def _shown_count(times: SignificantTimes) -> int:
    """Returns how many elements all spans of time show together."""
    moments = list(times)
    return sum(
        (len(moments) if end is None else bisect_left(moments, end)) - bisect_left(moments, begin)
        for each in times.cache()
        for begin, end in each.interval_cache.values()
        if end is None or end > begin
    )


def _too_many(what: str, where: str, most: int, got: int) -> JobError:
    return JobError(what, where=where, expected=f"{most} at most", got=got, fix="split the file")


@dataclass(slots=True)
class _Joiner:
    """Makes one caption of what is the same in spans of time that touch."""

    found: list[Caption] = field(default_factory=list)
    open: dict[tuple[str, Caption], int] = field(default_factory=dict)

    def add(self, start: Fraction, stop: Fraction, shown: list[tuple[str, Caption]]) -> None:
        now: dict[tuple[str, Caption], int] = {}
        for name, caption in shown:
            key = (name, caption)
            index = self.open.get(key)
            if index is None:
                index = len(self.found)
                self.found.append(replace(caption, start=Fraction(start), stop=Fraction(stop)))
            else:
                self.found[index] = replace(self.found[index], stop=Fraction(stop))
            now[key] = index
        self.open = now


def _shown(
    scene: ISD, sources: Mapping[str, Source], where: str, said: Said
) -> Iterator[tuple[str, Caption]]:
    """Each paragraph that a span of time shows, with its id, as a caption whose times are 0; then bare plates."""
    for region in scene.iter_regions():
        paragraphs = list(_paragraphs(region, ()))
        for path in paragraphs:
            name = path[-1].get_id() or ""
            source = sources.get(name, Source(where))
            caption = caption_of(region, path, source.where, said)
            if caption.runs:
                yield name, replace(caption, id=source.id, speaker=source.speaker)
        if not paragraphs and (plate := plate_of(region, where)):
            yield f"region {region.get_id()}", plate


def _paragraphs(element: Any, path: tuple[Any, ...]) -> Iterator[tuple[Any, ...]]:
    """Each paragraph with what it lies in, from the outside in."""
    for child in element:
        inner = (*path, child)
        if isinstance(child, model.P):
            yield inner
        else:
            yield from _paragraphs(child, inner)
