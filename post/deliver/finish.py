"""A job to its deliverables: gather, plan, make, join, check, account, sign. Nothing is left half-written."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryFile
from typing import Protocol

from post.atomic import checksum, writing
from post.deliver.check import Measured, check, shortfalls
from post.deliver.labels import labels_of
from post.deliver.mux import join
from post.deliver.receipt import make_receipt
from post.engine import Event, Store, Task
from post.errors import OutputError, unknown
from post.job.model import Job
from post.plan import compile_plan
from post.prepare.facts import learn
from post.prepare.shot_match import matched_shots
from post.prepare.sources import Gathered, gather
from post.prepare.toolchain import read_toolchain
from post.receipt import Receipt
from post.recovery.register import Registering, registered
from post.values import Mix, Plan, Rendition, Segment, digest, plain
from provenance.trust.lists import Anchors

# Encoders whose instances in one process share tables that they fill as they start (SVT-AV1 before its
# change 2605): two at once crash now and then.
ALONE = frozenset({"libsvtav1"})
MB = 1_000_000
SEGMENT, SOUND = "post.render.segment:make", "post.render.sound:make"


class Engine(Protocol):
    """Where tasks are done. `rest`: nothing more for now; what it holds can be let go of."""

    def run(self, tasks: Sequence[Task], store: Store) -> Iterator[Event]: ...
    def rest(self) -> None: ...


class Seal(Protocol):
    """Signs a finished file: what `provenance` does with a receipt, bound to a key and anchors.

    anchors: the lists under which what it signs reads as trusted; files: where each ingredient lies,
    by sha256; progress: told the bytes done and in all.
    """

    @property
    def anchors(self) -> tuple[Anchors, ...]: ...

    def __call__(
        self,
        source: Path,
        destination: Path,
        receipt: Receipt,
        files: Mapping[str, Path],
        progress: Callable[[int, int], None],
    ) -> None: ...


@dataclass(frozen=True, slots=True)
class Deliverable:
    """One finished file. reused: segments that were already in the store; notes: what could not be met."""

    version: Rendition
    path: Path
    sha256: str
    measured: Measured
    receipt: Receipt
    segments: int
    reused: int
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Finished:
    gathered: Gathered
    plan: Plan
    deliverables: tuple[Deliverable, ...]
    seconds: float


@dataclass(frozen=True, slots=True)
class Place:
    """Where things go: results, the store, and who makes and signs them, and where what is signed is
    registered, if anywhere."""

    out: Path
    store: Store
    engine: Engine
    seal: Seal
    progress: Callable[[str, int, int], None]
    registering: Registering | None = None


def prepare(
    job: Job, anchors: Sequence[Anchors], only: str = "", keep: Path | None = None
) -> tuple[Gathered, Plan]:
    """What there is and what will be done, without doing it. keep: a folder for facts about takes."""
    gathered, matched = matched_shots(gather(_only(job, only) if only else job, anchors), keep)
    learned = learn(gathered, keep)
    plan = compile_plan(gathered.job, gathered.takes, gathered.laid, read_toolchain(), learned)
    return gathered, replace(plan, matched=matched)


def finish(gathered: Gathered, plan: Plan, place: Place) -> Finished:
    """Make, join, check and sign every version of the plan."""
    started = time.monotonic()
    _make_room(gathered, plan, place)
    if place.registering:
        place.registering.check()
    place.store.sweep()
    tasks = tasks_of(plan, gathered)
    kept = {task.key for task in tasks if place.store.get(task.key)}
    for event in place.engine.run(tasks, place.store):
        place.progress("making", event.done, event.total)
    # Before signing, which may hold up to half a GB of a large file at once.
    place.engine.rest()
    made = []
    for number, version in enumerate(plan.versions):
        place.progress("joining", number, len(plan.versions))
        made.append(_deliver(gathered, version, place, kept))
    place.progress("done", 1, 1)
    return Finished(gathered, plan, tuple(made), time.monotonic() - started)


def _make_room(gathered: Gathered, plan: Plan, place: Place) -> None:
    """The output folder, tried before anything is rendered. Raises OutputError or RetryError."""
    sources = [gathered.job.path, *gathered.files().values()]
    with writing(place.out):
        place.out.mkdir(parents=True, exist_ok=True)
        with TemporaryFile(dir=place.out):
            pass
    for path in (_path(version, place) for version in plan.versions):
        if path.is_dir():
            raise OutputError("is a folder", where=str(path), expected="room for a film", fix="move it away")
        if path.exists() and any(path.samefile(source) for source in sources):
            raise OutputError(
                "would be written over one of the film's own sources",
                where=str(path),
                fix="choose another folder, or another name for the deliverable",
            )


def _path(version: Rendition, place: Place) -> Path:
    return place.out / f"{version.name}.{version.segments[0].encoder.container}"


def tasks_of(plan: Plan, gathered: Gathered) -> list[Task]:
    """Everything to make: each version's sound, then segments, those of one clip side by side."""
    files = tuple((sha, str(path)) for sha, path in gathered.files().items())
    sounds = [_sound_task(version, files) for version in plan.versions if version.mix.events]
    return sounds + [
        _picture_task(version, segment, files) for version in plan.versions for segment in version.segments
    ]


