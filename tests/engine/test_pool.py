from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from post.engine import InProcess, Store, Task, WorkerPool
from post.engine.pool import TRIES, split_runs
from post.engine.task import do_task
from post.engine.worker import lanes_for
from post.errors import RetryError, SourceError
from tests.engine.work import WORK, tasks
from tests.made.stores import open_store


def done(folder: Path) -> list[str]:
    return sorted((folder / "marks").read_text().split("\n")[:-1])


def results(store: Store, wanted: Sequence[Task]) -> list[str]:
    paths = [store.get(task.key) for task in wanted]
    return [path.read_text() for path in paths if path]


def test_every_engine_makes_the_same_results_and_a_second_run_makes_none(tmp_path: Path) -> None:
    wanted = tasks(tmp_path, 9)
    engines: tuple[InProcess | WorkerPool, ...] = InProcess(), WorkerPool(1), WorkerPool(3)
    for number, engine in enumerate(engines):
        store = open_store(tmp_path / f"store{number}")
        with engine as running:
            assert sum(event.made for event in running.run(wanted, store)) == 9
            again = list(running.run(wanted, open_store(tmp_path / f"store{number}")))
        assert [event.made for event in again] == [False] * 9
        assert results(store, wanted) == [f"result {n}" for n in range(9)]
    assert len(done(tmp_path)) == 27


def test_equal_work_is_done_once(tmp_path: Path) -> None:
    one = tasks(tmp_path, 1)
    with WorkerPool(2) as pool:
        events = list(pool.run(one * 5, open_store(tmp_path / "store")))
    assert [(event.done, event.total) for event in events] == [(1, 1)]
    assert done(tmp_path) == ["result 0"]


def test_a_killed_worker_is_replaced_and_its_task_done(tmp_path: Path) -> None:
    store, wanted = open_store(tmp_path / "store"), tasks(tmp_path, 1, "die_once")
    with WorkerPool(2) as pool:
        assert [event.made for event in pool.run(wanted, store)] == [True]
    assert results(store, wanted) == ["survived"]


def test_a_task_that_kills_its_workers_raises_a_retry_error(tmp_path: Path) -> None:
    with (
        WorkerPool(1) as pool,
        pytest.raises(RetryError, match="task 0: every worker that made this died.* exit code -9"),
    ):
        list(pool.run(tasks(tmp_path, 1, "die"), open_store(tmp_path / "store")))
    assert done(tmp_path) == ["tried"] * 3  # no more often: the task is at fault


def test_an_error_in_a_worker_arrives_unchanged_and_leaves_no_result(tmp_path: Path) -> None:
    with WorkerPool(2) as pool, pytest.raises(SourceError, match="^dog.mp4: is empty$"):
        list(pool.run(tasks(tmp_path, 3, "refuse"), open_store(tmp_path / "store")))
    assert [path for path in (tmp_path / "store").rglob("*") if path.is_file()] == []


def test_a_source_that_the_system_cannot_read_is_named_and_no_fault_of_the_store(tmp_path: Path) -> None:
    (tmp_path / "dog.mp4").mkdir()
    one = replace(tasks(tmp_path, 1, "copy")[0], files=(("0" * 64, str(tmp_path / "dog.mp4")),))
    told = r"dog.mp4: cannot be read; expected a file that this user may read, got Is a directory"
    with WorkerPool(1) as pool, pytest.raises(SourceError, match=told):
        list(pool.run([one], open_store(tmp_path / "store")))


def test_a_bug_in_a_worker_arrives_with_its_traceback(tmp_path: Path) -> None:
    with WorkerPool(1) as pool, pytest.raises(RuntimeError) as caught:
        list(pool.run(tasks(tmp_path, 1, "break_down"), open_store(tmp_path / "store")))
    assert str(caught.value) == "in a worker: ZeroDivisionError: in the depths"
    assert "in break_down" in caught.value.__notes__[0]


def test_another_release_on_a_worker_is_refused(tmp_path: Path) -> None:
    sent = json.loads(tasks(tmp_path, 1)[0].to_json()) | {"release": "0.0.0"}
    with pytest.raises(RetryError, match="another release; expected 0.0.0"):
        do_task(json.dumps(sent), tmp_path / "out")


