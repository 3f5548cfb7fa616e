"""Finds a user's signing keys by name: `development`, and those that `enrolment` wrote to `keys/NAME.pem`."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Protocol

from post.errors import JobError, ProvenanceError
from provenance.signing import development, key_file, remote_key
from provenance.signing.algorithms import find_algorithm
from provenance.signing.certificates import common_name, read_chain
from provenance.signing.key_file import KeyFile
from provenance.signing.profile import check_signing
from provenance.signing.signer import Signer, SignerWithIdentity
from provenance.signing.software_key import SoftwareKey, pair, parse_private

DEVELOPMENT = "development"
EXPIRES_SOON = timedelta(days=30)
FOLDER = "keys"
_NAME = re.compile(r"[a-z0-9][a-z0-9._-]{0,63}")

# Returns the PIN of a key by the key's name, or None: only the command line knows where PINs come from.
Pins = Callable[[str], str | None]


def no_pins(_: str) -> None:
    """Returns no PIN, for keys that need none."""
    return


class Keys(Protocol):
    """Where signers are loaded from: this process, or the key process."""

    def load_signer(self, name: str) -> Signer:
        """Returns the signer of that name, as the function `load_signer` does."""

    def load_identity(self, name: str) -> Signer:
        """Returns the signer of an organisation, as the function `load_identity` does."""


@dataclass(frozen=True, slots=True)
class KeysHere:
    """The keys of a folder, loaded into this process. Implements Keys."""

    config: Path
    pins: Pins = no_pins

    def load_signer(self, name: str) -> Signer:
        """See Keys."""
        return load_signer(self.config, name, self.pins)

    def load_identity(self, name: str) -> Signer:
        """See Keys."""
        return load_identity(self.config, name, self.pins)


@dataclass(frozen=True, slots=True)
class KeyInfo:
    """What may be shown about a key; never the key itself.

    path: its file; at: "file", or the URI of the place that holds the private key; tsa: the time-stamping
    authority's URL; identity: the name of the key of the organisation; both "" for none; starts: when it becomes
    valid, None if that is not known.
    """

    name: str
    subject: str
    issuer: str
    algorithm: str
    expires: datetime
    path: str
    at: str = "file"
    tsa: str = ""
    identity: str = ""
    starts: datetime | None = None

    def warning(self, now: datetime | None = None) -> str:
        """Returns a warning if the certificate expires within 30 days, or is not valid yet; "" if not.

        The development key has no warnings: it renews its own certificate.
        """
        if self.name == DEVELOPMENT:
            return ""
        now = now or datetime.now(UTC)
        if self.starts and now < self.starts:
            return f"not valid before {self.starts:%Y-%m-%d %H:%M} UTC: check this machine's clock"
        left = self.expires - now
        if left <= timedelta(0):
            return "expired: it signs nothing any more"
        return f"expires in {left.days} days: renew it" if left < EXPIRES_SOON else ""


def list_names(config: Path) -> tuple[str, ...]:
    """Returns the names of all keys, `development` first if it has been made. config: the user's settings folder."""
    made = (DEVELOPMENT,) if (config / development.FOLDER).is_dir() else ()
    return made + tuple(sorted(path.stem for path in (config / FOLDER).glob("*.pem")))


def describe(config: Path, name: str) -> KeyInfo:
    """Returns what may be shown about one key, expired or not, without contacting the place that holds it.

    Raises ProvenanceError if there is no such key, or its file cannot be used.
    """
    path = find_path(config, name)
    found = key_file.read(path)
    leaf = read_chain(found.chain_pem, str(path))[0]
    if not found.uri:
        _load_software_key(found, path)
    return KeyInfo(
        name,
        common_name(leaf),
        leaf.issuer.rfc4514_string(),
        find_algorithm(leaf.public_key(), str(path)).name,
        leaf.not_valid_after_utc,
        str(path),
        found.uri or "file",
        found.tsa_url or "",
        found.identity,
        leaf.not_valid_before_utc,
    )


def load_signer(config: Path, name: str = DEVELOPMENT, pins: Pins = no_pins) -> Signer:
    """Returns the signer of that name, with its organisation's. Makes the development signer if there is none.

    Raises ProvenanceError if there is no such key, it cannot sign claims, or others can read it; RetryError if the
    place that holds it cannot be reached now.
    """
    signer, organisation = _load(config, name, pins)
    return SignerWithIdentity(signer, load_identity(config, organisation, pins)) if organisation else signer


def load_identity(config: Path, name: str, pins: Pins = no_pins) -> Signer:
    """Returns the signer of that name without an organisation's, to state whose a film is. Raises as `load_signer`."""
    return _load(config, name, pins)[0]


def find_path(config: Path, name: str) -> Path:
    """Returns the file of a key. Raises ProvenanceError if there is none, with the names that there are."""
    check_name(name)
    made, other = config / development.FOLDER / "signer.pem", config / FOLDER / f"{name}.pem"
    path = made if name == DEVELOPMENT else other
    if not path.is_file():
        known = ", ".join(list_names(config)) or "none yet"
        raise ProvenanceError(
            "no such key",
            where=name,
            expected=f"one of: {known}",
            fix=f"make it: answerprint keys new {name}",
        )
    return path


def check_name(name: str) -> None:
    """Raises JobError if a key cannot have that name."""
    if not _NAME.fullmatch(name):
        raise JobError(
            "a key cannot have this name",
            where=repr(name),
            expected="small letters, digits, dots, dashes; at most 64",
        )


def _load(config: Path, name: str, pins: Pins) -> tuple[Signer, str]:
    """Returns a signer, and the name of its organisation's key, which is not loaded."""
    if name == DEVELOPMENT:
        return development.load_signer(config), ""
    path = find_path(config, name)
    found = key_file.read(path)
    check_signing(found.chain_pem, str(path))
    if found.uri:
        return remote_key.load(found.chain_pem, found.tsa_url, found.uri, pins(name)), found.identity
    return _load_software_key(found, path), found.identity


def _load_software_key(found: KeyFile, path: Path) -> SoftwareKey:
    where = str(path)
    private = parse_private(found.private_pem.encode("ascii"), where)
    return pair(found.chain_pem, private, found.tsa_url, (where, where))
