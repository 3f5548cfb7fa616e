"""A real Dask scheduler and real workers, each a process of its own on this machine, that can be killed."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

from tests.flow.commands import COMMAND, environment

ROOT = Path(__file__).parents[2]
Process = subprocess.Popen[str]


@dataclass
class Cluster:
    """A scheduler at one port, which stays the same when it is started again, and workers. folder: the home of all."""

    folder: Path
    store: str
    port: int = 0
    scheduler: Process | None = None
    workers: list[Process] = field(default_factory=list)
    more: dict[str, str] = field(default_factory=dict)

    @property
    def address(self) -> str:
        return f"tcp://127.0.0.1:{self.port}"

    def start_scheduler(self) -> None:
        """Starts the scheduler, and waits until it listens."""
        self.port = self.port or _free_port()
        command = [
            sys.executable, "-m", "distributed.cli.dask_scheduler", "--host", "127.0.0.1", "--port", str(self.port),
            "--no-dashboard",
        ]  # fmt: skip
        self.scheduler = self._started(command, "scheduler")
        _until(lambda: _listens(self.port), self.scheduler)

    def start_worker(self, *options: str, home: Path | None = None, before: tuple[str, ...] = ()) -> Process:
        """Starts a worker, and waits until it has joined. home: another than the cluster's own; before: the words
        of a command that starts it."""
        command = [
            *before, COMMAND, "worker", "--scheduler", f"127.0.0.1:{self.port}", "--store", self.store,
            "--workers", "1", *options,
        ]  # fmt: skip
        worker = self._started(command, f"worker{len(self.workers)}", home)
        self.workers.append(worker)
        _until(lambda: "joined" in self.said(worker), worker)
        return worker

    def said(self, process: Process) -> str:
        """Returns what a process wrote to stderr so far."""
        return _logs[process.pid].read_text()

    def kill(self, process: Process) -> None:
        """Kills a process and all that it started."""
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        if process in self.workers:
            self.workers.remove(process)

    def end(self) -> None:
        """Kills whatever still runs."""
        for process in [*self.workers, *filter(None, [self.scheduler])]:
            if process.poll() is None:
                self.kill(process)

    def _started(self, command: list[str], name: str, home: Path | None = None) -> Process:
        around = environment(home or self.folder) | {"PYTHONPATH": str(ROOT)} | self.more
        log = self.folder / f"{name}-{time.monotonic_ns()}.txt"
        with log.open("w") as out:
            process = subprocess.Popen(
                command, stdout=out, stderr=out, env=around, start_new_session=True, text=True
            )
        _logs[process.pid] = log
        return process


_logs: dict[int, Path] = {}


def _free_port() -> int:
    with socket.socket() as asking:
        asking.bind(("127.0.0.1", 0))
        return int(asking.getsockname()[1])


def _listens(port: int) -> bool:
    with socket.socket() as asking:
        return asking.connect_ex(("127.0.0.1", port)) == 0


def _until(happened: object, process: Process) -> None:
    assert callable(happened)
    for _ in range(3000):
        if happened():
            return
        assert process.poll() is None, _logs[process.pid].read_text()
        time.sleep(0.02)
    raise TimeoutError(_logs[process.pid].read_text())
