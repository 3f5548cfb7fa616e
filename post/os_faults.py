"""Turns the system's errors (OSError, MemoryError) into errors that a user can act on: the one place that does.

    with writing(path): ...        what is written at or below `path`
    with reading(path): ...        what is read from it
    raise retry_of(fault, path) or SourceError(...)     where the caller has words of its own for the rest
    system_fault(fault)            for what nobody has turned yet

What passes (a full disk, a lost connection, too many open files) is a RetryError. Whatever else the system refuses
needs another path or other permissions, and trying again does not help.
"""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from post.errors import AnswerprintError, OutputError, RetryError, SourceError

_KEPT = "run again; what was made is kept"
_CHECK_DISK = f"check the disk or the connection to it, and {_KEPT}"
# What passes, with what to do about it.
_PASSING = {
    errno.ENOSPC: ("the disk is full", "free some space and run again; what was made is kept"),
    errno.EDQUOT: ("the quota of this user is full", "free some space and run again; what was made is kept"),
    errno.EIO: ("the disk failed", _CHECK_DISK),
    errno.ESTALE: ("was removed or replaced on its server", f"see that nothing else clears it, and {_KEPT}"),
    errno.ETIMEDOUT: ("the disk does not answer", _CHECK_DISK),
    errno.EHOSTDOWN: ("the disk does not answer", _CHECK_DISK),
    errno.ENETDOWN: ("the disk does not answer", _CHECK_DISK),
    errno.ENOTCONN: ("the disk does not answer", _CHECK_DISK),
    errno.EMFILE: ("too many files are open in this program", f"raise the limit (ulimit -n), and {_KEPT}"),
    errno.ENFILE: ("too many files are open on this machine", f"end other programs, and {_KEPT}"),
    errno.ENOMEM: ("the system is out of memory", f"free memory or use fewer --workers, and {_KEPT}"),
    errno.EAGAIN: ("the system is out of resources now", _KEPT),
    errno.EBUSY: ("is in use by another program", f"wait for it, and {_KEPT}"),
    errno.ETXTBSY: ("is in use by another program", f"wait for it, and {_KEPT}"),
}
# What does not pass: what was expected of the place, and what to do.
_ANOTHER = "choose another place"
_REFUSED = {
    errno.ENAMETOOLONG: ("a shorter name", "shorten the name"),
    errno.ENOTDIR: ("folders all the way to it", "check the path: a part of it is a file"),
    errno.ELOOP: ("a path whose links end somewhere", "check the links on the path"),
    errno.ENXIO: ("a file, or a new name", _ANOTHER),
    errno.EFBIG: ("a disk that holds files of this size", _ANOTHER),
}


def retry_of(fault: BaseException, where: Path | str) -> RetryError | None:
    """Returns the error for a system's fault after which trying again can help; None for any other."""
    if isinstance(fault, OSError) and fault.errno in _PASSING:
        what, fix = _PASSING[fault.errno]
        return RetryError(what, where=str(where), fix=fix)
    return None


@contextmanager
def writing(path: Path) -> Iterator[None]:
    """Turns a failed write at or below `path` into an error that a user can act on.

    Raises RetryError where the disk is full, fails or goes away, OutputError where this user cannot write there.
    """
    try:
        yield
    except OSError as fault:
        if not _is_the_system_s(fault):
            raise
        raise unwritable(fault, path) from fault


def unwritable(fault: OSError, path: Path) -> AnswerprintError:
    """Returns the error for a failed write at or below `path`, as `writing` raises it."""
    if fault.errno == errno.ENOENT:
        return RetryError(
            "was removed while it was written to",
            where=str(path),
            expected="a folder that nothing else clears meanwhile",
            fix="run again",
        )
    expected, fix = _REFUSED.get(fault.errno or 0, ("a folder that this user may write to", _ANOTHER))
    return retry_of(fault, path) or OutputError(
        "cannot be written to", where=str(path), expected=expected, got=reason(fault), fix=fix
    )


@contextmanager
def reading(path: Path) -> Iterator[None]:
    """Turns a failed read of `path` into an error that a user can act on.

    Raises RetryError where the disk fails or goes away, SourceError where this user cannot read it.
    """
    try:
        yield
    except OSError as fault:
        if not _is_the_system_s(fault):
            raise
        expected, fix = _REFUSED.get(fault.errno or 0, ("a file that this user may read", "check the path"))
        raise (
            retry_of(fault, path)
            or SourceError("cannot be read", where=str(path), expected=expected, got=reason(fault), fix=fix)
        ) from fault


def system_fault(fault: BaseException) -> AnswerprintError | None:
    """Returns the error for what the system refused; None for any other, which is a bug."""
    if isinstance(fault, MemoryError):
        return RetryError(
            "the system is out of memory", fix=f"free memory or use fewer --workers, and {_KEPT}"
        )
    if not isinstance(fault, OSError) or not _is_the_system_s(fault):
        return None
    where = os.fsdecode(fault.filename) if isinstance(fault.filename, str | bytes) else ""
    expected, fix = _REFUSED.get(
        fault.errno or 0, ("a file that this user may use", "check the path and its permissions")
    )
    return retry_of(fault, where) or OutputError(
        "cannot be used" if where else "a file cannot be used",
        where=where, expected=expected, got=reason(fault), fix=fix,
    )  # fmt: skip


def reason(fault: OSError) -> str:
    """Returns why the system refused, in its words, or in those of ours that raised it."""
    return fault.strerror or (os.strerror(fault.errno) if fault.errno else str(fault))


def _is_the_system_s(fault: OSError) -> bool:
    """Returns whether the system raised it. Libraries raise OSError too, with no number or with one of their own."""
    return fault.errno in errno.errorcode
