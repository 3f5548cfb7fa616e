"""The commands hold and prune: who forbids to remove an archive, and its removal."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import typer

from post.archive.prune import hold_archive, prune_archive
from post.cli.archive.archive import ArchiveFolder
from post.cli.options import AsJson
from post.cli.output import print_result
from post.errors import GuardrailError


def add_to(app: typer.Typer) -> None:
    """Adds the commands of this module to the app."""
    app.command("hold")(hold)
    app.command("prune")(prune)


def hold(
    archive: Path = ArchiveFolder,
    who: str = typer.Option(..., "--who", help="Who holds it."),
    why: str = typer.Option(..., "--why", help="The reason."),
    lift: bool = typer.Option(False, "--lift", help="Lift the holds of this person instead."),
    as_json: bool = AsJson,
) -> None:
    """Put a legal hold on an archive, or lift one; both stay written in it."""
    made = hold_archive(archive, who, why, lift=lift)
    standing = [{"by": each.by, "why": each.why} for each in made.holds if each.stands]
    data = {"path": str(archive), "retain_until": made.retain_until or None, "holds": standing}
    said = [f"{each['by']} holds it: {each['why']}" for each in standing] or ["nobody holds it"]
    print_result(data, as_json, [*said, *([f"kept until {made.retain_until}"] if made.retain_until else [])])


def prune(
    archive: Path = ArchiveFolder,
    yes: bool = typer.Option(False, "--yes", help="Remove it; without this, only say what would be removed."),
    share: Path | None = typer.Option(
        None,
        "--share",
        metavar="DIR",
        help="The folder that archives share: contents that no other has go too.",
    ),
    as_json: bool = AsJson,
) -> None:
    """Remove an archive, unless its date is to come or somebody holds it (exit 4)."""
    found = prune_archive(archive, datetime.now(UTC).date(), remove=yes, share=share)
    data = {
        "path": str(archive), "removed": found.removed, "files": found.files, "bytes": found.bytes,
        "shared": list(found.shared), "kept_because": list(found.kept),
    }  # fmt: skip
    verb = "removed" if found.removed else "would remove"
    shared = f", and {len(found.shared)} contents of {share}" if share else ""
    lines = [f"{verb} {archive}: {found.files} files, {found.bytes} bytes{shared}"]
    print_result(data, as_json, [f"stays: {each}" for each in found.kept] or lines)
    if found.kept:
        raise typer.Exit(GuardrailError.exit_code)
