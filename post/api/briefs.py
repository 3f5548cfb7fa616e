"""Asks the brief of a job: of its cut, before films are made, and of finished films."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from post.api.checked import CheckRow

if TYPE_CHECKING:
    from post.brief.profile import BriefProfile
    from post.engine import InProcess, Store, WorkerPool
    from post.job.brief.model import MotionBrief
    from post.qc.look import WorkerLook
    from post.versions.planned import PlannedVersion
    from provenance.policy.document.waivers import Waiver


def brief_rows(
    versions: Sequence[PlannedVersion],
    pool: WorkerPool | InProcess,
    keep: Store | None,
    facts: Mapping[str, Any],
    *,
    films: bool = False,
    waivers: Sequence[Waiver] = (),
) -> list[CheckRow]:
    """Returns what the brief's rules came to on the cut of each version, those that are alike once. Of several
    versions, a row that is not met says which films it is about: each deliverable of the version.

    pool: whose worker measures the takes; keep: where measurements are kept; facts: what named persons declare; films:
    its finished films are checked too, and questions are asked of them; waivers: by which a person lets films pass
    without a rule, judged as of the fact `published_at`, or of today. Raises JobError where that fact is no day.
    """
    from post.brief.cuts import look_at_cuts
    from post.brief.rulings import brief_version, cut_rows
    from post.brief.waived import GivenWaivers
    from post.job.brief.model import PROFILE
    from provenance.policy.document.facts import as_facts

    if not any(planned.sources.job.motion_brief for planned in versions):
        return []
    rows = list[CheckRow]()
    given = GivenWaivers(tuple(waivers), as_facts(facts).day(datetime.now(UTC).date().isoformat()))
    for cut in pool.call(look_at_cuts, tuple(versions), keep):
        policy = f"{PROFILE} {brief_version(cut.brief)}"
        names = ", ".join(film.name for film in cut.own)
        for row in cut_rows(cut, facts, films=films, given=given):
            ruling, shows = row.ruling, str(row.shows) if row.shows else ""
            if len(versions) > 1 and ruling.verdict not in ("pass", "not_applicable"):
                ruling = replace(ruling, evidence="; ".join(filter(None, (f"in {names}", ruling.evidence))))
            rows.append(CheckRow(ruling, policy, where=ruling.source, shows=shows))
    return list(dict.fromkeys(rows))


def brief_profile(
    brief: MotionBrief, file: Path, look: WorkerLook, beside_copy: tuple[str, ...]
) -> BriefProfile:
    """Returns a brief as it is asked of a finished film, beside policies. look: in whose worker the film is measured,
    at the first question; beside_copy: words of labels and captions, which the brief's copy need not hold."""
    from post.brief.measure import film_footage, looks_for_people, measures_for
    from post.brief.profile import BriefProfile

    names = measures_for(brief.rules, film=True)
    measure = partial(look.call, partial(film_footage, people=looks_for_people(brief)), file, names)
    return BriefProfile(brief, measure, beside_copy)


def brief_identity(brief: MotionBrief | None) -> tuple[tuple[str, str, str], ...]:
    """Returns the name, version and sha256 of a brief among the policies of a report; none where there is none."""
    from post.brief.rulings import brief_version
    from post.job.brief.model import PROFILE

    return ((PROFILE, brief_version(brief), brief.sha256),) if brief else ()
