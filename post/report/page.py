"""Writes the files beside a finished job's films: receipt.json for tools, report.html for people.

The page is a single file that uses neither the network nor scripts, and its content security policy enforces that.
The template has the layout; its texts are prepared here.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

from post import __version__
from post.atomic import write_whole
from post.deliver.finish import FinishedJob, FinishSetup
from post.deliver.kept_film import SIGNED
from post.deliver.output_set import FILMS
from post.deliver.receipt_row import placed, receipt_row
from post.engine import Store
from post.engine.file_state import refuse_touched
from post.prepare.toolchain import required_releases
from post.report.actions import IngredientRow, ingredient_rows, legible
from post.report.before_after import TakeStills
from post.report.deliverable import FilmSection, JobContext, film_section
from post.report.warned_frames import WarnedFrame, warned_frames
from post.values.warning import JobWarning
from provenance.html import render_html
from provenance.trust.lists import Anchors
from provenance.verify import verify

TOOL = f"Answerprint {__version__}"
LANGUAGE = "en"


@dataclass(frozen=True, slots=True)
class WarningRow:
    """One warning as the page shows it: how bad it is, what it is about, what is so, and the frame that shows it."""

    rank: str
    of: str
    text: str
    code: str
    shown: WarnedFrame | None


@dataclass(frozen=True, slots=True)
class ReportPage:
    """The whole report.

    made: in UTC; warnings: of all films, the worst first; stated: what the job says of AI and of training, as (what,
    how); versions: everything the films were made with, as (name, version).
    """

    language: str
    title: str
    tool: str
    made: datetime
    warnings: tuple[WarningRow, ...]
    films: tuple[FilmSection, ...]
    parts: tuple[IngredientRow, ...]
    stated: tuple[tuple[str, str], ...]
    versions: tuple[tuple[str, str], ...]


def write_receipts(done: FinishedJob, path: Path, before: Mapping[str, Any] | None = None) -> Path:
    """Writes every film's receipt as one JSON object to `path`, whole or not at all, and returns `path`.

    before: the receipts of the folder so far: those of films that are not made anew stay. A prompt is told in
    full only where the job has `prompts: include`, as in the film itself.
    Raises OutputError or RetryError where it cannot be written.
    """
    names = {each.receipt.name for each in done.deliverables}
    others = [row for row in (before or {}).get("receipts", ()) if row["name"] not in names]
    told = (before or {}).get(SIGNED)
    signed = told if isinstance(told, dict) else {}
    kept = {row["name"] for row in others}.intersection(signed)
    data = {
        "schema": FILMS,
        "job": done.plan.title,
        "tool": TOOL,
        "receipts": [*(receipt_row(each, done.plan.warnings) for each in done.deliverables), *others],
        SIGNED: {name: signed[name] for name in sorted(kept)}
        | {each.receipt.name: each.basis for each in done.deliverables},
    }
    return write_whole(
        path, json.dumps(data, indent=2, ensure_ascii=False, allow_nan=False) + "\n", lasting=True
    )


def write_report(done: FinishedJob, path: Path, setup: FinishSetup) -> Path:
    """Writes the page about a finished job to `path`, whole or not at all, and returns `path`.

    Films are verified, decoded and measured again for it, from the files on the disk.
    Raises SourceError where a deliverable or a take can no longer be read, and OutputError or RetryError
    where the page cannot be written.
    """
    keep = setup.store.guarded(partial(refuse_touched, done.sources.states))
    return write_whole(path, setup.engine.call(report_html, done, setup.signer.anchors, keep))


def report_html(done: FinishedJob, anchors: Sequence[Anchors], keep: Store | None = None) -> str:
    """Returns the page about a finished job.

    anchors: the trust lists that its films are verified by; keep: a store where stills are looked up first and kept.
    Raises SourceError where a film or a take can no longer be read.
    """
    with done.sources.naming():
        return render(_page(done, anchors, keep))


def render(page: ReportPage) -> str:
    """Returns the page as HTML. All text that a job, a file or a generator brought is escaped."""
    return render_html("post.report", page)


def _page(done: FinishedJob, anchors: Sequence[Anchors], keep: Store | None) -> ReportPage:
    receipts = [each.receipt for each in done.deliverables]
    shown = warned_frames(done.warnings, done.deliverables)
    takes: TakeStills = {}

    def context(film: str) -> JobContext:
        version = done.version_of(film)
        return JobContext(version.plan.matched, version.sources.job.grain, keep)

    return ReportPage(
        language=LANGUAGE,
        title=done.plan.title,
        tool=TOOL,
        made=datetime.now(UTC),
        warnings=tuple(_warning_row(placed(each), shown.get(each)) for each in done.warnings),
        films=tuple(
            film_section(each, verify(each.made, anchors), takes, context(each.rendition.name))
            for each in done.deliverables
        ),
        parts=ingredient_rows(receipts, done.plan.takes),
        stated=tuple(_stated(done)),
        versions=_versions(done),
    )


def _warning_row(each: JobWarning, shown: WarnedFrame | None) -> WarningRow:
    text = legible(str(replace(each, of="", where="")))
    of = " ".join(part for part in (each.of, f"({each.where})" if each.where else "") if part)
    return WarningRow("allowed" if each.allowed else each.rank, legible(of), text, each.code, shown)


def _stated(done: FinishedJob) -> Iterator[tuple[str, str]]:
    provenance = done.sources.job.provenance
    rows = {
        "Generating model": provenance.disclosure.model_name,
        "Kind of model": provenance.disclosure.model_type,
        "Human oversight": provenance.disclosure.human_oversight,
        "Training and data mining by others": provenance.training_mining,
    }
    yield from ((what, said) for what, said in rows.items() if said)


def _versions(done: FinishedJob) -> tuple[tuple[str, str], ...]:
    """Returns what made the films, as recorded in them, then the other installed libraries."""
    recorded = dict(row for each in done.deliverables for row in each.receipt.versions)
    return (*recorded.items(), *(row for row in required_releases() if row[0] not in recorded))
