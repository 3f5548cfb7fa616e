"""Twenty results while ten workers are killed, the disk is full once, and an entry is corrupted: none lost or wrong."""

from __future__ import annotations

import logging
from pathlib import Path

import pytest

from post.engine import Store, Task, WorkerPool
from post.errors import RetryError
from tests.engine.work import WORK
from tests.made.stores import open_store

KILLS = 10
UNSEALED = "a result does not fit its seal and is made again"


def versions(folder: Path) -> list[Task]:
    """Returns twenty tasks: ten kill their worker the first time, one meets a full disk, nine only write."""
    runs = ["die_once", "write"] * KILLS
    runs[7] = "fill_once"
    return [
        Task(
            f"{n:064x}",
            f"{WORK}:{run}",
            {"text": f"version {n}", "marks": str(folder / f"marks{n}")},
            name=f"version {n}",
        )
        for n, run in enumerate(runs)
    ]


def expected(task: Task) -> str:
    said: str = task.data["text"]
    return {"die_once": "survived", "fill_once": "fitted"}.get(task.run.split(":")[1], said)


def results(store: Store, wanted: list[Task]) -> list[str]:
    return [(store.load(task.key) or b"nothing").decode() for task in wanted]


def told(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [each.getMessage() for each in caplog.records if each.levelno == logging.WARNING]


def test_nothing_is_lost_or_wrong_whatever_happens_meanwhile(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    wanted = versions(tmp_path)
    place = tmp_path / "store"
    full = "the disk is full; free some space and run again; what was made is kept"
    with pytest.raises(RetryError, match=full), WorkerPool(2) as pool:
        list(pool.run(wanted, open_store(place)))
    with WorkerPool(2) as pool:
        again = list(pool.run(wanted, open_store(place)))
    assert [event.done for event in again] == list(range(1, 21))
    assert results(open_store(place), wanted) == [*map(expected, wanted)]
    killers = [task for task in wanted if task.run.endswith("die_once")]
    assert len([task for task in killers if Path(task.data["marks"]).exists()]) == KILLS
    # Two lanes may kill their worker at once, and whoever meets the full disk waits for no other's death. One that
    # dies between a result's name and its seal leaves a result that is made again.
    deaths = [each for each in told(caplog) if each != UNSEALED]
    assert 0 < len(deaths) <= KILLS
    assert all(each.startswith("a worker died (exit code -9) while making version ") for each in deaths)
    assert list(place.rglob("*.part")) == []

    caplog.clear()
    open_store(place).path(wanted[3].key).write_text("versiom 3")
    with WorkerPool(2) as pool:
        mended = [event.task.name for event in pool.run(wanted, open_store(place)) if event.made]
    assert mended == ["version 3"]
    assert told(caplog) == [UNSEALED]
    assert results(open_store(place), wanted) == [*map(expected, wanted)]
