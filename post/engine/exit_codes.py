"""Says what a process that read foreign files died of."""

from __future__ import annotations

import os
import signal

from post.errors import AnswerprintError, RetryError, SourceError
from post.watchdog import CPU_S, WALL_S

# What a process ends with when one of its libraries is at fault.
CRASHES = {
    signal.SIGSEGV,
    signal.SIGABRT,
    signal.SIGFPE,
    signal.SIGILL,
    *([signal.SIGBUS] if os.name == "posix" else []),
}


def fault_of(code: int, reading: str) -> AnswerprintError:
    """Returns the error for a process's exit code. reading: the file that it last began to read."""
    where, fix = reading or "a worker", "export it again with another tool, or leave it out"
    ended = (
        {signal.SIGXCPU: _too_long(where, fix), signal.SIGALRM: _no_answer(where)}
        if os.name == "posix"
        else {}
    )
    if -code in ended:
        return ended[signal.Signals(-code)]
    if reading and -code in CRASHES:
        return SourceError(
            "crashed a library that worked on it", where=where, got=signal.Signals(-code).name, fix=fix
        )
    return RetryError(
        "a worker was ended from outside",
        where=where,
        got=signal.Signals(-code).name if code < 0 else f"exit code {code}",
        fix="check free memory, and run again",
    )


def _too_long(where: str, fix: str) -> SourceError:
    return SourceError(
        "takes too long to read", where=where, expected=f"{CPU_S} s of processor time for a frame", fix=fix
    )


def _no_answer(where: str) -> RetryError:
    return RetryError(
        "could not be read in time",
        where=where,
        expected=f"a frame in {WALL_S} s",
        fix="run again once the machine and its disks are less busy",
    )
