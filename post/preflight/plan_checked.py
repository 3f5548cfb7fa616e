"""Plans a job and checks the plan: what a person should know of the films before they are rendered.

plan_job            everything that files, facts and the job itself tell
measure_legibility  titles, and logos, against the pictures that they will stand on
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import replace
from functools import partial

from post.engine import ContentStore, Store
from post.engine.file_state import refuse_touched
from post.job.model import Job
from post.plan import FilmPart
from post.preflight.beats import beat_warnings
from post.preflight.legibility import legibility_warnings
from post.preflight.logo_contrast import logo_contrast_warnings
from post.preflight.polarity import settle_polarity
from post.preflight.reading import reading_warnings
from post.prepare.plan_job import plan_job
from post.prepare.sources import JobSources
from post.prepare.warnings import allowed_by
from post.step_log import StepLog
from post.values import Plan
from provenance.trust.lists import Anchors

log = logging.getLogger(__name__)


def plan_checked(
    job: Job,
    anchors: Sequence[Anchors],
    content: ContentStore,
    only: str = "",
    facts: Store | None = None,
    part: FilmPart | None = None,
) -> tuple[JobSources, Plan]:
    """Returns the job's opened files and its plan, with all its warnings. Takes and raises what `plan_job` does.

    part: of titles, only those that it shows are measured, and there.
    """
    sources, plan = plan_job(job, anchors, content, only, facts, part)
    keep = facts.guarded(partial(refuse_touched, sources.states)) if facts else None
    steps = StepLog(log)
    with sources.naming():
        plan = settle_polarity(plan, keep)
        found = (
            *beat_warnings(sources.job, plan),
            *reading_warnings(sources.job, plan),
            *legibility_warnings(sources.job, plan, keep),
            *logo_contrast_warnings(sources.job, plan, keep),
        )
    steps.done(f"measured how well {len(sources.job.titles)} titles can be read")
    return sources, replace(plan, warnings=allowed_by((*plan.warnings, *found), sources.job))
