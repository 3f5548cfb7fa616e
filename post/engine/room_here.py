"""Says how many tasks this machine does at once, from its processors and its memory."""

from __future__ import annotations

import math
from contextlib import suppress
from pathlib import Path

# Of one task at once, with its share of a process: two 4K films side by side took 1.9 GB.
TASK_BYTES = 1_000_000_000
PROCESSOR_LIMIT = Path(
    "/sys/fs/cgroup/cpu.max"
)  # of a container: microseconds of processor time, and of the clock


def tasks_at_once(processors: int, memory: int, quota: float = math.inf) -> int:
    """Returns how many tasks to do at once: at least one, one for each processor that memory has room for.

    processors: that this process may run on; memory: bytes that its processes may have together, 0 for not known;
    quota: processors' worth of time that its container may use.
    """
    busy = min(processors, math.ceil(quota)) if math.isfinite(quota) else processors
    room = memory // TASK_BYTES if memory else busy
    return max(1, min(busy, room))


def processor_quota(limit: Path = PROCESSOR_LIMIT) -> float:
    """Returns how many processors' worth of time a container may use; infinity where nothing limits it."""
    with suppress(OSError, ValueError, ZeroDivisionError):
        used, period = limit.read_text("ascii").split()
        return int(used) / int(period)
    return math.inf
