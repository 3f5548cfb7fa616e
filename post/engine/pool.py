"""The local engine: worker processes that stay up between tasks (spawned, since the native
libraries are not fork-safe), each keeping its decoders, kernels and tables."""

from __future__ import annotations

import os
import signal
import sys
import traceback
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from multiprocessing import get_context, resource_tracker
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from pathlib import Path
from threading import current_thread, main_thread
from types import TracebackType
from uuid import uuid4

from post.engine.store import Store
from post.engine.task import Task, do_task
from post.errors import AnswerprintError, RetryError

TRIES = 3  # of a task whose worker died; a task that kills three workers is itself the fault
LAST_S = 4  # for a worker to end by itself, once asked to
# One thread each: the pool is the parallelism, and encoders are cheapest in CPU seconds single-threaded.
THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "HL_NUM_THREADS")
# SVT-AV1 prints to stderr whatever FFmpeg's log level is; its level 1 is errors.
QUIET = {**dict.fromkeys(THREADS, "1"), "SVT_LOG": "1"}


@dataclass(frozen=True, slots=True)
class Event:
    """What an engine reports: a task was found in the store or made."""

    task: Task
    made: bool
    done: int
    total: int


@dataclass(slots=True)
class Worker:
    """One process and the task it is on. name: what it writes under; store: the last one it was sent to."""

    process: BaseProcess
    pipe: Connection
    name: str
    store: Store | None = None
    task: Task | None = None
    run: deque[Task] = field(default_factory=deque)


class Pool:
    """`workers` processes of this machine. A context manager: leaving it ends them."""

    def __init__(self, workers: int) -> None:
        self.size = workers
        self._workers: list[Worker] = []

    def __enter__(self) -> Pool:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for worker in self._workers:
            worker.pipe.close()
            if kind is not None:
                worker.process.terminate()
        for worker in self._workers:
            _bury(worker)
        self._workers.clear()

    def run(self, tasks: Sequence[Task], store: Store) -> Iterator[Event]:
        """Each task once, as it is found or made. Tasks with one key are done once.

        Raises the first error of a task, after which nothing more is started; RetryError where
        workers die on it again and again.
        """
        unique = list({task.key: task for task in tasks}.values())
        missing = [task for task in unique if store.get(task.key) is None]
        done, total = len(unique) - len(missing), len(unique)
        waiting = {task.key for task in missing}
        yield from (
            Event(t, False, n + 1, total) for n, t in enumerate(t for t in unique if t.key not in waiting)
        )
        tries: dict[str, int] = {}
        self._deal(missing)
        while waiting:
            for worker in self._ready(store):
                task = worker.task
                assert task is not None
                worker.task = None
                if self._answer(worker, task, tries):
                    waiting.discard(task.key)
                    done += 1
                    yield Event(task, True, done, total)

    def _deal(self, tasks: Sequence[Task]) -> None:
        """Each worker an equal run of neighbours, so that a decoder goes forward through its clip."""
        wanted = min(self.size, len(tasks))
        while len(self._workers) < wanted:
            self._workers.append(_spawn())
        runs = _runs(tasks, len(self._workers))
        for worker, run in zip(self._workers, runs, strict=True):
            worker.run = run

    def _ready(self, store: Store) -> list[Worker]:
        """Give every idle worker its next task, then wait until at least one has answered or died."""
        for place, worker in enumerate(self._workers):
            task = self._next(worker) if worker.task is None else None
            if task is None:
                continue
            worker.task, worker.store = task, store
            try:
                worker.pipe.send((task.to_json(), task.key, str(store.root)))
            except OSError:
                # It died while idle: a fresh one takes its place and its run.
                self._workers[place] = _replace(worker)
        busy = {worker.pipe: worker for worker in self._workers if worker.task}
        if not busy:
            return []
        return [busy[pipe] for pipe in wait(list(busy)) if isinstance(pipe, Connection)]

    def _next(self, worker: Worker) -> Task | None:
        if worker.run:
            return worker.run.popleft()
        longest = max(self._workers, key=lambda other: len(other.run))
        return longest.run.pop() if longest.run else None

    def _answer(self, worker: Worker, task: Task, tries: dict[str, int]) -> bool:
        """Whether the task is done. A dead worker is replaced and its task tried again."""
        try:
            fault = worker.pipe.recv()
        except (EOFError, OSError):
            tries[task.key] = tries.get(task.key, 0) + 1
            fresh = _replace(worker)
            self._workers[self._workers.index(worker)] = fresh
            if tries[task.key] >= TRIES:
                raise RetryError(
                    "workers died while making this, again and again",
                    where=task.name,
                    got=f"exit code {worker.process.exitcode}",
                    fix="check free memory; fewer --workers need less",
                ) from None
            fresh.run.appendleft(task)
            return False
        if fault is not None:
            raise fault
        return True


