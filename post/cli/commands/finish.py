"""The commands plan and finish: they plan a job, and make its films."""

from __future__ import annotations

import os
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from post.cli.commands.recover import own_registry
from post.cli.environment import cores, pin, read_environment
from post.cli.output import ProgressBar, print_note, print_result
from post.cli.plan_text import plan_lines, stdout_glyphs, value_lines
from post.cli.refusals import find_refusals, open_signer
from post.cli.stopwatch import COMMAND
from post.cli.warning_text import warning_lines
from post.errors import JobError, Problems
from post.values.warning import JobWarning

if TYPE_CHECKING:
    from post.deliver.finish import FinishedJob
    from post.engine import ContentStore, Store, WorkerPool
    from provenance.trust.lists import Anchors

AsJson = typer.Option(False, "--json", help="Print one JSON object on stdout.")
JobFile = typer.Argument(help="The job file.")
# Of a job's first worker: it loads them while this process loads what joins and signs.
LOADS = ("post.preflight.plan_checked", "post.render.segment")
StoreAt = typer.Option(None, "--store", help="The folder that keeps results between runs.")


def add_to(app: typer.Typer) -> None:
    """Adds the commands of this module to the app."""
    app.command("plan")(plan_verb)
    app.command("finish")(finish_verb)


def plan_verb(
    job: Path = JobFile,
    out: Path | None = typer.Option(
        None, "-o", "--out", help="Also check that the films can be written to this folder."
    ),
    store: Path | None = StoreAt,
    values: bool = typer.Option(False, "--values", help="Also show every value, and where it comes from."),
    as_json: bool = AsJson,
) -> None:
    """Show the film as a timeline, what finish will make and why, and what you should know before."""
    from post.engine import WorkerPool
    from post.job import load_job
    from post.preflight.plan_checked import plan_checked
    from post.prepare.watermark import key_watermark
    from post.report.plan_summary import summarise_plan
    from post.report.timeline import timeline_rows

    with WorkerPool(1) as pool:
        asked = key_watermark(pool.call(load_job, job), read_environment().config)
        content, kept = open_stores(store)
        sources, made = pool.call(plan_checked, asked, _anchors(), content, "", kept)
    data = summarise_plan(made, job, kept)
    lines = plan_lines(made, data, timeline_rows(made), read_environment().columns, stdout_glyphs())
    print_result(data, as_json, [*lines, *(value_lines(data) if values else ())])
    # The plan is shown first: it is right, whatever keeps its films from being made here.
    if refused := find_refusals(asked, sources, made, out):
        raise Problems(refused)


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
    wait: bool = typer.Option(False, "--wait", help="If another run writes to the folder: wait for it."),
    as_json: bool = AsJson,
) -> None:
    """Make and sign every deliverable, and write a receipt and a report."""
    data = finish_job(job, out, only, engine, workers, store, wait=wait)
    print_result(data, as_json, finished_lines(data))


def finish_job(
    job: Path,
    out: Path,
    only: str = "",
    engine: str = "local",
    workers: int = 0,
    store: Path | None = None,
    *,
    wait: bool = False,
) -> dict[str, Any]:
    """Finishes a job, and returns the `finish` object of the command-line contract."""
    from post.engine import WorkerPool

    if engine != "local":
        raise JobError("unknown engine", where="--engine", expected="local", got=repr(engine))
    with WorkerPool(workers or cores(), LOADS) as pool:
        data = _finish_with(pool, job, (out, only, store), wait=wait)
    return {**data, "seconds": COMMAND.seconds()}  # the workers have ended


