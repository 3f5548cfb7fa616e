"""A worker: one spawned process (the native libraries are not fork-safe) with a thread for each of its lanes.

    parent                                  worker
    send(lane, task)          ------>       lane's thread: make_if_missing
    recv()                    <------       (lane, None or the error) | a log record

Lanes share what takes longest to start: the libraries, the compiled kernels, tables and grain fields.
"""

from __future__ import annotations

import logging
import os
import pickle
import signal
import sys
import time
import traceback
from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from logging.handlers import QueueHandler
from multiprocessing import get_context, resource_tracker
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path
from queue import SimpleQueue
from threading import Lock, Thread, current_thread, main_thread
from uuid import uuid4

from post import LOGGERS
from post.engine.store import Store
from post.engine.task import Task, do_task
from post.errors import AnswerprintError

# Decoders, scalers and encoders release the interpreter lock, the kernel does not. The kernel is a twentieth of a
# frame's work: two lanes seldom wait for each other, four would with fast encoders.
LANES = 2
LAST_S = 4  # a worker that was told to end is killed after this
# One thread each: lanes are the parallelism, and encoders are cheapest in CPU seconds single-threaded.
THREADS = (
    "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "HL_NUM_THREADS", "OPENCV_FOR_THREADS_NUM",
)  # fmt: skip
# SVT-AV1 prints to stderr whatever FFmpeg's log level is; its level 1 is errors.
QUIET = {**dict.fromkeys(THREADS, "1"), "SVT_LOG": "1"}

# Lane, the task as JSON, its key, the store's folder, and what it is sealed with.
Sent = tuple[int, str, str, str, bytes]
log = logging.getLogger(__name__)


@dataclass(slots=True)
class Lane:
    """One thread of a worker: the task it is on, and those it does next."""

    task: Task | None = None
    run: deque[Task] = field(default_factory=deque)

    def again(self) -> Lane:
        """Returns a lane with the same tasks ahead of it, the one it was on first."""
        return Lane(None, deque([self.task, *self.run] if self.task else self.run))


@dataclass(slots=True)
class Worker:
    """One process, seen from its parent. name: the writer's name in the store; store: that of its last task."""

    process: BaseProcess
    pipe: Connection
    name: str
    lanes: list[Lane]
    store: Store | None = None

    def send(self, lane: int, task: Task, store: Store) -> None:
        """Sends a task to a lane. Raises OSError where the process has died."""
        self.store = store
        self.pipe.send((lane, task.to_json(), task.key, str(store.root), store.seal_key))

    def bury(self) -> None:
        """Waits for its end, kills it if necessary, and removes its unfinished results."""
        self.pipe.close()
        self.process.join(timeout=LAST_S)
        if self.process.is_alive():
            self.process.kill()
            self.process.join()
        if self.store is not None:
            self.store.clear(self.name)


def lanes_for(tasks: Sequence[Task], count: int) -> list[list[Lane]]:
    """Returns `count` lanes by worker, in as few workers as possible; one lane each where a task must be alone."""
    each = 1 if any(task.alone for task in tasks) else LANES
    return [[Lane() for _ in range(min(each, count - first))] for first in range(0, count, each)]


def spawn(lanes: list[Lane]) -> Worker:
    """Starts a process with a thread for each lane. What it logs is sent to this process."""
    context = get_context("spawn")
    ours, theirs = context.Pipe()
    name, level = uuid4().hex, logging.getLogger(LOGGERS[0]).getEffectiveLevel()
    process = context.Process(target=_serve, args=(theirs, os.getpid(), name, len(lanes), level), daemon=True)
    with _deaf_to_interrupts():
        process.start()
    theirs.close()
    return Worker(process, ours, name, lanes)


def make_if_missing(text: str, key: str, store: Store) -> None:
    """Does a task unless its result is in the store. text: the task as JSON. Raises what the task raises."""
    if store.get(key) is not None:
        return
    started = time.monotonic()
    with store.put(key) as path:
        name, shot = do_task(text, path)
    seconds = round(time.monotonic() - started, 3)
    log.info("made %s in %.2f s", name, seconds, extra={"key": key, "shot": shot, "seconds": seconds})