def _picture_task(version: Rendition, segment: Segment, files: tuple[tuple[str, str], ...]) -> Task:
    alone = segment.encoder.codec in ALONE
    name, cost = _named(version, segment), len(segment.span)
    return Task(digest(segment), SEGMENT, plain(segment), files, cost, name, alone)


def _sound_task(version: Rendition, files: tuple[tuple[str, str], ...]) -> Task:
    mix: Mix = version.mix
    return Task(digest(mix), SOUND, plain(mix), files, 24, f"{version.name}: sound")


def _named(version: Rendition, segment: Segment) -> str:
    return f"{version.name}: frames {segment.span.first} to {segment.span.stop - 1}"


def _deliver(gathered: Gathered, version: Rendition, place: Place, kept: set[str]) -> Deliverable:
    path = _path(version, place)
    keys = [digest(segment) for segment in version.segments]
    sound = _stored(place.store, digest(version.mix)) if version.mix.events else None
    with _aside(path) as unsigned:
        made = [_stored(place.store, key) for key in keys]
        join(version, made, sound, unsigned, labels_of(gathered, version))
        measured = check(unsigned, version)
        accounted = make_receipt(gathered, version, keys, (unsigned, measured))
        with registered(place.registering, unsigned, path, accounted) as receipt:
            place.seal(unsigned, path, receipt, gathered.files(), _signing(version, place))
    reused = sum(key in kept for key in keys)
    notes = shortfalls(measured, version)
    return Deliverable(version, path, checksum(path).sha256, measured, receipt, len(keys), reused, notes)


def _signing(version: Rendition, place: Place) -> Callable[[int, int], None]:
    """Progress of one film's signing, in MB."""

    def passed(done: int, total: int) -> None:
        place.progress(f"signing {version.name} (MB)", done // MB, max(1, total // MB))

    return passed


@contextmanager
def _aside(path: Path) -> Iterator[Path]:
    """A path beside `path` to work on; whatever happens, it is gone afterwards."""
    aside = path.with_name(f".{path.stem}.unsigned{path.suffix}")
    # What a killed run may have left of its signing: half a film, half a sidecar.
    for pattern in (f".{path.stem}.????????.part{path.suffix}", f".{path.stem}.c2pa.*.part"):
        for left in path.parent.glob(pattern):
            left.unlink(missing_ok=True)
    try:
        with writing(path):
            yield aside
    finally:
        aside.unlink(missing_ok=True)


def _stored(store: Store, key: str) -> Path:
    path = store.get(key)
    if path is None:
        raise RuntimeError(f"the store lost {key} while it was in use")
    return path


def _only(job: Job, name: str) -> Job:
    chosen = tuple(deliver for deliver in job.deliver if deliver.name == name)
    if not chosen:
        raise unknown(name, [deliver.name for deliver in job.deliver], "--only", "deliverable")
    return replace(job, deliver=chosen)
