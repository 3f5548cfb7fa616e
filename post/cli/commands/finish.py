"""The commands plan and finish: they plan a job, and make its films."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from contextlib import nullcontext, suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from post.cli.commands.campaign.read_versions import read_versions, with_marks
from post.cli.environment import pin, read_environment
from post.cli.finished import finished_json, finished_lines
from post.cli.options import AsJson, EventsTo, JobFile, JUnitTo, StoreAt
from post.cli.output import ProgressBar, print_result
from post.cli.refusals import find_refusals, open_signers
from post.cli.stopwatch import COMMAND
from post.cli.stores import open_stores, own_registry, read_anchors
from post.cli.text.plan_text import plan_lines, stdout_glyphs, value_lines
from post.cli.unattended.engines import LOCAL, WAIT_S, open_engine
from post.cli.unattended.event_file import STDOUT
from post.cli.unattended.follow import followed
from post.engine.events import Tell, quiet
from post.errors import AnswerprintError, JobError, Problems

if TYPE_CHECKING:
    from post.deliver.finish import FinishedJob
    from post.deliver.kept_run import BegunRun, RunAsked
    from post.engine import Store, WorkerPool
    from post.engine.cluster.client import DaskEngine
    from post.job.template import TemplateClip

Learn = Callable[[float], None]
# Of a job's first worker: it loads them while this process loads what joins and signs.
LOADS = ("post.preflight.plan_checked", "post.render.segment")
# Of its first worker where films lie in the folder already: most often they can stay.
LOADS_AGAIN = ("post.deliver.kept_run", "post.job.load")


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
    from post.engine import WorkerPool
    from post.preflight.plan_versions import plan_versions
    from post.report.plan_summary import summarise_versions
    from post.report.timeline import timeline_rows
    from post.versions.planned import whole_plan

    with WorkerPool(1) as pool:
        jobs = read_versions(pool, job)
        content, kept = open_stores(store)
        planned = pool.call(plan_versions, jobs, read_anchors(), content, kept)
    made = whole_plan(planned)
    data = summarise_versions(planned, job, kept)
    lines = plan_lines(made, data, timeline_rows(made), read_environment().columns, stdout_glyphs())
    print_result(data, as_json, [*lines, *(value_lines(data) if values else ())])
    # The plan is shown first: it is right, whatever keeps its films from being made here.
    if refused := find_refusals(planned, out):
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
    events: str = EventsTo,
    junit: Path | None = JUnitTo,
    as_json: bool = AsJson,
) -> None:
    """Make and sign every deliverable, and write a receipt and a report."""
    with followed("finish", job, events, junit, as_json=as_json) as following:
        following.tell("start", command="finish", job=str(job), out=str(out))
        data = finish_job(
            job,
            out,
            only,
            engine,
            workers,
            store,
            part=part,
            wait=wait,
            resign=resign,
            tell=following.tell,
            away=away,
        )
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
) -> dict[str, Any]:
    """Finishes a job, or a part of it, and returns the `finish` object of the command-line contract.

    clip: what takes the place of its clip, where the job is a template; tell: is called with each event; away: how
    long a scheduler may be away, in seconds; pool: whose workers do the work, None for workers that end with it.
    """
    from post.deliver.kept_run import RunAsked

    if part and resign:
        raise JobError("a range is not signed", where="--resign", fix="leave out --resign, or --range")
    again = not part and not resign and os.path.isfile(out / "receipt.json")  # noqa: PTH113  never raises
    loads = LOADS_AGAIN if again else LOADS
    with nullcontext(pool) if pool else open_engine(engine, workers, away, loads) as working:
        learn = None
        if part:
            data = _finish_part(working, job, part, (out, only, store), wait=wait)
        else:
            asked = RunAsked(job, out, only, read_environment().config, clip)
            data, learn = _finish_with(working, asked, _Running(store, wait, resign, tell), again=again)
    # Else what others of this process used is counted too, or what other machines used is not.
    if learn is not None and pool is None and engine == LOCAL:
        learn(COMMAND.cpu_seconds())
    return {**data, "seconds": COMMAND.seconds()}  # the workers have ended


@dataclass(frozen=True, slots=True)
class _Running:
    """How a run goes, whatever it makes: as the arguments of `finish_job`."""

    store: Path | str | None
    wait: bool
    resign: bool
    tell: Tell


def _finish_part(
    pool: WorkerPool | DaskEngine,
    job: Path,
    part: str,
    asked_for: tuple[Path, str, Path | str | None],
    *,
    wait: bool,
) -> dict[str, Any]:
    from post.cli.commands.look import finish_range
    from post.plan.film_part import read_range

    return finish_range(pool, job, read_range(part, "--range"), asked_for, wait=wait)


def _finish_with(
    pool: WorkerPool | DaskEngine, asked: RunAsked, running: _Running, *, again: bool
) -> tuple[dict[str, Any], Learn | None]:
    """Finishes a job. again: whether a run like it may have made its films already."""
    from post.deliver.kept_run import begin_run

    begun = pool.call(begin_run, asked, open_stores(running.store)[1] if again else None)
    if begun.told:
        told: dict[str, Any] = json.loads(begun.told)
        for film in told["deliverables"]:
            running.tell("kept", film=film["name"], path=film["path"])
        return told, None
    return _make_films(pool, begun, running)


def _make_films(
    pool: WorkerPool | DaskEngine, begun: BegunRun, running: _Running
) -> tuple[dict[str, Any], Learn]:
    """Makes the films of a run, and returns what it tells, and what is told the CPU seconds that it took in the end."""
    from post.deliver.announce import announce, announcements_of, note
    from post.deliver.finish import FinishSetup, finish_versions
    from post.deliver.kept_run import keep_run
    from post.deliver.output_set import FILMS, RECEIPT, REPORT, output_set, read_receipts
    from post.preflight.plan_versions import plan_counted
    from post.recovery.register import registry_options
    from post.report.page import write_receipts, write_report
    from post.report.remade import remember_films
    from provenance.signing.key_process import KeyProcess

    out, only, config = begun.asked.out, begun.asked.only, begun.asked.config
    # Workers read what others made; a process of its own has the key; this one puts the films together.
    with KeyProcess(config, pin) as keys:
        jobs = with_marks(begun.jobs, config, only)
        # A key that cannot sign is found before any work is done.
        signers = open_signers(jobs, keys)
        with output_set(out, partial(announce, config, out), wait=running.wait) as output:
            content, kept = open_stores(running.store)
            begun = begun.settled()
            planned, measuring = pool.call(plan_counted, jobs, signers[0].anchors, content, kept)
            before = read_receipts(out / RECEIPT, FILMS)
            with ProgressBar() as meter:
                setups = [
                    FinishSetup(
                        output, kept, pool, signer, meter, registry_options(each, own_registry()), before,
                        running.resign, running.tell,
                    )
                    for each, signer in zip(jobs, signers, strict=True)
                ]  # fmt: skip
                done = finish_versions(planned, setups)
                write_receipts(done, output.work / RECEIPT, before)
                write_report(done, output.work / REPORT, setups[0])
                remember_films(done.plan, begun.asked.job, kept)
            note(config, out, announcements_of(done, setups))
            output.publish()
            told = finished_json(done, out / REPORT, out / RECEIPT)
            keep_run(begun, done, (kept, [each.terms for each in signers]), json.dumps(_told_again(told)))
    return told, partial(_learn, done, kept, measuring)


def _learn(done: FinishedJob, store: Store, measuring: float, cpu_seconds: float) -> None:
    """Keeps what a run shows of this machine's speed. measuring: CPU seconds that planning took, most of it once."""
    from post.versions.cost import learn_from
    from post.versions.work import versions_work

    with suppress(AnswerprintError):  # the films are made: what a store cannot take is no fault of theirs
        learn_from(versions_work(done.versions), done.made, store, cpu_seconds - measuring)


def _told_again(told: dict[str, Any]) -> dict[str, Any]:
    """Returns what a run tells that makes nothing, after one that told this."""
    films = [{**each, "reused": each["segments"], "kept": True} for each in told["deliverables"]]
    return {**told, "deliverables": films}
