"""Runs commands in processes that are forked from one which has loaded everything, each within a tenth of a second.

`python -m tests.flow.forked SOCKET WARM` listens at SOCKET until its stdin closes. WARM is `films` where it has made a
film before, so that those forked have the kernel compiled; `plain` where not. For each connection:

    test        -->  argv, environment, folder and limits as JSON, with the files for stdout and stderr
    its number  <--  forked, in a session of its own; it runs `post.cli.main`
    exit code, seconds of processor, most memory  <--  when it has ended

A command works in its one process: no worker, no key process. Start it with the environment
`post.engine.worker.QUIET`: forking is safe while there is one thread.
"""

from __future__ import annotations

import io
import json
import os
import resource
import select
import signal
import socket
import sys
import traceback
from contextlib import redirect_stdout, suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from types import FrameType
from typing import Any, NoReturn

import av  # noqa: F401  is loaded before forking

import post.cli
import post.deliver.finish
import post.preflight.plan_checked
import post.report.page
import post.takes.probe
from post.cli.app import run
from tests.flow_job import JOB, make_clips
from tests.made.one_process import work_in_one_process

MOST_SENT = 1 << 20


def make_film() -> None:
    """Makes the small film in this process, and nothing that stays."""
    with TemporaryDirectory() as folder, redirect_stdout(io.StringIO()):
        there = Path(folder)
        make_clips(there)
        (there / "job.yaml").write_text(JOB)
        os.environ.update(ANSWERPRINT_CONFIG=f"{there}/config", ANSWERPRINT_STORE=f"{there}/store")
        assert run(["finish", str(there / "job.yaml"), "-o", str(there / "out"), "--json"]) == 0
        assert run(["verify", str(there / "out" / "wide.mp4"), "--json"]) == 0


def serve(listening: socket.socket) -> None:
    """Answers until stdin closes."""
    while True:
        ready, _, _ = select.select([listening.fileno(), 0], [], [])
        if 0 in ready:
            return
        asking, _ = listening.accept()
        # One process for each connection, which forks the command and waits for it: commands run at once.
        if not os.fork():
            listening.close()
            _answer(asking)
        asking.close()
        with suppress(ChildProcessError):
            while os.waitpid(-1, os.WNOHANG)[0]:  # those that have answered
                pass


def _answer(asking: socket.socket) -> NoReturn:
    said, files, _, _ = socket.recv_fds(asking, MOST_SENT, 2)
    command: dict[str, Any] = json.loads(said)
    if not (child := os.fork()):
        asking.close()
        _command(command, files)
    asking.sendall(f"{child}\n".encode())
    _, status, used = os.wait4(child, 0)
    code = os.waitstatus_to_exitcode(status)
    used_up = [code, used.ru_utime + used.ru_stime, used.ru_maxrss]
    asking.sendall(f"{json.dumps(used_up)}\n".encode())
    os._exit(0)


def _command(command: dict[str, Any], files: list[int]) -> NoReturn:
    os.setsid()
    for number, file in enumerate(files, start=1):
        os.dup2(file, number)
        os.close(file)
    os.chdir(command["folder"])
    os.environ.clear()
    os.environ.update(command["environment"])
    limits: dict[str, int] = command["limits"]
    most_calls = limits.pop("calls", 0)
    for limit, most in limits.items():
        resource.setrlimit(getattr(resource, limit), (most, most))
    if most_calls:
        _limit_calls(most_calls)
    sys.argv = ["answerprint", *command["arguments"]]
    code: object = 70
    try:
        post.cli.main()
    except SystemExit as end:
        code = end.code
    except BaseException:  # noqa: BLE001  it is shown, and the process ends here
        traceback.print_exc()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code if isinstance(code, int) else 0)


def _limit_calls(most: int) -> None:
    """Ends this process as soon as it has called so many functions, those of libraries included."""
    left = iter(range(most))

    def profile(_frame: FrameType, event: str, _arg: Any) -> None:
        if event.endswith("call") and next(left, None) is None:
            os.kill(os.getpid(), signal.SIGXCPU)

    sys.setprofile(profile)


if __name__ == "__main__":
    work_in_one_process()
    if sys.argv[2] == "films":
        make_film()
    assert len(os.listdir("/proc/self/task")) == 1  # noqa: PTH208
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(sys.argv[1])
        listening.listen(64)
        print("ready", flush=True)
        serve(listening)
