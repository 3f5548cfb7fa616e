"""A user's signing keys by name: `development`, and those made or brought in."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from post.errors import ProvenanceError
from provenance.signing import development
from provenance.signing.certificates import common_name, read_chain
from provenance.signing.file_key import FileKey, check_private, key_pem, load

DEVELOPMENT = "development"
_FOLDER = "keys"
_NAME = re.compile(r"[a-z0-9][a-z0-9._-]{0,63}")


@dataclass(frozen=True, slots=True)
class KeyInfo:
    """What can be told of a key: never the key itself."""

    name: str
    subject: str
    issuer: str
    algorithm: str
    expires: datetime
    path: str


def new(config: Path, name: str) -> KeyInfo:
    """Makes a key of that name, vouched for by this user's development root.

    Raises ProvenanceError where the name is taken or cannot be used.
    """
    path = _free(config, name)
    development.issue(name, config, path)
    return show(config, name)


def add(config: Path, name: str, chain: Path, key: Path) -> KeyInfo:
    """Takes in a certificate chain and key from elsewhere, as one private file.

    Raises ProvenanceError where `load` would, or where the name is taken.
    """
    path = _free(config, name)
    found = load(chain, key)
    development.write_private(path, key_pem(found._key) + found.chain_pem)
    return show(config, name)


def names(config: Path) -> tuple[str, ...]:
    """The names of all keys there are, `development` first where it has been made."""
    made = (DEVELOPMENT,) if (config / development.FOLDER).is_dir() else ()
    return made + tuple(sorted(path.stem for path in (config / _FOLDER).glob("*.pem")))


def show(config: Path, name: str) -> KeyInfo:
    """What can be told of one key, expired or not. Raises ProvenanceError where there is none."""
    path = _path(config, name)
    check_private(path)
    leaf = read_chain(path.read_text("ascii"), str(path))[0]
    found = load(path, path, at=leaf.not_valid_before_utc)
    issuer = leaf.issuer.rfc4514_string()
    return KeyInfo(name, common_name(leaf), issuer, found.algorithm, leaf.not_valid_after_utc, str(path))


def signer(config: Path, name: str = DEVELOPMENT) -> FileKey:
    """The signer of that name; the development signer is made where it is not there.

    Raises ProvenanceError where there is none, it has expired, or others can read it.
    """
    if name == DEVELOPMENT:
        return development.signer(config)
    path = _path(config, name)
    return load(path, path)


def _path(config: Path, name: str) -> Path:
    _check_name(name)
    made, kept = config / development.FOLDER / "signer.pem", config / _FOLDER / f"{name}.pem"
    path = made if name == DEVELOPMENT else kept
    if not path.is_file():
        known = ", ".join(names(config)) or "none yet"
        raise ProvenanceError(
            "no such key",
            where=name,
            expected=f"one of: {known}",
            fix=f"make it: answerprint keys new {name}",
        )
    return path


def _free(config: Path, name: str) -> Path:
    _check_name(name)
    folder = config / _FOLDER
    path = folder / f"{name}.pem"
    if name == DEVELOPMENT or path.exists():
        raise ProvenanceError("there is a key of that name", where=name, fix="choose another name")
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as exc:
        raise ProvenanceError("a key cannot be written", where=str(folder), got=exc.strerror) from exc
    return path


def _check_name(name: str) -> None:
    if not _NAME.fullmatch(name):
        raise ProvenanceError(
            "no name for a key", where=repr(name), expected="small letters, digits, dots, dashes; at most 64"
        )
