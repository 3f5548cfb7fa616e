"""Gives this process what it was started without: standard streams, and a current folder."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_READ_ONLY = 0o500
_STREAMS = (("stdin", "r"), ("stdout", "w"), ("stderr", "w"))  # by their number


def open_missing_streams() -> None:
    """Opens the null device in place of each standard stream that is closed, for this process and its children.

    Otherwise the next file that is opened gets the number of the missing one: what is printed would go into a film.
    """
    for number, (name, mode) in enumerate(_STREAMS):
        if _is_closed(number):
            # The lowest number that is free, which is this one: those below it are open.
            os.set_inheritable(os.open(os.devnull, os.O_RDWR), True)
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, mode, encoding="utf-8", errors="backslashreplace"))  # noqa: PTH123, SIM115


def _is_closed(number: int) -> bool:
    try:
        os.fstat(number)
    except OSError:
        return True
    return False


@contextmanager
def in_some_folder() -> Iterator[None]:
    """Runs the block in an empty folder of its own if the current one was removed.

    Libraries, and new processes, ask for one. Paths from the root on work there; a relative path leads to nothing, as
    in the folder that was removed. Nothing can be written to it, except by the superuser, who is told where that is.
    """
    if _is_there():
        yield
        return
    import tempfile  # late: every worker loads this module

    folder = Path(tempfile.mkdtemp(prefix="answerprint-"))
    folder.chmod(_READ_ONLY)
    os.chdir(folder)
    try:
        yield
    finally:
        try:
            folder.rmdir()
        except OSError:
            # Late: it loads what draws tables, and a worker may be started before that.
            from post.cli.output import print_note

            print_note(f"the current folder was removed: what has a relative path was written to {folder}")


def _is_there() -> bool:
    try:
        Path.cwd()
    except FileNotFoundError:
        return False
    return True