def _finish_with(
    pool: WorkerPool, job: Path, asked_for: tuple[Path, str, Path | None], *, wait: bool
) -> dict[str, Any]:
    """Finishes a job. asked_for: the folder for its deliverables, the one to make ("" for all), and the store."""
    from post.deliver.announce import announce, announcements, note
    from post.deliver.finish import FinishSetup, finish
    from post.deliver.output_set import RECEIPT, REPORT, output_set, read_receipts
    from post.job import load_job
    from post.preflight.plan_checked import plan_checked
    from post.prepare.watermark import key_watermark
    from post.recovery.register import registry_options
    from post.report.page import write_receipts, write_report
    from post.report.remade import remember_films
    from provenance.signing.key_process import KeyProcess

    (out, only, store), config = asked_for, read_environment().config
    # Workers read what others made; a process of its own has the key; this one puts the films together.
    with KeyProcess(config, pin) as keys:
        asked = key_watermark(pool.call(load_job, job), config)
        # A key that cannot sign is found before any work is done.
        signer = open_signer(asked, keys)
        _warn_of(asked.provenance.key)
        with output_set(out, partial(announce, config, out), wait=wait) as output:
            content, kept = open_stores(store)
            sources, planned = pool.call(plan_checked, asked, signer.anchors, content, only, kept)
            before = read_receipts(out / RECEIPT)
            with ProgressBar() as meter:
                setup = FinishSetup(
                    output, kept, pool, signer, meter, registry_options(asked, own_registry())
                )
                done = finish(sources, planned, setup)
                write_receipts(done, output.work / RECEIPT, before)
                write_report(done, output.work / REPORT, setup)
                remember_films(planned, asked.path, kept)
            note(config, out, announcements(done.deliverables, setup))
            output.publish()
    return finished_json(done, out / REPORT, out / RECEIPT)


def open_stores(folder: Path | None) -> tuple[ContentStore, Store]:
    """Opens the copies of sources and the results that a folder keeps. None: this user's own folder.

    Results are sealed with this user's secret. A team that shares a store shares its `store.key` too.
    Raises OutputError or RetryError where a folder cannot be made, ProvenanceError for a secret that others
    can read.
    """
    from post.engine import ContentStore, Store
    from provenance.signing.private_file import read_or_make_secret

    around = read_environment()
    root = folder or around.store
    secret = read_or_make_secret(around.config / "store.key", 32, "a key of the store's seals")
    results, content = Store(root, secret), ContentStore(root / own_copies())
    content.sweep()
    return content, results


def own_copies() -> str:
    """Returns the name of this user's copies of sources in a store that others may share."""
    return f"content-{os.geteuid()}" if hasattr(os, "geteuid") else "content"


def _warn_of(key: str) -> None:
    """Prints a note if the key's certificate expires soon."""
    from provenance.signing import keyring

    warning = keyring.describe(read_environment().config, key).warning()
    if warning:
        print_note(f"the key {key}: {warning}")


def finished_json(done: FinishedJob, report: Path, receipt: Path) -> dict[str, Any]:
    """Returns the `finish` object of the command-line contract, without its seconds."""
    return {
        "deliverables": [_deliverable_json(each) for each in done.deliverables],
        "report": str(report),
        "receipt": str(receipt),
        "warnings": [each.row() for each in done.warnings],
    }


def _deliverable_json(each: Any) -> dict[str, Any]:
    measured, loudness = each.measured, each.measured.loudness
    rate = measured.rate
    return {
        "name": each.rendition.name,
        "path": str(each.path),
        "sha256": each.sha256,
        "width": measured.width,
        "height": measured.height,
        "fps": f"{rate.numerator}/{rate.denominator}",
        "frames": measured.frames,
        "samples": measured.samples,
        "loudness_lufs": loudness.integrated_lufs if loudness else None,
        "true_peak_dbtp": loudness.true_peak_dbtp if loudness else None,
        "segments": each.segments,
        "reused": each.reused,
        "signed": True,
        "unsigned_sha256": each.receipt.sha256,
        "notes": [each.what for each in each.warnings],
    }


def finished_lines(data: dict[str, Any]) -> list[str]:
    """Returns the lines that a person reads of a finished job."""
    rows = [
        f"{each['name']:20} {each['width']}x{each['height']} {each['frames']} frames, "
        f"{each['segments']} segments ({each['reused']} reused), signed: {each['path']}"
        for each in data["deliverables"]
    ]
    warnings = warning_lines(map(JobWarning.of_row, data["warnings"]), read_environment().columns)
    return [*rows, *warnings, f"report: {data['report']}", f"{data['seconds']:.1f} s"]


def _anchors() -> tuple[Anchors, ...]:
    from provenance.trust import lists

    return lists.read_configured(read_environment().config)
