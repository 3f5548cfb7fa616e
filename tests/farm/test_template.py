"""The template is what the Open Job Description's own model takes, and says what a farm must know."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from post.errors import JobError
from post.farm.task_folder import read_numbered, read_numbers, write_tasks
from post.farm.template import CHUNK_S, FarmSetup, farm_template
from tests.engine.work import tasks
from tests.farm.openjd import openjd

SETUP = FarmSetup(Path("/films/Ünï code {{x}}/job.yaml"), "s3://team/film", 'A "title" {{Param.Store}}\n')
STEPS = {"Sounds": [2.0], "Segments": [4.0, 8.0, 6.0]}


def checked(folder: Path, template: dict[str, Any], *more: str) -> tuple[int, str]:
    path = folder / "template.json"
    path.write_text(json.dumps(template))
    return openjd(folder, "check", path, *more)


@pytest.mark.parametrize("chunks", [True, False])
def test_the_model_takes_the_template(chunks: bool, tmp_path: Path) -> None:
    setup = FarmSetup(SETUP.job, SETUP.store, SETUP.title, 4, chunks=chunks, only="*-de-*")
    # Without chunks it needs no extension: the list of those that are taken is empty.
    code, said = checked(tmp_path, farm_template(STEPS, setup), *(() if chunks else ("--extensions", "")))
    assert code == 0, said


def test_the_model_refuses_what_is_none(tmp_path: Path) -> None:
    """As the specification's conformance tests do: chunks need their extension, dependencies a step."""
    without = farm_template(STEPS, SETUP)
    del without["extensions"]
    nowhere = farm_template(STEPS, SETUP)
    nowhere["steps"][-1]["dependencies"] = [{"dependsOn": "Nowhere"}]
    assert [checked(tmp_path, each)[0] == 0 for each in (without, nowhere)] == [False, False]


def test_each_step_waits_for_what_it_needs_and_says_what_it_takes() -> None:
    sounds, segments, finish = farm_template(STEPS, SETUP)["steps"]
    assert [each["dependsOn"] for each in finish["dependencies"]] == [sounds["name"], segments["name"]]
    assert {each["name"]: each["min"] for each in segments["hostRequirements"]["amounts"]} == {
        "amount.worker.vcpu": 2, "amount.worker.memory": 512 + 2 * 1024,
    }  # fmt: skip
    [number] = segments["parameterSpace"]["taskParameterDefinitions"]
    assert number["range"] == "1-3"
    assert number["chunks"]["defaultTaskCount"] == 3
    action = segments["script"]["actions"]["onRun"]
    assert action["timeout"] >= 8.0 * 3
    assert action["cancelation"]["mode"] == "NOTIFY_THEN_TERMINATE"


def test_only_who_signs_does_the_last_step_and_it_can_be_left_out() -> None:
    steps = farm_template(STEPS, SETUP)["steps"]
    assert [("attributes" in each["hostRequirements"]) for each in steps] == [False, False, True]
    without = farm_template(STEPS, FarmSetup(SETUP.job, SETUP.store, SETUP.title, finish=False))
    assert [each["name"] for each in without["steps"]] == ["Sounds", "Segments"]
    assert "JobFile" not in {each["name"] for each in without["parameterDefinitions"]}


def test_a_step_without_tasks_is_left_out() -> None:
    steps = farm_template({"Sounds": [], "Segments": [1.0]}, SETUP)["steps"]
    assert [each["name"] for each in steps] == ["Segments", "Finish"]
    assert steps[1]["dependencies"] == [{"dependsOn": "Segments"}]


@given(st.lists(st.floats(0.01, 600), min_size=1, max_size=50))
def test_a_chunk_is_about_a_minute_and_never_more_than_all(seconds: list[float]) -> None:
    step = farm_template({"Segments": seconds}, SETUP)["steps"][0]
    [number] = step["parameterSpace"]["taskParameterDefinitions"]
    count, mean = number["chunks"]["defaultTaskCount"], sum(seconds) / len(seconds)
    assert 1 <= count <= len(seconds)
    assert count == 1 or count * mean <= 1.5 * CHUNK_S


def test_a_path_that_no_template_holds_is_refused() -> None:
    with pytest.raises(JobError, match="JobFile: is too long for a template"):
        farm_template(STEPS, FarmSetup(Path("/" + "x" * 1024), "/store", "title"))


@given(st.lists(st.integers(1, 10**6), min_size=1, max_size=20))
def test_a_list_of_numbers_is_read_as_it_was_written(numbers: list[int]) -> None:
    assert read_numbers(",".join(map(str, numbers)), "") == numbers
    assert read_numbers(f"{numbers[0]}-{numbers[0] + 7}:3", "") == [
        numbers[0],
        numbers[0] + 3,
        numbers[0] + 6,
    ]


@pytest.mark.parametrize(
    "text", ["", "0", "3-1", "1-", "-1", "a", "1,,2", "1-900000000", "1-60000,1-60000", "1;2"]
)
def test_what_is_no_list_of_numbers_is_refused(text: str) -> None:
    with pytest.raises(JobError, match=re.escape(repr(text))):
        read_numbers(text, "--numbers")


def test_tasks_in_a_folder_are_those_that_were_written_last(tmp_path: Path) -> None:
    wanted = tasks(tmp_path, 3)
    write_tasks(tmp_path / "in", wanted)
    assert list(read_numbered(tmp_path / "in", "2-3", "")) == wanted[1:]
    (tmp_path / "in" / "notes.json").write_text("mine")
    write_tasks(tmp_path / "in", wanted[:1])
    assert sorted(each.name for each in (tmp_path / "in").iterdir()) == ["1.json", "notes.json"]
