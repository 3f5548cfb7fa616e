"""Reads trust lists: named lists of certificates, each with its role and date. Nothing is fetched here.

Signers, time-stamping authorities and identities beside the signer have lists of their own, and no list
vouches for another role (C2PA 2.4, 14.4.1 and 14.4.2; CAWG Identity Assertion 1.3, 8.2).

The C2PA programme's own lists ship in `c2pa/`. A user's list of the same name and role takes the place of one, and a
file NAME.removed says that the user removed it.
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
from provenance.signing.certificates import common_name, read_chain
from provenance.signing.development import FOLDER, MAKER, read_root_pem

Role = Literal["signer", "tsa", "identity"]
# Whose list it is. public: the C2PA programme's; own: one that a user named; development: of roots that `answerprint`
# made for development, which nobody else has a reason to trust.
Kind = Literal["public", "own", "development"]
TRUST = "trust"
REMOVED = ".removed"
_OFFICIAL = "https://raw.githubusercontent.com/c2pa-org/conformance-public/main/trust-list/"
# The C2PA programme's own lists: name, role, address.
OFFICIAL: tuple[tuple[str, Role, str], ...] = (
    ("C2PA-TRUST-LIST", "signer", _OFFICIAL + "C2PA-TRUST-LIST.pem"),
    ("C2PA-TSA-TRUST-LIST", "tsa", _OFFICIAL + "C2PA-TSA-TRUST-LIST.pem"),
)
_SHIPPED = Path(__file__).parent / "c2pa"
MAX_BYTES = 16 << 20  # of a list: the largest public one has 300 kB
OLD_DAYS = 180
_FOLDERS: dict[Role, str] = {"signer": ".", "tsa": "tsa", "identity": "identity"}
DATED = re.compile(r"^#\s*dated:\s*(\d{4}-\d{2}-\d{2})\s*$", re.MULTILINE)
_SOURCE = re.compile(r"^#\s*source:\s*(\S.*?)\s*$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Anchors:
    """A list of trusted certificates.

    pem: the certificates; dated: its date (YYYY-MM-DD), because a list becomes outdated; certificates:
    how many; role: "signer", "tsa" (time-stamping authorities) or "identity"; source: where it came from, or "";
    kind: whose list it is.
    """

    name: str
    pem: str
    dated: str
    certificates: int
    role: Role = "signer"
    source: str = ""
    kind: Kind = "own"

    def age_days(self, at: datetime) -> int:
        """Returns its age in days at a time."""
        return (at.date() - date.fromisoformat(self.dated)).days

    def old(self, at: datetime) -> bool:
        """Returns whether it is over 180 days old at a time: it may lack new signers and still have removed ones.

        A development root is never old: it is of its own user, and there is no newer one.
        """
        return self.kind != "development" and self.age_days(at) > OLD_DAYS

    @property
    def update_command(self) -> str:
        """The command that brings a newer list into its place."""
        option = {"tsa": " --tsa", "identity": " --identity"}.get(self.role, "")
        given = "" if self.kind == "public" else f" --from FILE{option}"
        return f"answerprint trust update {self.name}{given}"


def read_own_root(config: Path) -> tuple[Anchors, ...]:
    """Returns a list of this user's own development root; () where there is none."""
    path = config / FOLDER / "root.pem"
    pem = read_root_pem(config)
    return (_anchors("this user's development root", pem, path, "signer"),) if pem else ()


def read_list(path: Path, role: Role = "signer", kept: bool = False) -> Anchors:
    """Reads a list from a PEM file, dated by its line `# dated: YYYY-MM-DD`, else by the file's date.

    kept: whether it ships, or lies in this user's folder, where `trust update` writes what it fetched: any other file
    may say of itself that it is the C2PA programme's. Raises JobError where it cannot be read or holds no certificate.
    """
    try:
        pem = read_bounded(path, MAX_BYTES).decode("utf-8")
        return _anchors(path.stem, pem, path, role, kept)
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
    """Reads the lists that ship, then all lists of a user, then the user's own development root."""
    found = [
        read_list(path, role, kept=True)
        for role in _FOLDERS
        for path in sorted(role_folder(config, role).glob("*.pem"))
    ]
    shipped = (each for each in read_shipped() if _is_in_use(config, each))
    return (*shipped, *found, *read_own_root(config))


@lru_cache(maxsize=1)
def read_shipped() -> tuple[Anchors, ...]:
    """Reads the C2PA programme's lists as they ship."""
    return tuple(read_list(_SHIPPED / f"{name}.pem", role, kept=True) for name, role, _ in OFFICIAL)


def find_shipped(name: str, role: Role) -> Anchors | None:
    """Returns the list of a name and role that ships; None where none does."""
    return next((each for each in read_shipped() if (each.name, each.role) == (name, role)), None)


def _is_in_use(config: Path, shipped: Anchors) -> bool:
    """Whether a user has neither removed a list that ships nor put another one in its place."""
    folder = role_folder(config, shipped.role)
    return not any((folder / f"{shipped.name}{suffix}").exists() for suffix in (".pem", REMOVED))


def join_pem(lists: Iterable[Anchors]) -> str:
    """Joins all lists into one PEM text."""
    return "".join(each.pem.rstrip() + "\n" for each in lists)


@lru_cache(maxsize=64)
def load_certificates(text: str) -> tuple[x509.Certificate, ...]:
    """Returns the certificates of a PEM text. Raises ValueError where there is none, or one cannot be read."""
    return tuple(x509.load_pem_x509_certificates(text.encode()))


def _anchors(name: str, text: str, path: Path, role: Role, kept: bool = False) -> Anchors:
    try:
        chain = read_chain(text, str(path))
    except ProvenanceError as exc:
        raise ValueError(str(exc)) from exc
    stamp, source = DATED.search(text), _SOURCE.search(text)
    place = source[1] if source else ""
    changed = datetime.fromtimestamp(path.stat().st_mtime, UTC)
    dated = stamp[1] if stamp else f"{changed:%Y-%m-%d}"
    try:
        date.fromisoformat(dated)
    except ValueError:
        dated = f"{changed:%Y-%m-%d}"
    return Anchors(
        name, text, dated, len(chain), role, place, _kind((name, role, place) if kept else None, chain)
    )


def _kind(row: tuple[str, Role, str] | None, chain: Iterable[x509.Certificate]) -> Kind:
    """Returns whose list it is. row: its name, role and source, None where nobody knows where it is from."""
    if row in OFFICIAL:
        return "public"
    return "development" if all(map(is_development, chain)) else "own"


def is_development(certificate: x509.Certificate) -> bool:
    """Whether `answerprint` made a certificate for development, by its name."""
    return common_name(certificate).startswith(MAKER)
