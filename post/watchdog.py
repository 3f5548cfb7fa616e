"""Ends a process in which a library takes too long over one piece of a foreign file.

A decoder given a hostile file can loop, crash, or ask for all the memory there is. So foreign files are read in
worker processes (`post.engine.worker`). They call `arm`, which sets limits; calls into libraries that read foreign
files then stand in `watched`. The process that started a worker learns which file it began to read last, and how it
ended:

    SIGXCPU   the library used its seconds of processor time
    SIGALRM   it did not come back in time: it waits for something

The seconds are those of the thread that called the library (Linux), so that other threads of the worker do not use
them up; elsewhere they are the process's. More memory than `most_memory` is refused, which libraries report as an
error. In a process without `arm`, `watched` does nothing.
"""

from __future__ import annotations

import ctypes
import math
import os
import signal
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from threading import Lock, get_ident, local
from typing import TypeVar

CPU_S = 4  # of processor time: an 8K AV1 frame takes .6, a still of 36 megapixels up to 2.1
WALL_S = 120  # by the clock: a file on a slow share, on a busy machine
LEAST_MEMORY = 3 << 30  # bytes: two 4K films are rendered side by side in 1.9 GB
BYTES_A_SECOND = 50_000_000  # a library that reads a whole file may take this long over it
CGROUP_LIMIT = Path("/sys/fs/cgroup/memory.max")  # of a container
Step = TypeVar("Step")


@dataclass(slots=True)
class _Watch:
    """What an armed process is in. told: is called with a file's name as it is begun; ends: when each library that is
    at work must be back, by the clock; seconds: what each was given."""

    told: Callable[[str], None]
    name: str = ""
    ends: list[float] = field(default_factory=list)
    seconds: list[int] = field(default_factory=list)
    lock: Lock = field(default_factory=Lock)


_armed: _Watch | None = None
_own = local()  # timer: of this thread's processor time


def arm(told: Callable[[str], None]) -> None:
    """Sets the limits of this process. told: is called with a file's name when a library begins to read it.

    To be called in the main thread.
    """
    global _armed  # noqa: PLW0603  limits belong to the process, and so does this
    _armed = _Watch(told)
    if sys.platform == "win32":
        return
    import resource

    for number in (signal.SIGXCPU, signal.SIGALRM):
        signal.signal(number, signal.SIG_DFL)  # whatever the process that started this one ignored
    _limit(resource.RLIMIT_CORE, 0)
    if sys.platform == "linux":  # macOS accepts this limit and does not apply it
        _limit(resource.RLIMIT_DATA, most_memory())


def most_memory() -> int:
    """Returns how many bytes of memory an armed process may have: half of this machine's, or of its container's.

    0 where the system sets no such limit.
    """
    return max(LEAST_MEMORY, whole // 2) if (whole := whole_memory()) else 0


def whole_memory() -> int:
    """Returns how many bytes of memory this machine has, or its container may use; 0 where that is not known."""
    if sys.platform != "linux":
        return 0
    whole = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    with suppress(OSError, ValueError):  # no container, or "max"
        whole = min(whole, int(CGROUP_LIMIT.read_text("ascii")))
    return whole


@contextmanager
def watched(name: str, size: int = 0) -> Iterator[None]:
    """Watches the block, in which a library reads a file, if this process is armed.

    name: the file's, for the error; size: in bytes, where the library reads all of it at once.
    """
    if _armed is None:
        yield
        return
    more = size // BYTES_A_SECOND
    end = time.monotonic() + WALL_S + more
    _enter(_armed, name, CPU_S + more, end)
    try:
        yield
    finally:
        _leave(_armed, CPU_S + more, end)


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


def _enter(watch: _Watch, name: str, seconds: int, end: float) -> None:
    with watch.lock:
        watch.seconds.append(seconds)
        watch.ends.append(end)
        if watch.name != name:
            watch.name = name
            watch.told(name)
        _set_limits(watch, seconds)


def _leave(watch: _Watch, seconds: int, end: float) -> None:
    with watch.lock:
        watch.seconds.remove(seconds)
        watch.ends.remove(end)
        _set_limits(watch, 0)


def _set_limits(watch: _Watch, seconds: int) -> None:
    """Gives this thread so much processor time from now (0: without end), and the process until the first end."""
    if sys.platform == "win32":
        return
    signal.setitimer(signal.ITIMER_REAL, max(0.001, min(watch.ends) - time.monotonic()) if watch.ends else 0)
    if not hasattr(_own, "timer"):
        _own.timer = _thread_timer()
    if _own.timer is not None:
        _own.timer(seconds)
        return
    import resource

    # The system counts whole seconds.
    together = sum(watch.seconds)
    soft = math.ceil(time.process_time()) + together if together else resource.RLIM_INFINITY
    _limit(resource.RLIMIT_CPU, soft)


class _Signal(ctypes.Structure):
    """What a timer sends (sigevent(3type)); notify: 0 for a signal."""

    _fields_ = (
        ("value", ctypes.c_void_p), ("number", ctypes.c_int), ("notify", ctypes.c_int), ("rest", ctypes.c_int * 12),
    )  # fmt: skip


class _Interval(ctypes.Structure):
    """When a timer ends, from now (itimerspec(3type))."""

    _fields_ = tuple((name, ctypes.c_long) for name in ("every_s", "every_ns", "s", "ns"))


def _thread_timer() -> Callable[[int], None] | None:
    """Returns what gives this thread so many seconds of processor time; None where the system has no such timers."""
    if sys.platform != "linux":
        return None
    library, timer = ctypes.CDLL(None, use_errno=True), ctypes.c_void_p()
    event = _Signal(None, signal.SIGXCPU, 0)
    clock = time.pthread_getcpuclockid(get_ident())
    try:
        made = library.timer_create(clock, ctypes.byref(event), ctypes.byref(timer))
    except AttributeError:  # glibc before 2.34 has it in another library
        return None
    if made != 0:
        return None
    return lambda seconds: library.timer_settime(timer, 0, ctypes.byref(_Interval(0, 0, seconds, 0)), None)


def _limit(what: int, soft: int) -> None:
    """Sets a soft limit of this process, or its hard one where that is lower."""
    import resource

    hard = resource.getrlimit(what)[1]
    given = [each for each in (soft, hard) if each != resource.RLIM_INFINITY]
    resource.setrlimit(what, (min(given, default=resource.RLIM_INFINITY), hard))
