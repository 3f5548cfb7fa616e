"""Finishes a planned job: makes its parts, joins them, checks, accounts for and signs every film.

    Plan -> tasks -> engine -> store -> join -> check -> receipt -> sign

Nothing is left half-written: films are made in a hidden folder, and published together with their receipt and report
(`output_set`); then they are registered and queued for time-stamps (`announce`).
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Any

from post.atomic import checksum
from post.deliver.captions.sidecars import MadeSidecar, refuse_places, write_sidecars
from post.deliver.captions.tracks import check_tracks
from post.deliver.check import MeasuredFilm, check_film, unmet_targets
from post.deliver.kept_film import FilmSigner, find_kept, receipt_before, signed_before, signing_basis
from post.deliver.labels import labels_of
from post.deliver.making import Engine, dropped_if_changed, make_results
from post.deliver.mux import SegmentError, join_segments
from post.deliver.output_set import OutputSet, refuse_folder, refuse_source
from post.deliver.receipt import make_receipt
from post.deliver.stems.folder import MadeStem, refuse_stem_places, write_stems
from post.deliver.stems.order import stems_order
from post.deliver.tasks import unique_tasks
from post.engine import Store, Task, TaskEvent
from post.engine.events import Tell, quiet
from post.engine.pinned import pinned
from post.naming import Shown, naming
from post.os_faults import writing
from post.prepare.sources import JobSources
from post.prepare.warnings import allowed_by
from post.receipt import Receipt
from post.recovery.register import RegistryOptions, bind_film, film_entry
from post.step_log import StepLog
from post.values import Plan, Rendition, digest
from post.values.warning import JobWarning, ranked
from post.versions.planned import PlannedVersion, whole_plan, whole_sources
from provenance.durable.registry_entry import RegistryEntry
from provenance.manifest.sidecar import find_sidecar, sidecar_path

MB = 1_000_000
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Deliverable:
    """One finished film.

    path: where it lies once its set is published; made: where it lies until then; reused: how many segments were
    in the store before; basis: a digest of all that its manifest is made from; warnings: what could not be met; entry:
    what is registered of it once it is published; kept: whether it lies there as an earlier run signed it; sidecars,
    stems: the caption files and the stems beside it.
    """

    rendition: Rendition
    path: Path
    made: Path
    sha256: str
    measured: MeasuredFilm
    receipt: Receipt
    segments: int
    reused: int
    basis: str = ""
    warnings: tuple[JobWarning, ...] = ()
    entry: RegistryEntry | None = None
    kept: bool = False
    sidecars: tuple[MadeSidecar, ...] = ()
    stems: tuple[MadeStem, ...] = ()


@dataclass(frozen=True, slots=True)
class FinishedJob:
    """A job with all its films. sources, plan: of all its versions together; versions: of each, apart; made: the keys
    of the results that this run made."""

    sources: JobSources
    plan: Plan
    deliverables: tuple[Deliverable, ...]
    versions: tuple[PlannedVersion, ...] = ()
    made: frozenset[str] = frozenset()

    def version_of(self, film: str) -> PlannedVersion:
        """Returns the version that a film is one of, by the film's name."""
        found = (each for each in self.versions if any(film == made.name for made in each.plan.renditions))
        return next(found, PlannedVersion(self.sources, self.plan))

    @property
    def warnings(self) -> tuple[JobWarning, ...]:
        """Everything that a person should know of the films, the worst first."""
        return ranked([*self.plan.warnings, *(each for film in self.deliverables for each in film.warnings)])


@dataclass(frozen=True, slots=True)
class FinishSetup:
    """What finishing needs beside the plan.

    output: where films are made, and where they lie once they are published; progress: is called with what is
    being done, how much is done, and how much there is; registering: None where films are not registered; before:
    the receipts that lie in the folder; resign: whether films are signed anew that could stay as they are; tell: is
    called with each event of `post.engine.events`.
    """

    output: OutputSet
    store: Store
    engine: Engine
    signer: FilmSigner
    progress: Callable[[str, int, int], None]
    registering: RegistryOptions | None = None
    before: Mapping[str, Any] = field(default_factory=dict)
    resign: bool = False
    tell: Tell = quiet

    def made(self, event: TaskEvent) -> None:
        """Tells of a result that is in the store now."""
        self.progress("making", event.done, event.total)
        task = event.task
        self.tell(
            "result",
            name=task.name,
            shot=task.shot,
            key=task.key,
            made=event.made,
            done=event.done,
            total=event.total,
        )


