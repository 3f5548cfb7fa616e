"""How far each film of a job is at its gates, as its log has it: nothing is rendered."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any

from post.api.jobs import read_versions
from post.api.signoff.told import gate_rows
from post.errors import ApprovalError, JobError

if TYPE_CHECKING:
    from post.engine import WorkerPool
    from post.job.model import Job
    from post.job.template import TemplateClip
    from post.signoff.binding import SeenFilm, Signoff
    from provenance.approval.gate import GateState
    from provenance.approval.verified import LoggedDecision, VerifiedLog


@dataclass(frozen=True, slots=True)
class LoggedFilm:
    """A film as it was rendered last. signoff: of the version that it is one of."""

    signoff: Signoff
    film: SeenFilm


@dataclass(frozen=True, slots=True)
class JobSignoff:
    """The sign-off of a job with all its versions. films: those that were rendered; missing: the names of the others;
    log: None where there is none yet."""

    job: Path
    films: tuple[LoggedFilm, ...]
    missing: tuple[str, ...]
    log: VerifiedLog | None
    any: Signoff

    @property
    def gates(self) -> tuple[str, ...]:
        """The names of all gates that any film passes; of the job where nothing was rendered."""
        passed = [
            gate.name for each in self.films if self.log for gate in each.signoff.gates(each.film, self.log)
        ]
        return tuple(dict.fromkeys((*(gate.name for gate in self.any.job.signoff.gates), *passed)))

    def at_gate(self, name: str) -> Iterator[LoggedFilm]:
        """Yields the films that pass a gate of that name."""
        for each in self.films:
            if self.log and any(gate.name == name for gate in each.signoff.gates(each.film, self.log)):
                yield each

    def states(self) -> list[GateState]:
        """Returns how far each film is at each gate."""
        return [state for each in self.films if self.log for state in each.signoff.judge(each.film, self.log)]


def read_signoff(
    pool: WorkerPool, job: Path, config: Path, only: str = "", clip: TemplateClip | None = None
) -> JobSignoff:
    """Returns the sign-off of a job. only: a film's name, or a pattern, "" for all; clip: of a job that is a template.

    Raises JobError for a job without gates, ProvenanceError where its log was tampered with.
    """
    return signoff_of(read_versions(pool, job, config, only, clip), job, config)


def signoff_of(jobs: Sequence[Job], job: Path, config: Path) -> JobSignoff:
    """Returns the sign-off of a job that was read. jobs: its versions. Raises as `read_signoff` does."""
    from post.signoff.binding import SeenFilm, open_signoff

    found = [(each, signoff) for each in jobs if (signoff := open_signoff(each, config))]
    if not found:
        raise _no_gates(job)
    signoff = found[0][1]
    log = signoff.read() if signoff.folder.exists() else None
    films, missing = list[LoggedFilm](), list[str]()
    for version, own in found:
        for name in dict.fromkeys(each.name for each in version.deliver):
            last = own.last_render(name, log) if log else None
            if last:
                films.append(LoggedFilm(own, SeenFilm(name, last.frames, last.record.file)))
            else:
                missing.append(name)
    if not any(each.signoff.gates for each in jobs):  # what stands from before, of what was rendered since
        films = [each for each in films if log and each.signoff.gates(each.film, log)]
        if not films:
            raise _no_gates(job)
    return JobSignoff(job, tuple(films), tuple(missing), log, signoff)


def asked_frames(jobs: Sequence[Job], job: Path, config: Path) -> dict[str, dict[str, Any]]:
    """Returns which frames of each film of a job with gates ask for review, by the film's name: how many, their spans
    over all roles, and whether the film was rendered. Of one that was not, every frame asks, and no span is known.

    Takes and raises what `signoff_of` does.
    """
    from provenance.approval.gate import join_spans

    found = signoff_of(jobs, job, config)
    rows: dict[str, dict[str, Any]] = {
        name: {"frames": None, "spans": [], "rendered": False} for name in found.missing
    }
    states = found.states()
    for each in found.films:
        own = (state for state in states if state.film == each.film.name)
        asked = (span for state in own for role in state.roles if not role.met for span in role.asked)
        spans = join_spans((span.first, span.stop) for span in asked)
        count = sum(stop - first for first, stop in spans)
        rows[each.film.name] = {"frames": count, "spans": [list(span) for span in spans], "rendered": True}
    return rows


def template_clip(job: Path, film: str) -> TemplateClip | None:
    """Returns what takes the place of the clip of a template, to read the job of a film that was made by it; None for a
    film of a job of its own, or of none. film: the SHA-256 of its file.

    The clip need not be there any more: any file stands for it.
    """
    from post.job.template import TemplateClip
    from provenance.approval.folder import FOLDER, ApprovalFolder
    from provenance.approval.people import People
    from provenance.approval.reading import read_log

    folder = ApprovalFolder(job.parent / FOLDER)
    records = [each.record for each in read_log(folder, People(())).renders] if folder.exists() else []
    made = next((each for each in reversed(records) if (each.file, each.job_file) == (film, job.name)), None)
    return TemplateClip(job, made.clip_name, made.clip) if made and made.clip else None


def _no_gates(job: Path) -> JobError:
    fix = "write gates: {release: {roles: [creative, legal]}}, and people: people.yaml"
    return JobError("the job has no gates", where=str(job), fix=fix)


def signoff_json(found: JobSignoff) -> dict[str, Any]:
    """Returns the `approvals` object of the command line."""
    from post.signoff.stamping import read_stamps

    states, log = found.states(), found.log
    rates = {each.film.name: Fraction(each.film.frames.rate) for each in found.films}
    frames = {each.film.name: len(each.film.frames) for each in found.films}
    asked = {each.film: sum(stop - first for first, stop in each.asked) for each in states}
    return {
        "job": str(found.job),
        "met": bool(states) and all(each.met for each in states) and not found.missing,
        "gates": gate_rows(states, rates),
        "unrendered": list(found.missing),
        "counts": {
            "films": len(found.films) + len(found.missing),
            "approved": sum(all(s.met for s in states if s.film == name) for name in frames),
            "frames": sum(frames.values()),
            "asked_frames": sum(asked.values()),
            "differing_frames": sum(_differing(states, name) for name in frames),
        },
        "log": {
            "id": log.id if log else None,
            "entries": log.head.number if log else 0,
            "head": log.head.head if log else None,
            "checkpointed": log.stamped if log else 0,
            "stamps": [asdict(each) for each in read_stamps(found.any.folder)] if log else [],
            "decisions": [*_decisions(log)] if log else [],
            "renders": [*_renders(log)] if log else [],
        },
    }


def _differing(states: list[GateState], name: str) -> int:
    return max((role.differing for each in states if each.film == name for role in each.roles), default=0)


def _decisions(log: VerifiedLog) -> Iterator[dict[str, Any]]:
    for each in log.decisions:
        decision = each.decision
        yield {
            "entry": each.number,
            "approval": each.envelope,
            "decision": decision.verdict,
            "gate": decision.gate,
            "role": decision.role,
            "person": decision.person,
            "film": decision.film.name,
            "seen": [list(span) for span in decision.seen],
            "time": decision.time,
            "comment": decision.comment,
            "revokes": decision.revokes or None,
            "waived": list(decision.waived),
            "key": each.key,
            "verified": each.verified,
        }


def _renders(log: VerifiedLog) -> Iterator[dict[str, Any]]:
    for each in log.renders:
        record = each.record
        yield {
            "entry": each.number,
            "film": record.name,
            "frames": len(each.frames),
            "by": list(record.by),
            "time": each.time,
            "sha256": record.file,
        }


def find_approval(log: VerifiedLog, named: str) -> LoggedDecision:
    """Returns the approval whose SHA-256 begins so. Raises ApprovalError where there is not one."""
    found = log.find_decision(named) if len(named) >= 8 else None
    if found is None or found.decision.verdict != "approve":
        raise ApprovalError(
            "no approval begins so",
            where="--approval",
            expected="8 or more digits of its SHA-256",
            got=named,
            fix="`answerprint approvals JOB` lists them",
        )
    return found
