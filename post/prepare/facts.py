"""What has to be known of a job's takes before it can be planned, measured once and kept."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from post.job.model import Job
from post.measure import facts_of
from post.plan.grain import needed as needed_by_grain
from post.plan.repair import needed
from post.prepare.sources import Gathered
from post.takes.probe import probe
from post.values import Take
from post.values.media import Fact, Picture

Learned = Mapping[str, Mapping[str, Fact]]  # by take, then by measure


def learn(gathered: Gathered, keep: Path | None) -> Learned:
    """The facts that the plan of a job is made by; none of takes that nothing need be known of.

    keep: a folder where facts are looked for first and kept.
    """
    asked = {name: _asked(gathered.job, name) for name in gathered.takes}
    return {
        name: facts_of(take.file.here, _as_found(gathered.job, take), take.file.sha256, keep, asked[name])
        for name, take in gathered.takes.items()
        if asked[name]
    }


def _asked(job: Job, take: str) -> set[str]:
    mine = [cut for cut in job.cut if cut.take == take]
    return {name for cut in mine for name in needed(cut.repairs) | needed_by_grain(job.grain)}


def _as_found(job: Job, take: Take) -> Picture:
    """Its picture as the file alone has it: a fact is the file's, whatever a job says of its colour."""
    ref = job.take(take.name)
    return probe(take.file.here, take.name).picture if ref.colour or ref.range else take.picture
