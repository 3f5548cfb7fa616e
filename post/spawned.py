"""Starts processes of this program's own, and passes on what they log and warn of.

    parent                                        child
    process, pipe = spawn(serve, ...)  ------>    serve(pipe, ...)
                                                  answers = Answers(pipe); answers.forward(level)
    pass_on(pipe.recv())               <------    a log record | Warned | what `serve` sends

They are spawned, not forked: the native libraries are not fork-safe.
"""

from __future__ import annotations

import logging
import pickle
import signal
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from logging.handlers import QueueHandler
from multiprocessing import get_context, resource_tracker
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from queue import SimpleQueue
from threading import Lock, current_thread, main_thread
from typing import Any

from post import LOGGERS

LAST_S = 4  # a process that was told to end is killed after this


def spawn(serve: Callable[..., None], *arguments: Any) -> tuple[BaseProcess, Connection]:
    """Starts a process that calls `serve(pipe, *arguments)`. Returns it, with our end of the pipe.

    It does not hear Ctrl-C until `serve` listens for it, and ends with this process.
    """
    context = get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=serve, args=(theirs, *arguments), daemon=True)
    with _deaf_to_interrupts():
        process.start()
    theirs.close()
    return process, ours


def bury(process: BaseProcess, pipe: Connection) -> None:
    """Closes the pipe, waits for the process's end, and kills it if it does not come."""
    pipe.close()
    process.join(timeout=LAST_S)
    if process.is_alive():
        process.kill()
        process.join()


def pass_on(heard: object) -> bool:
    """Logs or warns of what a child sent, if it is that. Returns whether it was."""
    if isinstance(heard, logging.LogRecord):
        logging.getLogger(heard.name).handle(heard)
    elif isinstance(heard, Warned):
        warnings.warn(heard.message, stacklevel=2)
    else:
        return False
    return True


def log_level() -> int:
    """Returns what a child should log, for `Answers.forward`."""
    return logging.getLogger(LOGGERS[0]).getEffectiveLevel()


@dataclass(frozen=True, slots=True)
class Warned:
    """A warning was given in a child."""

    message: Warning


class Answers:
    """Sends a child's messages to its parent, one at a time, from any thread."""

    def __init__(self, pipe: Connection) -> None:
        self._pipe, self._lock = pipe, Lock()

    def send(self, message: object) -> None:
        """Sends a message. When the parent has gone, reading from the pipe fails too, and the child ends."""
        with self._lock, suppress(OSError, EOFError):
            self._pipe.send(message)

    def forward(self, level: int) -> None:
        """Sends, from now on, what this process logs at that level, and what it warns of."""
        for top in LOGGERS:
            logging.getLogger(top).setLevel(level)
            logging.getLogger(top).addHandler(_LogSender(self))
        warnings.showwarning = lambda message, *_, **__: self.send(Warned(_portable_warning(message)))


class _LogSender(QueueHandler):
    """Sends log records to the parent, as plain text and numbers."""

    def __init__(self, answers: Answers) -> None:
        super().__init__(SimpleQueue())  # unused: `enqueue` sends
        self._answers = answers

    def enqueue(self, record: logging.LogRecord) -> None:
        self._answers.send(record)


def portable(fault: BaseException) -> BaseException:
    """Returns the error, or its text as a RuntimeError where it cannot be pickled (a plug-in's may not)."""
    return fault if _travels(fault) else RuntimeError(f"in a worker: {type(fault).__name__}: {fault}")


def _portable_warning(message: Warning | str) -> Warning:
    return message if isinstance(message, Warning) and _travels(message) else UserWarning(str(message))


def _travels(thing: object) -> bool:
    try:
        pickle.loads(pickle.dumps(thing))
    except Exception:  # noqa: BLE001  an object's own pickling may raise anything
        return False
    return True


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
