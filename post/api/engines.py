"""Opens the engine that is named: processes of this machine, or the workers of a Dask scheduler."""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING

from post.api.extras import extra_is_here
from post.errors import JobError

if TYPE_CHECKING:
    from post.engine import WorkerPool
    from post.engine.cluster.client import DaskEngine

LOCAL, DASK = "local", "dask:"
WAIT_S = 60.0


def open_engine(name: str, workers: int, wait_s: float, loads: tuple[str, ...]) -> WorkerPool | DaskEngine:
    """Returns an engine, to be used in a `with`.

    name: local, or dask:ADDRESS; workers: tasks at once, 0 for as many as there are cores; wait_s: how long a
    scheduler may be away; loads: modules that its first process imports. Raises JobError for any other name.
    """
    from post.engine import WorkerPool

    if name == LOCAL:
        return WorkerPool(workers or cores(), loads)
    if not name.startswith(DASK):
        raise JobError("unknown engine", where="--engine", expected="local | dask:ADDRESS", got=repr(name))
    with extra_is_here("dask", "--engine"):
        from post.engine.cluster.client import DaskEngine

    return DaskEngine(scheduler_at(name, "--engine"), worker_mark(), wait_s=wait_s, most=workers, loads=loads)


def scheduler_at(text: str, option: str) -> str:
    """Returns a scheduler's address, with its protocol. Raises JobError where it names none."""
    address = text.removeprefix(DASK)
    protocol, rest = address.split("://", 1) if "://" in address else ("tcp", address)
    if not re.fullmatch(r"[^\s/]+:[0-9]+", rest):
        raise JobError(
            "names no scheduler",
            where=option,
            expected=f"{DASK}HOST:PORT, such as {DASK}10.0.0.1:8786",
            got=repr(text),
        )
    return f"{protocol}://{rest}"


def worker_mark() -> str:
    """Returns what is equal where workers make the same pixels and samples: the release, and those of libraries."""
    from post import __version__
    from post.engine.cluster.refusals import MARK
    from post.prepare.toolchain import read_toolchain
    from post.values import digest

    return f"{MARK}{__version__} {digest(read_toolchain())[:12]}"


def cores() -> int:
    """Returns how many tasks to do at once here: one for each processor that it may use and has memory for."""
    from post.engine.room_here import processor_quota, tasks_at_once
    from post.watchdog import whole_memory

    processors = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return tasks_at_once(processors, whole_memory(), processor_quota())
