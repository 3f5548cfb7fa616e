"""A user's signing keys by name: `development`, those made or brought in, and those that lie elsewhere."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

from post.errors import ProvenanceError
from provenance.signing import development, key_file
from provenance.signing.algorithms import algorithm_of
from provenance.signing.certificates import common_name, read_chain
from provenance.signing.csr import new_key, signing_request
from provenance.signing.key_file import Kept
from provenance.signing.key_uri import parse as parse_uri
from provenance.signing.places import remote
from provenance.signing.private_file import private_folder, write_private
from provenance.signing.profile import check_signing
from provenance.signing.signer import Endorsed, Signer
from provenance.signing.software_key import (
    check_private,
    key_pem,
    pair,
    parse_private,
    read_certificates,
    read_private,
)

DEVELOPMENT = "development"
SOON = timedelta(days=30)
_FOLDER = "keys"
_NAME = re.compile(r"[a-z0-9][a-z0-9._-]{0,63}")

# The PIN of a key by its name, or None: only the command line knows where PINs come from.
Pins = Callable[[str], str | None]


def no_pins(_: str) -> None:
    """For keys that need none."""
    return


@dataclass(frozen=True, slots=True)
class With:
    """What goes with a key. uri: where it lies, "" for a file here; tsa_url: who stamps the time of what
    it signs; identity: the name of the key that states whose the films are."""

    uri: str = ""
    tsa_url: str | None = None
    identity: str = ""


@dataclass(frozen=True, slots=True)
class KeyInfo:
    """What can be told of a key: never the key itself. at: where it lies."""

    name: str
    subject: str
    issuer: str
    algorithm: str
    expires: datetime
    path: str
    at: str = "file"
    tsa: str = ""
    identity: str = ""

    def warning(self, now: datetime | None = None) -> str:
        """What has to be done about its certificate within the next 30 days; "" for nothing. The
        development key renews its own."""
        if self.name == DEVELOPMENT:
            return ""
        left = self.expires - (now or datetime.now(UTC))
        if left <= timedelta(0):
            return "expired: it signs nothing any more"
        return f"expires in {left.days} days: renew it" if left < SOON else ""


def new(config: Path, name: str, extra: With | None = None, pins: Pins = no_pins) -> KeyInfo:
    """Makes a key of that name, or takes one that lies elsewhere, vouched for by this user's development
    root. Raises ProvenanceError where the name is taken or cannot be used."""
    extra = _checked(config, extra or With())
    path = _free(config, name)
    if extra.uri:
        device = remote.open_device(parse_uri(extra.uri), pins(name))
        found = Kept(development.vouch(name, config, device.public_key()))
    else:
        key = new_key()
        found = Kept(development.vouch(name, config, key.public_key()), private_pem=key_pem(key))
    _keep(path, name, found, extra, pins)
    return show(config, name)


def add(
    config: Path,
    name: str,
    chain: Path,
    key: Path | None = None,
    extra: With | None = None,
    pins: Pins = no_pins,
) -> KeyInfo:
    """Takes in a certificate chain, and its key: from a file, from where `request` left it, or, where
    `extra` says where it lies, by its address alone.

    Raises ProvenanceError where they do not belong together, the certificate cannot sign claims or the
    name is taken; RetryError where a key that lies elsewhere is lost for now.
    """
    extra = _checked(config, extra or With())
    path = _free(config, name)
    chain_pem = read_certificates(chain)
    check_signing(chain_pem, str(chain))
    if bool(key) and bool(extra.uri):
        raise ProvenanceError("a key lies in one place", where=name, expected="a key file, or an address")
    found = Kept(chain_pem)
    source = None if extra.uri else key or _pending(config, name)
    if source is not None:
        check_private(source)
        held = pair(chain_pem, read_private(source), None, (str(chain), str(source)))
        found = Kept(chain_pem, private_pem=key_pem(held._key))
    _keep(path, name, found, extra, pins)
    if source is not None and source == _request_path(config, name):
        source.unlink()
    return show(config, name)


def request(config: Path, name: str, organisation: str, common: str) -> str:
    """A request to an authority, as PEM; the key it is for is kept until `add` brings its certificate.

    Asked again, it is for the same key. Raises ProvenanceError where the name is taken.
    """
    _free(config, name)
    path = _request_path(config, name)
    if path.exists():
        check_private(path)
        return signing_request(read_private(path), organisation, common)
    key = new_key()
    made = signing_request(key, organisation, common)
    write_private(path, key_pem(key))
    return made


def names(config: Path) -> tuple[str, ...]:
    """The names of all keys there are, `development` first where it has been made."""
    made = (DEVELOPMENT,) if (config / development.FOLDER).is_dir() else ()
    return made + tuple(sorted(path.stem for path in (config / _FOLDER).glob("*.pem")))


def show(config: Path, name: str) -> KeyInfo:
    """What can be told of one key, expired or not, without asking anybody elsewhere.

    Raises ProvenanceError where there is none.
    """
    path = _path(config, name)
    found = key_file.read(path)
    leaf = read_chain(found.chain_pem, str(path))[0]
    if not found.uri:
        _here(found, path)
    return KeyInfo(
        name,
        common_name(leaf),
        leaf.issuer.rfc4514_string(),
        algorithm_of(leaf.public_key(), str(path)).name,
        leaf.not_valid_after_utc,
        str(path),
        found.uri or "file",
        found.tsa_url or "",
        found.identity,
    )


def signer(config: Path, name: str = DEVELOPMENT, pins: Pins = no_pins) -> Signer:
    """The signer of that name; the development signer is made where it is not there.

    Raises ProvenanceError where there is none, it cannot sign claims, or others can read it; RetryError
    where it lies elsewhere and is lost for now.
    """
    alone, organisation = _alone(config, name, pins)
    return Endorsed(alone, identity(config, organisation, pins)) if organisation else alone


def identity(config: Path, name: str, pins: Pins = no_pins) -> Signer:
    """The signer of that name by itself, as one who states whose a film is. Raises as `signer` does."""
    return _alone(config, name, pins)[0]


def _alone(config: Path, name: str, pins: Pins) -> tuple[Signer, str]:
    """A signer, and the name of the key that goes with it, which is not asked for."""
    if name == DEVELOPMENT:
        return development.signer(config), ""
    path = _path(config, name)
    found = key_file.read(path)
    return _signer(found, path, pins(name)), found.identity


def check_authority(url: str) -> str:
    """The address of a time-stamping authority. Raises ProvenanceError where it is none."""
    try:
        split = urlsplit(url)
        right = split.scheme in ("http", "https") and split.hostname and "@" not in split.netloc
    except ValueError:
        right = False
    if not right or not url.isascii() or not url.isprintable() or " " in url:
        # Not quoted: it may hold a password.
        raise ProvenanceError("no address of a time-stamping authority", expected="http://... or https://...")
    return url


def _signer(found: Kept, path: Path, pin: str | None) -> Signer:
    check_signing(found.chain_pem, str(path))
    if found.uri:
        return remote.load(found.chain_pem, found.tsa_url, found.uri, pin)
    return _here(found, path)


def _here(found: Kept, path: Path) -> Signer:
    """A key in a file, with its certificates."""
    where = str(path)
    return pair(
        found.chain_pem,
        parse_private(found.private_pem.encode("ascii"), where),
        found.tsa_url,
        (where, where),
    )


def _checked(config: Path, extra: With) -> With:
    """What goes with a key, where it can."""
    if extra.tsa_url:
        check_authority(extra.tsa_url)
    if extra.identity:
        _path(config, extra.identity)
    return extra


def _keep(path: Path, name: str, found: Kept, extra: With, pins: Pins) -> None:
    """Writes a key's file, once what lies elsewhere has shown that it can sign."""
    made = replace(found, uri=extra.uri, tsa_url=extra.tsa_url, identity=extra.identity)
    if extra.uri:
        remote.prove(remote.load(made.chain_pem, None, extra.uri, pins(name)))
    key_file.parse(str(made).encode("ascii"), str(path))
    write_private(path, str(made))


