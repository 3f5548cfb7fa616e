"""The commands plan and finish: they plan a job, and make its films."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from post.cli.commands.recover import own_registry
from post.cli.environment import cores, pin, read_environment
from post.cli.finished import finished_json, finished_lines, warn_of_crops
from post.cli.output import ProgressBar, print_note, print_result
from post.cli.stores import open_stores, read_anchors
from post.errors import JobError, ProvenanceError, RetryError

if TYPE_CHECKING:
    from post.engine import WorkerPool
    from post.values import Plan

AsJson = typer.Option(False, "--json", help="Print one JSON object on stdout.")
JobFile = typer.Argument(help="The job file.")
# Of a job's first worker: it loads them while this process loads what joins and signs.
LOADS = ("post.prepare.plan_job", "post.render.segment")
StoreAt = typer.Option(None, "--store", help="The folder that keeps results between runs.")


def add_to(app: typer.Typer) -> None:
    """Adds the commands of this module to the app."""
    app.command("plan")(plan_verb)
    app.command("finish")(finish_verb)


def plan_verb(job: Path = JobFile, store: Path | None = StoreAt, as_json: bool = AsJson) -> None:
    """Show what finish will do, where each value comes from, and what is already made."""
    from post.engine import WorkerPool
    from post.job import load_job
    from post.prepare.plan_job import plan_job
    from post.prepare.watermark import key_watermark
    from post.report.plan_summary import summarise_plan

    with WorkerPool(1) as pool:
        asked = key_watermark(pool.call(load_job, job), read_environment().config)
        content, kept = open_stores(store)
        _, made = pool.call(plan_job, asked, read_anchors(), content, "", kept)
    warn_of_crops(made.framed)
    data = summarise_plan(made, kept)
    print_result(data, as_json, _plan_lines(made, data))


def finish_verb(
    job: Path = JobFile,
    out: Path = typer.Option(..., "-o", "--out", help="The folder for the deliverables."),
    only: str = typer.Option("", "--only", help="Make this deliverable alone."),
    engine: str = typer.Option(
        "local", "--engine", help="Where work is done; local: in processes of this machine."
    ),
    workers: int = typer.Option(
        0, "--workers", min=0, help="How many segments are made at once; 0: one for each core."
    ),
    store: Path | None = StoreAt,
    part: str = typer.Option(
        "", "--range", metavar="FROM..TO", help="Make only this part, such as 4s..8s, unsigned, in OUT/range."
    ),
    wait: bool = typer.Option(False, "--wait", help="If another run writes to the folder: wait for it."),
    resign: bool = typer.Option(
        False, "--resign", help="Sign films anew that could stay as they were signed before."
    ),
    as_json: bool = AsJson,
) -> None:
    """Make and sign every deliverable, and write a receipt and a report."""
    data = finish_job(job, out, only, engine, workers, store, part=part, wait=wait, resign=resign)
    print_result(data, as_json, finished_lines(data))


def finish_job(
    job: Path,
    out: Path,
    only: str = "",
    engine: str = "local",
    workers: int = 0,
    store: Path | None = None,
    *,
    part: str = "",
    wait: bool = False,
    resign: bool = False,
) -> dict[str, Any]:
    """Finishes a job, or a part of it, and returns the `finish` object of the command-line contract."""
    from post.cli.commands.look import finish_range
    from post.engine import WorkerPool
    from post.plan.film_part import read_range

    if engine != "local":
        raise JobError("unknown engine", where="--engine", expected="local", got=repr(engine))
    asked = read_range(part, "--range") if part else None
    with WorkerPool(workers or cores(), LOADS) as pool:
        if asked is not None:
            return finish_range(pool, job, asked, (out, only, store), wait=wait)
        return _finish_with(pool, job, (out, only, store), wait=wait, resign=resign)


def _finish_with(
    pool: WorkerPool, job: Path, asked_for: tuple[Path, str, Path | None], *, wait: bool, resign: bool
) -> dict[str, Any]:
    """Finishes a job. asked_for: the folder for its deliverables, the one to make ("" for all), and the store."""
    from post.deliver.announce import announce, announcements, note
    from post.deliver.finish import FinishSetup, finish
    from post.deliver.output_set import RECEIPT, REPORT, output_set, read_receipts
    from post.deliver.sign import film_signer
    from post.job import load_job
    from post.prepare.plan_job import plan_job
    from post.prepare.watermark import key_watermark
    from post.recovery.register import registry_options
    from post.report.page import write_receipts, write_report
    from provenance.signing.key_process import KeyProcess

    (out, only, store), config = asked_for, read_environment().config
    # Workers read what others made; a process of its own has the key; this one puts the films together.
    with KeyProcess(config, pin) as keys:
        asked = key_watermark(pool.call(load_job, job), config)
        # A key that cannot sign is found before any work is done.
        try:
            signer = film_signer(config, asked.provenance, keys)
        except (JobError, ProvenanceError, RetryError) as fault:
            raise fault.at(str(job)) from fault
        _warn_of(asked.provenance.key)
        with output_set(out, partial(announce, config, out), wait=wait) as output:
            content, kept = open_stores(store)
            sources, planned = pool.call(plan_job, asked, signer.anchors, content, only, kept)
            warn_of_crops(planned.framed)
            before = read_receipts(out / RECEIPT)
            with ProgressBar() as meter:
                registry = registry_options(asked, own_registry())
                setup = FinishSetup(output, kept, pool, signer, meter, registry, before, resign)
                done = finish(sources, planned, setup)
                write_receipts(done, output.work / RECEIPT, before)
                write_report(done, output.work / REPORT, setup)
            note(config, out, announcements(done.deliverables, setup))
            output.publish()
    return finished_json(done, out / REPORT, out / RECEIPT)


def _warn_of(key: str) -> None:
    """Prints a note if the key's certificate expires soon."""
    from provenance.signing import keyring

    warning = keyring.describe(read_environment().config, key).warning()
    if warning:
        print_note(f"the key {key}: {warning}")


def _plan_lines(made: Plan, data: dict[str, Any]) -> list[str]:
    rows = [
        f"{each['name']:20} {each['frames']} frames, {each['segments']} segments, {each['cached']} made"
        for each in data["deliverables"]
    ]
    work = data["work"]
    values = [f"  {place:40} {value:24} {origin}" for place, value, origin in made.origins]
    total = f"{work['unique']} segments to make or find, {work['cached']} already made"
    return [*rows, f"{total}; together they cost {work['cost_of_one']:.2f} of the costliest", *values]
