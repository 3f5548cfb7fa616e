"""Benchmarks, run by hand: `python -m tests.bench.<name>`. They measure CPU time, not elapsed time.

CPU seconds are comparable on a busy machine too. What is compared is measured in one run, by turns.
"""

from __future__ import annotations

import json
import resource
from collections.abc import Callable
from pathlib import Path
from typing import Any


def cpu_seconds() -> float:
    """Returns the CPU time of this process and of the children it has waited for."""
    spent = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(usage.ru_utime + usage.ru_stime for usage in spent)


def timed(work: Callable[[], object]) -> float:
    """Returns the CPU seconds of one call."""
    before = cpu_seconds()
    work()
    return cpu_seconds() - before


def best_of(rounds: int, *works: Callable[[], object]) -> list[float]:
    """Returns the least CPU seconds of each; they take turns, so that a busy minute affects all alike."""
    taken = [[timed(work) for work in works] for _ in range(rounds)]
    return [min(column) for column in zip(*taken, strict=True)]


def write_json(path: Path, result: dict[str, Any]) -> None:
    path.write_text(json.dumps(result, indent=1, sort_keys=True) + "\n", "utf-8")
