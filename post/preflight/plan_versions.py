"""Plans all versions of a job, and checks each plan."""

from __future__ import annotations

import time
from collections.abc import Sequence

from post.engine import ContentStore, Store
from post.errors import AnswerprintError, Problems
from post.job.model import Job
from post.preflight.plan_checked import plan_checked
from post.versions.planned import PlannedVersion
from provenance.trust.lists import Anchors


def plan_counted(
    jobs: Sequence[Job], anchors: Sequence[Anchors], content: ContentStore, facts: Store | None = None
) -> tuple[tuple[PlannedVersion, ...], float]:
    """Returns what `plan_versions` does, and the CPU seconds of this process that it took."""
    before = time.process_time()
    planned = plan_versions(jobs, anchors, content, facts)
    return planned, time.process_time() - before


def plan_versions(
    jobs: Sequence[Job], anchors: Sequence[Anchors], content: ContentStore, facts: Store | None = None
) -> tuple[PlannedVersion, ...]:
    """Returns the plan of each version with its opened files, in their order. Takes what `plan_checked` does.

    Raises Problems with the faults of all versions, each once; of one version, what `plan_checked` raises.
    """
    facts = facts.remembering() if facts and len(jobs) > 1 else facts
    planned, faults = list[PlannedVersion](), dict[str, AnswerprintError]()
    for job in jobs:
        try:
            planned.append(PlannedVersion(*plan_checked(job, anchors, content, "", facts)))
        except AnswerprintError as fault:
            if len(jobs) == 1:
                raise
            for each in fault.faults if isinstance(fault, Problems) else (fault,):
                faults.setdefault(str(each), each)
    if len(faults) == 1:
        raise next(iter(faults.values()))
    if faults:
        raise Problems(list(faults.values()))
    return tuple(planned)
