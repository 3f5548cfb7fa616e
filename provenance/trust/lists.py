"""Reads trust lists: named lists of certificates, each with its role and date. Nothing is fetched here.

Signers, time-stamping authorities and identities beside the signer have lists of their own, and no list
vouches for another role (C2PA 2.4, 14.4.1 and 14.4.2; CAWG Identity Assertion 1.3, 8.2).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import lru_cache
from pathlib import Path
from typing import Literal

from cryptography import x509

from post.atomic import read_bounded
from post.errors import JobError, ProvenanceError
from post.os_faults import retry_of
from provenance.signing.certificates import read_chain
from provenance.signing.development import FOLDER, read_root_pem

Role = Literal["signer", "tsa", "identity"]
TRUST = "trust"
MAX_BYTES = 16 << 20  # of a list: the largest public one has 300 kB
OLD_DAYS = 180
_FOLDERS: dict[Role, str] = {"signer": ".", "tsa": "tsa", "identity": "identity"}
_STAMP = re.compile(r"^#\s*dated:\s*(\d{4}-\d{2}-\d{2})\s*$", re.MULTILINE)
_SOURCE = re.compile(r"^#\s*source:\s*(\S.*?)\s*$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Anchors:
    """A list of trusted certificates.

    pem: the certificates; dated: its date (YYYY-MM-DD), because a list becomes outdated; certificates:
    how many; role: "signer", "tsa" (time-stamping authorities) or "identity"; source: where it came from, or "".
    """

    name: str
    pem: str
    dated: str
    certificates: int
    role: Role = "signer"
    source: str = ""

    def age_days(self, at: datetime) -> int:
        """Returns its age in days at a time."""
        return (at.date() - date.fromisoformat(self.dated)).days

    def old(self, at: datetime) -> bool:
        """Returns whether it is over 180 days old at a time: it may lack new signers and still have removed ones."""
        return self.age_days(at) > OLD_DAYS


def read_own_root(config: Path) -> tuple[Anchors, ...]:
    """Returns a list of this user's own development root; () where there is none."""
    path = config / FOLDER / "root.pem"
    pem = read_root_pem(config)
    return (_anchors("this user's development root", pem, path, "signer"),) if pem else ()


def read_list(path: Path, role: Role = "signer") -> Anchors:
    """Reads a list from a PEM file, dated by its line `# dated: YYYY-MM-DD`, else by the file's date.

    Raises JobError where it cannot be read or holds no certificate.
    """
    try:
        pem = read_bounded(path, MAX_BYTES).decode("utf-8")
        return _anchors(path.stem, pem, path, role)
    except (OSError, UnicodeDecodeError, ValueError) as exc:
        raise (
            retry_of(exc, str(path))
            or JobError(
                "the trust list cannot be read",
                where=str(path),
                expected="a PEM file of certificates",
                fix="check the path",
            )
        ) from exc


def role_folder(config: Path, role: Role) -> Path:
    """Returns the folder of a user's lists of a role: `trust/`, `trust/tsa/` or `trust/identity/`."""
    return config / TRUST / _FOLDERS[role]


def read_configured(config: Path) -> tuple[Anchors, ...]:
    """Reads all lists of a user, then the user's own development root."""
    found = [
        read_list(path, role) for role in _FOLDERS for path in sorted(role_folder(config, role).glob("*.pem"))
    ]
    return (*found, *read_own_root(config))


def join_pem(lists: Iterable[Anchors]) -> str:
    """Joins all lists into one PEM text."""
    return "".join(each.pem.rstrip() + "\n" for each in lists)


@lru_cache(maxsize=64)
def load_certificates(text: str) -> tuple[x509.Certificate, ...]:
    """Returns the certificates of a PEM text. Raises ValueError where there is none, or one cannot be read."""
    return tuple(x509.load_pem_x509_certificates(text.encode()))


def _anchors(name: str, text: str, path: Path, role: Role) -> Anchors:
    try:
        count = len(read_chain(text, str(path)))
    except ProvenanceError as exc:
        raise ValueError(str(exc)) from exc
    stamp, source = _STAMP.search(text), _SOURCE.search(text)
    changed = datetime.fromtimestamp(path.stat().st_mtime, UTC)
    dated = stamp[1] if stamp else f"{changed:%Y-%m-%d}"
    try:
        date.fromisoformat(dated)
    except ValueError:
        dated = f"{changed:%Y-%m-%d}"
    return Anchors(name, text, dated, count, role, source[1] if source else "")
