"""Faults while a film is made: full and read-only disks, workers that die, a user who stops it."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from post.engine.worker import LANES
from tests.flow.bad import ALONE, Room
from tests.flow.commands import COMMAND, Answer, answerprint, environment
from tests.flow_job import JOB, make_clips

# Large enough that a run lasts a few seconds after its workers are up.
LARGER = JOB.replace("width: 160\n    height: 90", "width: 1280\n    height: 720").replace(
    "crf: 0", "crf: 20"
)
HANGS_S = 600  # what takes so long never ends
Mount = Callable[[Path, str], None]

pytestmark = pytest.mark.skipif(not Path("/proc").is_dir(), reason="no /proc to see processes in")


@pytest.fixture
def room(tmp_path: Path) -> Room:
    make_clips(tmp_path)
    room = Room(tmp_path)
    room.write("small.yaml", JOB)
    return room


@pytest.fixture
def mount() -> Iterator[Mount]:
    """Returns a function that mounts a small disk at a folder: root ignores permissions, so only a disk refuses."""
    mounted: list[Path] = []

    def put(folder: Path, options: str) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        command = ["mount", "-t", "tmpfs", "-o", options, "tmpfs", str(folder)]
        try:
            done = subprocess.run(command, capture_output=True, text=True, check=False)
        except FileNotFoundError:
            pytest.skip("no mount command")
        if done.returncode:
            pytest.skip(f"no disk can be mounted here: {done.stderr.strip()}")
        mounted.append(folder)

    yield put
    for folder in mounted:
        subprocess.run(["umount", "-l", str(folder)], check=True)


def finish(room: Room) -> Answer:
    return answerprint(room.home, *room.finish())


def test_a_read_only_output_is_refused_before_any_work(room: Room, mount: Mount) -> None:
    mount(room.out, "ro")
    answer = finish(room)
    assert (answer.code, answer.out) == (2, "")
    assert answer.said == (
        f"{room.out}: cannot be written to; expected a folder that this user may write to, "
        "got Read-only file system; choose another place\n"
    )
    assert list(room.store.rglob("*")) == []


def test_a_read_only_store_is_refused(room: Room, mount: Mount) -> None:
    mount(room.store, "ro")
    answer = finish(room)
    assert (answer.code, answer.out) == (2, "")
    assert answer.said.startswith(f"{room.store}")
    assert answer.said.endswith("got Read-only file system; choose another place\n")
    assert answer.said.count("\n") == 1
    assert not room.out.exists()


@pytest.mark.parametrize("place", ["store", "out"])
def test_a_full_disk_is_reported_and_the_next_run_continues(place: str, room: Room, mount: Mount) -> None:
    folder = getattr(room, place)
    room.finish_with(*ALONE)
    mount(folder, "size=200k")
    answer = finish(room)
    assert (answer.code, answer.out) == (75, ""), answer.said
    assert answer.said.startswith(f"{folder}")
    assert answer.said.endswith(": the disk is full; free some space and run again; what was made is kept\n")
    assert answer.said.count("\n") == 1
    assert room.half_written() == []
    assert not room.out.exists() or list(room.out.iterdir()) == []
    subprocess.run(["mount", "-o", "remount,size=50m", str(folder)], check=True)
    (row,) = finish(room).data["deliverables"]
    assert row["signed"]


def test_a_task_whose_workers_all_die_exits_with_try_again(room: Room) -> None:
    running = started(room)
    deadline = time.monotonic() + HANGS_S
    while running.poll() is None and time.monotonic() < deadline:
        for worker in workers_of(running.pid):
            with suppress(ProcessLookupError):
                os.kill(worker, signal.SIGKILL)
        time.sleep(0.01)
    out, said = running.communicate()
    assert (running.returncode, out) == (75, "")
    # While it plans there is one worker, which is not started again; each task is tried three times.
    assert "a worker was ended from outside; got SIGKILL" in said or (
        said.startswith("wide: ") and "every worker that made this died; got exit code -9" in said
    )
    assert said.count("\n") == 1
    assert room.half_written() == []
    assert list(room.out.iterdir()) == []


@pytest.mark.parametrize(
    "moment",
    [lambda room, pid: bool(workers_of(pid)), lambda room, pid: any(room.store.rglob("*.part"))],
    ids=["as workers start", "as they write"],
)
def test_ctrl_c_ends_a_run_at_once_and_leaves_no_half_written_file(
    moment: Callable[[Room, int], bool], room: Room
) -> None:
    room.write("small.yaml", LARGER)
    running = started(room)
    wait_for(lambda: moment(room, running.pid))
    # A terminal sends SIGINT to every process of the group.
    answer = stopped(room, running, os.killpg, signal.SIGINT)
    assert answer == (130, "", "interrupted; what was made so far is kept\n")
    assert room.half_written() == []
    assert list(room.out.iterdir()) == []


def test_a_service_managers_sigterm_does_the_same_as_ctrl_c(room: Room) -> None:
    room.write("small.yaml", LARGER)
    running = started(room)
    wait_for(lambda: any(room.store.rglob("*.part")))
    assert stopped(room, running, os.kill, signal.SIGTERM) == (128 + signal.SIGTERM, "", "")
    assert room.half_written() == []
    assert list(room.out.iterdir()) == []


def stopped(
    room: Room, running: subprocess.Popen[str], send: Callable[[int, int], None], stop: signal.Signals
) -> tuple[int, str, str]:
    """Returns its exit code, stdout and stderr. It and its workers must end, and begin nothing more: at most what each
    was at is made."""
    before, workers = results(room), len(workers_of(running.pid))
    send(running.pid, stop)
    out, said = running.communicate(timeout=HANGS_S)
    wait_for(lambda: not group(running.pid))
    assert len(results(room) - before) <= LANES * workers
    return running.returncode, out, said


def results(room: Room) -> set[Path]:
    """Returns the results that are whole in the store: each is there once its seal is."""
    return set(room.store.glob("[0-9a-f][0-9a-f]/*.seal"))


def test_a_reader_that_closes_its_pipe_is_not_an_error(room: Room) -> None:
    running = subprocess.Popen(
        [COMMAND, "stages", "--json"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=environment(room.home),
    )
    assert running.stdout is not None
    assert running.stderr is not None
    running.stdout.close()
    said = running.stderr.read()
    running.stderr.close()
    assert (running.wait(), said) == (0, b"")


def started(room: Room) -> subprocess.Popen[str]:
    room.out.mkdir(exist_ok=True)
    return subprocess.Popen(
        [COMMAND, *map(str, room.finish())],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=environment(room.home),
        start_new_session=True,
        # As a terminal has it: what a suite in the background ignores, its children ignore too.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # noqa: PLW1509  one thread runs here
    )


def wait_for(so: Callable[[], bool]) -> None:
    deadline = time.monotonic() + HANGS_S
    while not so():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def processes() -> Iterator[tuple[int, int, int]]:
    """Yields (process, its parent, its group) of every live process. Source: proc(5), /proc/pid/stat."""
    for folder in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            state, parent, leader = (folder / "stat").read_text().rpartition(")")[2].split()[:3]
            if state not in ("Z", "X"):
                yield int(folder.name), int(parent), int(leader)


def workers_of(pid: int) -> list[int]:
    """Returns its worker processes, which differ from multiprocessing's own by their arguments."""
    found = []
    for process, parent, _ in processes():
        with suppress(OSError):
            if parent == pid and b"spawn_main" in Path(f"/proc/{process}/cmdline").read_bytes():
                found.append(process)
    return found


def group(pid: int) -> list[int]:
    return [process for process, _, leader in processes() if leader == pid]
