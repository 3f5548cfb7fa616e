"""Benchmarks: run by hand, `python -m tests.bench.<name>`. They time CPU, not the clock on the wall.

CPU seconds hold on a busy machine; what is compared is measured in one run, turn by turn.
"""

from __future__ import annotations

import json
import resource
from collections.abc import Callable
from pathlib import Path
from typing import Any


def cpu_seconds() -> float:
    """CPU time of this process and of the children it has waited for."""
    spent = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(usage.ru_utime + usage.ru_stime for usage in spent)


def timed(work: Callable[[], object]) -> float:
    """CPU seconds of one call."""
    before = cpu_seconds()
    work()
    return cpu_seconds() - before


def best_of(rounds: int, *works: Callable[[], object]) -> list[float]:
    """The least CPU seconds of each, taking turns so that a busy minute falls on all of them alike."""
    taken = [[timed(work) for work in works] for _ in range(rounds)]
    return [min(column) for column in zip(*taken, strict=True)]


def write_json(path: Path, result: dict[str, Any]) -> None:
    path.write_text(json.dumps(result, indent=1, sort_keys=True) + "\n", "utf-8")
