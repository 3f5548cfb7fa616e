"""Gives a place one owner at a time: an advisory lock that says who holds it, where, and since when.

    owned(lock, what)       a place, whose lock is the file `lock`: a folder in which films are published
    editing(path)           one file, while it is read, changed and written: a job, a trust list

The lock is the system's own (flock), so it goes with the process that holds it, however that ends. Its file says who
that is; a file without a lock was left by a process that was killed. Users who share a folder lock one another out
too: who cannot write to a lock's file can still lock it.
"""

from __future__ import annotations

import errno
import getpass
import json
import math
import os
import socket
import stat
import time
import warnings
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from datetime import UTC, datetime
from enum import Enum, auto
from pathlib import Path

from post.atomic import refuse_special
from post.errors import OutputError, RetryError
from post.os_faults import writing
from post.printable import printable

LONGEST_NOTE = 4096  # bytes
SAFELY = getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
READABLE_BY_ALL = 0o644  # whatever the umask: everybody may know who owns a place
EVERY_S = 0.05  # between two looks at a lock that is waited for
SAID_AFTER_S = 1.0  # who waits longer is told for whom
SHORT_WORK_S = 60.0  # how long somebody else's change of one file is waited for
FOREVER = math.inf
ON_WINDOWS = os.name == "nt"
_NO_LOCKS = (errno.ENOLCK, errno.EOPNOTSUPP, errno.ENOTSUP)


class _Lock(Enum):
    """What came of locking a file. UNKNOWN: this system, or this disk, has no locks."""

    OURS = auto()
    TAKEN = auto()
    UNKNOWN = auto()


@contextmanager
def owned(lock: Path, what: str, *, wait_s: float = 0) -> Iterator[None]:
    """Owns a place for the block. lock: the lock's file, which is there only as long; what: names the place.

    wait_s: how long another owner is waited for, another block of this process too. Raises RetryError, with the
    owner's name, if somebody else still owns the place then, and OutputError if no lock can be written there.
    """
    with writing(lock.parent):
        handle = _lock(lock, what, wait_s)
    try:
        yield
    finally:
        _release(lock, handle)


@contextmanager
def editing(path: Path) -> Iterator[None]:
    """Owns one file for the block, in which it is read, changed and written.

    Another owner is waited for, a minute at most: this is short work. Raises as `owned`.
    """
    with owned(path.with_name(f".{path.name}.lock"), str(path), wait_s=SHORT_WORK_S):
        yield


def _lock(lock: Path, what: str, wait_s: float) -> int:
    started, told = time.monotonic(), False
    while True:
        try:
            handle, writable = _open(lock, what)
        except FileNotFoundError:  # an owner that was refused has just removed the folder that it had made
            refuse_special(lock)  # in /proc no file can be made, however often it is tried
            lock.parent.mkdir(parents=True, exist_ok=True)
            continue
        with ExitStack() as closing:
            closing.callback(os.close, handle)
            _refuse_what_is_no_lock(os.fstat(handle), lock)
            found = _take(handle)
            owner = _owner(handle)
            if found is not _Lock.TAKEN:
                if _is_at(lock, handle) and _own(lock, handle, writable, what):
                    closing.pop_all()
                    return handle
                continue
        waited = time.monotonic() - started
        if waited >= wait_s:
            raise _busy(what, owner, wait_s)
        if waited >= SAID_AFTER_S and not told:
            warnings.warn(f"{what} is owned by {owner or 'somebody else'}; waiting", stacklevel=2)
            told = True
        time.sleep(EVERY_S)


def _open(lock: Path, what: str) -> tuple[int, bool]:
    """Opens a lock's file, which may be another user's. Returns it, and whether it may be written to."""
    new = os.O_RDWR | os.O_CREAT | SAFELY
    try:
        try:
            return os.open(lock, new, READABLE_BY_ALL), True
        except PermissionError:
            with suppress(FileNotFoundError):
                return os.open(lock, os.O_RDONLY | SAFELY), False
            # It is gone meanwhile; or we cannot write here, which is raised.
            return os.open(lock, new, READABLE_BY_ALL), True
    except FileNotFoundError:
        raise
    except OSError as fault:
        try:
            found = lock.lstat()
        except OSError:
            raise fault from None
        _refuse_what_is_no_lock(found, lock)
        if isinstance(fault, PermissionError):  # a lock that we cannot even read
            raise _busy(what, _user(found.st_uid), 0) from fault
        raise


