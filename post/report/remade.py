"""Says what of a film will be made, and why: what changed since the job was finished last."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from post.atomic import real_path
from post.engine import Store
from post.plan.layers import layer_name
from post.stage import LayerStage
from post.values import ClipInSegment, Plan, Rendition, Segment, Span, digest, plain

FIRST = "not finished before"
LOST = "no longer in the store"
MOVED = "the cut moved"
VERSION = 2  # rises when the parts of a segment are told apart in another way


@dataclass(frozen=True, slots=True)
class _LastFilm:
    """What is known of a film since its job was finished last: it is kept under this value's digest."""

    job: str
    film: str
    version: int = VERSION


@dataclass(frozen=True, slots=True)
class Remade:
    """A part of a film that will be made, and why, in a few words each. before: the film was finished before."""

    film: str
    span: Span
    reasons: tuple[str, ...]
    before: bool


@dataclass(frozen=True, slots=True)
class _Part:
    """One thing that decides a segment's pixels, by a name for people and a digest."""

    name: str
    digest: str


@dataclass(frozen=True, slots=True)
class _Parts:
    """A segment's place in the film, and everything that decides its pixels."""

    span: Span
    parts: tuple[_Part, ...]


@dataclass(frozen=True, slots=True)
class _Several:
    """Values whose digest is wanted together."""

    values: tuple[Any, ...]


def remember_films(plan: Plan, job: Path, store: Store) -> None:
    """Keeps, for `remade`, what decides the pixels of each film of a job that was just finished.

    Raises OutputError or RetryError where it cannot be kept.
    """
    for film in plan.renditions:
        rows = [plain(_parts(segment, place)) for segment, place in _placed(film)]
        store.save(_key(job, film), json.dumps(rows).encode())


def remade(plan: Plan, job: Path, store: Store) -> Iterator[Remade]:
    """Yields the parts of each film that are not in the store, with what changed since the job was finished last."""
    for film in plan.renditions:
        kept = store.load(_key(job, film))
        before = _read(json.loads(kept)) if kept is not None else None
        found = [
            Remade(film.name, place, _why(_parts(segment, place), before), before is not None)
            for segment, place in _placed(film)
            if not store.get(digest(segment))
        ]
        yield from _joined(found)


def _key(job: Path, film: Rendition) -> str:
    return digest(_LastFilm(str(real_path(job)), film.name))


def _read(rows: Sequence[Mapping[str, Any]]) -> tuple[_Parts, ...]:
    return tuple(_Parts(Span(**row["span"]), tuple(_Part(**part) for part in row["parts"])) for row in rows)


def _joined(found: Sequence[Remade]) -> Iterator[Remade]:
    """Yields parts that follow each other for the same reasons as one."""
    waiting: Remade | None = None
    for each in found:
        if waiting and waiting.span.stop == each.span.first and waiting.reasons == each.reasons:
            waiting = replace(waiting, span=Span(waiting.span.first, each.span.stop))
            continue
        if waiting:
            yield waiting
        waiting = each
    if waiting:
        yield waiting


def _why(now: _Parts, before: Sequence[_Parts] | None) -> tuple[str, ...]:
    if before is None:
        return (FIRST,)
    near = [each for each in before if each.span.meets(now.span)]
    old = {part for each in near for part in each.parts}
    names = {part.name for part in old}
    new = [f"{part.name} {_verb(part.name in names)}" for part in now.parts if part not in old]
    mine = {part.name for part in now.parts}
    # What neighbours of a segment had that now begins or ends elsewhere is not gone.
    same = [each for each in near if each.span == now.span]
    gone = [f"{part.name} removed" for each in same for part in each.parts if part.name not in mine]
    if not same:
        return (MOVED, *(each for each in new if not each.startswith(_TIMING)))
    return tuple(dict.fromkeys([*new, *gone])) or (LOST,)


def _verb(known: bool) -> str:
    return "changed" if known else "new"


_TIMING = "timing of "


def _placed(film: Rendition) -> Iterator[tuple[Segment, Span]]:
    return zip(film.segments, film.places, strict=True)


def _parts(segment: Segment, place: Span) -> _Parts:
    return _Parts(place, tuple(_named(segment)))


def _named(segment: Segment) -> Iterator[_Part]:
    for clip in segment.clips:
        yield from _clip_parts(clip)
    for layer in segment.layers:
        name = layer_name(LayerStage.from_call(layer.call))
        yield _Part(name, _digest(layer.call, layer.span, layer.poses))
    yield _Part("picture format", _digest(segment.format))
    yield _Part("encoder settings", _digest(segment.encoder))
    yield _Part("watermark", _digest(segment.finishes))
    yield _Part("software", _digest(segment.toolchain))


def _clip_parts(clip: ClipInSegment) -> Iterator[_Part]:
    name = clip.file.name
    yield _Part(f"clip {name}", _digest(clip.file, clip.picture))
    yield _Part(
        f"{_TIMING}{name}", _digest(clip.span, clip.frames, clip.sampling, clip.exposures, clip.seeds)
    )
    yield _Part(f"framing of {name}", _digest(clip.window, clip.windows))
    yield _Part(f"colour of {name}", _digest(clip.colour))
    yield _Part(f"effects of {name}", _digest(clip.effects))
    yield _Part(f"repairs of {name}", _digest(clip.repairs))
    yield _Part(f"grain of {name}", _digest(clip.grain))
    yield _Part(f"transition into {name}", _digest(clip.fade, clip.transition))
    yield _Part(f"ending after {name}", _digest(clip.ending))


def _digest(*values: Any) -> str:
    return digest(_Several(values))[:16]
