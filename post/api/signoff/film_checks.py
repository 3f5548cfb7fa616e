"""Checks one film of a job as it lies on disk: for the reviewers' page and for `approve`, which so find the same."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from post.api.checked import CheckReport
from post.api.checking import CheckRequest, check_film, choose_policies, of_job, with_plan
from post.api.of_job.vendor_marks import shows_marks
from post.api.settings import Settings

if TYPE_CHECKING:
    from post.engine import WorkerPool
    from post.job.model import Job
    from post.values import Rendition


def film_request(job: Job | None, rendition: Rendition | None = None) -> CheckRequest:
    """Returns how a film of a job is checked, as `check JOB --films` does. job: None for the policies that the film
    names; rendition: the film as it is planned, for what the job adds to it. Raises as `of_job`.
    """
    asked = of_job(CheckRequest(), job) if job else CheckRequest()
    return with_plan(asked, job, rendition) if job and rendition else asked


def planned_request(job: Job | None, film: str, settings: Settings) -> CheckRequest:
    """Returns what `film_request` does; plans the film where what it shows counts. film: its name.

    Raises what planning does, as where a take is missing.
    """
    if job is None or not plan_counts(job) or all(each.name != film for each in job.deliver):
        return film_request(job)
    from post.api.plans import plan_in
    from post.engine import WorkerPool

    with WorkerPool(1) as pool:
        planned = plan_in(pool, job.path, settings, film).versions
    renditions = (each for version in planned for each in version.plan.renditions)
    return film_request(job, next((each for each in renditions if each.name == film), None))


def check_candidate(
    film: Path,
    asked: CheckRequest,
    settings: Settings,
    pool: WorkerPool | None = None,
    *,
    released: bool = False,
) -> CheckReport:
    """Checks a film that waits for approval, or is released. pool: whose worker opens it, None for one of its own.

    A candidate is signed as it is released: no rule about the manifest fails before. Raises what `check_film` does.
    """
    report = check_film(film, asked, settings, pool=pool)
    return report if released or report.reports[0].integrity != "absent" else _before_signing(report, asked)


def _before_signing(report: CheckReport, asked: CheckRequest) -> CheckReport:
    """Returns a candidate's report, in which no rule about the manifest fails: a candidate gets its own as it is
    released, and is checked again then."""
    from provenance.policy.checks import c2pa
    from provenance.policy.profile import ProfileRule

    # Checks of the manifest, which a film gets as it is signed; other marks are there before.
    at_signing = {*c2pa.CHECKS, "marks.agree"}
    late = {
        (f"{profile.name} {profile.version}", rule.id)
        for profile in choose_policies(asked)[0]
        for rule in profile.rules
        if isinstance(rule, ProfileRule) and rule.rule.check in at_signing
    }
    why = "a candidate is not signed: this is checked on the released film"
    rows = (
        replace(row, ruling=replace(row.ruling, verdict="cannot_check", evidence=why))
        if (row.policy, row.ruling.id) in late and row.ruling.verdict in ("fail", "warn")
        else row
        for row in report.rows
    )
    return replace(report, rows=tuple(rows))


def plan_counts(job: Job) -> bool:
    """Says whether a film is judged by its plan too: where a take has a generator's mark, or text on screen is read."""
    reads = (rule.check.startswith("text.") for policy in job.disclosure.policies for rule in policy.rules)
    return shows_marks(job) or any(reads)