class Here:
    """In this process, in order: for tests, and for looking inside."""

    def __enter__(self) -> Here:
        return self

    def __exit__(self, *_: object) -> None:
        return None

    def run(self, tasks: Sequence[Task], store: Store) -> Iterator[Event]:
        unique = list({task.key: task for task in tasks}.values())
        for done, task in enumerate(unique, start=1):
            missing = store.get(task.key) is None
            if missing:
                _keep(task.to_json(), task.key, store)
            yield Event(task, missing, done, len(unique))


def _runs(tasks: Sequence[Task], workers: int) -> list[deque[Task]]:
    """Neighbouring tasks in runs of about equal cost."""
    runs: list[deque[Task]] = [deque() for _ in range(workers)]
    total, spent = sum(task.cost for task in tasks), 0
    for task in tasks:
        runs[min(spent * workers // max(total, 1), workers - 1)].append(task)
        spent += task.cost
    return runs


def _spawn() -> Worker:
    context = get_context("spawn")
    ours, theirs = context.Pipe()
    name = uuid4().hex
    process = context.Process(target=_serve, args=(theirs, os.getpid(), name), daemon=True)
    with _deaf_to_interrupts():
        process.start()
    theirs.close()
    return Worker(process, ours, name)


@contextmanager
def _deaf_to_interrupts() -> Iterator[None]:
    """Processes started inside never hear Ctrl-C, which a terminal sends to every process: their parent
    does, and ends them. One that comes meanwhile is raised afterwards, so that no start stops half-way."""
    if not hasattr(signal, "pthread_sigmask") or current_thread() is not main_thread():
        yield
        return
    resource_tracker.ensure_running()  # as it starts, with the first process, it lets SIGINT through again
    heard: list[int] = []
    # The mask is what a new process inherits; another thread of this one may still be handed the signal.
    handler = signal.signal(signal.SIGINT, lambda number, _: heard.append(number))
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
        signal.signal(signal.SIGINT, handler)
    if heard:
        raise KeyboardInterrupt


def _bury(worker: Worker) -> None:
    """Wait for its end, help it if need be, and clear up what it was writing."""
    worker.pipe.close()
    worker.process.join(timeout=LAST_S)
    if worker.process.is_alive():
        worker.process.kill()
        worker.process.join()
    if worker.store is not None:
        worker.store.clear(worker.name)


def _replace(worker: Worker) -> Worker:
    """A fresh process with the same run ahead of it (and the task it was on, if it was on one)."""
    _bury(worker)
    fresh = _spawn()
    fresh.run = worker.run
    if worker.task is not None:
        fresh.run.appendleft(worker.task)
    return fresh


def _serve(pipe: Connection, parent: int, name: str) -> None:
    """A worker's life: a task, its answer (None, or the error), and so on until the pipe closes."""
    os.environ.update(QUIET)  # before anything here loads numpy
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    stores: dict[str, Store] = {}
    while os.getppid() == parent or sys.platform == "win32":
        try:
            text, key, root = pipe.recv()
        except (EOFError, OSError, KeyboardInterrupt):
            return
        store = stores.get(root) or stores.setdefault(root, Store(Path(root), name))
        fault: BaseException | None = None
        try:
            _keep(text, key, store)
        except KeyboardInterrupt:
            return
        except AnswerprintError as error:
            fault = error
        except Exception as error:  # noqa: BLE001  a bug: it travels as text, since not every error pickles
            fault = RuntimeError(f"in a worker: {type(error).__name__}: {error}")
            fault.add_note(traceback.format_exc())  # shown with the traceback, which is --debug's
        try:
            pipe.send(fault)
        except (OSError, EOFError):
            return


def _keep(text: str, key: str, store: Store) -> None:
    if store.get(key) is None:
        with store.put(key) as path:
            do_task(text, path)


Progress = Callable[[Event], None]
