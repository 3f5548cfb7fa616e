"""Reads and writes files and folders that only their owner can read."""

from __future__ import annotations

import os
import secrets
import stat
from contextlib import suppress
from pathlib import Path

from post.atomic import PRIVATE, read_bounded, replacing
from post.errors import AnswerprintError, ProvenanceError
from post.os_faults import retry_of

_ANYBODY_ELSE = stat.S_IRWXG | stat.S_IRWXO

MOST_BYTES = 1 << 20  # no key is longer


def write_private(path: Path, text: str) -> None:
    """Writes a file of mode 600, whole or not at all, in place of any other. Text is UTF-8.

    Raises ProvenanceError if it cannot be written.
    """
    write_private_bytes(path, text.encode())


def write_private_bytes(path: Path, content: bytes, *, over: bool = True) -> None:
    """Writes bytes as `write_private` does. over: False keeps an existing file unchanged, and says nothing."""
    with suppress(FileExistsError):
        _write(path, content, over)


def write_new_private(path: Path, text: str) -> None:
    """Writes a file as `write_private` does, where there is none.

    Of several processes that do so at once, one writes it. Raises FileExistsError if there is one.
    """
    _write(path, text.encode(), over=False)


def _write(path: Path, content: bytes, over: bool) -> None:
    try:
        with replacing(path, lasting=True, mode=PRIVATE, over=over) as out:
            out.write(content)
    except FileExistsError:
        raise
    except OSError as exc:
        raise unwritable(path, exc) from exc


def check_private(key: Path) -> None:
    """Raises ProvenanceError if a secret's file is missing, or anybody but its owner can read it."""
    try:
        mode = key.stat().st_mode
    except OSError as exc:
        raise (
            retry_of(exc, str(key))
            or ProvenanceError("the key cannot be read", where=str(key), got=exc.strerror)
        ) from exc
    if os.name == "posix" and mode & _ANYBODY_ELSE:
        raise ProvenanceError(
            "others can read this key",
            where=str(key),
            expected="mode 600",
            got=f"mode {stat.S_IMODE(mode):o}",
            fix=f"run: chmod 600 {key}",
        )


def read_secret(path: Path, size: int, what: str) -> bytes:
    """Returns the secret in a private file. Raises ProvenanceError as `read_or_make_secret`, or if there is none."""
    check_private(path)
    try:
        secret = read_bounded(path, MOST_BYTES)
    except OSError as exc:
        raise (
            retry_of(exc, str(path))
            or ProvenanceError("the key cannot be read", where=str(path), got=exc.strerror)
        ) from exc
    if len(secret) != size:
        raise ProvenanceError(
            f"is not {what}",
            where=str(path),
            expected=f"{size} bytes",
            got=len(secret),
            fix="put a good copy of it back: what was made with it needs it",
        )
    return secret


def read_or_make_secret(path: Path, size: int, what: str) -> bytes:
    """Returns the secret in a file of mode 600, `size` random bytes; makes it first if there is none.

    what: names it in errors. Raises ProvenanceError if it is of another size, others can read it, or it cannot
    be written.
    """
    if not path.exists():
        private_folder(path.parent)
        write_private_bytes(path, secrets.token_bytes(size), over=False)
    return read_secret(path, size, what)


def remove_unfinished(path: Path) -> None:
    """Removes what killed processes left of a file that they were writing. For the file's only writer."""
    with suppress(OSError):  # what cannot be removed is in nobody's way
        for left in path.parent.glob(f".{path.name}.*.part"):
            left.unlink()


def private_folder(path: Path) -> None:
    """Makes a folder of mode 700 if there is none. Raises ProvenanceError if it cannot be made."""
    try:
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as exc:
        raise unwritable(path, exc) from exc


def unwritable(path: Path, exc: OSError) -> AnswerprintError:
    """Returns the error for a key's file that cannot be written."""
    return retry_of(exc, path) or ProvenanceError(
        "a key cannot be written",
        where=str(path),
        expected="a folder that this user may write to",
        got=exc.strerror,
        fix="make it writable, or set ANSWERPRINT_CONFIG to another folder",
    )
