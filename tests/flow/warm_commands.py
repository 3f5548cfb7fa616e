"""Runs the command as `commands` does, in a tenth of the time: forked from a process that has everything loaded.

For tests of what a command says and makes. Those of how it starts, of its workers and of its key process use
`commands`: here it has none of these.
"""

from __future__ import annotations

import atexit
import json
import os
import socket
import subprocess
import sys
import tempfile
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from post.engine.worker import QUIET
from tests.flow.commands import Answer, environment

ROOT = Path(__file__).parents[2]
Limits = dict[str, int]
HANGS_S = 600  # of processor time: what takes so long never ends


@dataclass
class Running:
    """A command that was started. pid: of its process, the leader of a group of its own."""

    pid: int
    _socket: socket.socket
    _ended: tuple[int, float, float] | None = field(default=None)

    def wait(self, timeout: float | None = None) -> int:
        """Returns its exit code when it has ended: below 0, the signal that ended it.

        timeout: in seconds; subprocess.TimeoutExpired is raised after it.
        """
        if self._ended is None:
            self._socket.settimeout(timeout)
            try:
                code, seconds, kilobytes = json.loads(_line(self._socket))
            except TimeoutError:
                raise subprocess.TimeoutExpired("answerprint", timeout or 0) from None
            self._socket.close()
            self._ended = code, seconds, kilobytes / 1024
        return self._ended[0]

    @property
    def most_mb(self) -> float:
        """The most memory that it took, once it has ended."""
        assert self._ended
        return self._ended[2]


@dataclass(frozen=True, slots=True)
class Measured:
    """How a command ended, what it said on stderr, and the most memory that it took."""

    code: int
    said: str
    most_mb: float


def answerprint(home: Path, *arguments: str | Path, **more: str) -> Answer:
    """Runs a command to its end. more: environment variables."""
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as said:
        running = _forked("films", arguments, (out.fileno(), said.fileno()), environment(home) | more)
        code = running.wait()
        return Answer(code, *(os.pread(file.fileno(), 1 << 30, 0).decode() for file in (out, said)))


def start(home: Path, *arguments: str | Path) -> Running:
    """Starts a command without waiting, in a process group of its own, so that all of it can be killed."""
    with Path(os.devnull).open("w") as quiet:
        return _forked("films", arguments, (quiet.fileno(), quiet.fileno()), environment(home))


def measured(folder: Path, *arguments: str, most_calls: int, most_bytes: int = 8 << 30) -> Measured:
    """Runs a command in a folder, which is its home too, and ends it where it takes more than that.

    most_calls: of functions. What calls none and never comes back, in a library, is ended after HANGS_S.
    """
    limits = {"RLIMIT_CPU": HANGS_S, "RLIMIT_AS": most_bytes, "calls": most_calls}
    with Path(os.devnull).open("w") as quiet, tempfile.TemporaryFile() as said:
        files = quiet.fileno(), said.fileno()
        running = _forked("plain", arguments, files, environment(folder), folder, limits)
        return Measured(running.wait(), os.pread(said.fileno(), 1 << 30, 0).decode(), running.most_mb)


def _forked(
    kind: str,
    arguments: tuple[str | Path, ...],
    files: tuple[int, int],
    around: dict[str, str],
    folder: Path | None = None,
    limits: Limits | None = None,
) -> Running:
    asking = socket.socket(socket.AF_UNIX)
    asking.connect(_server(kind))
    command = {
        "arguments": [*map(str, arguments)], "environment": around, "folder": str(folder or Path.cwd()),
        "limits": limits or {},
    }  # fmt: skip
    socket.send_fds(asking, [json.dumps(command).encode()], files)
    return Running(int(_line(asking)), asking)


def _line(asking: socket.socket) -> bytes:
    line = b""
    while not line.endswith(b"\n"):
        byte = asking.recv(1)
        assert byte, "tests.flow.forked ended"
        line += byte
    return line


@cache
def _server(kind: str) -> str:
    """Returns where `tests.flow.forked` listens, which is started once in a run of tests, and ends with it."""
    folder = tempfile.TemporaryDirectory(prefix="answerprint-forked-")
    at = f"{folder.name}/socket"
    around = environment(Path(folder.name)) | QUIET | {"PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-m", "tests.flow.forked", at, kind]
    server = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=around, cwd=ROOT)

    def end() -> None:
        for pipe in (server.stdin, server.stdout):
            with suppress(OSError):
                assert pipe
                pipe.close()
        server.wait()
        folder.cleanup()

    atexit.register(end)
    assert server.stdout
    assert server.stdout.readline() == b"ready\n", "tests.flow.forked ended"
    return at
