"""The command versions: it shows the matrix that a job stands for, and what it costs, before anything is rendered."""

from __future__ import annotations

from pathlib import Path

import typer

from post.cli.environment import read_environment
from post.cli.options import AsJson, JobFile, StoreAt
from post.cli.output import print_result
from post.cli.stores import command_settings
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
    """Show every version that a job stands for: its name, what of it no other has made yet, which frames of it ask for
    review, and the cost over one."""
    from post.api.plans import plan_in, with_review
    from post.engine import WorkerPool

    with WorkerPool(1) as pool:
        settings = command_settings(store)
        data = with_review(job, plan_in(pool, job, settings, only), settings.config)
    print_result(data, as_json, versions_lines(data, read_environment().columns))
