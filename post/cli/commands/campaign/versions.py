"""The command versions: it shows the matrix that a job stands for, and what it costs, before anything is rendered."""

from __future__ import annotations

from pathlib import Path

import typer

from post.cli.commands.campaign.read_versions import read_versions
from post.cli.environment import read_environment
from post.cli.options import AsJson, JobFile, StoreAt
from post.cli.output import print_result
from post.cli.stores import open_stores, read_anchors
from post.cli.text.versions_text import versions_lines


def add_to(app: typer.Typer) -> None:
    """Adds the command of this module to the app."""
    app.command("versions")(versions_verb)


def versions_verb(
    job: Path = JobFile,
    only: str = typer.Option(
        "", "--only", help="Show these films alone: a name, or a pattern such as '*-de-*'."
    ),
    store: str | None = StoreAt,
    as_json: bool = AsJson,
) -> None:
    """Show every version that a job stands for: its name, what of it no other has made yet, and the cost over one."""
    from post.engine import WorkerPool
    from post.preflight.plan_versions import plan_versions
    from post.versions.summary import summarise_matrix

    with WorkerPool(1) as pool:
        jobs = read_versions(pool, job, only)
        content, kept = open_stores(store)
        planned = pool.call(plan_versions, jobs, read_anchors(), content, kept)
    data = summarise_matrix(planned, kept)
    print_result(data, as_json, versions_lines(data, read_environment().columns))
