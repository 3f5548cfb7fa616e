"""The command `worker` on tasks in a file, as a farm manager calls it."""

from __future__ import annotations

import json
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import pytest

from post.engine import Store, Task
from post.engine.sources_here import send_sources, source_key
from provenance.signing.private_file import read_or_make_secret
from tests.engine.work import tasks
from tests.flow.warm_commands import answerprint


def team_store(home: Path) -> Store:
    """Returns the store that the command opens for this home."""
    secret = read_or_make_secret(home / "config" / "store.key", 32, "a key of the store's seals")
    return Store(home / "store", secret)


def run(home: Path, *arguments: str | Path) -> tuple[int, str, str]:
    answer = answerprint(
        home,
        "worker",
        "--store",
        home / "store",
        *arguments,
        "--json",
        ANSWERPRINT_CONFIG=str(home / "config"),
    )
    return answer.code, answer.out, answer.said


def written(path: Path, *lines: Task) -> Path:
    path.write_text("".join(f"{task.to_json()}\n" for task in lines))
    return path


def test_tasks_in_a_file_are_done_once(tmp_path: Path) -> None:
    wanted = tasks(tmp_path, 3)
    file = written(tmp_path / "tasks.json", *wanted)
    code, out, said = run(tmp_path, "--task", file)
    assert code == 0, said
    assert [(each["name"], each["made"]) for each in json.loads(out)["tasks"]] == [
        (task.name, True) for task in wanted
    ]
    _, out, _ = run(tmp_path, "--task", file)
    assert [each["made"] for each in json.loads(out)["tasks"]] == [False] * 3
    assert (tmp_path / "marks").read_text().splitlines() == ["result 0", "result 1", "result 2"]


def test_one_result_goes_to_a_file_too(tmp_path: Path) -> None:
    file = written(tmp_path / "task.json", *tasks(tmp_path, 1))
    assert run(tmp_path, "--task", file, "-o", tmp_path / "result")[0] == 0
    assert (tmp_path / "result").read_text() == "result 0"


def test_a_source_that_is_not_here_comes_from_the_store(tmp_path: Path) -> None:
    clip = tmp_path / "dog.mp4"
    clip.write_bytes(b"a dog")
    told = sha256(b"a dog").hexdigest()
    one = replace(tasks(tmp_path, 1, "copy")[0], files=((told, str(clip)),))
    file = written(tmp_path / "task.json", one)
    store = team_store(tmp_path)
    assert (send_sources(one.files, store), send_sources(one.files, store)) == (1, 0)
    clip.unlink()
    code, _, said = run(tmp_path, "--task", file, "-o", tmp_path / "result")
    assert code == 0, said
    assert (tmp_path / "result").read_bytes() == b"a dog"


def test_a_source_that_is_nowhere_is_named(tmp_path: Path) -> None:
    one = replace(tasks(tmp_path, 1, "copy")[0], files=(("0" * 64, "/nowhere/dog.mp4"),))
    code, _, said = run(tmp_path, "--task", written(tmp_path / "task.json", one))
    assert code == 75
    assert "dog.mp4: this worker cannot read a source" in said


def test_a_source_that_others_planted_in_the_store_is_refused(tmp_path: Path) -> None:
    one = replace(tasks(tmp_path, 1, "copy")[0], files=(("0" * 64, "/nowhere/dog.mp4"),))
    team_store(tmp_path).save(source_key("0" * 64), b"another dog")
    code, _, said = run(tmp_path, "--task", written(tmp_path / "task.json", one))
    assert code == 75
    assert "dog.mp4: a source in the store is not what it should be" in said


@pytest.mark.parametrize(("text", "code", "told"), [
    ("{}", 2, "is no task"),
    ("no JSON", 2, "is no task"),
    ('{"release": "0.0.1", "key": "0", "run": "a:b", "data": {}, "files": [], "states": []}', 75, "another release"),
    ('{"release": "0.0.1", "key": "0", "run": "os.system", "data": {}, "files": [], "states": []}', 2, "is no task"),
])  # fmt: skip
def test_what_is_no_task_of_this_release_is_refused(text: str, code: int, told: str, tmp_path: Path) -> None:
    (tmp_path / "task.json").write_text(text)
    answered, out, said = run(tmp_path, "--task", tmp_path / "task.json")
    assert (answered, out) == (code, "")
    assert told in said


def test_two_results_do_not_go_to_one_file(tmp_path: Path) -> None:
    file = written(tmp_path / "tasks.json", *tasks(tmp_path, 2))
    code, _, said = run(tmp_path, "--task", file, "-o", tmp_path / "result")
    assert code == 2
    assert "one result goes to one file; expected 1 task, got 2" in said
