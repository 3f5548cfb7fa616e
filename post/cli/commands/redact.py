"""The command redact: it removes prompts from a signed film."""

from __future__ import annotations

from pathlib import Path

import typer

from post import __version__
from post.cli.environment import pin, read_environment
from post.cli.output import print_result


def add_to(app: typer.Typer) -> None:
    """Adds the commands of this module to the app."""
    app.command("redact")(redact_verb)


def redact_verb(
    file: Path,
    out: Path = typer.Option(..., "-o", "--out", help="The file for the film without its prompts."),
    reason: str = typer.Option(
        ..., "--reason", help="The reason, which is declared: your own words, or a C2PA reason."
    ),
    key: str = typer.Option("development", "--key", help="The name of the key that signs."),
    as_json: bool = typer.Option(False, "--json", help="Print one JSON object on stdout."),
) -> None:
    """Remove the prompts from a signed film; their digests stay, and prove them."""
    from provenance.manifest.redact import RedactionRequest, redact
    from provenance.signing.key_process import KeyProcess
    from provenance.trust import lists

    config = read_environment().config
    with KeyProcess(config, pin) as keys:
        signer = keys.load_signer(key)
        anchors = lists.join_pem(lists.read_configured(config))
        told = redact(file, out, RedactionRequest(reason, signer, anchors, ("Answerprint", __version__)))
    data = {
        "path": str(out),
        "redacted": list(told.assertions),
        "xmp_prompts": told.xmp,
        "still_told": told.still_told,
    }
    lines = [f"wrote {out}: {len(told.assertions)} assertions of prompts taken out", *_notes(told.still_told)]
    print_result(data, as_json, lines)


def _notes(still_told: int) -> list[str]:
    if not still_told:
        return []
    return [f"note: {still_told} prompts still stand in credentials that a clip brought with it"]
