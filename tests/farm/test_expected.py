"""What tasks are expected to take is what a log says, or what is counted, at the speed that the log shows."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from post.farm.answer import simulated_data
from post.farm.expected import JobCost, job_cost, read_seconds
from post.farm.simulate import FarmModel
from post.versions.planned import PlannedVersion
from tests.flow.warm_commands import answerprint
from tests.flow_job import JOB, make_clips, small_job


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("expected")
    make_clips(home)
    (home / "job.yaml").write_text(JOB)
    return home


@pytest.fixture(scope="module")
def planned(folder: Path) -> list[PlannedVersion]:
    small = small_job(folder)
    return [PlannedVersion(small.sources, small.plan)]


def record(key: str, seconds: float) -> str:
    return json.dumps({"message": "made wide: sound in 1.00 s", "key": key, "seconds": seconds})


def test_measured_seconds_are_taken_and_the_others_scaled_by_them(planned: list[PlannedVersion]) -> None:
    counted = job_cost(planned)
    first = counted.tasks[0]
    known = job_cost(planned, None, {first.key: 3 * first.seconds})
    assert [each.measured for each in known.tasks] == [True, False, False, False, False]
    assert [each.seconds for each in known.tasks] == pytest.approx(
        [3 * each.seconds for each in counted.tasks]
    )


def test_each_task_reads_its_own_sources_once(planned: list[PlannedVersion], folder: Path) -> None:
    sizes = {path.stat().st_size for path in folder.glob("*.mp4")}
    cost = job_cost(planned)
    assert {size for task in cost.tasks for _, size in task.sources} == sizes
    assert all(task.result_bytes > 0 and task.seconds > 0 for task in cost.tasks)
    assert len(cost.films_s) == 1


def test_a_log_is_read_with_what_else_is_in_it(tmp_path: Path) -> None:
    lines = [
        '{"message": "joined 4 segments", "seconds": 9}',
        "no JSON",
        "[]",
        record("a", 1.5),
        record("b", 2),
        record("a", 1),
    ]
    (tmp_path / "log").write_text("\n".join(lines))
    assert read_seconds(tmp_path / "log") == {"a": 1.0, "b": 2.0}


def test_a_film_that_one_host_puts_together_for_longer_is_limited_by_that() -> None:
    data = simulated_data(JobCost((), 10.0, (20.0, 30.0)), FarmModel(1, start_s=4.0), [1, 1000], 2.0)
    assert [(row["seconds"], row["limited_by"]) for row in data["farms"]] == [(60.0, "alone")] * 2


def test_the_log_of_a_run_gives_what_the_command_answers(folder: Path) -> None:
    log, store = folder / "log", folder / "store"
    job = folder / "job.yaml"
    assert answerprint(folder, "finish", job, "-o", folder / "out", "--store", store, "--log", log).code == 0
    seconds = read_seconds(log)
    words = ("simulate", job, "--workers", "1,2,1000", "--measured", log, "--store", store, "--json")
    data = answerprint(folder, *words, "--start", "0", "--price", "3600").data
    assert (data["tasks"], data["measured"]) == (5, 5)
    assert data["task_seconds"] == pytest.approx(sum(seconds.values()), abs=0.01)
    one, two, many = data["farms"]
    assert one["making_seconds"] >= sum(seconds.values()) - 0.01
    assert (
        max(seconds.values()) - 0.01
        <= many["making_seconds"]
        <= two["making_seconds"]
        <= one["making_seconds"]
    )
    assert many["price"] == pytest.approx(1000 * many["making_seconds"], rel=0.01)
    again = answerprint(folder, *words, "--start", "0", "--price", "3600").data
    assert {**again, "seconds": 0} == {**data, "seconds": 0}


@pytest.mark.parametrize("workers", ["0", "-1", "many", "1,,2", "999999"])
def test_what_is_no_number_of_workers_is_refused(workers: str, folder: Path) -> None:
    answer = answerprint(folder, "simulate", folder / "job.yaml", f"--workers={workers}")
    assert (answer.code, answer.out) == (2, "")
    assert "--workers: is no number of workers; expected 1 to 100000" in answer.said
