"""A place has one owner, who is named; what killed owners left is taken over."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import warnings
from pathlib import Path
from threading import Thread

import pytest

from post.errors import OutputError, RetryError
from post.owned import owned

ROOT = Path(__file__).parents[1]
HOLDER = """
import sys
from pathlib import Path
from post.owned import owned
with owned(Path(sys.argv[1]), "the folder"):
    print("held", flush=True)
    sys.stdin.readline()
"""


def holder(lock: Path) -> subprocess.Popen[str]:
    """Starts a process that owns a place until it is sent a line."""
    running = subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(lock)],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env={**os.environ, "PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    assert running.stdout is not None
    assert running.stdout.readline() == "held\n"
    return running


def test_a_second_owner_is_refused_by_the_name_of_the_first(tmp_path: Path) -> None:
    lock = tmp_path / ".lock"
    with owned(lock, "the folder"), pytest.raises(RetryError) as fault, owned(lock, "the folder"):
        pass
    assert f"process {os.getpid()}, since 20" in str(fault.value.got)
    assert fault.value.exit_code == 75
    assert not lock.exists()


def test_a_second_owner_that_waits_comes_when_the_first_has_gone(tmp_path: Path) -> None:
    lock, running = tmp_path / ".lock", None
    running = holder(lock)
    came: list[bool] = []

    def come() -> None:
        with warnings.catch_warnings(record=True) as said:
            warnings.simplefilter("always")
            with owned(lock, "the folder", wait=True):
                came.append(running.poll() is not None or f"process {running.pid}" in str(said[0].message))

    waiting = Thread(target=come)
    waiting.start()
    waiting.join(0.5)
    assert came == []
    running.communicate("go\n")
    waiting.join()
    assert came == [True]


def test_what_a_killed_owner_left_is_taken_over_and_said(tmp_path: Path) -> None:
    lock = tmp_path / ".lock"
    running = holder(lock)
    running.kill()
    running.communicate()
    assert lock.exists()
    taken_over = f"left locked by .*process {running.pid}.*taken over"
    with pytest.warns(UserWarning, match=taken_over), owned(lock, "the folder"):
        assert json.loads(lock.read_text())["pid"] == os.getpid()


@pytest.mark.parametrize("text", ["", "{", "[]", '{"user": "\\u202e\\u001b[2J", "host": 1}'])
def test_a_lock_file_of_nonsense_is_taken_over(tmp_path: Path, text: str) -> None:
    (tmp_path / ".lock").write_text(text)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        with owned(tmp_path / ".lock", "the folder"):
            pass


def test_a_link_planted_for_the_lock_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "victim").write_text("precious")
    (tmp_path / ".lock").symlink_to("victim")
    with pytest.raises(OutputError, match="cannot be written to"), owned(tmp_path / ".lock", "the folder"):
        pass
    assert (tmp_path / "victim").read_text() == "precious"


def test_of_many_owners_at_once_each_is_alone(tmp_path: Path) -> None:
    lock, inside, worst = tmp_path / ".lock", [0], [0]

    def own() -> None:
        for _ in range(20):
            with owned(lock, "the folder", wait=True):
                inside[0] += 1
                worst[0] = max(worst[0], inside[0])
                inside[0] -= 1

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        threads = [Thread(target=own) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert worst == [1]


def test_the_folder_of_an_owner_that_was_refused_is_made_again(tmp_path: Path) -> None:
    with owned(tmp_path / "gone" / ".lock", "the folder"):
        assert (tmp_path / "gone" / ".lock").exists()


def test_a_pipe_in_the_place_of_the_lock_is_refused_at_once(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / ".lock")
    with pytest.raises(OutputError, match="cannot be written to"), owned(tmp_path / ".lock", "the folder"):
        pass


def test_the_lock_of_another_is_not_removed(tmp_path: Path) -> None:
    lock = tmp_path / ".lock"
    with owned(lock, "the folder"):
        lock.unlink()
        lock.write_text("{}")
    assert lock.exists()


def test_a_file_system_without_locks_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def none(*_: object) -> None:
        raise OSError(37, "No locks available")

    monkeypatch.setattr("fcntl.flock", none)
    with pytest.warns(UserWarning, match="has no locks"), owned(tmp_path / ".lock", "the folder"):
        pass
