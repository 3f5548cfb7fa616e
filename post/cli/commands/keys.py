"""The commands keys new, request, add, list and show: they manage this user's signing keys."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import typer

from post.cli.environment import pin, read_environment
from post.cli.options import AsJson
from post.cli.output import print_note, print_result
from post.errors import JobError

if TYPE_CHECKING:
    from provenance.signing.enrolment import KeyOptions
    from provenance.signing.keyring import KeyInfo

keys = typer.Typer(
    help="Signing keys: new, request, add, list, show.", no_args_is_help=True, rich_markup_mode=None
)
Uri = typer.Option(
    "", "--uri", help="Where the key is, as a URI such as awskms:///alias/film, without secrets."
)
Tsa = typer.Option("", "--tsa", help="The time-stamping authority (RFC 3161) for what the key signs.")
Identity = typer.Option("", "--identity", help="The key of the organisation that owns the films (CAWG).")


def add_to(app: typer.Typer) -> None:
    """Adds the commands of this module to the app."""
    app.add_typer(keys, name="keys")


@keys.command("new")
def new(
    name: str,
    uri: str = Uri,
    tsa: str = Tsa,
    identity: str = Identity,
    person: bool = typer.Option(
        False,
        "--person",
        help="A person's key, to approve with; it prints the public key for the people file.",
    ),
    no_passphrase: bool = typer.Option(
        False, "--no-passphrase", help="With --person: leave the key's file unencrypted."
    ),
    as_json: bool = AsJson,
) -> None:
    """Make a key and its certificate, signed by this user's own development root; or a person's key."""
    if person:
        _new_person(name, bool(uri or tsa or identity), no_passphrase, as_json)
        return
    from provenance.signing.enrolment import make_key

    _told(make_key(read_environment().config, name, _with(uri, tsa, identity), pin), as_json)


def _new_person(name: str, mixed: bool, no_passphrase: bool, as_json: bool) -> None:
    from post.cli.signoff.person_keys import new_person_key

    if mixed:
        raise JobError("a person's key has none of these", where="--person", got="--uri, --tsa or --identity")
    made = new_person_key(name, encrypted=not no_passphrase)
    print_result(made, as_json, [f"{slot:12} {value}" for slot, value in made.items() if slot != "public"])


@keys.command("request")
def request(
    name: str,
    organisation: str = typer.Option(
        ..., "--organisation", help="The organisation's name in the certificate."
    ),
    common_name: str = typer.Option(
        "", "--common-name", help="The signer's name in the certificate; by default the organisation's."
    ),
    out: Path | None = typer.Option(None, "-o", "--out", help="The file for the request; by default stdout."),
    as_json: bool = AsJson,
) -> None:
    """Make a key and a request for its certificate; add the certificate with `keys add`."""
    from post.atomic import write_whole
    from provenance.signing.enrolment import request_certificate

    made = request_certificate(read_environment().config, name, organisation, common_name or organisation)
    if out:
        write_whole(out, made)
    told = {"name": name, "request": str(out) if out else made}
    print_result(told, as_json, [f"request for {name}: {out}"] if out else made.splitlines())


@keys.command("add")
def add(
    name: str,
    chain: Path = typer.Option(..., "--chain", help="PEM: the certificate, then its issuers."),
    key: Path | None = typer.Option(
        None, "--key", help="PEM: the private key; nobody else may be able to read the file."
    ),
    uri: str = Uri,
    tsa: str = Tsa,
    identity: str = Identity,
    as_json: bool = AsJson,
) -> None:
    """Add a certificate chain for a key in a file, from `keys request`, or at a URI."""
    from provenance.signing.enrolment import import_key

    extra = _with(uri, tsa, identity)
    _told(import_key(read_environment().config, name, chain, key, extra, pin), as_json)


@keys.command("list")
def listed(as_json: bool = AsJson) -> None:
    """List every key."""
    from provenance.signing import keyring

    config = read_environment().config
    found = [keyring.describe(config, name) for name in keyring.list_names(config)]
    lines = [f"{key.name:16} {key.subject}, until {key.expires}" for key in found]
    print_result({"keys": [_row(key) for key in found]}, as_json, lines or [_NONE])
    _warn(found)


@keys.command("show")
def show(name: str, as_json: bool = AsJson) -> None:
    """Show what is known of one key, never the key itself."""
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
