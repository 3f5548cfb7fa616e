"""Says whether files are still the very ones that were hashed, untouched since.

What a file holds can be put back after a film was made of something else; so can its name and its times. The time of
its inode's last change cannot: the system sets it whenever a file is written to, renamed, linked, or its times are set.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from post.errors import SourceError


class FileState(NamedTuple):
    """A file as it was once. changed_ns: its inode's last change (on Windows its creation), in ns since 1970."""

    path: str
    device: int
    inode: int
    size: int
    written_ns: int
    changed_ns: int


def state_of(path: Path) -> FileState:
    """Returns a file's state; that of a link itself. Raises OSError where there is none."""
    found = path.lstat()
    return FileState(
        str(path), found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns, found.st_ctime_ns
    )


def refuse_touched(states: Iterable[FileState]) -> None:
    """Raises SourceError where a file is not as it was."""
    for state in states:
        path = Path(state.path)
        try:
            if state_of(path) == state:
                continue
        except OSError:
            raise changed_meanwhile(path, "the file that was hashed", "") from None
        raise changed_meanwhile(path, "the file that was hashed", "another, or one written to meanwhile")


def changed_meanwhile(path: Path, expected: str, got: str) -> SourceError:
    """Returns the error for a file that changed after it was hashed. got: "" where it is gone."""
    gone = not got
    return SourceError(
        "was removed while the film was made" if gone else "was changed while the film was made",
        where=path.name,
        expected=expected,
        got=got or "no file",
        fix=f"see who {'clears' if gone else 'writes to'} {path.parent}, and run again",
    )
