"""The command redact: it removes prompts from a signed film."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from post import __version__
from post.cli.environment import pin, read_environment
from post.cli.options import AsJson
from post.cli.output import print_result
from post.cli.stores import own_registry

if TYPE_CHECKING:
    from post.recovery.register import RegistryChange
    from provenance.manifest.redact import RedactedFilm


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
    registry: list[Path] = typer.Option(
        [],
        "--registry",
        help="A further registry's folder that has the film; this user's own is always looked in. Repeatable.",
    ),
    as_json: bool = AsJson,
) -> None:
    """Remove the prompts from a signed film; their digests stay, and prove them.

    Registries that have the film then lead to its new manifest, and forget the old one: this user's own, and each
    --registry. Others must be told too: another user's, a server's, a backup.
    """
    from post.recovery.register import supersede_registered
    from provenance.manifest.redact import RedactionRequest, redact
    from provenance.record.text_search import find_telling
    from provenance.signing.key_process import KeyProcess
    from provenance.trust import lists

    config = read_environment().config
    folders = _registries(registry)
    changes: list[RegistryChange] = []
    beside: list[Path] = []

    def before_naming(redacted: RedactedFilm) -> None:
        beside.extend(find_telling(_beside(file, out), redacted.prompts))
        changes.extend(supersede_registered(folders, redacted))

    with KeyProcess(config, pin) as keys:
        anchors = lists.join_pem(lists.read_configured(config))
        request = RedactionRequest(reason, keys.load_signer(key), anchors, ("Answerprint", __version__))
        told = redact(file, out, request, before_naming)
    data = {
        "path": str(out),
        "redacted": list(told.assertions),
        "xmp_prompts": told.xmp,
        "still_told": told.still_told,
        "registry": list(map(_json, changes)),
        "still_told_beside": list(map(str, beside)),
    }
    first = f"wrote {out}: {len(told.assertions)} assertions of prompts taken out"
    print_result(data, as_json, [first, *_notes(told.still_told, beside, changes)])


def _registries(named: Sequence[Path]) -> list[Path]:
    """Returns this user's own registry, where there is one, and those that were named, each once.

    Raises SourceError if a named one is no registry: before anything is signed.
    """
    from post.atomic import real_path
    from provenance.durable.registry import FILE, read_registry

    for folder in named:
        with read_registry(folder):
            pass
    own = own_registry()
    folders = [own, *named] if (own / FILE).is_file() else named
    return list({real_path(folder): folder for folder in folders}.values())


def _beside(film: Path, out: Path) -> list[Path]:
    """Returns the files beside a film, with its prompts and without, that may tell them too."""
    from post.deliver.output_set import RECEIPT, REPORT
    from provenance.manifest.sidecar import sidecar_path

    return [
        each
        for path in (film, out)
        for each in (sidecar_path(path), path.with_name(RECEIPT), path.with_name(REPORT))
    ]


def _json(change: RegistryChange) -> dict[str, Any]:
    return {"path": str(change.folder), "entries": change.entries, "still_told_by": list(change.others)}


def _notes(still_told: int, beside: Sequence[Path], changes: Sequence[RegistryChange]) -> list[str]:
    rows = [
        f"registry {each.folder}: leads to the new manifest, the old one is erased"
        for each in changes
        if each.entries
    ]
    if still_told:
        rows.append(f"note: {still_told} prompts still stand in credentials that a clip brought with it")
    rows += [f"note: {path} still tells prompts" for path in beside]
    rows += [
        f"note: registry {each.folder} still tells them for {', '.join(each.others)}: redact these films too"
        for each in changes
        if each.others
    ]
    return rows
