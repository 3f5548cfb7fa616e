"""Makes parts of a film, to look at before it is made: one frame, or a range, unsigned."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from post.api.finished import finished_json
from post.api.jobs import read_versions
from post.api.results import MadeStill
from post.api.settings import Settings
from post.api.stores import open_stores, read_anchors
from post.errors import JobError

if TYPE_CHECKING:
    from post.api.finishing import FinishHooks, FinishOptions
    from post.engine import WorkerPool
    from post.engine.cluster.client import DaskEngine

PNG = ".png"


def make_still(
    job: Path | str, at: str, out: Path | str, only: str = "", settings: Settings | None = None
) -> MadeStill:
    """Writes one frame as a PNG, as it will be in the film before encoding; nothing else is rendered.

    at: when in the film, 2.5s or 60f; out: the PNG; only: of this deliverable, the job's first where it is "". Raises
    JobError where the job or the moment is wrong, SourceError for a clip that cannot be read, OutputError or RetryError
    where it cannot be written.
    """
    from post.deliver.still import LOADS
    from post.engine import WorkerPool

    with WorkerPool(1, LOADS) as pool:
        return MadeStill(still_in(pool, (Path(job), Path(out)), at, only, settings or Settings()))


def still_in(
    pool: WorkerPool, places: tuple[Path, Path], at: str, only: str, settings: Settings
) -> dict[str, Any]:
    """Makes a still in a pool, and returns the `still` object of the command line. places: the job's file, the PNG."""
    from post.atomic import write_whole
    from post.deliver.still import make_still as draw

    job, out = places
    if out.suffix.lower() != PNG:
        raise JobError("not a still's name", where="-o", expected=f"a name ending in {PNG}", got=out.name)
    anchors = read_anchors(settings.config)  # while the worker loads
    loaded = read_versions(pool, job, settings.config, only)[0]
    content, kept = open_stores(settings)
    made = pool.call(draw, loaded, anchors, (content, kept), ("", at), out)
    write_whole(out, made.png)
    return {
        "path": str(out), "name": made.name, "frame": made.frame, "frames": made.frames,
        "seconds_in": round(float(loaded.clock.seconds(made.frame)), 6), "width": made.width, "height": made.height,
        "signed": False, "warnings": [each.row() for each in made.warnings],
    }  # fmt: skip


def finish_range(
    pool: WorkerPool | DaskEngine,
    places: tuple[Path, Path],
    asked: FinishOptions,
    settings: Settings,
    hooks: FinishHooks,
) -> dict[str, Any]:
    """Makes a range of every deliverable, unsigned, and returns the `finish` object of the command-line contract.

    places: the job's file, and the folder for the deliverables, in which ranges have a folder of their own.
    """
    from post.deliver.film_range import FOLDER, Unsigned, write_range_receipts
    from post.deliver.finish import FinishSetup, finish_versions
    from post.deliver.output_set import RANGES, RECEIPT, output_set, read_receipts
    from post.plan.film_part import read_range
    from post.preflight.plan_versions import plan_versions

    part = read_range(asked.part, "--range")
    job, out = places
    folder = out / FOLDER
    jobs = read_versions(pool, job, settings.config, asked.only)
    with output_set(folder, wait=asked.wait) as output:
        content, kept = open_stores(settings)
        signer = Unsigned(read_anchors(settings.config))
        planned = pool.call(plan_versions, jobs, signer.anchors, content, kept, part)
        before = read_receipts(folder / RECEIPT, RANGES)
        with hooks.meter() as meter:
            setup = FinishSetup(output, kept, pool, signer, meter)
            done = finish_versions(planned, [setup] * len(planned))
            write_range_receipts(done, output.work / RECEIPT, before)
        output.publish()
    return finished_json(done, None, folder / RECEIPT)
