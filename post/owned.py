"""Gives a place one owner at a time: an advisory lock that says who holds it, where, and since when.

The lock is the system's own (flock), so it goes with the process that holds it, however that ends. Its file says who
that is; a file without a lock was left by a process that was killed.
"""

from __future__ import annotations

import errno
import getpass
import json
import os
import socket
import stat
import time
import warnings
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path

from post.errors import RetryError
from post.os_faults import writing
from post.printable import printable

LONGEST_NOTE = 4096  # bytes
LOCKING = os.O_RDWR | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
EVERY_S = 0.2  # between two looks at a lock that is waited for


@contextmanager
def owned(lock: Path, what: str, *, wait: bool = False) -> Iterator[None]:
    """Owns a place for the block. lock: the lock's file, which is there only as long; what: names the place.

    Raises RetryError, with the owner's name, if somebody else owns it (wait: waits instead), OutputError if no lock
    can be written there.
    """
    with writing(lock.parent):
        handle = _lock(lock, what, wait)
    try:
        yield
    finally:
        with suppress(OSError):
            if _is_at(lock, handle):
                lock.unlink()
        os.close(handle)


def _lock(lock: Path, what: str, wait: bool) -> int:
    told = False
    while True:
        try:
            handle = os.open(lock, LOCKING, 0o644)
        except FileNotFoundError:  # an owner that was refused has just removed the folder that it had made
            lock.parent.mkdir(parents=True, exist_ok=True)
            continue
        with ExitStack() as closing:
            closing.callback(os.close, handle)
            _refuse_what_is_no_file(handle, lock)
            taken = _taken(handle)
            if not taken and _is_at(lock, handle):
                _claim(handle, what)
                closing.pop_all()
                return handle
            owner = _owner(handle)
        if taken and not wait:
            raise _busy(what, owner)
        if taken and not told:
            warnings.warn(f"{what} is owned by {owner}; waiting", stacklevel=2)
            told = True
        time.sleep(EVERY_S if taken else 0)


def _taken(handle: int) -> bool:
    """Takes the lock; True if another process has it."""
    try:
        import fcntl
    except ImportError:  # Windows has no flock: two runs at once are not told apart there
        return False
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    except OSError as fault:
        if fault.errno not in (errno.ENOLCK, errno.EOPNOTSUPP, errno.ENOTSUP):
            raise
        warnings.warn("this file system has no locks: do not run two at once here", stacklevel=2)
    return False


def _refuse_what_is_no_file(handle: int, lock: Path) -> None:
    if not stat.S_ISREG(os.fstat(handle).st_mode):
        raise OSError(errno.EEXIST, "something that is no file is in the place of the lock", str(lock))


def _is_at(lock: Path, handle: int) -> bool:
    """Says whether a lock's file is still the one at its path: its last owner removes it before it lets go."""
    try:
        there, ours = lock.lstat(), os.fstat(handle)
    except OSError:
        return False
    return (there.st_dev, there.st_ino) == (ours.st_dev, ours.st_ino)


def _claim(handle: int, what: str) -> None:
    """Writes into a lock's file who we are, and says whom it was left by."""
    if left := _owner(handle):
        warnings.warn(f"{what} was left locked by {left}, which has ended; taken over", stacklevel=2)
    os.ftruncate(handle, 0)
    os.pwrite(handle, json.dumps(_ourselves()).encode(), 0)


def _ourselves() -> dict[str, object]:
    try:
        user = getpass.getuser()
    except (KeyError, OSError, ImportError):  # a user without an entry in the system's list
        user = str(os.getuid())
    since = datetime.now(UTC).isoformat(timespec="seconds")
    return {"user": user, "host": socket.gethostname(), "pid": os.getpid(), "since": since}


def _owner(handle: int) -> str:
    """Says in words who wrote a lock's file; "" if nobody has yet."""
    text = os.pread(handle, LONGEST_NOTE, 0)
    if not text:
        return ""
    try:
        note = json.loads(text)
        words = f"{note['user']} on {note['host']}, process {note['pid']}, since {note['since']}"
    except (ValueError, KeyError, TypeError):
        return "somebody who did not say who"
    return printable(words)[:200]


def _busy(what: str, owner: str) -> RetryError:
    return RetryError(
        "is being written to by somebody else",
        where=what,
        got=owner or "an owner that has just come",
        fix="wait for it and run again, or run with --wait",
    )
