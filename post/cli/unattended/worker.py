"""The command worker: it does a farm's tasks on this machine, from a file or from a scheduler."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from post.api.engines import WAIT_S, cores, scheduler_at, worker_mark
from post.api.extras import extra_is_here
from post.cli.options import AsJson, StoreAt
from post.cli.output import print_note, print_result
from post.cli.stopwatch import COMMAND
from post.cli.stores import open_stores
from post.cli.unattended.openjd_lines import failing_openjd, print_openjd
from post.errors import JobError

if TYPE_CHECKING:
    from post.engine import Task

LOADS = ("post.render.segment",)


def add_to(app: typer.Typer) -> None:
    """Adds the command of this module to the app."""
    app.command("worker")(worker_verb)


def worker_verb(
    task: Path | None = typer.Option(
        None,
        "--task",
        metavar="FILE|DIR",
        help="Do the tasks in this file, one JSON object a line, or of this folder as `farm` writes it, and end.",
    ),
    numbers: str = typer.Option(
        "", "--numbers", metavar="1-4,7", help="Of a folder of tasks: do those with these numbers."
    ),
    scheduler: str = typer.Option(
        "", "--scheduler", metavar="HOST:PORT", help="Do what this Dask scheduler sends, until this is ended."
    ),
    store: str | None = StoreAt,
    out: Path | None = typer.Option(
        None, "-o", "--out", help="With one task: also write its result to this file."
    ),
    workers: int = typer.Option(0, "--workers", min=0, help="How many tasks at once; 0: one for each core."),
    cache: Path | None = typer.Option(
        None, "--cache", metavar="DIR", help="The folder of this machine in front of a store elsewhere."
    ),
    away: float = typer.Option(
        WAIT_S, "--away", min=0, metavar="S", help="How long the scheduler may be away."
    ),
    openjd: bool = typer.Option(
        False, "--openjd", help="Also print progress and failure as Open Job Description has it."
    ),
    as_json: bool = AsJson,
) -> None:
    """Do a farm's tasks on this machine, each within limits, and keep their results in the store that all share."""
    if (task is None) == (not scheduler):
        raise JobError(
            "says not what to do", where="worker", expected="--task FILE, or --scheduler HOST:PORT"
        )
    if task is None:
        _serve(scheduler, store, workers or cores(), cache, away)
        return
    with failing_openjd(openjd):
        tasks = _read(task, numbers)
        if out is not None and len(tasks) != 1:
            raise JobError(
                "one result goes to one file", where="--out", expected="1 task", got=f"{len(tasks)} in {task}"
            )
        data = _do(tasks, (store, cache), out, workers or cores(), openjd=openjd)
    made = sum(each["made"] for each in data["tasks"])
    print_result(
        data, as_json, [f"{len(data['tasks'])} tasks done: {made} made, the others were in the store"]
    )


def _read(task: Path, numbers: str) -> list[Task]:
    """Returns the tasks in a file, or those of a folder that have these numbers."""
    from post.engine.sources_here import read_tasks
    from post.farm.task_folder import read_numbered
    from post.os_faults import reading

    if bool(numbers) != task.is_dir():
        raise JobError(
            "numbers are those of a folder of tasks", where="--numbers", expected="--task DIR --numbers 1-4",
            got=f"--task {task}" + f" --numbers {numbers}" * bool(numbers),
        )  # fmt: skip
    if numbers:
        return list(read_numbered(task, numbers, "--numbers"))
    with reading(task):
        return list(read_tasks(task))


def _do(
    tasks: list[Task], place: tuple[str | None, Path | None], out: Path | None, workers: int, *, openjd: bool
) -> dict[str, Any]:
    """Does tasks, and returns what became of each. place: the store, and the folder in front of it."""
    from post.engine import WorkerPool
    from post.engine.sources_here import SourcesHere
    from post.os_faults import writing

    content, kept = open_stores(*place)
    here, done = SourcesHere(content), []
    missing = {each.key for each in tasks} - kept.present(each.key for each in tasks)
    placed = [here.placed(each, kept) if each.key in missing else each for each in tasks]
    with WorkerPool(min(workers, max(1, len(missing))), LOADS) as pool:
        for event in pool.run(placed, kept):
            print_note(f"{event.task.name}: {'made' if event.made else 'in the store'}")
            if openjd:
                print_openjd("progress", f"{100 * event.done / event.total:.1f}")
                print_openjd("status", event.task.name)
            kept.share(event.task.key)
            done.append({"key": event.task.key, "name": event.task.name, "made": event.made})
    if out is not None:
        with writing(out), kept.open(tasks[0].key) as result, out.open("wb") as file:
            shutil.copyfileobj(result, file)
    return {"tasks": done, "seconds": COMMAND.seconds()}


def _serve(scheduler: str, store: str | None, workers: int, cache: Path | None, away: float) -> None:
    """Does what a scheduler sends, until this process is ended."""
    with extra_is_here("dask", "--scheduler"):
        from post.engine.cluster.worker import serve
    from post.engine.cluster.doing import Hands, Site
    from post.engine.sources_here import SourcesHere

    address = scheduler_at(scheduler, "--scheduler")
    content, kept = open_stores(store, cache)
    hands = Hands(workers, LOADS)
    try:
        site = Site(kept, SourcesHere(content), hands)
        serve(
            address, site, worker_mark(), workers, away, lambda own: print_note(f"joined {address} as {own}")
        )
    finally:
        hands.rest()