def _refuse_what_is_no_lock(found: os.stat_result, lock: Path) -> None:
    kinds = {stat.S_IFLNK: "a link", stat.S_IFDIR: "a folder", stat.S_IFIFO: "a pipe", stat.S_IFREG: ""}
    got = kinds.get(stat.S_IFMT(found.st_mode), "a device or a socket")
    if not got and found.st_nlink > 1:
        got = "a file with other names too"
    if got:
        raise OutputError(
            "is in the place of a lock", where=str(lock), expected="nothing", got=got, fix="remove it"
        )


def _take(handle: int) -> _Lock:
    try:
        import fcntl
    except ImportError:  # Windows has no flock: two runs at once are not told apart there
        return _Lock.UNKNOWN
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return _Lock.TAKEN
    except OSError as fault:
        if fault.errno == errno.EBADF:  # NFS locks only what may be written to
            return _Lock.TAKEN
        if fault.errno not in _NO_LOCKS:
            raise
        warnings.warn("this file system has no locks: do not run two at once here", stacklevel=2)
        return _Lock.UNKNOWN
    return _Lock.OURS


def _release(lock: Path, handle: int) -> None:
    """Removes a lock's file, then lets go of the lock, so that nobody locks a file that is about to go.

    Where no file can be removed while it is open (Windows), there are no locks either, and it is closed first.
    """
    with ExitStack() as closing:
        ours = _is_at(lock, handle)
        closing.callback(os.close, handle)
        if ON_WINDOWS:
            closing.close()
        with suppress(OSError):
            if ours:
                lock.unlink()


def _is_at(lock: Path, handle: int) -> bool:
    """Says whether a lock's file is still the one at its path: its last owner removes it before it lets go."""
    try:
        there, ours = lock.lstat(), os.fstat(handle)
    except OSError:
        return False
    return (there.st_dev, there.st_ino) == (ours.st_dev, ours.st_ino)


def _own(lock: Path, handle: int, writable: bool, what: str) -> bool:
    """Writes into a lock's file, which we hold, who we are, and says whom it was left by.

    What another user left is removed: False, as a new file is to be made. Where only its owner can remove it, it is
    held as it is.
    """
    if left := _owner(handle):
        warnings.warn(f"{what} was left locked by {left}, which has ended; taken over", stacklevel=2)
    if not writable:
        try:
            lock.unlink()
        except OSError:
            return True
        return False
    os.ftruncate(handle, 0)
    os.lseek(handle, 0, os.SEEK_SET)
    os.write(handle, json.dumps(_ourselves()).encode())
    with suppress(OSError, AttributeError):  # of another user of this folder, whose group may write to it
        os.fchmod(handle, READABLE_BY_ALL)
    return True


def _ourselves() -> dict[str, object]:
    try:
        user = getpass.getuser()
    except (KeyError, OSError, ImportError):  # a user without an entry in the system's list
        user = str(os.getuid())
    since = datetime.now(UTC).isoformat(timespec="seconds")
    return {"user": user, "host": socket.gethostname(), "pid": os.getpid(), "since": since}


def _user(number: int) -> str:
    """Returns a user's name, or number, by whose file a lock is all that is known of its owner."""
    try:
        import pwd

        return f"user {pwd.getpwuid(number).pw_name}"
    except (ImportError, KeyError):
        return f"user {number}"


def _owner(handle: int) -> str:
    """Says in words who wrote a lock's file; "" if nobody has yet."""
    os.lseek(handle, 0, os.SEEK_SET)
    text = os.read(handle, LONGEST_NOTE)
    if not text:
        return ""
    try:
        note = json.loads(text)
        words = f"{note['user']} on {note['host']}, process {note['pid']}, since {note['since']}"
    except (ValueError, KeyError, TypeError, RecursionError):
        return "somebody who did not say who"
    return printable(words)[:200]


def _busy(what: str, owner: str, waited_s: float) -> RetryError:
    return RetryError(
        f"is still being written to by somebody else after {waited_s:.0f} s"
        if waited_s
        else "is being written to by somebody else",
        where=what,
        got=owner or "an owner that has just come",
        fix="run again when that has ended" if waited_s else "wait for it and run again, or run with --wait",
    )
