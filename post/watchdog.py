"""Ends a process in which a library takes too long over one piece of a foreign file.

A decoder given a hostile file can loop, crash, or ask for all the memory there is. So foreign files are read in
worker processes (`post.engine.worker`). They call `arm`, which sets limits; every call into a library then stands in
`watched`. The process that started a worker learns which file it read last, and how it ended:

    SIGXCPU   the library used its seconds of processor time
    SIGALRM   it did not come back for WALL_S seconds: it waits for something

More memory than `most_memory` is refused, which libraries report as an error. In a process without `arm`, `watched`
does nothing.
"""

from __future__ import annotations

import math
import os
import signal
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import islice
from threading import Lock
from typing import TypeVar

CPU_S = 4  # of processor time: the costliest frame measured, 8K AV1, takes .6
WALL_S = 120  # by the clock: a file on a slow share, on a busy machine
LEAST_MEMORY = 3 << 30  # bytes: two 4K films are rendered side by side in 1.9 GB
BYTES_A_SECOND = 50_000_000  # a library that reads a whole file may take this long over it
Step = TypeVar("Step")


@dataclass(slots=True)
class _Watch:
    """What an armed process is in. told: is called with a file's name as it is begun; seconds: what each library
    that is at work was given."""

    told: Callable[[str], None]
    name: str = ""
    seconds: list[int] = field(default_factory=list)
    lock: Lock = field(default_factory=Lock)


_armed: _Watch | None = None


def arm(told: Callable[[str], None]) -> None:
    """Sets the limits of this process. told: is called with a file's name when a library begins to read it."""
    global _armed  # noqa: PLW0603  limits belong to the process, and so does this
    _armed = _Watch(told)
    if sys.platform == "win32":
        return
    import resource

    _limit(resource.RLIMIT_CORE, 0)
    if sys.platform == "linux":  # macOS accepts this limit and does not apply it
        _limit(resource.RLIMIT_DATA, most_memory())


def most_memory() -> int:
    """Returns how many bytes of memory an armed process may have: half of this machine's."""
    whole = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    return max(LEAST_MEMORY, whole // 2)


@contextmanager
def watched(name: str, size: int = 0) -> Iterator[None]:
    """Watches the block, in which a library reads a file, if this process is armed.

    name: the file's, for the error; size: in bytes, where the library reads all of it at once.
    """
    if _armed is None:
        yield
        return
    seconds = CPU_S + size // BYTES_A_SECOND
    _enter(_armed, name, seconds)
    try:
        yield
    finally:
        _leave(_armed, seconds)


def watched_steps(steps: Iterable[Step], name: str, together: int = 1) -> Iterator[Step]:
    """Yields what a library gives, step by step, and watches each step.

    together: how many quick steps are watched as one. Raises what the library raises, after what came before it.
    """
    iterator, more = iter(steps), True
    while more:
        got: list[Step] = []
        fault: Exception | None = None
        with watched(name):
            try:
                for step in islice(iterator, together):
                    got.append(step)  # noqa: PERF402  what came before a fault is kept
            except Exception as exc:  # noqa: BLE001  raised again below
                fault = exc
        yield from got
        if fault is not None:
            raise fault
        more = len(got) == together


def _enter(watch: _Watch, name: str, seconds: int) -> None:
    with watch.lock:
        watch.seconds.append(seconds)
        if watch.name != name:
            watch.name = name
            watch.told(name)
        _allow(sum(watch.seconds))


def _leave(watch: _Watch, seconds: int) -> None:
    """Ends one library's watch. Another that is at work in another thread has its whole time again."""
    with watch.lock:
        watch.seconds.remove(seconds)
        _allow(sum(watch.seconds))


def _allow(cpu_s: int) -> None:
    """Gives this process so much time from now; 0: without end."""
    if sys.platform == "win32":
        return
    import resource

    # The system counts whole seconds.
    _limit(resource.RLIMIT_CPU, math.ceil(time.process_time()) + cpu_s if cpu_s else resource.RLIM_INFINITY)
    signal.setitimer(signal.ITIMER_REAL, WALL_S if cpu_s else 0)


def _limit(what: int, soft: int) -> None:
    """Sets a soft limit of this process, or its hard one where that is lower."""
    import resource

    hard = resource.getrlimit(what)[1]
    given = [each for each in (soft, hard) if each != resource.RLIM_INFINITY]
    resource.setrlimit(what, (min(given, default=resource.RLIM_INFINITY), hard))