def finish(sources: JobSources, plan: Plan, setup: FinishSetup) -> FinishedJob:
    """Makes, joins, checks and signs every film of the plan, and returns what was made.

    Raises OutputError where films cannot be written there, RetryError where the disk is full or workers
    were lost, AnswerprintError where a film is not as planned, and whatever the signer raises.
    """
    return finish_versions([PlannedVersion(sources, plan)], [setup])


def finish_versions(planned: Sequence[PlannedVersion], setups: Sequence[FinishSetup]) -> FinishedJob:
    """Makes the films of all versions of a job as one run, as `finish` does: what several have in common is made once.

    setups: one for each version; they differ in no more than the signer and the registry.
    """
    sources, plan = whole_sources(planned), whole_plan(planned)
    with sources.naming():
        return _finish(planned, setups, FinishedJob(sources, plan, (), tuple(planned)))


def _finish(
    planned: Sequence[PlannedVersion], setups: Sequence[FinishSetup], whole: FinishedJob
) -> FinishedJob:
    setup, plan = setups[0], whole.plan
    check_output(whole.sources, plan, setup.output.out)
    for each in setups:
        if each.registering:
            each.registering.check()
    setup.store.sweep()
    tasks = unique_tasks(planned)
    stored = setup.store.present(task.key for task in tasks)
    setup.tell("planned", **_log_plan(plan, tasks, stored))
    steps = StepLog(log)
    made = {task.key for task in tasks} - stored
    make_results(tasks, made, whole.sources, (setup.engine, setup.store), setup.made)
    if made:  # workers that rendered are large, and signing may hold up to half a GB of a large file at once
        setup.engine.rest()
    steps.done("all results are in the store")
    films = list[Deliverable]()
    for version, own in zip(planned, setups, strict=True):
        for rendition in version.plan.renditions:
            setup.progress("joining", len(films), len(plan.renditions))
            with dropped_if_changed(setup.store, made):  # signing reads the files too
                films.append(_deliver(version.sources, rendition, own, stored))
    setup.progress("done", 1, 1)
    return replace(whole, deliverables=tuple(films), made=frozenset(made))


def _log_plan(plan: Plan, tasks: Sequence[Task], stored: set[str]) -> dict[str, Any]:
    """Logs what is in the store and what is to be made, and returns it."""
    unique = {task.key for task in tasks}
    counts = {
        "films": [rendition.name for rendition in plan.renditions],
        "segments": sum(len(rendition.segments) for rendition in plan.renditions),
        "kept": len(unique & stored),
        "to_make": len(unique - stored),
    }
    said = "plan: %d films, %d segments; results in the store: %d, to make: %d"
    log.info(said, len(plan.renditions), *list(counts.values())[1:], extra=counts)
    return counts


def check_output(sources: JobSources, plan: Plan, out: Path) -> None:
    """Checks, before anything is rendered, that no film would replace what it must not. Raises OutputError.

    out: the folder for the films.
    """
    inputs = sources.originals
    refuse_places(plan.renditions, out, inputs)
    refuse_stem_places(plan.renditions, out, inputs)
    for path in (out / _film_name(rendition) for rendition in plan.renditions):
        for place in (path, sidecar_path(path)):
            refuse_folder(place, "a film")
        for place, kept in ((path, inputs), (sidecar_path(path), [*filter(None, map(find_sidecar, inputs))])):
            refuse_source(place, kept, what="one of the film's own sources, or its credentials")


def _film_name(rendition: Rendition) -> str:
    return f"{rendition.name}.{rendition.container}"


def _deliver(sources: JobSources, rendition: Rendition, setup: FinishSetup, stored: set[str]) -> Deliverable:
    """Joins, checks and signs one film, or keeps it as it was signed. stored: keys whose results were there before."""
    keys = [digest(segment) for segment in rendition.segments]
    again = receipt_before(sources, rendition, keys, setup.before, setup.store)
    kept = again and _keep(rendition, again, signing_basis(sources, rendition, again[0], setup), setup)
    made = kept or _join_and_sign(sources, rendition, keys, setup)
    sidecars = write_sidecars(rendition, setup.output.work, setup.output.out)
    reused = sum(key in stored for key in keys)
    told = allowed_by(made.warnings, sources.job)
    stems = _write_stems(sources, rendition, setup)
    return replace(made, segments=len(keys), reused=reused, warnings=told, sidecars=sidecars, stems=stems)


