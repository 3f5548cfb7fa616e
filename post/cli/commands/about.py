"""The commands stages, schema and doctor: they describe this installation."""

from __future__ import annotations

from typing import Any

import typer

from post.cli.environment import read_environment
from post.cli.options import AsJson
from post.cli.output import print_json, print_result
from post.errors import IncompleteError, unknown, warn_of_old_name


def add_to(app: typer.Typer) -> None:
    """Adds the commands of this module to the app."""
    app.command("stages")(stages)
    app.command("schema")(schema)
    app.command("doctor")(doctor)


def stages(name: str = typer.Argument("", help="Show this stage alone."), as_json: bool = AsJson) -> None:
    """List every stage with its knobs: default, bounds, unit, meaning."""
    from post.reference import stage_lines, stage_table
    from post.stage import RENAMED

    if name in RENAMED:
        warn_of_old_name(name, RENAMED[name], "")
    rows = stage_table(name)
    print_result({"stages": rows}, as_json, stage_lines(rows))


def schema(
    of: str = typer.Argument(
        "job", metavar="[job|brief]", help="Of which file: the job, or its motion brief."
    ),
    as_json: bool = AsJson,
) -> None:
    """Print the JSON Schema of the job file or of the brief, for editors."""
    from post.job.brief.schema import brief_schema
    from post.job.table.schema import job_schema

    known = {"job": job_schema, "brief": brief_schema}
    if of not in known:
        raise unknown(of, known, "schema", "file")
    print_json(known[of](), None if as_json else 2)


def doctor(as_json: bool = AsJson) -> None:
    """Check that every dependency is installed and works; exit 7 if one does not."""
    from post.cli.dependencies import OWN_FOLDERS, health

    around = read_environment()
    rows: list[dict[str, Any]] = health(lambda: around.config, lambda: around.store)
    lines = [f"{'ok ' if row['ok'] else 'NOT'} {row['what']:28} {row['found']}" for row in rows]
    print_result({"checks": rows, "ok": all(row["ok"] for row in rows)}, as_json, lines)
    if not all(row["ok"] for row in rows):
        raise IncompleteError(
            "something this needs is missing or broken",
            got="; ".join(f"{row['what']}: {row['found']}" for row in rows if not row["ok"]),
            fix=""
            if all(row["ok"] or row["what"] in OWN_FOLDERS for row in rows)
            else "reinstall with `pip install --force-reinstall answerprint`",
        )
