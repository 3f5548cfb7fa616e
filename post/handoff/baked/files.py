"""Makes the files of a baked hand-off: in the store, by the tasks that make films, and from there into a folder.

Files are written aside, in a hidden folder, and take their names together once all of them are whole.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any
from uuid import uuid4

from post.atomic import checksum, is_one_of, real_path
from post.deliver.making import Engine, make_results
from post.deliver.mux import copy_with_timecode
from post.deliver.tasks import plan_tasks
from post.engine import Store, TaskEvent
from post.errors import OutputError
from post.handoff.baked.plates import CONTAINER, ShotPlate
from post.os_faults import writing
from post.prepare.sources import JobSources
from post.values import Clock, Plan, Rendition, digest
from post.values.timecode import timecode

# What is being done, how much is done, and how much there is.
Progress = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class Workshop:
    """What files are made with. progress: as `finish` calls it."""

    engine: Engine
    store: Store
    progress: Progress


@dataclass(frozen=True, slots=True)
class PlateFile:
    """A plate that is made. start: the number of its first frame, which its timecode begins with."""

    plate: ShotPlate
    path: Path
    sha256: str
    start: int

    def row(self, clock: Clock) -> dict[str, Any]:
        """Returns it as JSON."""
        return {
            "shot": self.plate.shot.name, "path": str(self.path), "sha256": self.sha256,
            "frames": self.plate.frames, "before": self.plate.before, "after": self.plate.after,
            "first": self.start, "timecode": start_code(self.start, clock), "signed": False,
        }  # fmt: skip


def start_code(frame: int, clock: Clock) -> str:
    """Returns the timecode of a frame number. No numbers are dropped, so that it counts frames."""
    return timecode(frame, clock.rate)


def make_plates(
    plates: Sequence[ShotPlate],
    planned: tuple[JobSources, Plan],
    folder: Path,
    start: int,
    workshop: Workshop,
) -> tuple[PlateFile, ...]:
    """Makes the plates of a planned job in a folder, and returns them.

    start: the number of each file's first frame. Raises OutputError where one would be written over a file of the job,
    or cannot be written; SourceError where a file of the job was changed meanwhile.
    """
    paths = [folder / f"{plate.name}.{CONTAINER}" for plate in plates]
    refuse_sources(paths, planned[0])
    clock = planned[1].clock
    make_in_store(
        [_alone(plate, planned[1].renditions[0]) for plate in plates], planned, "making plates", workshop
    )
    with published(paths) as parts:
        for done, (plate, part) in enumerate(zip(plates, parts, strict=True)):
            workshop.progress("writing plates", done, len(plates))
            made = partial(workshop.store.open, digest(plate.segment))
            copy_with_timecode(made, part, start_code(start, clock), clock)
        workshop.progress("writing plates", len(plates), len(plates))
    return tuple(
        PlateFile(plate, real_path(path), checksum(path).sha256, start)
        for plate, path in zip(plates, paths, strict=True)
    )


def _alone(plate: ShotPlate, rendition: Rendition) -> Rendition:
    """Returns a plate as a deliverable of one shot without sound, for its task."""
    silent = replace(rendition.mix, events=())
    return replace(rendition, name=plate.name, shots=(), segments=(plate.segment,), mix=silent, placed=())


def make_in_store(
    renditions: Sequence[Rendition], planned: tuple[JobSources, Plan], what: str, workshop: Workshop
) -> None:
    """Makes the segments and the sound of renditions, those that the store has not yet. what: for the progress.

    Raises SourceError where a file of the job was changed meanwhile: then nothing that was made of it is kept.
    """
    sources, plan = planned
    with sources.naming():
        tasks = plan_tasks(replace(plan, renditions=tuple(renditions)), sources)
        missing = {task.key for task in tasks if not workshop.store.get(task.key)}

        def told(event: TaskEvent) -> None:
            workshop.progress(what, event.done, event.total)

        make_results(tasks, missing, sources, (workshop.engine, workshop.store), told)


def refuse_sources(paths: Sequence[Path], sources: JobSources) -> None:
    """Raises OutputError for a path at which one of the job's own files lies."""
    for path in paths:
        if is_one_of(path, sources.originals):
            fix = "name another file with -o: media lie beside it"
            raise OutputError("would be written over one of the job's own files", where=str(path), fix=fix)


@contextmanager
def published(paths: Sequence[Path]) -> Iterator[list[Path]]:
    """Gives a place to write each file of one folder to; they take their names once the block has ended well.

    Makes the folder. Raises OutputError where it cannot be written to, RetryError where the disk is full.
    """
    if not paths:
        yield []
        return
    folder = paths[0].parent
    aside = (folder if folder.is_dir() else folder.parent) / f".media.{uuid4().hex}.part"
    with writing(folder):
        aside.mkdir(parents=True)
        try:
            parts = [aside / path.name for path in paths]
            yield parts
            folder.mkdir(exist_ok=True)
            for part, path in zip(parts, paths, strict=True):
                os.replace(part, path)  # noqa: PTH105  over a file of that name
        finally:
            shutil.rmtree(aside, ignore_errors=True)
