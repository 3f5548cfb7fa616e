"""Runs cases in a worker, and judges how each ended."""

from __future__ import annotations

import resource
import time
from dataclasses import dataclass, field
from pathlib import Path
from threading import Timer
from types import TracebackType
from typing import Self

from post.engine import WorkerPool
from post.errors import AnswerprintError
from tests.fuzz.drive import Driver, Used, used
from tests.fuzz.mutate import Whole

FINE = (2, 3, 6, 7)  # exits that say what is wrong with a file
MOST_MEMORY = 1 << 30
TALLIED = 60  # characters of an error by which cases are counted


@dataclass(frozen=True, slots=True)
class Ended:
    """How a case ended. said: the result or the error; finding: what is wrong with that, or ""; died: the worker did;
    memory: the most bytes that it took."""

    said: str
    finding: str = ""
    cpu_s: float = 0.0
    memory: int = 0
    died: bool = False


@dataclass(frozen=True, slots=True)
class Most:
    """What a case may take: seconds of processor time, and by the clock."""

    cpu_s: float = 5.0
    wall_s: float = 30.0


@dataclass(slots=True)
class Tally:
    """What a run has found so far."""

    cases: int = 0
    findings: int = 0
    deaths: int = 0
    slowest_s: float = 0.0
    slowest: str = ""
    memory: int = 0
    said: dict[str, int] = field(default_factory=dict)

    def add(self, name: str, ended: Ended) -> None:
        """Counts a case."""
        self.cases += 1
        self.findings += bool(ended.finding)
        self.deaths += ended.died
        self.memory = max(self.memory, ended.memory)
        if ended.cpu_s > self.slowest_s:
            self.slowest_s, self.slowest = ended.cpu_s, name
        self.said[ended.said[:TALLIED]] = self.said.get(ended.said[:TALLIED], 0) + 1


class Watcher:
    """Runs cases in one worker, which stays. A context manager."""

    def __init__(self, drive: Driver, folder: Path, may_die: bool, most: Most = Most()) -> None:
        """folder: where each file is written, one after the other; may_die: whether the product, too, does this in
        a worker, whose end is an error of the file."""
        self._drive, self._folder = drive, folder
        self._may_die, self._most = may_die, most
        self._pool = WorkerPool(1)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._pool.__exit__(kind, error, trace)

    def run(self, file: Whole) -> Ended:
        """Drives a file."""
        path = self._folder / file.name
        path.write_bytes(file.data)
        before, gone = self._pool.call(used), _of_the_dead()
        started = time.monotonic()
        timer = Timer(self._most.wall_s, self._end)
        timer.start()
        said, finding = self._said(path)
        timer.cancel()
        path.unlink()
        wall_s = time.monotonic() - started
        after, late = self._after()
        died = after.process != before.process
        cpu_s = (_of_the_dead() - gone if died else after.cpu_s) - before.cpu_s
        memory = 0 if died else after.most - before.memory
        ended = Ended(said, finding or self._excess(cpu_s, wall_s, memory, died, late), cpu_s, memory, died)
        if ended.finding:
            self._pool.rest()  # what it took is not counted again
        return ended

    def _after(self) -> tuple[Used, bool]:
        """Returns what the worker has used, and whether it died after it had answered."""
        try:
            return self._pool.call(used), False
        except AnswerprintError:
            return self._pool.call(used), True

    def _said(self, path: Path) -> tuple[str, str]:
        """Returns the error that a file ends with, and what is wrong with that."""
        try:
            self._pool.call(self._drive, path)
        except AnswerprintError as fault:
            said = f"{fault.exit_code} {type(fault).__name__}: {fault.what}"
            return said, "" if fault.exit_code in FINE else f"{said}: {fault}"
        except Exception as fault:  # noqa: BLE001  a bug is what is looked for
            return "bug", "\n".join((str(fault), *getattr(fault, "__notes__", ())))
        return "a result", ""

    def _excess(self, cpu_s: float, wall_s: float, memory: int, died: bool, late: bool) -> str:
        if died and (late or not self._may_die):
            return "the process died"
        if cpu_s > self._most.cpu_s and not died:
            return f"took {cpu_s:.1f} s of processor time"
        if wall_s > self._most.wall_s:
            return f"took {wall_s:.0f} s"
        return f"took {memory >> 20} MB" if memory > MOST_MEMORY else ""

    def _end(self) -> None:
        for worker in self._pool._workers:  # ended as the system would end it
            worker.process.kill()


def _of_the_dead() -> float:
    """Returns the processor seconds of this process's children that have ended."""
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return children.ru_utime + children.ru_stime
