"""Every bad input gives one clear error and its exit code, and leaves nothing half-written."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from post.cli.app import run
from tests.flow.bad import ALONE, Bad, Room
from tests.flow.bad_commands import COMMANDS
from tests.flow.bad_files import FILES, signed_then_changed
from tests.flow.bad_jobs import JOBS
from tests.flow_job import make_clips

pytestmark = pytest.mark.usefixtures("kept_workers")
ROWS = (*JOBS, *FILES, *COMMANDS)
EXPECTED: dict[str, dict[str, Any]] = YAML(typ="safe").load(Path(__file__).with_name("bad_inputs.yaml"))


@pytest.fixture(scope="module")
def clips(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("clips")
    make_clips(folder)
    return folder


@pytest.fixture
def room(clips: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Room:
    """Returns a room with a job's clips, and an output folder with a film of an earlier run."""
    shutil.copytree(clips, tmp_path, dirs_exist_ok=True)
    room = Room(tmp_path)
    room.write("out/wide.mp4", b"an older film")
    monkeypatch.setenv("ANSWERPRINT_CONFIG", str(room.config))
    monkeypatch.setenv("ANSWERPRINT_STORE", str(room.store))
    return room


@pytest.mark.parametrize("bad", ROWS, ids=[row.name for row in ROWS])
def test_a_bad_input_gives_its_exact_error_and_leaves_no_file(
    bad: Bad, room: Room, capfd: pytest.CaptureFixture[str]
) -> None:
    command = [str(word) for word in bad.make(room)]
    before = room.seen()
    capfd.readouterr()
    code = run(command)
    said = capfd.readouterr()
    expected = EXPECTED[bad.name]
    pattern = re.escape(expected["says"].replace("{room}", str(room.folder))).replace("…", "[^\n]+")
    assert re.fullmatch(pattern, said.err), said.err
    assert (code, said.out) == (expected["code"], "")
    assert room.seen() == before
    assert room.half_written() == []


def test_every_bad_input_has_its_expected_answer_and_no_answer_is_left_over() -> None:
    assert sorted(row.name for row in ROWS) == sorted(EXPECTED)
    assert len(ROWS) >= 40


@pytest.mark.parametrize("row", EXPECTED.values(), ids=EXPECTED)
def test_an_answer_has_one_fault_on_each_line(row: dict[str, Any]) -> None:
    lines = row["says"].removesuffix("\n").split("\n")
    assert row["code"] in (2, 3, 4, 5, 6, 7, 75)
    assert all(line and line == line.strip() and "Traceback" not in line for line in lines)
    # Each line names its place, or, for wrong command-line words, where to find help.
    assert all(re.match(r"\S.*?: .|.*; see `answerprint --help`", line) for line in lines)


def test_a_tampered_clip_that_is_accepted_is_declared(
    room: Room, capfd: pytest.CaptureFixture[str], whole_film: Callable[..., dict[str, Any]]
) -> None:
    signed_then_changed(room)
    data = whole_film(("dusk: dusk.mp4", "dusk: {file: dusk.mp4, accept: the agency's own transcode}"))
    assert data["deliverables"][0]["signed"]
    (receipt,) = json.loads(Path(data["receipt"]).read_text())["receipts"]
    (dusk,) = [part for part in receipt["ingredients"] if part["title"] == "dusk.mp4"]
    assert dusk["credential"] == "tampered"
    assert ["accepted", "the agency's own transcode", "recorded"] in dusk["record"]
    assert run(["verify", data["deliverables"][0]["path"], "--json"]) == 6
    found = json.loads(capfd.readouterr().out)
    assert (found["integrity"], found["chain"]) == ("intact", "laundered")


def test_a_text_named_mp4_is_a_finding_not_an_error(room: Room, capfd: pytest.CaptureFixture[str]) -> None:
    text = room.write("list.mp4", b"eggs\n" * 99)
    assert run(["verify", str(text), "--json"]) == 6
    said = capfd.readouterr()
    assert json.loads(said.out)["integrity"] == "unreadable"
    assert said.err == ""


@pytest.fixture
def whole_film(room: Room, capfd: pytest.CaptureFixture[str]) -> Callable[..., dict[str, Any]]:
    """Returns a function that finishes the job with words replaced, which must succeed."""

    def finish(*edits: tuple[str, str]) -> dict[str, Any]:
        code = run([str(word) for word in room.finish_with(*ALONE, *edits)])
        said = capfd.readouterr()
        assert code == 0, said.err
        data: dict[str, Any] = json.loads(said.out)
        return data

    return finish
