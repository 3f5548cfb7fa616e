"""The Dask engine with a real scheduler and real workers, which are killed meanwhile."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import pytest

from post.api.engines import worker_mark
from post.engine import Store, Task
from post.engine.cluster import client
from post.engine.cluster.client import DaskEngine
from post.errors import RetryError, SourceError
from provenance.signing.private_file import read_or_make_secret
from tests.engine.work import WORK, tasks
from tests.made.cluster import Cluster

pytestmark = pytest.mark.slow


def secret(home: Path) -> bytes:
    return read_or_make_secret(
        home / ".config" / "answerprint" / "store.key", 32, "a key of the store's seals"
    )


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    """Two workers, each with one task at a time. Tests leave as many."""
    home = tmp_path_factory.mktemp("cluster")
    secret(home)
    running = Cluster(home, str(home / "store"))
    try:
        running.start_scheduler()
        for _ in range(2):
            running.start_worker()
        yield running
    finally:
        running.end()


def engine(cluster: Cluster, **settings: float) -> DaskEngine:
    return DaskEngine(cluster.address, worker_mark(), **{"wait_s": 60, **settings})  # type: ignore[arg-type]


def store_of(cluster: Cluster) -> Store:
    return Store(Path(cluster.store), secret(cluster.folder))


def keyed(tmp_path: Path, wanted: list[Task]) -> list[Task]:
    """Returns the tasks under keys of this test alone."""
    return [replace(task, key=sha256(f"{tmp_path} {task.key}".encode()).hexdigest()) for task in wanted]


def results(cluster: Cluster, wanted: list[Task]) -> list[str]:
    store = store_of(cluster)
    return [(store.load(task.key) or b"").decode() for task in wanted]


def test_workers_make_what_the_store_lacks_and_a_second_run_makes_none(
    cluster: Cluster, tmp_path: Path
) -> None:
    wanted = keyed(tmp_path, tasks(tmp_path, 6))
    with engine(cluster) as running:
        events = list(running.run([*wanted, wanted[0]], store_of(cluster)))
        again = list(running.run(wanted, store_of(cluster)))
    assert [(event.made, event.done, event.total) for event in events] == [(True, n, 6) for n in range(1, 7)]
    assert [event.made for event in again] == [False] * 6
    assert results(cluster, wanted) == [f"result {n}" for n in range(6)]
    assert len((tmp_path / "marks").read_text().splitlines()) == 6


def test_an_error_of_a_task_arrives_unchanged(cluster: Cluster, tmp_path: Path) -> None:
    with engine(cluster) as running, pytest.raises(SourceError, match="^dog.mp4: is empty$"):
        list(running.run(keyed(tmp_path, tasks(tmp_path, 1, "refuse")), store_of(cluster)))


def test_a_task_that_kills_its_process_ends_no_worker(cluster: Cluster, tmp_path: Path) -> None:
    with engine(cluster) as running:
        with pytest.raises(RetryError, match="task 0: every worker that made this died; got exit code -9"):
            list(running.run(keyed(tmp_path, tasks(tmp_path, 1, "die")), store_of(cluster)))
        assert len(list(running.run(keyed(tmp_path / "next", tasks(tmp_path, 2)), store_of(cluster)))) == 2


def test_a_source_that_no_worker_can_read_is_sent_through_the_store(cluster: Cluster, tmp_path: Path) -> None:
    """Workers of this machine can read all; what they find at the path is another file, as on another machine."""
    clip = tmp_path / "dog.mp4"
    clip.write_bytes(b"a dog")
    [one] = keyed(tmp_path, tasks(tmp_path, 1, "copy"))
    gone = replace(one, files=((sha256(b"a dog").hexdigest(), str(clip)),))
    from post.engine.sources_here import send_sources

    send_sources(gone.files, store_of(cluster))
    clip.write_bytes(b"a cat")
    with engine(cluster) as running:
        list(running.run([gone], store_of(cluster)))
    assert results(cluster, [gone]) == ["a dog"]


def losing(tmp_path: Path, times: int) -> Task:
    """Returns a task over which so many workers are lost."""
    data = {"mark": str(tmp_path / "mark"), "times": times}
    return keyed(tmp_path, [Task("f" * 64, f"{WORK}:lose_worker", data, name="losing")])[0]


def bury(cluster: Cluster, count: int) -> None:
    """Counts the workers that were lost, and starts others."""
    lost = [worker for worker in cluster.workers if worker.poll() is not None]
    assert len(lost) == count
    for worker in lost:
        cluster.workers.remove(worker)
        cluster.start_worker()


def test_the_task_of_a_lost_worker_is_tried_elsewhere(
    cluster: Cluster, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    wanted = [losing(tmp_path, 1), *keyed(tmp_path, tasks(tmp_path, 4))]
    with engine(cluster) as running:
        assert len(list(running.run(wanted, store_of(cluster)))) == 5
    assert results(cluster, wanted) == ["xx", *(f"result {n}" for n in range(4))]
    [told] = [each.getMessage() for each in caplog.records if each.levelno == logging.WARNING]
    assert told.endswith("was lost; 1 tasks are tried elsewhere")
    bury(cluster, 1)


def test_a_task_over_which_every_worker_is_lost_ends_in_try_again(
    cluster: Cluster, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(client, "TRIES", 1)
    with (
        engine(cluster) as running,
        pytest.raises(RetryError, match="^losing: every worker that made this was lost"),
    ):
        list(running.run([losing(tmp_path, 9)], store_of(cluster)))
    assert (tmp_path / "mark").read_text() == "x"
    bury(cluster, 1)


def test_a_scheduler_that_is_restarted_meanwhile_loses_nothing(cluster: Cluster, tmp_path: Path) -> None:
    mark = tmp_path / "mark"
    slow = Task("0" * 64, f"{WORK}:wait_for", {"mark": str(mark)}, name="slow")
    wanted = keyed(tmp_path, [slow, *tasks(tmp_path, 4)[1:]])
    with engine(cluster) as running:
        events = running.run(wanted, store_of(cluster))
        first = next(events)
        assert cluster.scheduler
        cluster.kill(cluster.scheduler)
        mark.touch()
        cluster.start_scheduler()
        keys = [first.task.key, *(event.task.key for event in events)]
    assert sorted(keys) == sorted(task.key for task in wanted)
    assert results(cluster, wanted)[0] == "seen"
    assert len((tmp_path / "marks").read_text().splitlines()) == 3  # each made once


def test_a_scheduler_that_stays_away_ends_in_try_again(tmp_path: Path) -> None:
    with (
        DaskEngine("tcp://127.0.0.1:9", worker_mark(), wait_s=0.2) as running,
        pytest.raises(
            RetryError, match="127.0.0.1:9: the scheduler does not answer; .*what was made is kept"
        ),
    ):
        list(running.run(tasks(tmp_path, 1), Store(tmp_path / "store", b"a secret of the tests")))


def test_workers_of_another_release_get_no_task(cluster: Cluster, tmp_path: Path) -> None:
    mark = "answerprint 9.9.9 000000000000"
    with (
        DaskEngine(cluster.address, mark, wait_s=0.2) as running,
        pytest.raises(RetryError, match=r"no worker of this scheduler can be used; .*runs answerprint 0\.1"),
    ):
        list(running.run(keyed(tmp_path, tasks(tmp_path, 1)), store_of(cluster)))
    assert not (tmp_path / "marks").exists()


def test_a_worker_with_another_store_is_refused(cluster: Cluster, tmp_path: Path) -> None:
    with engine(cluster) as running, pytest.raises(RetryError, match="this worker has another store"):
        list(running.run(tasks(tmp_path, 1), Store(tmp_path / "store", secret(cluster.folder))))
