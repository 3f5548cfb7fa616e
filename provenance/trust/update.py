"""Adds, updates and removes a user's trust lists. Each change is made whole or not at all.

A list that became shorter may have been tampered with: it is refused unless forced, and the previous list is kept
as NAME.pem.before. A list that cannot be read is always refused.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

from cryptography import x509
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding

from post.atomic import open_regular
from post.errors import JobError, OutputError, RetryError
from post.os_faults import retry_of
from post.owned import editing
from provenance.download import Download, DownloadRefusedError, NoAnswerError, download
from provenance.public_addresses import PUBLIC_HOSTS, HostPolicy
from provenance.signing.certificates import common_name
from provenance.signing.private_file import private_folder, write_private, write_private_bytes
from provenance.trust.lists import (
    DATED,
    MAX_BYTES,
    OFFICIAL,
    REMOVED,
    Anchors,
    Role,
    find_shipped,
    load_certificates,
    read_list,
    role_folder,
)

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
_MAX_SECONDS = 30.0


@dataclass(frozen=True, slots=True)
class UpdatedList:
    """A list as it is now. added, removed: the names of certificates that are new in it or gone from it."""

    list: Anchors
    added: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()


def add(config: Path, source: Path, role: Role) -> UpdatedList:
    """Adds a list from a PEM file, under the file's name.

    Raises JobError where the file is no list, or there is a list of that name and role, and OutputError where
    the list cannot be written.
    """
    found = read_list(source, role)
    path = _path(config, found.name, role)
    with _changing(path):
        if _in_use(path, role):
            raise JobError(
                "there is already a list of that name",
                where=found.name,
                fix=f"update it: answerprint trust update {found.name} --from {source}",
            )
        _write(path, found.pem, found.dated, str(source))
        return _compare(read_list(path, role, kept=True), ())


def update(config: Path, name: str, role: Role, source: str, force: bool = False) -> UpdatedList:
    """Replaces a list, or adds it where there is none. source: an https address or a path.

    Raises JobError where the source is no list, or (unless forced) a shorter one, RetryError where the
    address gives no answer, and OutputError where the list cannot be written.
    """
    path = _path(config, name, role)
    text = _fetch(source)
    new = _certificates(text, source)
    with _changing(path):
        before = _in_use(path, role)
        old = load_certificates(before.pem) if before else ()
        if len(new) < len(old) and not force:
            raise JobError(
                "the new list is shorter",
                where=source,
                expected=f"at least {len(old)} certificates",
                got=len(new),
                fix="check the new list, then run again with --force",
            )
        if path.exists():
            _copy_before(path)
        _write(path, text, _dated(text, source), source)
        return _compare(read_list(path, role, kept=True), old)


def remove(config: Path, name: str, role: Role) -> None:
    """Removes a list; one that ships is not read any more, until it is updated or added again.

    Raises JobError where there is none of that name, OutputError where it cannot be removed.
    """
    path = _path(config, name, role)
    if not _in_use(path, role):
        raise _no_list(config, name, role)
    try:
        with _changing(path):
            if find_shipped(name, role):
                write_private(path.with_suffix(REMOVED), "this list ships, and its user removed it\n")
                path.unlink(missing_ok=True)
            else:
                path.unlink()
    except FileNotFoundError as exc:
        raise _no_list(config, name, role) from exc
    except OSError as exc:
        raise (
            retry_of(exc, str(path))
            or OutputError("the list cannot be removed", where=str(path), got=exc.strerror)
        ) from exc


def _in_use(path: Path, role: Role) -> Anchors | None:
    """Returns the list that a user's file holds, or else the one that ships, if the user has not removed it."""
    if path.exists():
        return read_list(path, role, kept=True)
    return None if path.with_suffix(REMOVED).exists() else find_shipped(path.stem, role)


def _no_list(config: Path, name: str, role: Role) -> JobError:
    listed = {each.stem for each in role_folder(config, role).glob("*.pem")}
    listed |= {
        each for each, kind, _ in OFFICIAL if kind == role and _in_use(_path(config, each, role), role)
    }
    names = ", ".join(sorted(listed)) or "none"
    return JobError("no such list", where=name, expected=f"one of: {names}")


