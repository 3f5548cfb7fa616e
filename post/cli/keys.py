"""keys new | list | show: what this user signs with."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import typer

from post.cli.say import result
from post.cli.surroundings import surroundings

keys = typer.Typer(help="What this user signs with.", no_args_is_help=True, rich_markup_mode=None)
AsJson = typer.Option(False, "--json", help="One JSON object on stdout.")


def add_to(app: typer.Typer) -> None:
    app.add_typer(keys, name="keys")


@keys.command("new")
def new(name: str, as_json: bool = AsJson) -> None:
    """Make a key and a certificate vouched for by this user's own development root."""
    from provenance.signing import keys as kept

    row = _row(kept.new(surroundings().config, name))
    result(row, as_json, _lines(row))


@keys.command("add")
def add(
    name: str,
    chain: Path = typer.Option(..., "--chain", help="PEM: the certificate, then its issuers."),
    key: Path = typer.Option(..., "--key", help="PEM: the private key; readable by you alone."),
    as_json: bool = AsJson,
) -> None:
    """Take in a certificate chain and key from elsewhere."""
    from provenance.signing import keys as kept

    row = _row(kept.add(surroundings().config, name, chain, key))
    result(row, as_json, _lines(row))


@keys.command("list")
def listed(as_json: bool = AsJson) -> None:
    """Every key there is."""
    from provenance.signing import keys as kept

    config = surroundings().config
    rows = [_row(kept.show(config, name)) for name in kept.names(config)]
    lines = [f"{row['name']:16} {row['subject']}, until {row['expires']}" for row in rows]
    result({"keys": rows}, as_json, lines or ["no keys yet; the development key is made on first use"])


@keys.command("show")
def show(name: str, as_json: bool = AsJson) -> None:
    """What can be told of one key; never the key itself."""
    from provenance.signing import keys as kept

    row = _row(kept.show(surroundings().config, name))
    result(row, as_json, _lines(row))


def _row(key: Any) -> dict[str, str]:
    slots = ("name", "subject", "issuer", "algorithm", "expires", "path")
    return {slot: str(getattr(key, slot)) for slot in slots}


def _lines(row: dict[str, str]) -> list[str]:
    return [f"{name:12} {value}" for name, value in row.items()]