def _path(config: Path, name: str) -> Path:
    _check_name(name)
    made, held = config / development.FOLDER / "signer.pem", config / _FOLDER / f"{name}.pem"
    path = made if name == DEVELOPMENT else held
    if not path.is_file():
        known = ", ".join(names(config)) or "none yet"
        raise ProvenanceError(
            "no such key",
            where=name,
            expected=f"one of: {known}",
            fix=f"make it: answerprint keys new {name}",
        )
    return path


def _pending(config: Path, name: str) -> Path:
    path = _request_path(config, name)
    if not path.is_file():
        raise ProvenanceError(
            "no key for the certificate",
            where=name,
            expected="a key file, an address, or a key waiting from `keys request`",
        )
    return path


def _request_path(config: Path, name: str) -> Path:
    return config / _FOLDER / f"{name}.request"


def _free(config: Path, name: str) -> Path:
    """Where a new key's file goes."""
    _check_name(name)
    folder = config / _FOLDER
    path = folder / f"{name}.pem"
    if name == DEVELOPMENT or path.exists():
        raise ProvenanceError("there is a key of that name", where=name, fix="choose another name")
    private_folder(folder)
    return path


def _check_name(name: str) -> None:
    if not _NAME.fullmatch(name):
        raise ProvenanceError(
            "no name for a key", where=repr(name), expected="small letters, digits, dots, dashes; at most 64"
        )
