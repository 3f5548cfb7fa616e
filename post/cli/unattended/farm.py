"""The commands farm and simulate: they send a job to a farm that others run, and reckon how a farm would do."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from post.cli.commands.campaign.read_versions import read_versions
from post.cli.options import AsJson, JobFile, StoreAt
from post.cli.output import print_result
from post.cli.stopwatch import COMMAND
from post.cli.stores import open_stores, read_anchors

if TYPE_CHECKING:
    from post.engine import Store
    from post.farm.expected import JobCost
    from post.versions.planned import PlannedVersion


def add_to(app: typer.Typer) -> None:
    """Adds the commands of this module to the app."""
    app.command("farm")(farm_verb)


def farm_verb(
    job: Path = JobFile,
    out: Path = typer.Option(..., "-o", "--out", help="The folder for the template and the tasks."),
    only: str = typer.Option(
        "", "--only", help="Of these films alone: a name, or a pattern such as '*-de-*'."
    ),
    store: str | None = StoreAt,
    cores: int = typer.Option(2, "--cores", min=1, max=256, help="How many tasks a host does at once."),
    chunks: bool = typer.Option(
        True,
        "--chunks/--no-chunks",
        help="Give out several tasks at once, for farms that take TASK_CHUNKING.",
    ),
    sign: bool = typer.Option(
        True,
        "--finish/--no-finish",
        help="Whether the last step joins and signs; else run `finish` afterwards.",
    ),
    log: Path | None = typer.Option(
        None, "--measured", metavar="LOG", help="The --log of a run of this job: its seconds are expected."
    ),
    as_json: bool = AsJson,
) -> None:
    """Write the job as an Open Job Description: its tasks, and the template that a farm runs them by."""
    from post.deliver.tasks import unique_tasks
    from post.engine.sources_here import send_sources
    from post.farm.template import TEMPLATE, FarmSetup, write_farm

    planned, kept, cost = _planned(job, only, store, log)
    tasks = unique_tasks(planned)
    sent = 0
    if kept.place.url:  # a folder's users read sources where they lie, or are told that they cannot
        sent = send_sources([pair for task in tasks for pair in task.files], kept)
    place = str(store) if kept.place.url else str(kept.root.resolve())
    title = planned[0].sources.job.title
    setup = FarmSetup(job.resolve(), place, title, cores, chunks=chunks, finish=sign, only=only)
    template = write_farm(tasks, [each.seconds for each in cost.tasks], setup, out)
    present = kept.present(task.key for task in tasks)
    data = {
        "template": str(out / TEMPLATE), "tasks": len(tasks), "kept": len(present), "sources_sent": sent,
        "steps": [step["name"] for step in template["steps"]], "seconds": COMMAND.seconds(),
    }  # fmt: skip
    print_result(data, as_json, _farm_lines(data))


def _farm_lines(data: dict[str, Any]) -> list[str]:
    return [
        f"{data['template']}: {data['tasks']} tasks, {data['kept']} of them in the store; {', '.join(data['steps'])}",
        f"run it here: openjd run {data['template']}",
    ]


def _planned(
    job: Path, only: str, store: str | None, log: Path | None
) -> tuple[Sequence[PlannedVersion], Store, JobCost]:
    """Returns the planned versions of a job, the store, and what its films are expected to take."""
    from post.engine import WorkerPool
    from post.farm.expected import job_cost, read_seconds
    from post.preflight.plan_versions import plan_versions

    seconds = read_seconds(log) if log else None
    with WorkerPool(1) as pool:
        jobs = read_versions(pool, job, only)
        content, kept = open_stores(store)
        planned = pool.call(plan_versions, jobs, read_anchors(), content, kept)
    return planned, kept, job_cost(planned, kept, seconds)
