"""The command upgrade: it rewrites a job of an earlier form in the present one."""

from __future__ import annotations

from pathlib import Path

import typer

from post.cli.options import AsJson, JobFile
from post.cli.output import print_result


def add_to(app: typer.Typer) -> None:
    """Adds the commands of this module to the app."""
    app.command("upgrade")(upgrade_verb)


def upgrade_verb(
    job: Path = JobFile,
    as_json: bool = AsJson,
) -> None:
    """Rewrite a job of an earlier form in the present one; its films stay the same."""
    from post.job.rewrite import upgrade_file
    from post.job.table.schema_table import SCHEMA

    done = upgrade_file(job)
    changed = [{"place": each.place, "before": each.before, "after": each.after} for each in done.rewrites]
    lines = [f"{each['place']}: {each['before']} -> {each['after']}" for each in changed]
    outcome = f"rewrote {job} as {SCHEMA}" if changed else f"{job} is in the form {SCHEMA} already"
    data = {"job": str(job), "from": done.form, "to": SCHEMA, "changed": changed}
    print_result(data, as_json, [*lines, outcome])
