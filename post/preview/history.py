"""Keeps how long each preview of a job took until it could be watched."""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from post.engine.store import Store

MOST = 200  # previews of one job that are remembered


@dataclass(frozen=True, slots=True)
class WatchTimes:
    """Times to first watchable of a job's previews, in seconds. count: how many were remembered."""

    count: int
    p50_s: float
    p95_s: float


def _key(job: Path) -> str:
    return hashlib.sha256(f"first watchable\0{job.absolute()}".encode()).hexdigest()


def percentile(values: Sequence[float], share: float) -> float:
    """Returns the least value that at least a share of the values do not exceed.

    >>> percentile([3, 1, 2], 0.5), percentile([3, 1, 2], 0.95)
    (2, 3)
    """
    ordered = sorted(values)
    return ordered[max(0, math.ceil(share * len(ordered)) - 1)]


def read_times(store: Store, job: Path) -> WatchTimes | None:
    """Returns the times of a job's previews so far; None where there was none."""
    times = _load(store, job)
    return WatchTimes(len(times), percentile(times, 0.5), percentile(times, 0.95)) if times else None


def remember_time(store: Store, job: Path, seconds: float) -> WatchTimes:
    """Keeps one more time, and returns all of them. Raises OutputError or RetryError where it cannot be kept."""
    times = [*_load(store, job), round(seconds, 3)][-MOST:]
    store.save(_key(job), json.dumps(times).encode())
    return WatchTimes(len(times), percentile(times, 0.5), percentile(times, 0.95))


def _load(store: Store, job: Path) -> list[float]:
    with suppress(ValueError, TypeError):
        return [float(each) for each in json.loads(store.load(_key(job)) or b"[]")]
    return []
