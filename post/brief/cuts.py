"""Looks at the cut of a planned job for its brief: what each shot shows of its take is measured in a worker."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from post.brief.cut import CutShown
from post.brief.footage import Footage
from post.brief.measure import shot_footage, take_footage
from post.engine import Store
from post.engine.file_state import refuse_touched
from post.values import Rendition
from post.versions.planned import PlannedVersion


def look_at_cut(planned: PlannedVersion, films: tuple[Rendition, ...], keep: Store | None) -> CutShown | None:
    """Returns the cut of a version as its brief looks at it; None where its job has no brief. Call it in a worker.

    films: the deliverables of all versions; keep: where measurements are looked up first, and kept.
    """
    sources, job = planned.sources, planned.sources.job
    if job.motion_brief is None:
        return None
    keep = keep.guarded(partial(refuse_touched, sources.states)) if keep else None
    refs = {ref.name: ref for ref in job.takes}
    film = planned.plan.renditions[0]
    with sources.naming():
        whole = {
            name: take_footage(job, refs[name], sources.takes[name], keep)
            for name in dict.fromkeys(shot.take.name for shot in film.shots)
            if name in sources.takes and refs[name].made is None
        }
    rate = film.format.clock.rate
    shown: list[Footage | None] = []
    for shot in film.shots:
        take = whole.get(shot.take.name)
        shown.append(shot_footage(take, shot, rate) if take else None)
    return CutShown(job.motion_brief, job, film, films, tuple(shown), planned.plan.renditions)


def look_at_cuts(versions: Sequence[PlannedVersion], keep: Store | None) -> tuple[CutShown, ...]:
    """Returns the cut of each version that has a brief. Takes what `look_at_cut` does."""
    films = tuple(film for planned in versions for film in planned.plan.renditions)
    facts = keep.remembering() if keep and len(versions) > 1 else keep
    found = (look_at_cut(planned, films, facts) for planned in versions)
    return tuple(each for each in found if each is not None)
