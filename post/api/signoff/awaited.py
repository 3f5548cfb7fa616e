"""Tells what films of a job wait for, for whoever looks again and again: nothing is rendered or decoded."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from post.api.jobs import read_versions
from post.api.signoff.state import JobSignoff, signoff_of
from post.api.signoff.told import missing
from post.deliver.film_range import REVIEW
from post.errors import ApprovalError
from post.signoff.log_place import folder_of
from post.watch.file_set import FileSet

if TYPE_CHECKING:
    from post.engine import WorkerPool
    from post.job.model import Job
    from post.job.template import TemplateClip

FACTS = "facts.yaml"


@dataclass(frozen=True, slots=True)
class AwaitedFilms:
    """Films that wait for approval. faults: whom to ask for which frames; rejected: a line for each rejection that
    stands; made_of, decided_by: the files that they depend on, as they were before the log was read."""

    candidates: tuple[Path, ...]
    faults: tuple[ApprovalError, ...]
    rejected: tuple[str, ...]
    made_of: FileSet
    decided_by: FileSet


def find_awaited(
    pool: WorkerPool, job: Path, out: Path, config: Path, clip: TemplateClip | None = None
) -> AwaitedFilms | None:
    """Returns what films of a job wait for, as its log has it; None where they wait no more, or were not all rendered.

    out: the folder of the films; clip: what takes the place of its clip, where the job is a template. Raises JobError
    for a job without gates, ProvenanceError where its log was tampered with.
    """
    jobs = read_versions(pool, job, config, clip=clip)
    decided = {folder_of(each).log for each in jobs} | {each.signoff.people for each in jobs}
    decided_by = FileSet.now(filter(None, decided))
    found = signoff_of(jobs, job, config)
    films = dict.fromkeys(f"{made.name}.{made.container}" for each in jobs for made in each.deliver)
    candidates = tuple(out / REVIEW / film for film in films)
    made_of = FileSet.now({*pool.call(_files, jobs), *candidates})
    states = found.states()
    named = {each.name.rpartition(".")[0]: each for each in candidates} if clip else None
    faults = tuple(missing(states, job, named))
    if not faults or found.missing or not all(each.is_file() for each in candidates):
        return None
    return AwaitedFilms(candidates, faults, tuple(dict.fromkeys(_rejections(found))), made_of, decided_by)


def _files(jobs: Sequence[Job]) -> set[Path]:
    """Returns every file that a job's films and its terms depend on, beside its people file."""
    from post.prepare.original_files import original_files

    named = {path for each in jobs for path in original_files(each)}
    policies = {policy.path for each in jobs for policy in each.disclosure.policies if policy.path}
    briefs = {each.brief for each in jobs if each.brief}
    return {*named, *policies, *briefs, *(each.path.parent / FACTS for each in jobs)}


def _rejections(found: JobSignoff) -> Iterator[str]:
    for state in found.states():
        for envelope in state.rejected:
            logged = found.log.find_decision(envelope) if found.log else None
            if logged:
                decision = logged.decision
                said = f": {decision.comment}" if decision.comment else ""
                yield f"{state.film}: {decision.person} rejected it as {decision.role} at {state.gate}{said}"
