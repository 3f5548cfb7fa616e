"""Which files --log takes, and what it does where they cannot be written."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path
from typing import Any

import pytest

from post.cli.app import run
from post.cli.logs import logging_to
from post.errors import OutputError
from tests.flow.bad import Room
from tests.flow.commands import COMMAND, environment


@pytest.mark.parametrize("words", [("--log",), ("--log="), ("--log", "--json")])
def test_a_log_without_a_file_is_refused(words: Any, capfd: pytest.CaptureFixture[str]) -> None:
    words = (words,) if isinstance(words, str) else words
    assert run(["stages", *words]) == 2
    said = capfd.readouterr()
    assert said.out == ""
    assert said.err.startswith("--log: no file is named; expected --log FILE")


def test_a_log_that_cannot_be_written_is_one_error_before_anything_is_done(
    room: Room, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    notes = tmp_path / "notes.txt"
    notes.write_text("mine")
    wrong = {tmp_path: "Is a directory", tmp_path / "none" / "log": "No such file", notes: "is not a log"}
    for path, why in wrong.items():
        assert run(["finish", str(room.job), "-o", str(tmp_path / "out"), "--log", str(path)]) == 2
        said = capfd.readouterr()
        assert said.out == ""
        assert said.err.startswith(f"--log {path}: ")
        assert why in said.err
        assert said.err.count("\n") == 1
    assert not (tmp_path / "out").exists()
    assert notes.read_text() == "mine"
    with pytest.raises(OutputError), logging_to(Path("\0"), False):
        pass


def test_a_full_disk_is_said_once_and_ends_nothing(tmp_path: Path) -> None:
    resource = pytest.importorskip("resource")
    log = tmp_path / "log"
    done = subprocess.run(
        [COMMAND, "stages", "look", "--log", str(log)],
        capture_output=True,
        text=True,
        check=False,
        # No file may grow beyond the limit: a write fails there as on a full disk. Python's own files would be cut.
        env=environment(tmp_path) | {"PYTHONDONTWRITEBYTECODE": "1"},
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (100, 100)),
    )
    assert (done.returncode, done.stdout[:4]) == (0, "look")
    assert done.stderr == f"warning: {log}: the log cannot be written; records are missing in it\n"


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes with names here")
def test_a_log_that_is_no_file_is_refused_and_never_waited_for(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    os.mkfifo(tmp_path / "pipe")
    for path in (tmp_path / "pipe", Path(os.devnull)):
        assert run(["stages", "look", "--log", str(path)]) == 2
        said = capfd.readouterr()
        assert said.out == ""
        assert (
            said.err
            == f"--log {path}: the log cannot be written; got a pipe or a device; name another file\n"
        )
