from __future__ import annotations

from pathlib import Path

from post.preview.history import MOST, WatchTimes, percentile, read_times, remember_time
from tests.made.stores import open_store


def test_a_percentile_is_one_of_the_values() -> None:
    values = [0.4, 9.0, 0.2, 0.3, 0.5]
    assert [percentile(values, share) for share in (0.2, 0.5, 0.95, 1)] == [0.2, 0.4, 9.0, 9.0]


def test_times_are_kept_for_each_job_apart(tmp_path: Path) -> None:
    store, job, other = open_store(tmp_path / "store"), tmp_path / "spot.yaml", tmp_path / "other.yaml"
    assert read_times(store, job) is None
    for seconds in (1.0, 3.0, 2.0):
        remember_time(store, job, seconds)
    remember_time(store, other, 40)
    assert read_times(store, job) == WatchTimes(3, 2.0, 3.0)
    assert read_times(open_store(tmp_path / "store"), other) == WatchTimes(1, 40.0, 40.0)


def test_only_the_latest_times_are_kept(tmp_path: Path) -> None:
    store, job = open_store(tmp_path / "store"), tmp_path / "spot.yaml"
    for number in range(MOST + 5):
        told = remember_time(store, job, number)
    assert told == WatchTimes(MOST, 5 + MOST // 2 - 1, 5 + MOST * 0.95 - 1)
