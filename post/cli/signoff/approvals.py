"""The command approvals: how far a job's films are at their gates, whom to ask, and the log."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import typer

from post.cli.options import AsJson
from post.cli.output import print_result
from post.cli.stores import command_settings


def add_to(app: typer.Typer) -> None:
    """Adds the command of this module to the app."""
    app.command("approvals")(approvals)


def approvals(
    job: Path = typer.Argument(metavar="JOB", help="The job."),
    only: str = typer.Option("", "--only", help="This film alone, or those that fit a pattern."),
    as_json: bool = AsJson,
) -> None:
    """Show which films wait for whose approval of which frames, and the log of decisions; exit 5 while any waits."""
    from post.api.signoff.state import read_signoff, signoff_json
    from post.engine import WorkerPool
    from post.errors import ApprovalError

    with WorkerPool(1) as pool:
        found = read_signoff(pool, job, command_settings().config, only)
    data = signoff_json(found)
    print_result(data, as_json, list(_lines(data)))
    raise typer.Exit(0 if data["met"] else ApprovalError.exit_code)


def _lines(data: dict[str, Any]) -> Iterator[str]:
    for row in data["gates"]:
        yield f"{row['film']}: {row['gate']}: {'met' if row['met'] else 'not met'}"
        for role in row["roles"]:
            by = f"approved by {', '.join(role['by'])}" if role["by"] else "nobody has approved"
            yield f"  {role['role']}: {by}"
            if not role["met"]:
                spans = ", ".join(f"{each['first']}..{each['stop']}" for each in role["asked"])
                who = ", ".join(role["ask"]) or "nobody who may"
                yield f"    ask {who}: frames {spans} ({role['differing']} differ)"
            for each in role["refused"]:
                yield f"    {each['approval'][:16]} by {each['person']} does not count: {each['why']}"
    for name in data["unrendered"]:
        yield f"{name}: not rendered yet"
    counts = data["counts"]
    yield (
        f"{counts['approved']} of {counts['films']} films approved; "
        f"{counts['asked_frames']} of {counts['frames']} frames to look at, {counts['differing_frames']} differ"
    )
    for each in data["log"]["decisions"]:
        yield (
            f"{each['entry']:4} {each['time']} {each['decision']} {each['film']} {each['gate']} "
            f"{each['person']} as {each['role']}: {each['approval'][:16]} {each['comment'][:80]}".rstrip()
        )
