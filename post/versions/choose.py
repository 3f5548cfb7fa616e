"""Chooses the films of a run by their names."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from fnmatch import fnmatchcase

from post.errors import unknown
from post.job.model import Job


def choose_films(jobs: Sequence[Job], only: str) -> tuple[Job, ...]:
    """Returns the jobs with the films that `only` asks for: one of that name, or all that fit a pattern such as
    `*-de-*`; "" for all. Jobs without any are left out.

    Raises JobError where it fits none.
    """
    if not only:
        return tuple(jobs)
    names = [each.name for job in jobs for each in job.deliver]
    wanted = {only} if only in names else {name for name in names if fnmatchcase(name, only)}
    if not wanted:
        raise unknown(only, names, "--only", "deliverable")
    chosen = (
        replace(job, deliver=tuple(each for each in job.deliver if each.name in wanted)) for job in jobs
    )
    return tuple(job for job in chosen if job.deliver)
