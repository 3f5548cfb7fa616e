"""A worker: one spawned process (the native libraries are not fork-safe) with a thread for each of its lanes.

    parent                                  worker
    send(lane, task)          ------>       lane's thread: make_if_missing
    call(function, ...)       ------>       first lane's thread: the function
    recv()                    <------       TaskDone | CallDone | what was logged, warned of, or begun to be read

Lanes share what takes longest to start: the libraries, the compiled kernels, tables and grain fields. Foreign files
are read in workers, within limits (`post.watchdog`): a worker that exceeds them ends, and no other process with it.
"""

from __future__ import annotations

import logging
import os
import signal
import sys
import time
import traceback
from collections import deque
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from importlib import import_module
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from queue import SimpleQueue
from threading import Thread
from typing import Any
from uuid import uuid4

from post import spawned
from post.engine.exit_codes import fault_of
from post.engine.messages import CallDone, CallSent, FileBegun, TaskDone, TaskSent
from post.engine.opening import open_place
from post.engine.store import Store
from post.engine.store_place import StorePlace
from post.engine.task import Task, do_task
from post.errors import AnswerprintError, RetryError
from post.os_faults import system_fault
from post.spawned import Answers, log_level, pass_on, portable
from post.watchdog import arm, most_memory

# Decoders, scalers and encoders release the interpreter lock, the kernel does not. The kernel is a twentieth of a
# frame's work: two lanes seldom wait for each other, four would with fast encoders.
LANES = 2
MB = 1_000_000
# One thread each: lanes are the parallelism, and encoders are cheapest in CPU seconds single-threaded.
THREADS = (
    "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "HL_NUM_THREADS", "OPENCV_FOR_THREADS_NUM",
)  # fmt: skip
# SVT-AV1 prints to stderr whatever FFmpeg's log level is; its level 1 is errors.
QUIET = {**dict.fromkeys(THREADS, "1"), "SVT_LOG": "1"}

Sent = TaskSent | CallSent
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
    """One process, seen from its parent.

    name: the writer's name in the store; store: that of its last task; lent: stores of its last call, in which it
    writes under their own name; reading: the file it last began to read.
    """

    process: BaseProcess
    pipe: Connection
    name: str
    lanes: list[Lane]
    store: Store | None = None
    lent: tuple[Store, ...] = ()
    reading: str = ""

    def send(self, lane: int, task: Task, store: Store) -> None:
        """Sends a task to a lane. Raises OSError where the process has died."""
        self.store = store
        self.pipe.send(TaskSent(lane, task.to_json(), task.key, store.place))

    def recv(self) -> TaskDone | CallDone | None:
        """Returns what the process sent; None for what was only to be passed on. Raises OSError where it has died."""
        heard = self.pipe.recv()
        if isinstance(heard, TaskDone | CallDone):
            return heard
        if isinstance(heard, FileBegun):
            self.reading = heard.name
        else:
            pass_on(heard)
        return None

    def death(self) -> AnswerprintError:
        """Returns the error for what a process died of. Call it after `bury`."""
        return fault_of(self.process.exitcode or 0, self.reading)

    def bury(self) -> None:
        """Waits for its end, kills it if necessary, and removes its unfinished results."""
        spawned.bury(self.process, self.pipe)
        if self.store is not None:
            self.store.clear(self.name)
        if self.process.exitcode:
            for store in self.lent:
                store.clear(store.writer)


def lanes_for(tasks: Sequence[Task], count: int) -> list[list[Lane]]:
    """Returns `count` lanes by worker, in as few workers as possible; one lane each where a task must be alone."""
    each = 1 if any(task.alone for task in tasks) else LANES
    return [[Lane() for _ in range(min(each, count - first))] for first in range(0, count, each)]


