"""keys new | request | add | list | show: what this user signs with."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import typer

from post.cli.environment import pin, read_environment
from post.cli.output import print_note, print_result

if TYPE_CHECKING:
    from provenance.signing.enrolment import KeyOptions
    from provenance.signing.keyring import KeyInfo

keys = typer.Typer(help="What this user signs with.", no_args_is_help=True, rich_markup_mode=None)
AsJson = typer.Option(False, "--json", help="One JSON object on stdout.")
Uri = typer.Option("", "--uri", help="Where the key is, as a URI such as awskms:///alias/film; no secrets.")
Tsa = typer.Option("", "--tsa", help="The time-stamping authority (RFC 3161) of what it signs.")
Identity = typer.Option("", "--identity", help="The key that says whose the films are (CAWG).")


def add_to(app: typer.Typer) -> None:
    """Adds the commands of this module to the app."""
    app.add_typer(keys, name="keys")


@keys.command("new")
def new(name: str, uri: str = Uri, tsa: str = Tsa, identity: str = Identity, as_json: bool = AsJson) -> None:
    """Make a key and a certificate vouched for by this user's own development root."""
    from provenance.signing.enrolment import make_key

    _told(make_key(read_environment().config, name, _with(uri, tsa, identity), pin), as_json)


@keys.command("request")
def request(
    name: str,
    organisation: str = typer.Option(..., "--organisation", help="As the certificate shall name it."),
    common_name: str = typer.Option("", "--common-name", help="The signer; the organisation unless given."),
    out: Path | None = typer.Option(None, "-o", "--out", help="Where the request goes; else to stdout."),
    as_json: bool = AsJson,
) -> None:
    """Make a key and ask an authority for its certificate; `keys add` then takes that in."""
    from post.atomic import write_whole
    from provenance.signing.enrolment import request_certificate

    made = request_certificate(read_environment().config, name, organisation, common_name or organisation)
    if out:
        write_whole(out, made)
    told = {"name": name, "request": str(out) if out else made}
    print_result(told, as_json, [f"request for {name}: {out}" if out else made.rstrip()])


@keys.command("add")
def add(
    name: str,
    chain: Path = typer.Option(..., "--chain", help="PEM: the certificate, then its issuers."),
    key: Path | None = typer.Option(None, "--key", help="PEM: the private key; readable by you alone."),
    uri: str = Uri,
    tsa: str = Tsa,
    identity: str = Identity,
    as_json: bool = AsJson,
) -> None:
    """Take in a certificate chain; its key from a file, from `keys request`, or where it lies elsewhere."""
    from provenance.signing.enrolment import import_key

    extra = _with(uri, tsa, identity)
    _told(import_key(read_environment().config, name, chain, key, extra, pin), as_json)


@keys.command("list")
def listed(as_json: bool = AsJson) -> None:
    """Every key there is."""
    from provenance.signing import keyring

    config = read_environment().config
    found = [keyring.describe(config, name) for name in keyring.list_names(config)]
    lines = [f"{key.name:16} {key.subject}, until {key.expires}" for key in found]
    print_result({"keys": [_row(key) for key in found]}, as_json, lines or [_NONE])
    _warn(found)


@keys.command("show")
def show(name: str, as_json: bool = AsJson) -> None:
    """What can be told of one key; never the key itself."""
    from provenance.signing import keyring

    _told(keyring.describe(read_environment().config, name), as_json)


_NONE = "no keys yet; the development key is made on first use"


def _with(uri: str, tsa: str, identity: str) -> KeyOptions:
    from provenance.signing.enrolment import KeyOptions

    return KeyOptions(uri, tsa or None, identity)


def _told(key: KeyInfo, as_json: bool) -> None:
    row = _row(key)
    print_result(row, as_json, [f"{name:12} {value}" for name, value in row.items() if value])
    _warn([key])


def _warn(found: list[KeyInfo]) -> None:
    for key in found:
        if said := key.warning():
            print_note(f"warning: {key.name}: {said}")


def _row(key: KeyInfo) -> dict[str, str]:
    slots = ("name", "subject", "issuer", "algorithm", "expires", "path", "at", "tsa", "identity")
    return {slot: str(getattr(key, slot)) for slot in slots} | {"warning": key.warning()}
