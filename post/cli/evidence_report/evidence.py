"""The command evidence: it writes what is known of a film as one page that opens from a disk, and as a PDF."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import typer

from post.cli.commands.verify import FactsFile, FontFile, PolicyNames, read_facts, read_time, read_trust
from post.cli.options import AsJson
from post.cli.output import print_note, print_result
from post.cli.stores import command_settings

LARGEST_MB = 256  # of a film in a page: a browser opens no larger page


def add_to(app: typer.Typer) -> None:
    """Adds the command of this module to the app."""
    app.command("evidence")(evidence)


def evidence(
    file: Path,
    out: Path = typer.Option(..., "-o", help="The page to write (HTML)."),
    pdf: Path | None = typer.Option(None, "--pdf", metavar="FILE", help="Also write it as a PDF."),
    job: Path | None = typer.Option(None, "--job", help="Show the gates and approvals of this job."),
    archive: Path | None = typer.Option(
        None, "--archive", metavar="DIR", help="Show this archive of the film, every file of it checked."
    ),
    trust: list[Path] = typer.Option(
        [], "--trust", help="A PEM file of certificates to trust, in place of your trust lists."
    ),
    policy: list[str] = PolicyNames,
    facts: Path | None = FactsFile,
    font: list[Path] = FontFile,
    embed: int = typer.Option(
        64, "--embed", metavar="MB", min=0, max=LARGEST_MB, help="Up to which size the film is in the page."
    ),
    at: str = typer.Option("", "--at", help="Judge as of this time (ISO 8601; UTC by default)."),
    as_json: bool = AsJson,
) -> None:
    """Write a film's evidence report: one page that opens offline and checks the film itself."""
    from post.api.checking import CheckRequest
    from post.api.records.evidence import EvidenceRequest, make_evidence

    declared, waived = read_facts(facts)
    check = CheckRequest(tuple(policy), declared, waived, tuple(font))
    made = make_evidence(
        file,
        out,
        EvidenceRequest(check, pdf, job, archive, embed, read_time(at)),
        command_settings(),
        anchors=read_trust(trust, []),
    )
    for note in made.notes:
        print_note(note)
    print_result(dict(made.data), as_json, _lines(made.data))


def _lines(data: Any) -> list[str]:
    held = {
        "film": "the film is in it",
        "copy": "a small copy of the film is in it",
        "none": "the film is not in it",
    }
    lines = [f"wrote {data['report']} ({held[data['embedded']]})"]
    return [*lines, f"wrote {data['pdf']}"] if data["pdf"] else lines
