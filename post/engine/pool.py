"""Runs tasks on this machine: in worker processes that stay up between tasks, each doing a few at once."""

from __future__ import annotations

import logging
import os
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait
from pathlib import Path
from types import TracebackType
from typing import Any, TypeVar

from post.engine.messages import CallDone, CallSent, TaskDone
from post.engine.store import Store
from post.engine.task import Task
from post.engine.worker import LANES, Lane, Worker, lanes_for, make_if_missing, spawn
from post.errors import RetryError, SourceError

T = TypeVar("T")
MB = 1_000_000
TRIES = 3  # of a task whose worker died: after three dead workers the task itself is the fault
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class TaskEvent:
    """A task whose result is in the store now. made: not there before; done, total: tasks so far, and in all."""

    task: Task
    made: bool
    done: int
    total: int


class WorkerPool:
    """Up to `workers` tasks at a time, in processes of this machine. A context manager: leaving it ends them."""

    def __init__(self, workers: int, loads: tuple[str, ...] = (), keep_mb: int = 0) -> None:
        """loads: modules that the first worker imports, while this process goes on; keep_mb: a rest leaves workers that
        have nothing to do and take less memory than this together, in MB: to start them takes longer than most work."""
        self.size, self._loads, self._keep_mb = workers, loads, keep_mb
        self._workers: list[Worker] = []

    def __enter__(self) -> WorkerPool:
        self._start()
        return self

    def _start(self) -> Worker:
        """Returns the worker for calls, which is started if there is none."""
        if not self._workers:
            self._workers.append(spawn([Lane() for _ in range(min(self.size, LANES))], self._loads))
        return self._workers[0]

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is not None:
            for worker in self._workers:
                worker.process.terminate()
        self.end()

    def stop(self) -> None:
        """Ends every worker at once, from any thread; who waits for an answer gets an error."""
        for worker in tuple(self._workers):
            worker.process.terminate()

    def rest(self) -> None:
        """Ends every worker, and so frees its memory; the next run starts others. Small ones stay, with `keep_mb`."""
        if not (self._keep_mb and _are_small(self._workers, self._keep_mb)):
            self.end()

    def end(self) -> None:
        """Ends every worker."""
        for worker in self._workers:
            worker.pipe.close()
            # One with nothing to do has nothing to lose: its interpreter would take a tenth of a second to tidy up.
            if not any(lane.task for lane in worker.lanes):
                worker.process.terminate()
        for worker in self._workers:
            worker.bury()
        self._workers.clear()

    def run(self, tasks: Sequence[Task], store: Store) -> Iterator[TaskEvent]:
        """Yields an event for each task as its result is found or made. Tasks with one key are done once.

        Raises the first error of a task, after which nothing more is started; RetryError where
        workers die on one task again and again.
        """
        unique = list({task.key: task for task in tasks}.values())
        missing, found = find_missing(unique, store)
        yield from found
        done, total = len(unique) - len(missing), len(unique)
        waiting = {task.key for task in missing}
        tries: dict[str, int] = {}
        self._deal(missing)
        while waiting:
            for worker in self._ready(store, tries):
                finished = self._receive(worker, tries)
                if finished is not None:
                    waiting.discard(finished.key)
                    done += 1
                    yield TaskEvent(finished, True, done, total)

    def call(self, function: Callable[..., T], *arguments: Any) -> T:
        """Calls a module's function in a worker, within the worker's limits, and returns what it returns.

        The worker stays for the tasks that follow. arguments, and what is returned, are pickled.
        Raises what the function raises; SourceError where a library crashed or took too long over a file,
        RetryError where the worker was ended from outside.
        """
        worker = self._start()
        worker.lent = tuple(each for each in arguments if isinstance(each, Store))
        heard = None
        # An error is raised outside of the handler: one that keeps a failed send's frames ends Python 3.12 in a crash.
        with suppress(EOFError, OSError):
            worker.pipe.send(CallSent(function, arguments))
            while not isinstance(heard := worker.recv(), CallDone):
                pass
        if not isinstance(heard, CallDone):
            worker.bury()
            self._workers.remove(worker)
            raise worker.death()
        if heard.fault is not None:
            raise heard.fault
        made: T = heard.value
        return made

    @property
    def _lanes(self) -> list[Lane]:
        return [lane for worker in self._workers for lane in worker.lanes]

    def _deal(self, tasks: Sequence[Task]) -> None:
        """Gives each lane an equal run of neighbours, so that a decoder goes forward through its clip."""
        if any(task.alone for task in tasks) and any(len(worker.lanes) > 1 for worker in self._workers):
            self.end()
        lacking = min(self.size, len(tasks)) - len(self._lanes)
        self._workers += [spawn(lanes) for lanes in lanes_for(tasks, lacking)]
        for lane, run in zip(self._lanes, split_runs(tasks, len(self._lanes)), strict=True):
            lane.run = run

    def _ready(self, store: Store, tries: dict[str, int]) -> list[Worker]:
        """Gives every idle lane its next task, then waits until at least one worker has sent or died."""
        for worker in list(self._workers):
            if not self._feed(worker, store):
                self._replace(worker, tries)
        busy = {worker.pipe: worker for worker in self._workers if any(lane.task for lane in worker.lanes)}
        if not busy:
            return []
        return [busy[pipe] for pipe in wait(list(busy)) if isinstance(pipe, Connection)]

    def _feed(self, worker: Worker, store: Store) -> bool:
        """Gives every idle lane of a worker its next task. Returns False where the worker has died."""
        with suppress(OSError):
            for number, lane in enumerate(worker.lanes):
                task = self._next(lane) if lane.task is None else None
                if task is not None:
                    lane.task = task
                    worker.send(number, task, store)
            return True
        return False

    def _next(self, lane: Lane) -> Task | None:
        """Returns a lane's next task: of its own run, or else the last of the longest run left."""
        if lane.run:
            return lane.run.popleft()
        longest = max(self._lanes, key=lambda other: len(other.run))
        return longest.run.pop() if longest.run else None

    def _receive(self, worker: Worker, tries: dict[str, int]) -> Task | None:
        """Reads what a worker sent. Returns the task that is done; None for anything else, and where the
        worker died. Raises the task's error."""
        heard, alive = None, False
        with suppress(EOFError, OSError):
            heard, alive = worker.recv(), True
        if not alive:
            self._replace(worker, tries)
        if not isinstance(heard, TaskDone):
            return None
        if heard.fault is not None:
            raise heard.fault
        task, worker.lanes[heard.lane].task = worker.lanes[heard.lane].task, None
        return task

    def _replace(self, worker: Worker, tries: dict[str, int]) -> None:
        """Replaces a worker that died, and tries its tasks again, each in a process of its own.

        So it is known which task kills its worker, and no other task dies with it.

        Raises SourceError where one file is known to be at fault, RetryError for a task that has been tried often
        enough.
        """
        worker.bury()
        code, fault = worker.process.exitcode, worker.death()
        if len(worker.lanes) == 1 and isinstance(fault, SourceError):
            raise fault
        on = [lane.task for lane in worker.lanes if lane.task]
        for task in on:
            tries[task.key] = tries.get(task.key, 0) + 1
        if on:
            died(on, code, tries)
        at = self._workers.index(worker)
        self._workers[at : at + 1] = [spawn([lane.again()]) for lane in worker.lanes]