def _write_stems(sources: JobSources, rendition: Rendition, setup: FinishSetup) -> tuple[MadeStem, ...]:
    if not rendition.stems:
        return ()
    with setup.store.open(digest(stems_order(rendition, sources.job))) as pack:
        return write_stems(rendition, pack, setup.output.work, setup.output.out)


def _keep(
    rendition: Rendition, made: tuple[Receipt, MeasuredFilm], basis: str, setup: FinishSetup
) -> Deliverable | None:
    """Returns the film that lies in the folder, if signing it again would say the same; None where it would not."""
    (receipt, measured), path = made, setup.output.out / _film_name(rendition)
    same = not setup.resign and basis == signed_before(setup.before, rendition.name)
    if not same or not (sha256 := find_kept(path, receipt, setup)):
        return None
    log.info("kept %s as it was signed", rendition.name, extra={"film": rendition.name, "path": str(path)})
    setup.tell("kept", film=rendition.name, path=str(path))
    unmet = unmet_targets(measured, rendition)
    return Deliverable(rendition, path, path, sha256, measured, receipt, 0, 0, basis, unmet, kept=True)


def _join_and_sign(
    sources: JobSources, rendition: Rendition, keys: Sequence[str], setup: FinishSetup
) -> Deliverable:
    path, signed = (folder / _film_name(rendition) for folder in (setup.output.out, setup.output.work))
    sound = partial(setup.store.open, digest(rendition.mix)) if rendition.mix.events else None
    steps = StepLog(log, film=rendition.name)
    with naming({str(signed): Shown(str(path))}), _hidden_film(signed) as unsigned:
        segments = [partial(setup.store.open, key) for key in keys]
        try:
            join_segments(rendition, segments, sound, unsigned, labels_of(sources, rendition))
        except SegmentError as fault:
            setup.store.drop(keys[fault.number])
            raise
        size = unsigned.stat().st_size
        steps.done(f"joined {len(segments)} segments of {rendition.name}", bytes=size)
        setup.tell("joined", film=rendition.name, segments=len(segments), bytes=size)
        sha256 = checksum(unsigned).sha256
        measured = check_film(unsigned, rendition, setup.store, sha256)
        check_tracks(unsigned, rendition)
        steps.done(f"checked {rendition.name}: it is as planned", frames=measured.frames)
        setup.tell("checked", film=rendition.name, frames=measured.frames)
        made = make_receipt(sources, rendition, keys, (sha256, measured))
        receipt, seen = bind_film(unsigned, made, setup.registering)
        basis = signing_basis(sources, rendition, receipt, setup)
        if kept := _keep(rendition, (receipt, measured), basis, setup):
            return kept
        with pinned(sources.files(), sources.states) as files:
            setup.signer(unsigned, signed, receipt, files, _signing(rendition, setup))
    entry = film_entry(signed, receipt, seen, setup.registering) if seen and setup.registering else None
    steps.done(f"signed {rendition.name}", path=str(path))
    setup.tell("signed", film=rendition.name, path=str(path))
    unmet = unmet_targets(measured, rendition)
    sha256 = checksum(signed).sha256
    return Deliverable(rendition, path, signed, sha256, measured, receipt, 0, 0, basis, unmet, entry)


def _signing(rendition: Rendition, setup: FinishSetup) -> Callable[[int, int], None]:
    """Returns what reports one film's signing, in MB."""

    def report(done: int, total: int) -> None:
        setup.progress(f"signing {rendition.name} (MB)", done // MB, max(1, total // MB))

    return report


@contextmanager
def _hidden_film(path: Path) -> Iterator[Path]:
    """Gives a hidden path beside `path` to work on; whatever happens, it is gone afterwards."""
    hidden = path.with_name(f".{path.stem}.unsigned{path.suffix}")
    try:
        with naming({str(hidden): Shown(str(path))}), writing(path):
            yield hidden
    finally:
        hidden.unlink(missing_ok=True)
