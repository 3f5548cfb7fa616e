"""Says what each task of a job is expected to take: as runs before it took, or by counting its work.

Of a task whose seconds a log has, those are taken. Others cost what `post.versions.cost` counts, at the speed that this
machine showed; where a log has some of a job's tasks, the others are slower or faster by as much as those were.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from post.deliver.tasks import SEGMENT, unique_tasks
from post.engine import Store, Task
from post.os_faults import reading
from post.values import Rendition
from post.versions.cost import RATES, Counts, count_segment, read_speed
from post.versions.planned import PlannedVersion
from post.versions.work import FilmWork, VersionsWork, versions_work

# Bytes of a result that is not there yet, a pixel of picture and a second of sound: what an encoder's result took on
# real clips at the presets' quality, .02 to .15, and the store's float samples (48 kHz, 2 channels, 4 bytes).
PIXEL_BYTES, SOUND_BYTES = 0.1, 384_000


@dataclass(frozen=True, slots=True)
class TaskCost:
    """What one task is expected to take. seconds: of one worker; sources: the size of each file it reads, in bytes, by
    SHA-256; result_bytes: what it writes; measured: whether the seconds are from a log; weight: to deal it by."""

    key: str
    seconds: float
    sources: tuple[tuple[str, int], ...] = ()
    result_bytes: int = 0
    measured: bool = False
    weight: int = 1


@dataclass(frozen=True, slots=True)
class JobCost:
    """What a job is expected to take. tasks: in the order in which they are given out; before_s: planning, on the host
    that submits; films_s: joining, checking and signing each film, on one host."""

    tasks: tuple[TaskCost, ...]
    before_s: float = 0.0
    films_s: tuple[float, ...] = ()

    @property
    def after_s(self) -> float:
        """Returns what follows the last task, in seconds."""
        return sum(self.films_s)


def job_cost(
    planned: Sequence[PlannedVersion], store: Store | None = None, seconds: Mapping[str, float] | None = None
) -> JobCost:
    """Returns what the films of a job are expected to take, with nothing in the store.

    store: where this machine's speed, and the size of results that are there, are kept; seconds: measured, by key.
    """
    work, known = versions_work(planned, store), seconds or {}
    tasks, slower = unique_tasks(planned), read_speed(store).slower
    counted = {task.key: _counted(task, work).cost(RATES) * slower for task in tasks}
    ratios = [known[key] / cost for key, cost in counted.items() if key in known and cost > 0]
    scale = median(ratios) if ratios else 1.0
    costs = tuple(
        TaskCost(
            task.key, known.get(task.key, counted[task.key] * scale), tuple(_sizes(task)),
            _result_bytes(task, work, store), task.key in known, task.cost,
        )
        for task in tasks
    )  # fmt: skip
    films = tuple(_film(each).cost(RATES) * slower for each in work.films)
    return JobCost(costs, RATES.runs * slower, films)


def read_seconds(log: Path) -> dict[str, float]:
    """Returns the seconds that each task took, by key, as the records of `--log FILE` say; its last run counts.

    Raises SourceError where the file cannot be read. Lines that are no such record are skipped.
    """
    with reading(log):
        text = log.read_text("utf-8", "replace")
    return dict(_seconds(text.splitlines()))


def _seconds(lines: Iterable[str]) -> Iterator[tuple[str, float]]:
    for line in lines:
        try:
            record = json.loads(line)
            yield str(record["key"]), float(record["seconds"])  # no other record has both
        except (ValueError, TypeError, KeyError):
            continue


def _counted(task: Task, work: VersionsWork) -> Counts:
    if task.run == SEGMENT:
        return count_segment(work.segments[task.key])
    film = work.sounds.get(task.key)
    longest = max(work.films, key=lambda each: each.frames).rendition if film is None else film
    return Counts(sound_s=_seconds_of(longest))


def _seconds_of(film: Rendition) -> float:
    return film.mix.length / film.mix.rate_hz


def _film(film: FilmWork) -> Counts:
    form = film.rendition.format
    area = form.width * form.height / 1e6
    return Counts(films=1, film_mpx=area * form.length, film_s=float(form.clock.seconds(form.length)))


def _sizes(task: Task) -> Iterator[tuple[str, int]]:
    for sha256, path in task.files:
        with reading(Path(path)):
            yield sha256, Path(path).stat().st_size


def _result_bytes(task: Task, work: VersionsWork, store: Store | None) -> int:
    if store and (path := store.get(task.key)):
        return path.stat().st_size
    if task.run == SEGMENT:
        segment = work.segments[task.key]
        return round(segment.format.width * segment.format.height * len(segment.span) * PIXEL_BYTES)
    return round(SOUND_BYTES * _counted(task, work).sound_s)
