"""The commands plan and finish: they plan a job, and make its films."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from post.api.engines import WAIT_S
from post.api.finishing import FinishHooks, FinishOptions, run_finish
from post.api.refusals import find_refusals
from post.cli.environment import read_environment
from post.cli.finished import finished_lines, shown_if_waiting
from post.cli.options import AsJson, EventsTo, JobFile, JUnitTo, StoreAt
from post.cli.output import ProgressBar, print_note, print_result
from post.cli.stopwatch import COMMAND
from post.cli.stores import command_settings
from post.cli.text.plan_text import plan_lines, stdout_glyphs, value_lines
from post.cli.unattended.event_file import STDOUT
from post.cli.unattended.follow import followed
from post.engine.events import Tell, quiet
from post.errors import Problems

if TYPE_CHECKING:
    from post.engine import WorkerPool
    from post.job.template import TemplateClip


ByWhom = typer.Option(
    "",
    "--by",
    metavar="ID",
    help="Who renders, by their ID in the people file; this user's login is logged too.",
)
MayWait = typer.Option(
    False,
    "--may-wait",
    help="End with 0, not 5, where films wait for approval: for runs that nobody watches.",
)


def add_to(app: typer.Typer) -> None:
    """Adds the commands of this module to the app."""
    app.command("plan")(plan_verb)
    app.command("finish")(finish_verb)


def plan_verb(
    job: Path = JobFile,
    out: Path | None = typer.Option(
        None, "-o", "--out", help="Also check that the films can be written to this folder."
    ),
    store: str | None = StoreAt,
    values: bool = typer.Option(False, "--values", help="Also show every value, and where it comes from."),
    as_json: bool = AsJson,
) -> None:
    """Show the film as a timeline, what finish will make and why, and what you should know before."""
    from post.api.plans import plan_in
    from post.engine import WorkerPool
    from post.report.plan_summary import summarise_versions
    from post.report.timeline import timeline_rows
    from post.versions.planned import whole_plan

    settings = command_settings(store)
    with WorkerPool(1) as pool:
        planned = plan_in(pool, job, settings)
    made = whole_plan(planned.versions)
    data = summarise_versions(planned.versions, job, planned.store)
    lines = plan_lines(made, data, timeline_rows(made), read_environment().columns, stdout_glyphs())
    print_result(data, as_json, [*lines, *(value_lines(data) if values else ())])
    # The plan is shown first: it is right, whatever keeps its films from being made here.
    if refused := find_refusals(planned.versions, out, settings, print_note):
        raise Problems(refused)


def finish_verb(
    job: Path = JobFile,
    out: Path = typer.Option(..., "-o", "--out", help="The folder for the deliverables."),
    only: str = typer.Option(
        "", "--only", help="Make this deliverable alone, or those that fit a pattern such as '*-de-*'."
    ),
    engine: str = typer.Option(
        "local",
        "--engine",
        help="Where work is done: local, or dask:HOST:PORT for the workers of a scheduler.",
    ),
    workers: int = typer.Option(
        0, "--workers", min=0, help="How many segments are made at once; 0: one for each core."
    ),
    store: str | None = StoreAt,
    away: float = typer.Option(
        WAIT_S, "--away", min=0, metavar="S", help="How long a scheduler, or all its workers, may be away."
    ),
    part: str = typer.Option(
        "", "--range", metavar="FROM..TO", help="Make only this part, such as 4s..8s, unsigned, in OUT/range."
    ),
    wait: bool = typer.Option(False, "--wait", help="If another run writes to the folder: wait for it."),
    resign: bool = typer.Option(
        False, "--resign", help="Sign films anew that could stay as they were signed before."
    ),
    by: str = ByWhom,
    may_wait: bool = MayWait,
    events: str = EventsTo,
    junit: Path | None = JUnitTo,
    as_json: bool = AsJson,
) -> None:
    """Make and sign every deliverable, and write a receipt and a report."""
    with (
        shown_if_waiting(as_json=as_json, shown=events != STDOUT, may_wait=may_wait),
        followed("finish", job, events, junit, as_json=as_json, may_wait=may_wait) as following,
    ):
        following.tell("start", command="finish", job=str(job), out=str(out))
        more = partial(finish_job, part=part, wait=wait, resign=resign, away=away, by=by)
        data = more(job, out, only, engine, workers, store, tell=following.tell)
        following.done(data)
    if events != STDOUT:
        print_result(data, as_json, finished_lines(data))


def finish_job(
    job: Path,
    out: Path,
    only: str = "",
    engine: str = "local",
    workers: int = 0,
    store: Path | str | None = None,
    *,
    part: str = "",
    wait: bool = False,
    resign: bool = False,
    clip: TemplateClip | None = None,
    tell: Tell = quiet,
    away: float = WAIT_S,
    pool: WorkerPool | None = None,
    by: str = "",
) -> dict[str, Any]:
    """Finishes a job, or a part of it, and returns the `finish` object of the command-line contract.

    clip: what takes the place of its clip, where the job is a template; tell: is called with each event; away: how
    long a scheduler may be away, in seconds; pool: whose workers do the work, None for workers that end with it; by:
    who renders, by their ID.
    """
    asked = FinishOptions(only, part, engine, workers, wait, resign, away, by)
    hooks = FinishHooks(tell, ProgressBar, print_note)
    data, learn = run_finish((job, out), asked, command_settings(store), hooks, clip=clip, pool=pool)
    learn(COMMAND.cpu_seconds())
    return {**data, "seconds": COMMAND.seconds()}  # the workers have ended