def spawn(lanes: list[Lane], loads: tuple[str, ...] = ()) -> Worker:
    """Starts a process with a thread for each lane. What it logs is sent to this process.

    loads: modules that it imports before anything else.
    """
    name = uuid4().hex
    process, pipe = spawned.spawn(_serve, os.getpid(), name, len(lanes), log_level(), loads)
    return Worker(process, pipe, name, lanes)


def make_if_missing(text: str, key: str, store: Store) -> None:
    """Does a task unless its result is in the store. text: the task as JSON. Raises what the task raises."""
    if store.get(key) is not None:
        return
    started = time.monotonic()
    with store.put(key) as path:
        name, shot = do_task(text, path)
    seconds = round(time.monotonic() - started, 3)
    log.info("made %s in %.2f s", name, seconds, extra={"key": key, "shot": shot, "seconds": seconds})


def _serve(pipe: Connection, parent: int, name: str, lanes: int, level: int, loads: tuple[str, ...]) -> None:
    """Runs a worker: passes what it is sent to its lanes until the pipe closes; then each lane finishes its task."""
    os.environ.update(QUIET)  # before anything here loads numpy
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    queues: list[SimpleQueue[Sent | None]] = [SimpleQueue() for _ in range(lanes)]
    answers = Answers(pipe)
    answers.forward(level)
    arm(lambda file: answers.send(FileBegun(file)))
    threads = [Thread(target=_work, args=(queue, name, answers), daemon=True) for queue in queues]
    for thread in threads:
        thread.start()
    for module in loads:
        import_module(module)
    with suppress(EOFError, OSError):
        while os.getppid() == parent or sys.platform == "win32":
            sent: Sent = pipe.recv()
            queues[sent.lane if isinstance(sent, TaskSent) else 0].put(sent)
    if os.name == "posix" and os.getppid() != parent:
        # It was killed, and nobody waits for what the lanes make. A thread of a library may hold up an end in peace.
        signal.raise_signal(signal.SIGKILL)
    for queue in queues:
        queue.put(None)
    for thread in threads:
        thread.join()


def _work(queue: SimpleQueue[Sent | None], name: str, answers: Answers) -> None:
    """Runs a lane: takes what it is sent, sends the answer, and so on until it gets None."""
    stores: dict[StorePlace, Store] = {}
    while (sent := queue.get()) is not None:
        if isinstance(sent, CallSent):
            _call(sent, answers)
        else:
            _, fault = _tried(partial(_made, sent, stores, name))
            answers.send(TaskDone(sent.lane, fault))


def _call(sent: CallSent, answers: Answers) -> None:
    """Calls a function, and sends what it returns or raises."""
    value, fault = _tried(partial(sent.function, *sent.arguments))
    _, unsent = _tried(partial(answers.send, CallDone(value, fault)))
    if unsent is not None:  # what it returns cannot be pickled: a bug
        answers.send(CallDone(None, unsent))


def _made(sent: TaskSent, stores: dict[StorePlace, Store], name: str) -> None:
    if sent.place not in stores:
        stores[sent.place] = open_place(sent.place, name).quiet()
    make_if_missing(sent.text, sent.key, stores[sent.place])


def _tried(act: Callable[[], Any]) -> tuple[Any, BaseException | None]:
    """Returns what an act returns, and the error that it ended with, or None."""
    try:
        return act(), None
    except AnswerprintError as error:
        return None, portable(error)
    except MemoryError:
        return None, RetryError(
            "needs more memory than it may have",
            expected=f"at most {most_memory() // MB} MB for a worker" if most_memory() else "",
            fix="fewer --workers need less; or use a machine with more memory",
        )
    except BaseException as error:  # noqa: BLE001  a bug, or a plug-in's exit
        return None, system_fault(error) or _bug(error)


def _bug(error: BaseException) -> RuntimeError:
    """Returns an error as text, for not every error pickles."""
    fault = RuntimeError(f"in a worker: {type(error).__name__}: {error}")
    fault.add_note(traceback.format_exc())  # shown with the traceback, with --debug
    return fault
