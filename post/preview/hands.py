"""Runs a preview's work in a few processes: what is wanted first is done first, and results are told as they come."""

from __future__ import annotations

import heapq
from collections.abc import Callable, Sequence
from functools import partial
from itertools import count
from threading import Condition, Thread
from types import TracebackType
from typing import Any, TypeVar

from post.engine import Store, Task, WorkerPool
from post.engine.pool import TRIES
from post.engine.worker import make_if_missing
from post.errors import RetryError

# What a worker loads while this process still starts.
LOADS = ("post.preview.planning",)
MOST = 8  # processes: a preview has some thirty slots
CALL = -1  # the place of a call: before every task
T = TypeVar("T")
Work = Callable[[WorkerPool], None]


class PreviewHands:
    """A few processes. A context manager: leaving it ends them, at once where the block failed.

    An error of a task ends all; it is raised where the block waits.
    """

    def __init__(self, number: int, store: Store) -> None:
        self._store = store
        self._pools = [WorkerPool(1, LOADS) for _ in range(min(max(1, number), MOST))]
        self._waiting: list[tuple[int, int, Work]] = []
        self._order = count()
        self._changed = Condition()
        self._open = 0  # pieces of work that are not done yet
        self._closed = False
        self._fault: BaseException | None = None
        self._threads = [Thread(target=self._serve, args=(pool,), daemon=True) for pool in self._pools]

    def __enter__(self) -> PreviewHands:
        for pool in self._pools:
            pool.__enter__()
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with self._changed:
            self._closed = True
            self._waiting.clear()
            self._changed.notify_all()
        if kind is not None:
            for pool in self._pools:
                pool.stop()
        for thread in self._threads:
            thread.join()
        for pool in self._pools:
            pool.rest()

    def call(self, function: Callable[..., T], *arguments: Any) -> T:
        """Calls a function in the next process that is free, and returns what it returns. Raises what it raises."""
        made: list[T] = []

        def work(pool: WorkerPool) -> None:
            made.append(pool.call(function, *arguments))

        self._put(CALL, work)
        self.until(lambda: bool(made))
        return made[0]

    def give(self, tasks: Sequence[Task], take: Callable[[Task, bool], None]) -> None:
        """Has tasks done in their order. take: is called with each whose result is in the store, and whether it was
        made now."""
        for task in tasks:
            self._put(0, partial(self._do, task, take))

    def finish(self) -> None:
        """Waits until all that was given is done."""
        self.until(lambda: self._open == 0)

    def until(self, reached: Callable[[], bool]) -> None:
        """Waits until something is so, or there is nothing left that could make it so. Raises the error of a task."""
        with self._changed:
            self._changed.wait_for(lambda: self._fault is not None or reached() or self._open == 0)
            if self._fault is not None:
                raise self._fault

    def _put(self, place: int, work: Work) -> None:
        with self._changed:
            heapq.heappush(self._waiting, (place, next(self._order), work))
            self._open += 1
            self._changed.notify_all()

    def _do(self, task: Task, take: Callable[[Task, bool], None], pool: WorkerPool) -> None:
        missing = self._store.get(task.key) is None
        for tried in range(1, TRIES + 1):
            if not missing:
                break
            try:
                pool.call(make_if_missing, task.to_json(), task.key, self._store)
                break
            except RetryError:
                if tried == TRIES or self._closed:
                    raise
        take(task, missing)

    def _serve(self, pool: WorkerPool) -> None:
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._closed or bool(self._waiting))
                if self._closed:
                    return
                _, _, work = heapq.heappop(self._waiting)
            fault: BaseException | None = None
            try:
                work(pool)
            except BaseException as error:  # noqa: BLE001  it is raised where the block waits
                fault = error
            with self._changed:
                self._open -= 1
                self._fault = self._fault or fault
                self._changed.notify_all()