def certificate_names(found: Anchors) -> tuple[str, ...]:
    """Returns the common names of a list's certificates, in its order."""
    return tuple(common_name(each) for each in load_certificates(found.pem))


def _dated(text: str, source: str) -> str:
    """Returns a list's date: the one it states, else the file's, else today. A copy keeps its date."""
    stated = DATED.search(text)
    if stated:
        return stated[1]
    file = Path(source)
    made = datetime.fromtimestamp(file.stat().st_mtime, UTC) if file.is_file() else datetime.now(UTC)
    return f"{made:%Y-%m-%d}"


@contextmanager
def _changing(path: Path) -> Iterator[None]:
    """Owns a list for the block: it is compared with the one that it replaces. Raises RetryError as `editing`."""
    private_folder(path.parent)
    with editing(path):
        yield


def _copy_before(path: Path) -> None:
    try:
        write_private_bytes(path.with_name(f"{path.name}.before"), path.read_bytes())
    except OSError as exc:
        raise (
            retry_of(exc, str(path))
            or OutputError("the previous list cannot be copied", where=str(path), got=exc.strerror)
        ) from exc


def _compare(now: Anchors, old: tuple[x509.Certificate, ...]) -> UpdatedList:
    before = {each.fingerprint(SHA256()): common_name(each) for each in old}
    after = {each.fingerprint(SHA256()): common_name(each) for each in load_certificates(now.pem)}
    return UpdatedList(
        now,
        tuple(name for key, name in after.items() if key not in before),
        tuple(name for key, name in before.items() if key not in after),
    )


def _path(config: Path, name: str, role: Role) -> Path:
    if not _NAME.fullmatch(name):
        raise JobError(
            "a list cannot have this name", where=repr(name), expected="letters, digits, dots and dashes"
        )
    return role_folder(config, role) / f"{name}.pem"


def _fetch(source: str) -> str:
    if urlsplit(source).scheme in ("http", "https"):
        return _download(source)
    try:
        with open_regular(Path(source)) as file:
            data = file.read(MAX_BYTES + 1)
    except OSError as exc:
        raise (
            retry_of(exc, source)
            or JobError("the trust list cannot be read", where=source, got=exc.strerror, fix="check the path")
        ) from exc
    if len(data) > MAX_BYTES:
        raise JobError(
            "the trust list cannot be read", where=source, expected=f"at most {MAX_BYTES} bytes", got="more"
        )
    return data.decode("utf-8", "replace")


def _download(url: str) -> str:
    """Downloads a list over https, redirects included."""
    try:
        data = download(Download(url, MAX_BYTES, _MAX_SECONDS, https_only=True), _hosts_for(url))
    except DownloadRefusedError as exc:
        raise JobError(
            "the trust list cannot be fetched from this address",
            where=url,
            expected="an https address that answers itself, without a redirect to another host",
            got=exc.got,
            fix="download it yourself and name the file",
        ) from exc
    except NoAnswerError as exc:
        raise RetryError(
            "the trust list cannot be fetched",
            where=url,
            got=exc.got,
            fix="try again later; the previous list stays in use",
        ) from exc
    return data.decode("utf-8", "replace")


def _hosts_for(url: str) -> HostPolicy:
    """Returns whom to connect to: an address that a user typed may be on the user's own network."""
    official = any(url == row[2] for row in OFFICIAL)
    return PUBLIC_HOSTS if official else HostPolicy((urlsplit(url).hostname or "",))


def _certificates(text: str, source: str) -> tuple[x509.Certificate, ...]:
    try:
        return load_certificates(text)
    except ValueError as exc:
        raise JobError(
            "the trust list cannot be read", where=source, expected="a PEM file of certificates"
        ) from exc


def _write(path: Path, text: str, dated: str, source: str) -> None:
    """Writes the certificates alone, under a head with date and source: other text in a list is left out."""
    head = f"# dated: {dated}\n# fetched: {datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}\n# source: {ascii(source)[1:-1]}\n"
    body = "".join(
        f"# {ascii(common_name(each))[1:-1]}\n{each.public_bytes(Encoding.PEM).decode()}"
        for each in load_certificates(text)
    )
    write_private(path, head + body)
    path.with_suffix(REMOVED).unlink(missing_ok=True)
