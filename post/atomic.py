"""Files written whole or not at all, and the errors of a user who cannot write."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

from post.errors import OutputError, RetryError

FULL = (errno.ENOSPC, errno.EDQUOT)
UNWRITABLE = (
    errno.EACCES, errno.EPERM, errno.EROFS, errno.ENOTDIR, errno.EEXIST, errno.EISDIR, errno.EFBIG,
    errno.ENAMETOOLONG, errno.EIO,
)  # fmt: skip


def write_whole(path: Path, text: str) -> Path:
    """The text at `path`, in UTF-8, in a folder that is made where there is none; or nothing new there.

    Raises OutputError or RetryError where it cannot be written.
    """
    part = path.with_name(f".{path.name}.{uuid4().hex}.part")
    with writing(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            part.write_text(text, "utf-8")
            part.replace(path)
        finally:
            part.unlink(missing_ok=True)
    return path


@contextmanager
def writing(path: Path) -> Iterator[None]:
    """Turns a failed write below `path` into the error a user can act on."""
    try:
        yield
    except OSError as fault:
        if fault.errno in FULL:
            raise RetryError(
                "the disk is full",
                where=str(path),
                fix="free some space and run again; what was made is kept",
            ) from fault
        if fault.errno in UNWRITABLE:
            raise OutputError(
                "cannot be written to",
                where=str(path),
                expected="a folder that this user may write to",
                got=os.strerror(fault.errno),
                fix="choose another place",
            ) from fault
        raise