class InProcess:
    """Runs tasks in this process, in order: for tests, and for profiling."""

    def __enter__(self) -> InProcess:
        return self

    def __exit__(self, *_: object) -> None:
        return None

    def rest(self) -> None:
        """Does nothing: there is no process to end."""

    def stop(self) -> None:
        """Does nothing: there is no process to end."""

    def call(self, function: Callable[..., T], *arguments: Any) -> T:
        """Calls a function, and returns what it returns."""
        return function(*arguments)

    def run(self, tasks: Sequence[Task], store: Store) -> Iterator[TaskEvent]:
        """Yields an event for each task as its result is found or made. Raises the first error of a task."""
        unique = list({task.key: task for task in tasks}.values())
        for done, task in enumerate(unique, start=1):
            missing = store.get(task.key) is None
            if missing:
                _log_missing(task)
                make_if_missing(task.to_json(), task.key, store)
            else:
                _log_reused(task)
            yield TaskEvent(task, missing, done, len(unique))


def find_missing(tasks: Sequence[Task], store: Store) -> tuple[list[Task], list[TaskEvent]]:
    """Returns the tasks whose results the store lacks, and an event for each of the others."""
    there = store.present(task.key for task in tasks)
    found = [task for task in tasks if task.key in there]
    missing = [task for task in tasks if task.key not in there]
    for task in found:
        _log_reused(task)
    for task in missing:
        _log_missing(task)
    return missing, [TaskEvent(task, False, done, len(tasks)) for done, task in enumerate(found, start=1)]


def died(tasks: Sequence[Task], code: int | None, tries: Mapping[str, int]) -> None:
    """Says, in one line, that a worker died while it made tasks. Raises RetryError for one where that has happened
    often enough.

    tries: how often each was tried, by key.
    """
    names = " and ".join(task.name for task in tasks)
    first = {"key": tasks[0].key, "shot": tasks[0].shot, "exit_code": code, "tries": tries[tasks[0].key]}
    log.warning("a worker died (exit code %s) while making %s", code, names, extra=first)
    for task in tasks:
        if tries[task.key] >= TRIES:
            raise RetryError(
                "every worker that made this died",
                where=task.name,
                got=f"exit code {code}",
                fix="check free memory; fewer --workers need less",
            )
    log.info("trying %s again, %sin a process of its own", names, "each " * (len(tasks) > 1), extra=first)


def _log_reused(task: Task) -> None:
    log.info("kept %s: its result is in the store", task.name, extra={"key": task.key, "shot": task.shot})


def _log_missing(task: Task) -> None:
    log.info(
        "to make %s: the store has no result for it", task.name, extra={"key": task.key, "shot": task.shot}
    )


def _are_small(workers: Sequence[Worker], most_mb: int) -> bool:
    """Returns whether workers have nothing to do and take less memory together. Where no system tells, they do not."""
    try:
        # Pages that a process has in memory (proc(5)).
        pages = [int(Path(f"/proc/{each.process.pid}/statm").read_text().split()[1]) for each in workers]
    except (OSError, ValueError, IndexError):
        return False
    idle = not any(lane.task or lane.run for worker in workers for lane in worker.lanes)
    return idle and sum(pages) * os.sysconf("SC_PAGE_SIZE") < most_mb * MB


def split_runs(tasks: Sequence[Task], lanes: int) -> list[deque[Task]]:
    """Returns the tasks in `lanes` runs of neighbours, of about equal cost."""
    runs: list[deque[Task]] = [deque() for _ in range(lanes)]
    total, spent = sum(task.cost for task in tasks), 0
    for task in tasks:
        runs[min(spent * lanes // max(total, 1), lanes - 1)].append(task)
        spent += task.cost
    return runs
