"""Foreign files are read in a worker: what its libraries do there ends no other process."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from post.engine import WorkerPool
from post.errors import RetryError, SourceError
from post.watchdog import most_memory, watched, watched_steps
from tests.engine import work
from tests.engine.work import CPU_S
from tests.made.stores import open_store

WHERE = "dog.mp4"


def test_a_library_that_crashes_or_never_ends_is_the_fault_of_its_file_and_the_next_file_is_read() -> None:
    with WorkerPool(1) as pool:
        with pytest.raises(SourceError, match="^dog.mp4: crashed a library that worked on it; got SIGSEGV"):
            pool.call(work.crash, WHERE)
        with pytest.raises(SourceError, match="^dog.mp4: takes too long to read; expected"):
            pool.call(work.spin, CPU_S * 60.0, WHERE)
        assert pool.call(work.step, 3, 0.01, WHERE) == 3


def test_what_a_call_that_dies_left_half_written_is_removed(tmp_path: Path) -> None:
    store = open_store(tmp_path)
    with WorkerPool(1) as pool, pytest.raises(RetryError, match="ended from outside"):
        pool.call(work.end_while_writing, store)
    assert store.load("a" * 64) == b"a whole result"
    assert list(store.root.rglob("*.part")) == []


def test_every_step_has_its_whole_time_and_our_own_work_has_no_limit() -> None:
    with WorkerPool(1) as pool:
        assert pool.call(work.step, 3, CPU_S / 2, WHERE) == 3
        assert pool.call(work.think, CPU_S + 0.5, WHERE) == "thought"


@pytest.mark.skipif(not os.path.exists("/proc/self"), reason="only Linux limits memory")  # noqa: PTH110
def test_a_library_gets_no_more_memory_than_half_of_the_machine() -> None:
    with WorkerPool(1) as pool:
        assert pool.call(work.ask_for, 1 << 20, WHERE) == 1 << 20
        with pytest.raises(
            RetryError, match="needs more memory than it may have; expected at most [0-9]+ MB"
        ):
            pool.call(work.ask_for, most_memory() + (1 << 20), WHERE)
        assert pool.call(work.ask_for, 1 << 20, WHERE) == 1 << 20  # the same worker goes on


def test_what_a_call_raises_and_warns_of_reaches_the_caller() -> None:
    with WorkerPool(1) as pool:
        with pytest.raises(SourceError, match="^dog.mp4: is no clip$"):
            pool.call(work.refuse_file, WHERE)
        with pytest.warns(UserWarning, match="careful"):
            assert pool.call(work.warn, "careful") != os.getpid()


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere the seconds are the process's")
def test_another_threads_seconds_are_not_counted() -> None:
    with WorkerPool(1) as pool:
        assert pool.call(work.wait_beside_a_busy_thread, WHERE) == "waited"


def test_a_file_that_never_ends_in_a_task_is_that_files_error(tmp_path: Path) -> None:
    wanted = [work.tasks(tmp_path, 1, "spin_over")[0]]
    with WorkerPool(2) as pool, pytest.raises(SourceError, match="^result 0: takes too long to read"):
        list(pool.run(wanted, open_store(tmp_path / "store")))


def test_what_cannot_be_sent_back_is_an_error_and_no_endless_wait() -> None:
    with WorkerPool(1) as pool:
        with pytest.raises(RuntimeError, match="^in a worker: .*local object"):
            pool.call(work.give_what_does_not_travel)
        assert pool.call(work.step, 2, 0.0, WHERE) == 2


def test_the_worker_of_a_call_stays_for_the_tasks_that_follow(tmp_path: Path) -> None:
    with WorkerPool(2) as pool:
        with pytest.warns(UserWarning, match="first"):
            first = pool.call(work.warn, "first")
        events = list(pool.run(work.tasks(tmp_path, 5), open_store(tmp_path / "store")))
        assert sum(event.made for event in events) == 5
        with pytest.warns(UserWarning, match="second"):
            assert pool.call(work.warn, "second") == first


def test_nothing_is_watched_in_a_process_that_has_no_limits() -> None:
    with watched(WHERE):
        assert list(watched_steps([1, 2, 3, 4, 5], WHERE, together=2)) == [1, 2, 3, 4, 5]


def test_steps_before_a_fault_are_kept() -> None:
    def steps() -> Iterator[int]:
        yield from (1, 2, 3)
        raise SourceError("ends here")

    got: list[int] = []
    with pytest.raises(SourceError, match="ends here"):
        for each in watched_steps(steps(), WHERE, together=16):
            got.append(each)  # noqa: PERF402  as they come
    assert got == [1, 2, 3]
