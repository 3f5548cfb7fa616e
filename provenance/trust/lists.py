"""Whom a verifier trusts: named lists of certificates, each with its date. Nothing is fetched here.

Signers, time-stamping authorities and identities beside a signer's have lists of their own, and none
vouches for another's (C2PA 2.4, 14.4.1 and 14.4.2; CAWG Identity Assertion 1.3, 8.2).
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

from post.errors import JobError, ProvenanceError
from provenance.signing.certificates import read_chain
from provenance.signing.development import FOLDER, read_root_pem

Role = Literal["signer", "tsa", "identity"]
TRUST = "trust"
OLD_DAYS = 180
_FOLDERS: dict[Role, str] = {"signer": ".", "tsa": "tsa", "identity": "identity"}
_STAMP = re.compile(r"^#\s*dated:\s*(\d{4}-\d{2}-\d{2})\s*$", re.MULTILINE)
_SOURCE = re.compile(r"^#\s*source:\s*(\S.*?)\s*$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Anchors:
    """A list of trusted certificates. dated: when it was drawn up (YYYY-MM-DD): a list grows old;
    role: whether it is of signers, of time-stamping authorities or of identities; source: where it came from, or ""."""

    name: str
    pem: str
    dated: str
    certificates: int
    role: Role = "signer"
    source: str = ""

    def age_days(self, at: datetime) -> int:
        return (at.date() - date.fromisoformat(self.dated)).days

    def old(self, at: datetime) -> bool:
        """Whether it was drawn up so long ago that signers may be missing from it, or still be in it."""
        return self.age_days(at) > OLD_DAYS


def own(config: Path) -> tuple[Anchors, ...]:
    """This user's own development root, where there is one."""
    path = config / FOLDER / "root.pem"
    pem = read_root_pem(config)
    return (_anchors("this user's development root", pem, path, "signer"),) if pem else ()


def read(path: Path, role: Role = "signer") -> Anchors:
    """A list from a PEM file, dated by a line `# dated: YYYY-MM-DD` in it or else by the file.

    Raises JobError where it cannot be read or holds no certificate.
    """
    try:
        pem = path.read_text("utf-8")
        return _anchors(path.stem, pem, path, role)
    except (OSError, UnicodeDecodeError, ValueError) as exc:
        raise JobError(
            "no trust list", where=str(path), expected="a PEM file of certificates", fix="check the path"
        ) from exc


def folder(config: Path, role: Role) -> Path:
    """Where a user's lists of a role lie: `trust/` for signers, `trust/tsa/`, `trust/identity/`."""
    return config / TRUST / _FOLDERS[role]


def configured(config: Path) -> tuple[Anchors, ...]:
    """A user's lists of signers and of authorities, then the user's own development root."""
    kept = [read(path, role) for role in _FOLDERS for path in sorted(folder(config, role).glob("*.pem"))]
    return (*kept, *own(config))


def pem(lists: Iterable[Anchors]) -> str:
    """All lists as one."""
    return "".join(each.pem.rstrip() + "\n" for each in lists)


@lru_cache(maxsize=64)
def loaded(text: str) -> tuple[x509.Certificate, ...]:
    """The certificates of a list that was read."""
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
