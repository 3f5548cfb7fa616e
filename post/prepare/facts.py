"""Measures a job's takes, once, for what its plan depends on; the results are kept beside the store."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace

from post.engine import Store
from post.job.model import Cut, Job
from post.measure import facts_of
from post.plan.between.sampling import measures_for_sampling
from post.plan.cut.handles import make_handles
from post.plan.grain import measures_for_grain
from post.plan.repair import measures_for_repairs
from post.prepare.kept_probe import kept_probe
from post.prepare.sources import JobSources
from post.prepare.subjects import crop_facts
from post.values import Clock, Take
from post.values.media import Fact, Picture

# Generators give some ten seconds. Of an hour's recording, whoever filmed it knows what it shows.
LONGEST_CHECKED_S = 60
TakeFacts = Mapping[str, Mapping[str, Fact]]  # by take, then by measure


def measure_takes(sources: JobSources, keep: Store | None, names: Collection[str]) -> TakeFacts:
    """Returns the facts that decide a job's repairs, grain, crops and sampling, and tell defects; a take
    that needs none is left out.

    keep: where facts are looked up first, and kept; None to measure afresh; names: of the takes to measure.
    """
    seen = crop_facts(sources.job, sources.takes, keep, names)
    job = make_handles(sources.job, sources.takes)[0]  # with the speeds at which shots come to their lengths
    needed = {name: _measures(job, take) for name, take in sources.takes.items() if name in names}
    measured = {
        name: facts_of(
            take.file.here, file_picture(sources.job, take, keep), take.file.sha256, keep, needed[name]
        )
        for name, take in sources.takes.items()
        if needed.get(name)
    }
    return {name: {**measured.get(name, {}), **seen.get(name, {})} for name in measured.keys() | seen.keys()}


def _measures(job: Job, take: Take) -> set[str]:
    repairs = [cut.repairs for cut in job.cut if cut.take == take.name]
    grain = measures_for_grain(job.grain) if repairs else set[str]()
    sampling = {
        name for cut in job.cut if cut.take == take.name for name in measures_to_retime(cut, take, job.clock)
    }
    repairing = {name for each in repairs for name in measures_for_repairs(each)}
    return repairing | grain | _checks(take.picture) | sampling


def measures_to_retime(cut: Cut, take: Take, clock: Clock) -> set[str]:
    """Returns the measures that decide how a shot's frames between source frames are made; none of a long take.

    cut: with the factor over its speeds that makes it as long as it has to be.
    """
    return measures_for_sampling(cut, clock, take.picture.grid.rate) if is_short(take.picture) else set()


def _checks(picture: Picture) -> set[str]:
    """Returns the measures that find broken generations and cuts, for a clip that is not a still and as short as
    generations are."""
    return {"cuts", "defects"} if is_short(picture) else set()


def is_short(picture: Picture) -> bool:
    """Returns whether a take is a clip, and as short as generated ones are."""
    return picture.grid.seconds(picture.length) <= LONGEST_CHECKED_S and picture.decoded > 1


def file_picture(job: Job, take: Take, keep: Store | None) -> Picture:
    """Returns the picture in the range that its file declares: facts belong to the file, whatever a job says of it.

    A job's `colour` stays: measures see the planes as they are, and a clip may only be readable with it.
    """
    ref = job.take(take.name)
    if not ref.range:
        return take.picture
    return kept_probe(replace(ref, path=take.file.here, range=""), take.file.sha256, keep).picture
