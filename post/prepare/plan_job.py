"""Plans a job without doing it: from what a job file says to what will be done.

compile_disclosure  labels and metadata are what policies ask
open_sources    holds every file by its content, probes it and validates its credentials
match_shots     each shot gets the colour of its reference
measure_takes   measures what decides repairs and grain
compile_plan    makes the Plan
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import replace
from functools import partial

from post.disclosure.compile import compile_disclosure
from post.engine import ContentStore, Store
from post.engine.file_state import refuse_touched
from post.errors import unknown
from post.job.model import Job
from post.plan import FilmPart, compile_plan
from post.plan.film_part import without_unseen
from post.prepare.facts import measure_takes
from post.prepare.shot_match import match_shots
from post.prepare.shown_version import show_version
from post.prepare.sources import JobSources, open_sources
from post.prepare.toolchain import read_toolchain
from post.prepare.warnings import job_warnings
from post.step_log import StepLog
from post.values import Plan
from provenance.trust.lists import Anchors

log = logging.getLogger(__name__)


def plan_job(
    job: Job,
    anchors: Sequence[Anchors],
    content: ContentStore,
    only: str = "",
    facts: Store | None = None,
    part: FilmPart | None = None,
) -> tuple[JobSources, Plan]:
    """Returns the job's opened files and its plan.

    anchors: the trust lists to judge its files' credentials by; content: where copies of its files are held;
    only: the one deliverable to plan, by its name ("" for all); facts: where measurements are looked up first
    and kept; part: the part of the film to plan, and to measure for, None for all of it.
    Raises JobError where `only` names no deliverable, Problems with every fault of the job and its files, SourceError
    where a copy was changed meanwhile.
    """
    chosen, disclosed = compile_disclosure(_only(job, only) if only else job)
    steps = StepLog(log)
    opened = open_sources(chosen, anchors, content, facts)
    steps.done(f"opened {len(opened.files())} files of {job.path}")
    unchanged = partial(refuse_touched, opened.states)
    facts = facts.guarded(unchanged) if facts else None
    with opened.naming():
        if part is not None and opened.job.version is None:
            opened = replace(opened, job=without_unseen(opened.job, opened.takes, part)[0])
        # Shots that a version does not show are references as they are in the whole job: its colour is the same.
        sources, matched = match_shots(opened, facts)
        sources, told = show_version(sources)
        matched = tuple(each for each in matched if each.shot in {cut.name for cut in sources.job.cut})
        seen = set(sources.takes)
        if part is not None:
            shortened, seen = without_unseen(sources.job, sources.takes, part)
            sources = replace(sources, job=shortened)
        shots = {each.shot: f"{each.method}: {each.why}" for each in matched}
        steps.done(f"matched {len(matched)} shots", shots=shots)
        measured = measure_takes(sources, facts, seen)
        unchanged()
        steps.done("measured what repairs and grain are decided by")
    plan = compile_plan(sources.job, sources.takes, sources.sounds, read_toolchain(), measured, part)
    steps.done(f"planned {len(plan.renditions)} films", films=[each.name for each in plan.renditions])
    return sources, replace(
        plan, matched=matched, warnings=job_warnings(sources, matched, (*disclosed, *told, *plan.warnings))
    )


def _only(job: Job, name: str) -> Job:
    chosen = tuple(deliver for deliver in job.deliver if deliver.name == name)
    if not chosen:
        raise unknown(name, [deliver.name for deliver in job.deliver], "--only", "deliverable")
    return replace(job, deliver=chosen)
