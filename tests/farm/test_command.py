"""The command `farm`: what it writes is run by the real `openjd run`, to the same frames as `finish` makes."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path

import av
import pytest

from tests.farm.openjd import openjd
from tests.flow.commands import COMMAND
from tests.flow.warm_commands import answerprint
from tests.flow_job import JOB, make_clips


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A user's folder whose path has a space and letters of no ASCII, with a job in it."""
    folder = tmp_path_factory.mktemp("farm") / "Ünï {{x}} code"
    folder.mkdir()
    make_clips(folder)
    (folder / "job.yaml").write_text(JOB)
    return folder


@pytest.fixture(scope="module")
def template(home: Path) -> Path:
    data = answerprint(
        home, "farm", home / "job.yaml", "-o", home / "sent", "--store", home / "st", "--json"
    ).data
    assert (data["tasks"], data["kept"], data["steps"]) == (5, 0, ["Sounds", "Segments", "Finish"])
    return Path(data["template"])


def frames(film: Path) -> Iterator[str]:
    """Yields a digest of each decoded picture, then of each block of decoded sound."""
    with av.open(str(film)) as opened:
        for picture in opened.decode(video=0):
            yield hashlib.sha256(picture.to_ndarray().tobytes()).hexdigest()
    with av.open(str(film)) as opened:
        for block in opened.decode(audio=0):
            yield hashlib.sha256(block.to_ndarray().tobytes()).hexdigest()


def everything(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.mark.slow
def test_openjd_runs_the_template_to_the_frames_that_finish_makes(home: Path, template: Path) -> None:
    code, said = openjd(home, "run", template, "-p", f"Answerprint={COMMAND}")
    assert code == 0, said
    assert "openjd_progress: 100.0" in said
    assert "4 tasks done: 4 made" in said
    assert "4 segments (4 reused), signed" in said
    made = answerprint(
        home, "finish", home / "job.yaml", "-o", home / "here", "--store", home / "other", "--json"
    )
    assert [row["reused"] for row in made.data["deliverables"]] == [0]
    here, there = (list(frames(folder / "wide.mp4")) for folder in (home / "here", template.parent / "films"))
    assert len(here) > 87
    assert there == here
    # Again: no task is made, and the film stays as it was signed.
    before = (template.parent / "films" / "wide.mp4").read_bytes()
    tasks = (
        "worker",
        "--task",
        template.parent / "tasks" / "segments",
        "--numbers",
        "1-4",
        "--store",
        home / "st",
    )
    assert [each["made"] for each in answerprint(home, *tasks, "--json").data["tasks"]] == [False] * 4
    again = ("finish", home / "job.yaml", "-o", template.parent / "films", "--store", home / "st")
    assert answerprint(home, *again).code == 0
    assert (template.parent / "films" / "wide.mp4").read_bytes() == before


def test_the_same_job_is_written_in_the_same_bytes_without_a_secret(home: Path, template: Path) -> None:
    folder = template.parent
    before = {name: held for name, held in everything(folder).items() if not name.startswith("films")}
    args = ("farm", home / "job.yaml", "-o", folder, "--store", home / "st")
    assert answerprint(home, *args).code == 0
    after = {name: held for name, held in everything(folder).items() if not name.startswith("films")}
    assert after == before
    keys = [path.read_bytes() for path in (home / ".config" / "answerprint").rglob("*.key")]
    assert keys
    assert not any(key in held or key.hex().encode() in held for key in keys for held in after.values())


def test_a_worker_that_fails_tells_the_farm_why(home: Path, template: Path) -> None:
    folder = template.parent / "tasks" / "segments"
    answer = answerprint(
        home, "worker", "--task", folder, "--numbers", "9", "--store", home / "st", "--openjd"
    )
    assert answer.code == 3
    assert answer.out.startswith("openjd_fail: ")
    assert "9.json" in answer.out


def test_numbers_are_those_of_a_folder(home: Path, template: Path) -> None:
    folder = template.parent / "tasks" / "segments"
    for words in ((folder,), (folder / "1.json", "--numbers", "1")):
        answer = answerprint(home, "worker", "--task", *words, "--store", home / "st")
        assert answer.code == 2
        assert "numbers are those of a folder of tasks" in answer.said


def test_what_cannot_be_written_leaves_no_template(home: Path) -> None:
    (home / "taken").write_text("a file")
    answer = answerprint(home, "farm", home / "job.yaml", "-o", home / "taken", "--store", home / "st")
    assert answer.code == 2
    assert json.dumps(answer.out) == '""'
    assert (home / "taken").read_text() == "a file"
