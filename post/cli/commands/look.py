"""The command still, and `finish --range`: parts of a film, to look at before there is the film."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from post.cli.environment import read_environment
from post.cli.finished import finished_json
from post.cli.options import AsJson, JobFile, StoreAt
from post.cli.output import ProgressBar, print_result
from post.cli.stores import open_stores, read_anchors
from post.cli.text.warning_text import row_lines
from post.errors import JobError

if TYPE_CHECKING:
    from post.engine import WorkerPool
    from post.plan import FilmPart

# Of the one worker: all that a still is made with, while this process goes on.
LOADS = ("post.deliver.still",)
PNG = ".png"


def add_to(app: typer.Typer) -> None:
    """Adds the commands of this module to the app."""
    app.command("still")(still_verb)


def still_verb(
    job: Path = JobFile,
    at: str = typer.Option(..., "--at", help="When in the film: 2.5s, or 60f for frame 60."),
    out: Path = typer.Option(..., "-o", "--out", help="The PNG."),
    only: str = typer.Option("", "--only", help="Of this deliverable; the job's first where not given."),
    store: Path | None = StoreAt,
    as_json: bool = AsJson,
) -> None:
    """Write one frame as a PNG, as it will be in the film before encoding; nothing else is rendered."""
    from post.engine import WorkerPool

    with WorkerPool(1, LOADS) as pool:
        data = _still(pool, job, (at, out, only, store))
    shown = f"frame {data['frame']} of {data['frames']} ({data['seconds_in']:.3f} s)"
    lines = [f"{data['name']:20} {data['width']}x{data['height']} {shown}, unsigned: {data['path']}"]
    print_result(data, as_json, [*lines, *row_lines(data["warnings"], read_environment().columns)])


def _still(pool: WorkerPool, job: Path, asked: tuple[str, Path, str, Path | None]) -> dict[str, Any]:
    """Makes a still. asked: when, where to, of which deliverable ("" for the first), and the store."""
    from post.atomic import write_whole
    from post.deliver.still import make_still
    from post.job import load_job
    from post.plan.film_part import read_moment
    from post.prepare.watermark import key_watermark

    at, out, only, store = asked
    if out.suffix.lower() != PNG:
        raise JobError("not a still's name", where="-o", expected=f"a name ending in {PNG}", got=out.name)
    moment = read_moment(at, "--at")
    loaded = key_watermark(pool.call(load_job, job), read_environment().config)
    content, kept = open_stores(store)
    made = pool.call(make_still, loaded, read_anchors(), (content, kept), (only, moment), out)
    write_whole(out, made.png)
    return {
        "path": str(out), "name": made.name, "frame": made.frame, "frames": made.frames,
        "seconds_in": round(float(loaded.clock.seconds(made.frame)), 6), "width": made.width, "height": made.height,
        "signed": False, "warnings": [each.row() for each in made.warnings],
    }  # fmt: skip


def finish_range(
    pool: WorkerPool, job: Path, part: FilmPart, asked: tuple[Path, str, Path | None], *, wait: bool
) -> dict[str, Any]:
    """Makes a range of every deliverable, unsigned, and returns the `finish` object of the command-line contract.

    asked: the folder for the deliverables, in which ranges have a folder of their own; the one to make ("" for all);
    and the store.
    """
    from post.deliver.film_range import FOLDER, Unsigned, write_range_receipts
    from post.deliver.finish import FinishSetup, finish
    from post.deliver.output_set import RANGES, RECEIPT, output_set, read_receipts
    from post.job import load_job
    from post.preflight.plan_checked import plan_checked
    from post.prepare.watermark import key_watermark

    out, only, store = asked
    folder = out / FOLDER
    loaded = key_watermark(pool.call(load_job, job), read_environment().config)
    with output_set(folder, wait=wait) as output:
        content, kept = open_stores(store)
        signer = Unsigned(read_anchors())
        sources, planned = pool.call(plan_checked, loaded, signer.anchors, content, only, kept, part)
        before = read_receipts(folder / RECEIPT, RANGES)
        with ProgressBar() as meter:
            done = finish(sources, planned, FinishSetup(output, kept, pool, signer, meter))
            write_range_receipts(done, output.work / RECEIPT, before)
        output.publish()
    return finished_json(done, None, folder / RECEIPT)
