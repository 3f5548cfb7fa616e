"""Whom a verifier trusts: named lists of certificates, each with its date. Nothing is fetched."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from post.errors import JobError
from provenance.signing.certificates import read_chain
from provenance.signing.development import FOLDER, root_pem

_STAMP = re.compile(r"^#\s*dated:\s*(\d{4}-\d{2}-\d{2})\s*$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Anchors:
    """A list of trusted certificates. dated: when it was drawn up (YYYY-MM-DD): a list grows old."""

    name: str
    pem: str
    dated: str
    certificates: int


def own(config: Path) -> tuple[Anchors, ...]:
    """This user's own development root, where there is one."""
    path = config / FOLDER / "root.pem"
    pem = root_pem(config)
    return (_anchors("this user's development root", pem, path),) if pem else ()


def read(path: Path) -> Anchors:
    """A list from a PEM file, dated by a line `# dated: YYYY-MM-DD` in it or else by the file.

    Raises JobError where it cannot be read or holds no certificate.
    """
    try:
        pem = path.read_text("utf-8")
        return _anchors(path.stem, pem, path)
    except (OSError, UnicodeDecodeError, ValueError) as exc:
        raise JobError(
            "no trust list", where=str(path), expected="a PEM file of certificates", fix="check the path"
        ) from exc


def configured(config: Path) -> tuple[Anchors, ...]:
    """The lists in the folder `trust` of a user's settings, then the user's own development root."""
    return (*(read(path) for path in sorted((config / "trust").glob("*.pem"))), *own(config))


def pem(lists: Iterable[Anchors]) -> str:
    """All lists as one."""
    return "".join(each.pem.rstrip() + "\n" for each in lists)


def _anchors(name: str, text: str, path: Path) -> Anchors:
    from post.errors import ProvenanceError

    try:
        count = len(read_chain(text, str(path)))
    except ProvenanceError as exc:
        raise ValueError(str(exc)) from exc
    stamp = _STAMP.search(text)
    changed = datetime.fromtimestamp(path.stat().st_mtime, UTC)
    return Anchors(name, text, stamp[1] if stamp else f"{changed:%Y-%m-%d}", count)
