"""The keys with which persons sign decisions: where they lie, and their passphrases."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from post.cli.environment import passphrase, read_environment
from post.errors import JobError

if TYPE_CHECKING:
    from provenance.approval.person_key import PersonSigner

FOLDER = "person-keys"  # of this user's settings


def new_person_key(name: str, *, encrypted: bool) -> dict[str, Any]:
    """Makes a person's key in this user's settings. Returns what may be shown, with the entry of a people file."""
    from provenance.approval.people import ID
    from provenance.approval.person_key import make_key

    if not ID.fullmatch(name):
        expected = "small letters, digits, dots and dashes"
        raise JobError("not a person's ID", where="NAME", expected=expected, got=name)
    path = read_environment().config / FOLDER / f"{name}.pem"
    if path.exists():
        raise JobError("there is a key already", where=str(path), fix="choose another name")
    made = make_key(path, _new_passphrase(name) if encrypted else "")
    return {
        "name": name,
        "id": made.id,
        "algorithm": "ed25519",
        "public": made.public,
        "path": str(path),
        "encrypted": encrypted,
        "entry": f"{{kind: ed25519, public: {made.public}}}",
    }


def load_person_key(named: str) -> PersonSigner:
    """Returns the signer of a key by its name in this user's settings, or by the path of its file."""
    from provenance.approval.person_key import is_encrypted, load_key

    here = read_environment().config / FOLDER / f"{named}.pem"
    path = here if here.is_file() else Path(named)
    if not path.is_file():
        raise JobError(
            "no such key",
            where="--key",
            expected="the name of a person's key, or its file",
            got=named,
            fix="`answerprint keys new NAME --person` makes one",
        )
    return load_key(path, _passphrase(path.stem) if is_encrypted(path) else "")


def _new_passphrase(name: str) -> str:
    if given := passphrase(name):
        return given
    if not read_environment().asks:
        raise _no_passphrase(name)
    typed: str = typer.prompt(f"Passphrase for {name}", hide_input=True, confirmation_prompt=True, err=True)
    return typed


def _passphrase(name: str) -> str:
    if given := passphrase(name):
        return given
    if not read_environment().asks:
        raise _no_passphrase(name)
    typed: str = typer.prompt(f"Passphrase for {name}", hide_input=True, err=True)
    return typed


def _no_passphrase(name: str) -> JobError:
    return JobError(
        "no passphrase",
        where=f"the key {name}",
        expected="a passphrase in ANSWERPRINT_PASSPHRASE, or a terminal to ask at",
        got="neither",
        fix="set ANSWERPRINT_PASSPHRASE, or make the key with --no-passphrase",
    )
