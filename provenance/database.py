"""Opens a registry's SQLite database, whose files others cannot read, and turns SQLite's errors into ours."""

from __future__ import annotations

import os
import sqlite3
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from post.atomic import PRIVATE
from post.errors import AnswerprintError, OutputError, ProvenanceError, RetryError, SourceError
from post.os_faults import retry_of

WAIT_S = 30.0
SHARED = 0o660
# Files that SQLite keeps beside a database while it is in use.
BESIDE = ("-wal", "-shm")


def connect(uri: str) -> sqlite3.Connection:
    """Opens a database. uri: `file:...?mode=ro`, or another mode of SQLite's."""
    # isolation_level None: `transaction` begins and ends transactions, not the library.
    return sqlite3.connect(uri, uri=True, timeout=WAIT_S, isolation_level=None, check_same_thread=False)


def keep_from_others(path: Path) -> None:
    """Makes a database file that this user alone can read, and takes from others the right to read one that is there.

    In a folder that its group may write to, the group may read and write it. The files that SQLite keeps beside it get
    the same mode. A file of another user's is left as it is.
    """
    os.close(os.open(path, os.O_RDWR | os.O_CREAT, PRIVATE))
    if os.name != "posix":
        return
    shared = bool(path.parent.stat().st_mode & stat.S_IWGRP)
    for each in (path, *(path.with_name(path.name + end) for end in BESIDE)):
        about = each.stat() if each.exists() else None
        if about is None or not stat.S_ISREG(about.st_mode) or about.st_uid != os.geteuid():
            continue
        mode = stat.S_IMODE(about.st_mode)
        wanted = SHARED if shared else mode & PRIVATE
        if wanted != mode:
            each.chmod(wanted)


def erase_deleted(db: sqlite3.Connection, where: Path) -> None:
    """Removes from a database's files every byte of what was deleted or replaced, also by versions that did not erase.

    Raises RetryError if another process keeps reading the pages of before.
    """
    db.execute("VACUUM")
    busy, _, _ = db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    if busy:
        raise RetryError(
            "what was deleted is still in a file of the registry, because another process reads it",
            where=str(where),
            fix="end that process, and run again",
        )


@contextmanager
def transaction(db: sqlite3.Connection) -> Iterator[None]:
    """Commits what the block does, or none of it."""
    db.execute("BEGIN IMMEDIATE")
    try:
        yield
    except BaseException:
        db.execute("ROLLBACK")
        raise
    db.execute("COMMIT")


@contextmanager
def translated(where: Path) -> Iterator[None]:
    """Turns SQLite's errors into ours."""
    try:
        yield
    except sqlite3.Error as fault:
        raise _translate(fault, where) from fault
    except OSError as fault:
        raise (
            retry_of(fault, str(where))
            or OutputError("cannot be written to", where=str(where), got=fault.strerror)
        ) from fault


# By SQLite's primary result code: the error's class, its text, and what to do.
_ERRORS: dict[str, tuple[type[AnswerprintError], str, str]] = {
    "SQLITE_BUSY": (RetryError, "the registry is busy", "try again"),
    "SQLITE_LOCKED": (RetryError, "the registry is busy", "try again"),
    "SQLITE_FULL": (RetryError, "the disk is full", "free some space and run again"),
    "SQLITE_READONLY": (OutputError, "the registry cannot be written to", "check its permissions"),
    "SQLITE_CANTOPEN": (OutputError, "the registry cannot be opened", "check the folder and its permissions"),
    "SQLITE_NOTADB": (SourceError, "is not a registry", "name another folder"),
    "SQLITE_CORRUPT": (SourceError, "is a damaged registry", "restore it from a backup"),
    "SQLITE_CONSTRAINT": (ProvenanceError, "a film cannot be stored", ""),
}


def _translate(fault: sqlite3.Error, where: Path) -> AnswerprintError:
    name = "_".join(str(getattr(fault, "sqlite_errorname", "")).split("_")[:2])
    kind, what, fix = _ERRORS.get(name, (SourceError, "the registry cannot be used", "report this"))
    return kind(what, where=str(where), got=str(fault), fix=fix)