@contextmanager
def _deaf_to_interrupts() -> Iterator[None]:
    """Starts processes inside that ignore Ctrl-C, which a terminal sends to every process: their parent ends them.

    A Ctrl-C that comes meanwhile is raised afterwards, so that no start is interrupted half-way.
    """
    if not hasattr(signal, "pthread_sigmask") or current_thread() is not main_thread():
        yield
        return
    resource_tracker.ensure_running()  # starting it, with the first process, unblocks SIGINT
    heard: list[int] = []
    # A new process inherits the mask. Another thread of this process may still receive the signal.
    handler = signal.signal(signal.SIGINT, lambda number, _: heard.append(number))
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
        signal.signal(signal.SIGINT, handler)
    if heard:
        raise KeyboardInterrupt


def _serve(pipe: Connection, parent: int, name: str, lanes: int, level: int) -> None:
    """Runs a worker: passes tasks to its lanes until the pipe closes; then each lane finishes its task."""
    os.environ.update(QUIET)  # before anything here loads numpy
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    queues: list[SimpleQueue[Sent | None]] = [SimpleQueue() for _ in range(lanes)]
    answers = _Answers(pipe)
    for top in LOGGERS:
        logging.getLogger(top).setLevel(level)
        logging.getLogger(top).addHandler(_LogSender(answers))
    threads = [Thread(target=_work, args=(queue, name, answers), daemon=True) for queue in queues]
    for thread in threads:
        thread.start()
    with suppress(EOFError, OSError):
        while os.getppid() == parent or sys.platform == "win32":
            sent: Sent = pipe.recv()
            queues[sent[0]].put(sent)
    for queue in queues:
        queue.put(None)
    for thread in threads:
        thread.join()


class _Answers:
    """Sends messages to the parent, one at a time."""

    def __init__(self, pipe: Connection) -> None:
        self._pipe, self._lock = pipe, Lock()

    def send(self, message: object) -> None:
        # When the parent has gone, reading from the pipe fails too, and the worker ends.
        with self._lock, suppress(OSError, EOFError):
            self._pipe.send(message)


class _LogSender(QueueHandler):
    """Sends log records to the parent, as plain text and numbers."""

    def __init__(self, answers: _Answers) -> None:
        super().__init__(SimpleQueue())  # unused: `enqueue` sends
        self._answers = answers

    def enqueue(self, record: logging.LogRecord) -> None:
        self._answers.send(record)


def _portable(fault: BaseException | None) -> BaseException | None:
    """Returns the error, or its text as a RuntimeError where it cannot be pickled (a plug-in's may not)."""
    try:
        pickle.dumps(fault)
    except Exception:  # noqa: BLE001  an object's own pickling may raise anything
        return RuntimeError(f"in a worker: {type(fault).__name__}: {fault}")
    return fault


def _work(queue: SimpleQueue[Sent | None], name: str, answers: _Answers) -> None:
    """Runs a lane: takes a task, sends its answer (None, or the error), and so on until it gets None."""
    stores: dict[tuple[str, bytes], Store] = {}
    while (sent := queue.get()) is not None:
        lane, text, key, root, seal_key = sent
        answers.send((lane, _portable(_fault(text, key, (root, seal_key), stores, name))))


def _fault(
    text: str, key: str, place: tuple[str, bytes], stores: dict[tuple[str, bytes], Store], name: str
) -> BaseException | None:
    """Does a task, and returns the error that it ended with, or None. place: the store's folder and key."""
    try:
        if place not in stores:
            stores[place] = Store(Path(place[0]), place[1], name)
        make_if_missing(text, key, stores[place])
    except AnswerprintError as error:
        return error
    except BaseException as error:  # noqa: BLE001  a bug, or a plug-in's exit: sent as text, for not every error pickles
        fault = RuntimeError(f"in a worker: {type(error).__name__}: {error}")
        fault.add_note(traceback.format_exc())  # shown with the traceback, with --debug
        return fault
    return None
