"""Gates in the way of `finish`: films pass them, or are made as candidates for people to look at.

made       as `finish` makes films, of the same results, unsigned
hashed     each segment once; the frames of each film are logged with who rendered them
judged     at each gate of the job
met        the run goes on, and the films say who approved them
not met    candidates take their names in OUT/review, and the run ends with whom to ask (exit code 5)
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, cast

from post.api.finished import finished_json
from post.api.jobs import with_marks
from post.api.settings import Settings
from post.api.signoff.told import UnapprovedFilms, gate_rows, missing
from post.api.stores import open_stores, read_anchors

if TYPE_CHECKING:
    from post.api.finishing import FinishHooks
    from post.deliver.finish import Deliverable, FinishedJob
    from post.deliver.kept_run import BegunRun
    from post.engine import Store, WorkerPool
    from post.engine.cluster.client import DaskEngine
    from post.job.model import Job
    from post.receipt import ApprovalRow
    from post.signoff.binding import SeenFilm
    from post.versions.planned import PlannedVersion
    from provenance.approval.frames import FilmFrames
    from provenance.approval.gate import GateState
    from provenance.approval.verified import VerifiedLog


@dataclass(frozen=True, slots=True)
class GateRun:
    """What a run that passes gates works with. wait: for another run that writes to the folder; by: every name under
    which films are rendered."""

    pool: WorkerPool | DaskEngine
    settings: Settings
    hooks: FinishHooks
    wait: bool
    by: tuple[str, ...]


# What a run tells that released nothing, though its candidates had passed.
NOTHING_RELEASED: dict[str, Any] = {
    "deliverables": [], "report": None, "receipt": None, "warnings": [], "approved": False, "gates": [],
}  # fmt: skip


def has_gates(begun: BegunRun) -> bool:
    """Says whether films of a run may have to pass gates: those of their job, or what a log beside it still asks."""
    from post.signoff.log_place import has_log

    return any(job.signoff.gates or has_log(job, begun.asked.config) for job in begun.jobs)


def pass_gates(run: GateRun, begun: BegunRun) -> BegunRun:
    """Returns the run with who approved its films.

    Raises UnapprovedFilms where a gate is not met: candidates are in OUT/review then. Raises ProvenanceError where
    the log was tampered with, and whatever finishing raises.
    """
    from post.deliver.film_range import REVIEW, WAITS, Unsigned, write_candidate_receipts
    from post.deliver.finish import FinishSetup, finish_versions
    from post.deliver.output_set import CANDIDATES, RECEIPT, REPORT, output_set, read_receipts
    from post.preflight.plan_versions import plan_versions
    from post.report.page import write_report

    asked, settings = begun.asked, run.settings
    folder = asked.out / REVIEW
    jobs = with_marks(begun.jobs, settings.config, asked.only)
    with output_set(folder, wait=run.wait) as output:
        content, kept = open_stores(settings)
        signer = Unsigned(read_anchors(settings.config))
        planned = run.pool.call(plan_versions, jobs, signer.anchors, content, kept)
        with run.hooks.meter() as meter:
            setup = FinishSetup(output, kept, run.pool, signer, meter, tell=run.hooks.tell)
            done = finish_versions(planned, [setup] * len(planned))
        before = read_receipts(asked.out / RECEIPT)
        judged = judge_films(done, kept, settings.config, (run.by, before))
        states = [state for state, _ in judged]
        if all(state.met for state in states):
            rows = tuple(row for state, log in judged for row in _rows(state, log))
            return replace(begun, jobs=tuple(_approved(job, rows) for job in begun.jobs))
        write_candidate_receipts(done, output.work / RECEIPT, read_receipts(folder / RECEIPT, CANDIDATES))
        marked = replace(done.plan, title=f"{WAITS}: {done.plan.title}")
        write_report(replace(done, plan=marked), output.work / REPORT, setup)
        output.publish()
    drop_candidates(begun)
    told = _told(done, folder / REPORT, folder / RECEIPT, states)
    raise UnapprovedFilms([*missing(states, asked.job)], told)


def drop_candidates(begun: BegunRun, released: Sequence[str] = ()) -> None:
    """Removes the candidates of a run's job that wait no more: those of films that were released, and of films that the
    job has no more. released: the names of films that are published."""
    from post.deliver.candidates.remove import JobNames, remove_candidates
    from post.deliver.film_range import REVIEW

    films = {made.name for job in begun.jobs for made in job.deliver}
    remove_candidates(begun.asked.out / REVIEW, JobNames(begun.asked.job.name, films, released))


def judge_films(
    done: FinishedJob, store: Store, config: Path, known: tuple[Sequence[str], Mapping[str, Any]]
) -> list[tuple[GateState, VerifiedLog]]:
    """Returns how far each film of a run is at each gate of its job, with the log that says so; logs who rendered it.

    known: every name of who renders, and the receipts of the folder, whose heads the log goes on from.
    """
    from post.signoff.binding import open_signoff
    from post.signoff.known_heads import heads_in_receipts

    by, before = known
    judged: list[tuple[GateState, VerifiedLog]] = []
    for version in done.versions:
        signoff = open_signoff(version.sources.job, config, heads_in_receipts(before))
        if signoff is None:
            continue
        own = {each.name for each in version.plan.renditions}
        films = [_seen(each, version, store) for each in done.deliverables if each.rendition.name in own]
        log = signoff.begin()
        if any(signoff.gates(film, log) for film in films):
            log = signoff.log_renders(films, by)
        judged += [(state, log) for film in films for state in signoff.judge(film, log)]
    return judged


def refuse_unapproved(done: FinishedJob, store: Store, config: Path, job: Path) -> None:
    """Checks, before films that passed are published, that they are those, and pass still.

    Raises RetryError where a film shows other frames than its candidate, as where a source changed meanwhile;
    UnapprovedFilms where an approval was revoked meanwhile.
    """
    from post.errors import RetryError
    from post.signoff.binding import SeenFilm, open_signoff
    from post.signoff.film_frames import frames_before

    states: list[GateState] = []
    for version in done.versions:
        signoff = open_signoff(version.sources.job, config)
        own = {each.name for each in version.plan.renditions}
        for made in done.deliverables if signoff else ():
            name = made.rendition.name
            if signoff is None or name not in own:
                continue
            frames = frames_before(made.rendition, made.receipt.sha256, store)
            if frames is not None:
                frames = _with_stems(frames, made, version, store)
            if frames is None:
                fix = "run again: its candidate is made anew"
                raise RetryError("the film is another one than its candidate", where=name, fix=fix)
            states += signoff.judge(SeenFilm(name, frames), signoff.read())
    if waiting := [*missing(states, job)]:
        raise UnapprovedFilms(waiting, NOTHING_RELEASED)


def _seen(made: Deliverable, version: PlannedVersion, store: Store) -> SeenFilm:
    from post.signoff.binding import SeenFilm
    from post.signoff.film_frames import film_frames

    sha256 = made.receipt.sha256
    frames = film_frames(made.rendition, made.made, sha256, store)
    return SeenFilm(made.rendition.name, _with_stems(frames, made, version, store), made.sha256)


def _with_stems(frames: FilmFrames, made: Deliverable, version: PlannedVersion, store: Store) -> FilmFrames:
    """Returns a film's frames with the sound of the stems that lie beside it."""
    from post.deliver.stems.order import stems_order
    from post.render.frame_hashes import hash_samples
    from post.render.sound.stems.pack import read_stems
    from post.values import digest

    if not made.stems:
        return frames
    key = digest(stems_order(made.rendition, version.sources.job))
    with store.open(key) as pack, read_stems(pack) as files:
        told = [(each.stem, hash_samples(cast(BinaryIO, content))) for each, content in files]
    return replace(frames, stems=tuple(sorted(told)))


def _rows(state: GateState, log: VerifiedLog) -> Iterator[tuple[str, ApprovalRow]]:
    """Yields what a film's receipt says of each approval that let it pass."""
    for role in state.roles:
        for person, envelope in zip(role.signers, role.approvals, strict=True):
            logged = log.find_decision(envelope)
            assert logged is not None
            point = log.heads[logged.number - 1]
            yield state.film, (state.gate, role.role, person, envelope, str(point.number), point.head, log.id)


def _approved(job: Job, rows: tuple[tuple[str, ApprovalRow], ...]) -> Job:
    return replace(job, signoff=replace(job.signoff, approved=rows))


def _told(done: FinishedJob, report: Path, receipt: Path, states: Sequence[GateState]) -> dict[str, Any]:
    rates = {each.rendition.name: each.rendition.format.clock.rate for each in done.deliverables}
    data = finished_json(done, report, receipt)
    films = [{**each, "signed": False, "kept": False} for each in data["deliverables"]]
    return {**data, "deliverables": films, "approved": False, "gates": gate_rows(states, rates)}
