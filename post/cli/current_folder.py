"""Gives a command a current folder where its own was removed: libraries, and new processes, ask for one."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from post.cli.output import print_note

_READ_ONLY = 0o500


@contextmanager
def in_some_folder() -> Iterator[None]:
    """Runs the block in an empty folder of its own if the current one was removed.

    Paths from the root on work there; a relative path leads to nothing, as in the folder that was removed. Nothing
    can be written to it, except by the superuser, who is told where that is.
    """
    if _is_there():
        yield
        return
    folder = Path(tempfile.mkdtemp(prefix="answerprint-"))
    folder.chmod(_READ_ONLY)
    os.chdir(folder)
    try:
        yield
    finally:
        try:
            folder.rmdir()
        except OSError:
            print_note(f"the current folder was removed: what has a relative path was written to {folder}")


def _is_there() -> bool:
    try:
        Path.cwd()
    except FileNotFoundError:
        return False
    return True
