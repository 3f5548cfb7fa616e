"""Keeps workers from one command to the next, in tests that run many commands in one process.

A worker takes longest to start and to compile its kernels. A command keeps its workers from one task to the next;
here the next command gets them too, each with that command's folder, stdout and stderr. All else that a worker gets
from its parent is the same for all tests of a run.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from multiprocessing.reduction import DupFd
from pathlib import Path
from typing import Any
from uuid import uuid4
from weakref import WeakSet

import pytest

from post.engine import Task, WorkerPool, pool
from post.engine.messages import CallDone, CallSent
from post.engine.worker import Lane, Worker, spawn
from post.spawned import log_level

MOST_POOLS = 100  # of one worker, so that no test meets one that has grown large
_idle: list[tuple[Worker, int]] = []  # and what it logs
_given: dict[str, int] = {}  # to how many pools
_alone: WeakSet[WorkerPool] = WeakSet()  # those that had tasks which must be alone in their process
_rest, _deal = WorkerPool.rest, WorkerPool._deal


@contextmanager
def keep_workers() -> Iterator[None]:
    """Makes pools take workers that an earlier pool left, and leave theirs."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pool, "spawn", _kept_or_spawned)
        patch.setattr(WorkerPool, "rest", _keep)
        patch.setattr(WorkerPool, "_deal", _deal_alone)
        patch.setattr(WorkerPool, "__exit__", _leave)
        yield


def end_workers() -> None:
    """Ends every worker that is kept."""
    while _idle:
        _end(_idle.pop()[0])


def _kept_or_spawned(lanes: list[Lane], loads: tuple[str, ...] = ()) -> Worker:
    for place, (worker, level) in enumerate(_idle):
        if len(worker.lanes) == len(lanes) and level == log_level():
            del _idle[place]
            worker.lanes, worker.store, worker.lent, worker.reading = lanes, None, (), ""
            if _welcomed(worker):
                return worker
            _end(worker)
            break
    return spawn(lanes, loads)


def _welcomed(worker: Worker) -> bool:
    """Gives a worker this process's folder, stdout and stderr. Returns whether it lives."""
    token = uuid4().hex
    heard: Any = None
    with suppress(EOFError, OSError):
        worker.pipe.send(CallSent(welcome, (token, str(Path.cwd()), DupFd(1), DupFd(2))))
        while not (isinstance(heard, CallDone) and heard.value == token):
            heard = worker.recv()
        return True
    return False


def welcome(token: str, folder: str, out: Any, said: Any) -> str:
    """Runs in a worker: takes a folder, stdout and stderr. Returns the token."""
    os.chdir(folder)
    for number, given in enumerate((out, said), start=1):
        file = given.detach()
        os.dup2(file, number)
        os.close(file)
    return token


def _keep(self: WorkerPool) -> None:
    """Keeps those workers of a pool that have nothing to do, and ends the others."""
    for worker in list(self._workers):
        _given[worker.name] = _given.get(worker.name, 0) + 1
        idle = not any(lane.task for lane in worker.lanes)
        if idle and self not in _alone and _given[worker.name] < MOST_POOLS:
            self._workers.remove(worker)
            _idle.append((worker, log_level()))
    _rest(self)


def _leave(self: WorkerPool, kind: type[BaseException] | None, *_: object) -> None:
    if kind is not None:
        for worker in self._workers:
            if any(lane.task for lane in worker.lanes):
                worker.process.terminate()
    self.rest()


def _deal_alone(self: WorkerPool, tasks: Sequence[Task]) -> None:
    """Deals tasks. Those that must be alone in their process get new ones, which nobody gets after them."""
    if any(task.alone for task in tasks):
        self.rest()
        _alone.add(self)
    with pytest.MonkeyPatch.context() as patch:
        if self in _alone:
            patch.setattr(pool, "spawn", spawn)
        _deal(self, tasks)


def _end(worker: Worker) -> None:
    worker.process.terminate()
    worker.bury()
