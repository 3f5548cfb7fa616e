"""Makes the tasks of a plan: what workers do, with the files that each task needs and no others."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from post.deliver.stems.order import TASK, stems_order
from post.engine import Task
from post.engine.file_state import FileState
from post.prepare.sources import JobSources
from post.values import Plan, Rendition, Segment, Span, StemsOrder, digest, plain
from post.versions.planned import PlannedVersion

# Encoders whose instances in one process share tables that they fill as they start (SVT-AV1 before its
# change 2605): two at once crash now and then.
ALONE = frozenset({"libsvtav1"})
SEGMENT, SOUND = "post.render.segment:make", "post.render.sound:make"
SOUND_COST = 24  # of a film's sound, in frames of picture: about what it takes of a minute's film
Files = tuple[tuple[str, str], ...]  # where each is, by its sha256
States = tuple[FileState, ...]
Needs = Callable[[Any], tuple[Files, States]]


def plan_tasks(plan: Plan, sources: JobSources) -> list[Task]:
    """Returns everything to make: each film's sound, its stems where asked for, then its segments, those of one clip
    side by side."""
    return [make() for _, make in keyed_tasks(plan, sources)]


def unique_tasks(planned: Sequence[PlannedVersion]) -> list[Task]:
    """Returns everything to make for several versions, each once: all sounds first, for they are the longest."""
    once: dict[str, Task] = {}
    for each in planned:
        for key, make in keyed_tasks(each.plan, each.sources):
            if key not in once:
                once[key] = make()
    return sorted(once.values(), key=lambda task: task.run == SEGMENT)


def keyed_tasks(plan: Plan, sources: JobSources) -> Iterator[tuple[str, Callable[[], Task]]]:
    """Yields the key of each task of `plan_tasks`, and what makes the task: versions have most of them in common."""
    files = tuple((sha256, str(path)) for sha256, path in sources.files().items())
    needs = partial(_needed, files=files, states=sources.states)
    for rendition in plan.renditions:
        if rendition.mix.events:
            yield digest(rendition.mix), partial(_sound_task, rendition, needs)
    for rendition in plan.renditions:
        if rendition.stems:
            order = stems_order(rendition, sources.job)
            yield digest(order), partial(_stems_task, rendition, order, needs)
    for rendition in plan.renditions:
        for segment, place in zip(rendition.segments, rendition.places, strict=True):
            yield digest(segment), partial(_picture_task, rendition, segment, place, needs)


def _picture_task(rendition: Rendition, segment: Segment, span: Span, needs: Needs) -> Task:
    name = f"{rendition.name}: frames {span.first} to {span.stop - 1}"
    alone = segment.encoder.codec in ALONE
    shots = [
        shot.name for shot in rendition.shots if shot.span.first < span.stop and span.first < shot.span.stop
    ]
    shown = ", ".join(shots)
    data = plain(segment)
    files, states = needs(data)
    return Task(digest(segment), SEGMENT, data, files, len(span), name, alone, shown, states)


def _sound_task(rendition: Rendition, needs: Needs) -> Task:
    name = f"{rendition.name}: sound"
    data = plain(rendition.mix)
    files, states = needs(data)
    return Task(digest(rendition.mix), SOUND, data, files, SOUND_COST, name, states=states)


def _stems_task(rendition: Rendition, order: StemsOrder, needs: Needs) -> Task:
    data = plain(order)
    files, states = needs(data)
    return Task(digest(order), TASK, data, files, SOUND_COST, f"{rendition.name}: stems", states=states)


def _needed(data: Any, files: Files, states: States) -> tuple[Files, States]:
    """Returns the files that a task's data names, and their states."""
    named = set(_hashes(data))
    needed = tuple((sha256, path) for sha256, path in files if sha256 in named)
    folders = {str(Path(path).parent) for _, path in needed}
    return needed, tuple(state for state in states if str(Path(state.path).parent) in folders)


def _hashes(data: Any) -> Iterator[str]:
    """Yields the SHA-256 of every file in plain data."""
    if isinstance(data, dict):
        if set(data) == {"sha256", "name"}:
            yield data["sha256"]
        else:
            yield from (each for item in data.values() for each in _hashes(item))
    elif isinstance(data, list):
        yield from (each for item in data for each in _hashes(item))
