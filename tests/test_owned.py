"""A place has one owner, who is named; what killed owners left is taken over."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

from post.errors import OutputError, RetryError
from post.owned import FOREVER, SAID_AFTER_S, editing, owned

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
            with owned(lock, "the folder", wait_s=FOREVER):
                came.append(running.poll() is not None or f"process {running.pid}" in str(said[0].message))

    waiting = Thread(target=come)
    waiting.start()
    waiting.join(SAID_AFTER_S + 1)
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
    lock = tmp_path / ".lock"
    lock.symlink_to("victim")
    with pytest.raises(OutputError, match="in the place of a lock.*got a link"), owned(lock, "the folder"):
        pass
    assert (tmp_path / "victim").read_text() == "precious"


def test_of_many_owners_at_once_each_is_alone(tmp_path: Path) -> None:
    lock, inside, worst = tmp_path / ".lock", [0], [0]

    def own() -> None:
        for _ in range(20):
            with owned(lock, "the folder", wait_s=FOREVER):
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


def pipe(path: Path) -> None:
    os.mkfifo(path)


def folder(path: Path) -> None:
    path.mkdir()


def dangling(path: Path) -> None:
    path.symlink_to("nowhere")


def second_name(path: Path) -> None:
    (path.parent / "victim").write_text("precious")
    path.hardlink_to(path.parent / "victim")


def bound(path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as made:
        made.bind(str(path))


@pytest.mark.parametrize(
    ("plant", "got"),
    [
        (pipe, "a pipe"), (folder, "a folder"), (dangling, "a link"), (bound, "a device or a socket"),
        (second_name, "a file with other names too"),
    ],
)  # fmt: skip
def test_what_is_no_lock_is_refused_at_once_by_one_error(
    plant: Callable[[Path], None], got: str, tmp_path: Path
) -> None:
    lock = tmp_path / ".lock"
    plant(lock)
    with pytest.raises(OutputError) as fault, owned(lock, "the folder", wait_s=FOREVER):
        pass
    assert str(fault.value) == f"{lock}: is in the place of a lock; expected nothing, got {got}; remove it"
    assert lock.is_symlink() or lock.exists()
    assert not (tmp_path / "victim").exists() or (tmp_path / "victim").read_text() == "precious"


# As another user of the machine: owns the place that it is told, or says in JSON what it was told.
OTHER_USER = """
import fcntl, json, os, pwd, sys, warnings
from pathlib import Path
from post.errors import AnswerprintError
from post.owned import owned
os.setgroups([]), os.setgid(54321), os.setuid(54321)  # once all is imported: it may lie in root's own folder
said = []
warnings.showwarning = lambda message, *_: said.append(str(message))
warnings.simplefilter("always")
try:
    with owned(Path(sys.argv[1]), "the folder"):
        print(json.dumps(["owned", *said]))
except AnswerprintError as fault:
    print(json.dumps([fault.exit_code, str(fault)]))
"""
only_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root can become another user")


@pytest.fixture
def shared() -> Iterator[Path]:
    """A folder that every user may write to, below folders that they may enter."""
    made = Path(tempfile.mkdtemp(prefix="answerprint-shared-"))
    made.chmod(0o777)
    yield made
    shutil.rmtree(made)


def as_other_user(lock: Path) -> Any:
    ran = subprocess.run(
        [sys.executable, "-c", OTHER_USER, str(lock)],
        capture_output=True, text=True, env={**os.environ, "PYTHONPATH": str(ROOT)}, check=False,
    )  # fmt: skip
    assert ran.returncode == 0, ran.stderr
    return json.loads(ran.stdout)


@only_root
@pytest.mark.parametrize("mode", [0o777, 0o1777])
@pytest.mark.parametrize("umask", [0o022, 0o077])
def test_another_user_is_told_who_owns_a_shared_folder(mode: int, umask: int, shared: Path) -> None:
    shared.chmod(mode)
    before = os.umask(umask)
    try:
        with owned(shared / ".lock", "the folder"):
            code, said = as_other_user(shared / ".lock")
    finally:
        os.umask(before)
    assert code == 75
    assert f"process {os.getpid()}, since 20" in said


@only_root
@pytest.mark.parametrize("mode", [0o777, 0o1777])
def test_another_user_takes_over_what_a_killed_run_left_in_a_shared_folder(mode: int, shared: Path) -> None:
    shared.chmod(mode)
    lock = shared / ".lock"
    lock.write_text(json.dumps({"user": "ann", "host": "h", "pid": 1, "since": "2026"}))
    lock.chmod(0o644)
    came, *said = as_other_user(lock)
    assert came == "owned"
    assert said == [
        "the folder was left locked by ann on h, process 1, since 2026, which has ended; taken over"
    ]


@only_root
def test_a_lock_that_nobody_else_can_read_is_refused_by_its_users_name(shared: Path) -> None:
    (shared / ".lock").touch(0o600)
    assert as_other_user(shared / ".lock")[0] == 75
    assert "got user root" in as_other_user(shared / ".lock")[1]


@only_root
def test_a_folder_that_this_user_cannot_write_to_is_said(shared: Path) -> None:
    shared.chmod(0o755)
    code, said = as_other_user(shared / ".lock")
    assert code == 2
    assert "cannot be written to" in said


def test_a_change_of_one_file_waits_for_another_and_ends_by_the_owners_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("post.owned.SHORT_WORK_S", 0.2)
    with editing(tmp_path / "job.yaml"), pytest.raises(RetryError) as fault, editing(tmp_path / "job.yaml"):
        pass
    assert "job.yaml: is still being written to by somebody else after 0 s" in str(fault.value)
    assert f"process {os.getpid()}, since 20" in str(fault.value)
    assert list(tmp_path.iterdir()) == []


def test_where_no_open_file_can_be_removed_it_is_closed_first(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As on Windows, which has no flock either."""
    monkeypatch.setitem(sys.modules, "fcntl", None)
    closed: list[int] = []
    close, unlink = os.close, Path.unlink

    def closing(handle: int) -> None:
        closed.append(handle)
        close(handle)

    def unlinking(path: Path, missing_ok: bool = False) -> None:
        if not closed:
            raise PermissionError(13, "it is open")
        unlink(path, missing_ok)

    with owned(tmp_path / ".lock", "the folder"):
        monkeypatch.setattr("post.owned.ON_WINDOWS", True)
        monkeypatch.setattr(os, "close", closing)
        monkeypatch.setattr(Path, "unlink", unlinking)
    monkeypatch.undo()
    assert len(closed) == 1
    assert list(tmp_path.iterdir()) == []


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
