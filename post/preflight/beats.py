"""Checks, before anything is rendered, that the cut tells every beat of the brief."""

from __future__ import annotations

from collections.abc import Iterator

from post.job.model import Job
from post.values import Plan
from post.values.warning import JobWarning


def beat_warnings(job: Job, plan: Plan) -> Iterator[JobWarning]:
    """Yields a warning for each beat that no shot tells. Where no take of the cut says its beat, nothing is known, and
    the brief's own rule says so."""
    made_for = {take.name: take.beat for take in job.takes}
    told = {made_for.get(shot.take.name, "") for film in plan.renditions for shot in film.shots} - {""}
    for beat in job.beats if told else ():
        if beat.id in told:
            continue
        takes = [name for name, of in made_for.items() if of == beat.id]
        got = f"takes for it: {', '.join(takes)}" if takes else "no take is for it"
        fix = "add a shot of one to the cut" if takes else f"ingest a take, with `beat: {beat.id}`"
        what = "no shot tells it"
        yield JobWarning("beat-missing", what, got, fix, of=f"beat {beat.id}", where=beat.where)
