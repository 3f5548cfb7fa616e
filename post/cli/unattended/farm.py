"""The commands farm and simulate: they send a job to a farm that others run, and reckon how a farm would do."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from post.api.jobs import read_versions
from post.atomic import real_path
from post.cli.environment import read_environment
from post.cli.options import AsJson, JobFile, StoreAt
from post.cli.output import print_result
from post.cli.stopwatch import COMMAND
from post.cli.stores import open_stores, read_anchors
from post.cli.unattended.farm_options import (
    Dealt,
    Dispatch,
    Mtbf,
    Price,
    Request,
    Seed,
    Speculate,
    Spread,
    Start,
    StoreRate,
)  # fmt: skip
from post.errors import JobError

if TYPE_CHECKING:
    from post.engine import Store
    from post.farm.expected import JobCost
    from post.versions.planned import PlannedVersion

MB, MOST_WORKERS = 1e6, 100_000


def add_to(app: typer.Typer) -> None:
    """Adds the commands of this module to the app."""
    app.command("farm")(farm_verb)
    app.command("simulate")(simulate_verb)


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
    place = str(store) if kept.place.url else str(real_path(kept.root))
    title = planned[0].sources.job.title
    setup = FarmSetup(real_path(job), place, title, cores, chunks=chunks, finish=sign, only=only)
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


def simulate_verb(
    job: Path = JobFile,
    workers: str = typer.Option(
        ..., "--workers", metavar="N", help="How many workers, of one task at a time; several: 10,100,1000."
    ),
    only: str = typer.Option(
        "", "--only", help="Of these films alone: a name, or a pattern such as '*-de-*'."
    ),
    store: str | None = StoreAt,
    log: Path | None = typer.Option(
        None, "--measured", metavar="LOG", help="The --log of a run of this job: its seconds are taken."
    ),
    start: float = Start,
    dispatch: float = Dispatch,
    store_mbps: float = StoreRate,
    request: float = Request,
    spread: float = Spread,
    mtbf: float = Mtbf,
    speculate: bool = Speculate,
    dealt: bool = Dealt,
    price: float = Price,
    seed: int = Seed,
    as_json: bool = AsJson,
) -> None:
    """Reckon how a farm of so many workers would do the job from the start: time, use, traffic, price, limits."""
    from math import inf

    from post.farm.answer import simulated_data
    from post.farm.simulate import FarmModel

    counts = _counts(workers)
    model = FarmModel(
        counts[0],
        start,
        dispatch,
        store_mbps,
        request,
        spread,
        mtbf * 3600 or inf,
        speculate,
        seed,
        dealt,
    )
    _, _, cost = _planned(job, only, store, log)
    try:
        data = simulated_data(cost, model, counts, price)
    except ValueError as fault:
        raise JobError(str(fault), where="--mtbf", fix="give hours, more than a task takes") from fault
    print_result({**data, "seconds": COMMAND.seconds()}, as_json, simulated_lines(data))


def _counts(text: str) -> list[int]:
    """Returns the numbers of workers that a farm is tried with."""
    counts = [int(each) if each.strip().isdecimal() and len(each) < 9 else 0 for each in text.split(",")]
    if not all(0 < each <= MOST_WORKERS for each in counts):
        raise JobError(
            "is no number of workers", where="--workers", expected=f"1 to {MOST_WORKERS}, such as 1000 or 10,100",
            got=repr(text),
        )  # fmt: skip
    return counts


def simulated_lines(data: dict[str, Any]) -> list[str]:
    """Returns what a simulation answers, for a person."""
    fed = f"; one scheduler feeds {data['workers_fed']} workers" if data["workers_fed"] else ""
    return [
        f"{data['tasks']} tasks, {data['task_seconds']:.1f} s of one worker; "
        f"alone before {data['before_seconds']:.1f} s, after {data['after_seconds']:.1f} s{fed}",
        data["basis"],
        f"{'workers':>8} {'seconds':>9} {'speedup':>8} {'use':>6} {'MB down':>9} {'MB up':>8} {'req/s':>8} "
        f"{'failed':>7} {'price':>9}  limited by",
        *(
            f"{row['workers']:8} {row['seconds']:9.1f} {row['speedup']:8.1f} {row['use']:6.1%} "
            f"{row['bytes_down'] / MB:9.1f} {row['bytes_up'] / MB:8.1f} {row['requests_per_second']:8.1f} "
            f"{row['failures']:7} {row['price']:9.2f}  {row['limited_by']}"
            for row in data["farms"]
        ),
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
        jobs = read_versions(pool, job, read_environment().config, only)
        content, kept = open_stores(store)
        planned = pool.call(plan_versions, jobs, read_anchors(), content, kept)
    return planned, kept, job_cost(planned, kept, seconds)