def test_neighbouring_tasks_go_to_one_worker(tmp_path: Path) -> None:
    runs = split_runs(tasks(tmp_path, 10), 3)
    keys = [[int(task.key, 16) for task in run] for run in runs]
    assert [key for run in keys for key in run] == list(range(10))
    assert max(map(len, keys)) - min(map(len, keys)) <= 1


@pytest.mark.parametrize("count", [0, 1, 2, 3, 4, 7])
def test_there_are_as_many_lanes_as_were_asked_for(count: int, tmp_path: Path) -> None:
    """`--workers` bounds memory and load; two lanes are in one process, and an odd one is in one of its own."""
    workers = lanes_for(tasks(tmp_path, 9), count)
    assert sum(map(len, workers)) == count
    assert len(workers) == (count + 1) // 2


def test_an_idle_worker_takes_from_the_longest_run(tmp_path: Path) -> None:
    """The second lane's first task waits for its last one, which therefore another lane must do."""
    long = Task(f"{0:064x}", f"{WORK}:write", {"text": "x", "marks": str(tmp_path / "marks")}, cost=1000)
    first = Task(f"{1:064x}", f"{WORK}:wait_for", {"mark": str(tmp_path / "last")})
    between = [Task(f"{n:064x}", f"{WORK}:slowly", {"text": "x"}) for n in range(2, 8)]
    last = Task(f"{8:064x}", f"{WORK}:write", {"text": "x", "marks": str(tmp_path / "last")})
    wanted = [long, first, *between, last]
    assert [len(run) for run in split_runs(wanted, 2)] == [1, 8]
    with WorkerPool(2) as pool:
        assert len(list(pool.run(wanted, open_store(tmp_path / "store")))) == 9


def test_lanes_of_a_worker_work_at_the_same_time(tmp_path: Path) -> None:
    wanted = [Task(f"{n:064x}", f"{WORK}:meet", {"room": str(tmp_path), "n": n}) for n in range(2)]
    store = open_store(tmp_path / "store")
    with WorkerPool(2) as pool:
        assert len(list(pool.run(wanted, store))) == 2
    assert len(set(results(store, wanted))) == 1  # one process


def test_a_task_that_kills_its_worker_fails_alone(tmp_path: Path) -> None:
    """Both start in one process, and the deadly one kills it. The other ends only in another process."""
    data = {"room": str(tmp_path)}
    innocent = Task(f"{0:064x}", f"{WORK}:outlive", data, name="innocent")
    deadly = Task(f"{1:064x}", f"{WORK}:die_in_company", data, name="deadly")
    with WorkerPool(2) as pool, pytest.raises(RetryError, match="^deadly: every worker that made this died"):
        list(pool.run([innocent, deadly], open_store(tmp_path / "store")))
    assert len((tmp_path / "died").read_text().split()) == TRIES


def test_a_plug_in_that_exits_is_an_error_of_its_task(tmp_path: Path) -> None:
    with WorkerPool(1) as pool, pytest.raises(RuntimeError, match="in a worker: SystemExit: 3"):
        list(pool.run(tasks(tmp_path, 1, "leave"), open_store(tmp_path / "store")))


def test_a_pool_works_after_a_rest(tmp_path: Path) -> None:
    wanted, store = tasks(tmp_path, 4), open_store(tmp_path / "store")
    with WorkerPool(2) as pool:
        assert len(list(pool.run(wanted[:2], store))) == 2
        pool.rest()
        assert pool._workers == []
        assert len(list(pool.run(wanted, store))) == 4
    assert done(tmp_path) == [f"result {n}" for n in range(4)]


def test_an_error_that_cannot_be_pickled_arrives_as_text(tmp_path: Path) -> None:
    with (
        WorkerPool(1) as pool,
        pytest.raises(RuntimeError, match="in a worker: SourceError: dog.mp4: is odd"),
    ):
        list(pool.run(tasks(tmp_path, 1, "refuse_oddly"), open_store(tmp_path / "store")))


def test_a_task_that_must_be_alone_has_a_process_to_itself(tmp_path: Path) -> None:
    store = open_store(tmp_path / "store")
    wanted = [
        Task(f"{n:064x}", f"{WORK}:meet", {"room": str(tmp_path), "n": n}, alone=True) for n in range(2)
    ]
    with WorkerPool(2) as pool:
        list(
            pool.run(tasks(tmp_path, 2), open_store(tmp_path / "before"))
        )  # leaves one worker with two lanes
        assert len(list(pool.run(wanted, store))) == 2
    assert len(set(results(store, wanted))) == 2
