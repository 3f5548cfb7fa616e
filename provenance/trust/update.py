"""A user's trust lists kept: added, updated on request, removed. Each change is whole or not made at all.

A list that shrank may be a list that was tampered with, and one that cannot be read trusts nobody: both
are refused unless forced, and the list before is kept beside the new one as NAME.pem.before.
"""

from __future__ import annotations

import re
import shutil
import urllib.request
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

from cryptography import x509
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding

from post.errors import JobError, OutputError, RetryError
from provenance.signing.certificates import common_name
from provenance.signing.private_file import private_folder, write_private
from provenance.trust.lists import Anchors, Role, folder, loaded, read

_OFFICIAL = "https://raw.githubusercontent.com/c2pa-org/conformance-public/main/trust-list/"
# The C2PA programme's own lists: name, role, address.
OFFICIAL: tuple[tuple[str, Role, str], ...] = (
    ("C2PA-TRUST-LIST", "signer", _OFFICIAL + "C2PA-TRUST-LIST.pem"),
    ("C2PA-TSA-TRUST-LIST", "tsa", _OFFICIAL + "C2PA-TSA-TRUST-LIST.pem"),
)
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
_DATED = re.compile(r"^#\s*dated:\s*(\d{4}-\d{2}-\d{2})\s*$", re.MULTILINE)
_LIMIT = 8 << 20
_TIMEOUT_S = 30


@dataclass(frozen=True, slots=True)
class Kept:
    """A list as it is now. added, removed: names of certificates that came and went."""

    list: Anchors
    added: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()


def add(config: Path, source: Path, role: Role) -> Kept:
    """Takes in a list from a PEM file, under the file's name. Raises JobError where it is no list, or
    there is one of that name, and OutputError where it cannot be written."""
    found = read(source, role)
    path = _path(config, found.name, role)
    if path.exists():
        raise JobError(
            "there is a list of that name",
            where=found.name,
            fix=f"update it: answerprint trust update {found.name} --from {source}",
        )
    _write(path, found.pem, found.dated, str(source))
    return _kept(read(path, role), ())


def update(config: Path, name: str, role: Role, source: str, force: bool = False) -> Kept:
    """Replaces a list, or takes it in where there is none, from an address or a file.

    Raises JobError where what is there is no list or a shorter one (unless forced: then only shorter
    ones pass), RetryError where the address gives no answer, OutputError where it cannot be written.
    """
    path = _path(config, name, role)
    text = _fetched(source)
    new = _certificates(text, source)
    old = loaded(read(path, role).pem) if path.exists() else ()
    if len(new) < len(old) and not force:
        raise JobError(
            "the new list is shorter",
            where=source,
            expected=f"at least {len(old)} certificates",
            got=len(new),
            fix="look at it, then run again with --force",
        )
    if path.exists():
        _keep_before(path)
    _write(path, text, _dated(text, source), source)
    return _kept(read(path, role), old)


def remove(config: Path, name: str, role: Role) -> None:
    """Trusts a list no longer. Raises JobError where there is none of that name."""
    path = _path(config, name, role)
    try:
        path.unlink()
    except FileNotFoundError as exc:
        known = ", ".join(sorted(each.stem for each in folder(config, role).glob("*.pem"))) or "none"
        raise JobError("no such list", where=name, expected=f"one of: {known}") from exc
    except OSError as exc:
        raise OutputError("the list cannot be removed", where=str(path), got=exc.strerror) from exc


def names(found: Anchors) -> tuple[str, ...]:
    """The subjects of a list's certificates."""
    return tuple(common_name(each) for each in loaded(found.pem))


def _dated(text: str, source: str) -> str:
    """What the list says of itself, else when the file was written, else now: a copy is no younger."""
    stated = _DATED.search(text)
    if stated:
        return stated[1]
    file = Path(source)
    made = datetime.fromtimestamp(file.stat().st_mtime, UTC) if file.is_file() else datetime.now(UTC)
    return f"{made:%Y-%m-%d}"


def _keep_before(path: Path) -> None:
    try:
        shutil.copyfile(path, path.with_name(f"{path.name}.before"))
    except OSError as exc:
        raise OutputError("the list cannot be kept", where=str(path), got=exc.strerror) from exc


def _kept(now: Anchors, old: tuple[x509.Certificate, ...]) -> Kept:
    before = {each.fingerprint(SHA256()): common_name(each) for each in old}
    after = {each.fingerprint(SHA256()): common_name(each) for each in loaded(now.pem)}
    return Kept(
        now,
        tuple(name for key, name in after.items() if key not in before),
        tuple(name for key, name in before.items() if key not in after),
    )


def _path(config: Path, name: str, role: Role) -> Path:
    if not _NAME.fullmatch(name):
        raise JobError("no name for a list", where=repr(name), expected="letters, digits, dots and dashes")
    return folder(config, role) / f"{name}.pem"


def _fetched(source: str) -> str:
    if urlsplit(source).scheme in ("http", "https"):
        return _downloaded(source)
    try:
        with Path(source).open("rb") as file:
            return _text(file.read(_LIMIT + 1), source)
    except OSError as exc:
        raise JobError("no trust list", where=source, got=exc.strerror, fix="check the path") from exc


def _downloaded(url: str) -> str:
    if urlsplit(url).scheme != "https":
        raise JobError(
            "a trust list is fetched over https alone", where=url, fix="download it and name the file"
        )
    try:
        with urllib.request.urlopen(url, timeout=_TIMEOUT_S) as response:
            return _text(response.read(_LIMIT + 1), url)
    except OSError as exc:
        raise RetryError(
            "the trust list cannot be fetched", where=url, got=str(exc), fix="the one before stays in use"
        ) from exc


def _text(data: bytes, source: str) -> str:
    if len(data) > _LIMIT:
        raise JobError("no trust list", where=source, expected=f"at most {_LIMIT} bytes", got=len(data))
    return data.decode("utf-8", "replace")


def _certificates(text: str, source: str) -> tuple[x509.Certificate, ...]:
    try:
        return loaded(text)
    except ValueError as exc:
        raise JobError("no trust list", where=source, expected="a PEM file of certificates") from exc


def _write(path: Path, text: str, dated: str, source: str) -> None:
    """Certificates alone, under where and when they are from: whatever else a list holds is left out."""
    head = f"# dated: {dated}\n# fetched: {datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}\n# source: {ascii(source)[1:-1]}\n"
    body = "".join(
        f"# {ascii(common_name(each))[1:-1]}\n{each.public_bytes(Encoding.PEM).decode()}"
        for each in loaded(text)
    )
    private_folder(path.parent)
    write_private(path, head + body)
