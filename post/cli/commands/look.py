"""The commands selects and still, and `finish --range`: takes and parts of a film, to look at before it is made."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from post.api.parts import still_in
from post.cli.early_pool import still_pool
from post.cli.environment import read_environment
from post.cli.options import AsJson, JobFile, StoreAt
from post.cli.output import print_result
from post.cli.stores import command_settings, open_stores, read_anchors
from post.cli.text.warning_text import row_lines

if TYPE_CHECKING:
    from collections.abc import Sequence

    from post.engine import WorkerPool
    from post.job.model import Job
    from post.selects.choose import Choice
    from post.selects.coverage import TakeGroup
    from post.selects.measured import MeasuredTake
    from post.selects.rank import RankedTake

    Ranked = list[tuple[TakeGroup, tuple[RankedTake, ...]]]

# All that takes are measured with.
TAKE_LOADS = ("post.selects.measured", "post.selects.sheet")
SHEET = "selects.html"


def add_to(app: typer.Typer) -> None:
    """Adds the commands of this module to the app."""
    app.command("selects")(selects)
    app.command("still")(still_verb)


def still_verb(
    job: Path = JobFile,
    at: str = typer.Option(..., "--at", help="When in the film: 2.5s, or 60f for frame 60."),
    out: Path = typer.Option(..., "-o", "--out", help="The PNG."),
    only: str = typer.Option("", "--only", help="Of this deliverable; the job's first where not given."),
    store: str | None = StoreAt,
    as_json: bool = AsJson,
) -> None:
    """Write one frame as a PNG, as it will be in the film before encoding; nothing else is rendered."""
    with still_pool() as pool:
        data = still_in(pool, (job, out), at, only, command_settings(store))
    shown = f"frame {data['frame']} of {data['frames']} ({data['seconds_in']:.3f} s)"
    lines = [f"{data['name']:20} {data['width']}x{data['height']} {shown}, unsigned: {data['path']}"]
    print_result(data, as_json, [*lines, *row_lines(data["warnings"], read_environment().columns)])


def selects(
    job: Path = JobFile,
    out: Path | None = typer.Option(None, "-o", "--out", help="The folder of the page; else the job's."),
    choose: list[str] = typer.Option(
        [], "--choose", help="BEAT=TAKE[@IN..OUT]: write it into the cut; may be repeated."
    ),
    store: str | None = StoreAt,
    as_json: bool = AsJson,
) -> None:
    """Measure every take, write a page to choose from, and write what is chosen into the job."""
    from post.engine import WorkerPool
    from post.selects.choose import read_choice
    from post.selects.rows import coverage_lines, group_row

    choices = [read_choice(text) for text in choose]
    with WorkerPool(1, TAKE_LOADS) as pool:
        loaded, ranked = covered_takes(pool, job, store)
        page = (job.parent if out is None else out) / SHEET
        if not choices:
            _write_page(pool, page, loaded.title, ranked, store)
        measured = [each.measured for _, takes in ranked for each in takes]
    rows = [group_row(group, takes) for group, takes in ranked]
    if choices:
        chosen = _write(job, loaded, measured, choices)
        lines = [
            f"{each['shot']}: {each['take']}, {each['in']} to {each['out']} ({each['did']})"
            for each in chosen
        ]
        print_result({"job": str(job), "chosen": chosen, "groups": rows}, as_json, lines)
        return
    lines = coverage_lines(rows, [group.dimension for group, _ in ranked])
    print_result({"sheet": str(page), "groups": rows}, as_json, [*lines, f"look at {page}"])


def covered_takes(pool: WorkerPool, job: Path, store: str | None) -> tuple[Job, Ranked]:
    """Returns a job, and its takes by group, measured and ranked. store: the place of the store, None for this
    user's."""
    from post.job import load_job
    from post.selects.coverage import group_takes
    from post.selects.measured import measure_coverage
    from post.selects.rank import rank_takes

    loaded = pool.call(load_job, job)
    content, kept = open_stores(store)
    measured = pool.call(measure_coverage, loaded, read_anchors(), content, kept)
    named = {each.ref.name: each for each in measured}
    groups = group_takes([(each.ref, each.take) for each in measured], loaded.beats)
    return loaded, [(group, rank_takes([named[name] for name in group.names])) for group in groups]


def _write_page(pool: WorkerPool, page: Path, title: str, ranked: Ranked, store: str | None) -> None:
    from post.atomic import write_whole
    from post.selects.sheet import sheet_html

    write_whole(page, pool.call(sheet_html, title, ranked, open_stores(store)[1]))


def _write(
    path: Path, job: Job, takes: Sequence[MeasuredTake], choices: Sequence[Choice]
) -> list[dict[str, Any]]:
    """Writes what is chosen into the job, and returns each as JSON has it."""
    from post.job.editing.selects import write_selects
    from post.selects.choose import brief_order, known_shots, resolve_choices

    chosen = resolve_choices(choices, job, takes, known_shots(job))
    done = write_selects(path, chosen, brief_order(job))
    return [
        {
            "shot": one.shot,
            "take": one.take,
            "in": one.start,
            "out": one.stop,
            "length": one.length,
            "did": did,
        }
        for one, did in zip(chosen, done, strict=True)
    ]
