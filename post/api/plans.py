"""Plans a job: what its films will be, what will be made, what it costs, and what should be known before."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from post.api.finishing import no_note
from post.api.jobs import read_versions
from post.api.refusals import find_refusals
from post.api.results import ListedVersions, LoadedJob, PlannedJob
from post.api.settings import Settings
from post.api.stores import open_stores, read_anchors

if TYPE_CHECKING:
    from post.engine import Store, WorkerPool
    from post.job.model import Job
    from post.versions.planned import PlannedVersion


def load_job(job: Path | str, only: str = "", settings: Settings | None = None) -> LoadedJob:
    """Reads a job, and returns its title, takes and films; no clip is opened.

    job: its file; only: a film's name, or a pattern such as `*-de-*`. Raises JobError (Problems, with every fault of
    the job) where it is wrong.
    """
    from post.engine import WorkerPool

    with WorkerPool(1) as pool:
        return loaded_job(read_versions(pool, Path(job), (settings or Settings()).config, only))


def loaded_job(jobs: tuple[Job, ...]) -> LoadedJob:
    """Returns what is told of the jobs that a file stands for."""
    first = jobs[0]
    films = [each.name for job in jobs for each in job.deliver]
    return LoadedJob(first.path, first.title, tuple(take.name for take in first.takes), tuple(films))


def plan_job(
    job: Path | str,
    settings: Settings | None = None,
    *,
    out: Path | str | None = None,
    keys: bool = True,
    pool: WorkerPool | None = None,
) -> PlannedJob:
    """Plans a job, and returns what will be made, what is in the store, the cost, and every warning.

    out: also checks that films can be written to this folder; keys: also whether they can be signed, for which the
    key is opened; pool: whose worker reads the files, None for one that ends with it. What would keep a right job from
    being finished is in `refused`. Raises JobError where the job is wrong, SourceError for a clip that cannot be read.
    """
    from post.engine import WorkerPool
    from post.report.plan_summary import summarise_versions

    settings = settings or Settings()
    place = Path(job)
    if pool is None:
        with WorkerPool(1) as own:
            made = plan_in(own, place, settings)
    else:
        made = plan_in(pool, place, settings)
    data = summarise_versions(made.versions, place, made.store)
    refused = find_refusals(made.versions, Path(out) if out else None, settings, no_note, keys=keys)
    return PlannedJob(data, tuple(refused))


def list_versions(job: Path | str, only: str = "", settings: Settings | None = None) -> ListedVersions:
    """Returns every version that a job stands for: its name, what of it no other has made yet, and the cost over one.

    Takes and raises what `load_job` does, and SourceError for a clip that cannot be read.
    """
    from post.engine import WorkerPool

    with WorkerPool(1) as pool:
        made = plan_in(pool, Path(job), settings or Settings(), only)
    return ListedVersions(matrix_data(made))


@dataclass(frozen=True, slots=True)
class PlannedFilms:
    """The plans of all versions of a job, and the store that holds their results."""

    versions: tuple[PlannedVersion, ...]
    store: Store


def plan_in(pool: WorkerPool, job: Path, settings: Settings, only: str = "") -> PlannedFilms:
    """Plans the versions of a job in a pool's worker: clips are opened in it, and nowhere else."""
    return plan_read(pool, read_versions(pool, job, settings.config, only), settings)


def plan_read(pool: WorkerPool, jobs: tuple[Job, ...], settings: Settings) -> PlannedFilms:
    """Plans jobs that were read."""
    from post.preflight.plan_versions import plan_versions

    content, kept = open_stores(settings)
    return PlannedFilms(pool.call(plan_versions, jobs, read_anchors(settings.config), content, kept), kept)


def matrix_data(made: PlannedFilms) -> dict[str, Any]:
    """Returns the `versions` object of the command-line contract."""
    from post.versions.summary import summarise_matrix

    return summarise_matrix(made.versions, made.store)


def with_review(job: Path, made: PlannedFilms, config: Path) -> dict[str, Any]:
    """Returns the `versions` object, in which each film says which of its frames ask for review: as it was rendered
    last; of a film that was not, all. `review` is None for a job without gates. job: its file; config: the folder of
    settings. Raises what `asked_frames` does."""
    from post.api.signoff.state import asked_frames

    data = matrix_data(made)
    jobs = [version.sources.job for version in made.versions]
    asked = asked_frames(jobs, job, config) if any(each.signoff.gates for each in jobs) else {}
    rows = [{**row, "review": _review_of(row, asked.get(row["name"]))} for row in data["versions"]]
    return {**data, "versions": rows}


def _review_of(row: dict[str, Any], asked: dict[str, Any] | None) -> dict[str, Any] | None:
    if asked is None or asked["rendered"]:
        return asked
    return {**asked, "frames": row["frames"], "spans": [[0, row["frames"]]]}
