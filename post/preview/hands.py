"""Runs a preview's work in a few processes: what is wanted first is done first, and results are told as they come."""

from __future__ import annotations

import heapq
from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import partial
from itertools import count
from threading import Condition, Thread
from types import TracebackType
from typing import Any, TypeVar

from post.engine import Store, Task, WorkerPool
from post.engine.pool import TRIES
from post.engine.worker import make_if_missing
from post.errors import RetryError

# What workers load while this process still starts: the first one plans, and meanwhile the others get ready to draw.
PLANS, DRAWS = ("post.preview.planning",), ("post.preview.work",)
MOST = 8  # processes: a preview has some thirty slots
CALL = -1  # the place of a call: before every task
T = TypeVar("T")
Work = Callable[[WorkerPool], None]


class PreviewHands:
    """A few processes. A context manager: leaving it ends them, at once where the block failed.

    An error of a task ends all; it is raised where the block waits. Of several processes, the last gets ready to draw
    before it does anything else, while the first plans; `give_first` has it do the first task of all.
    """

    def __init__(self, number: int, store: Store) -> None:
        self._store = store
        count_of = min(max(1, number), MOST)
        self._pools = [WorkerPool(1, DRAWS if each else PLANS) for each in range(count_of)]
        self._waiting: list[tuple[int, int, Work]] = []
        self._first: list[Work] = []  # what only the process that is ready takes
        self._order = count()
        self._changed = Condition()
        self._open = 0  # pieces of work that are not done yet
        self._closed = False
        self._fault: BaseException | None = None
        self._threads = [
            Thread(target=self._serve, args=(pool, 0 < number == count_of - 1), daemon=True)
            for number, pool in enumerate(self._pools)
        ]

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

    def give_first(self, task: Task, take: Callable[[Task, bool], None]) -> None:
        """Has one task done by the process that is ready to draw, before all others."""
        work = partial(self._do, task, take)
        if len(self._pools) == 1:
            self._put(0, work)
            return
        with self._changed:
            self._first.append(work)
            self._open += 1
            self._changed.notify_all()

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

    def _serve(self, pool: WorkerPool, gets_ready: bool) -> None:
        if gets_ready:
            from post.preview.work import get_ready  # late: the workers start meanwhile

            with suppress(RetryError):  # one that was ended from outside: its next task starts another
                pool.call(get_ready)
        while True:
            with self._changed:
                self._changed.wait_for(
                    lambda: self._closed or bool(self._waiting) or (gets_ready and bool(self._first))
                )
                if self._closed:
                    return
                ours = gets_ready and bool(self._first)
                work = self._first.pop(0) if ours else heapq.heappop(self._waiting)[2]
            fault: BaseException | None = None
            try:
                work(pool)
            except BaseException as error:  # noqa: BLE001  it is raised where the block waits
                fault = error
            with self._changed:
                self._open -= 1
                self._fault = self._fault or fault
                self._changed.notify_all()
