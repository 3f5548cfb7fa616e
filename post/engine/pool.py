"""The local engine: worker processes that stay up between tasks, each doing a few at once."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait
from types import TracebackType

from post.engine.store import Store
from post.engine.task import Task
from post.engine.worker import Lane, Worker, lanes_for, make_if_missing, spawn
from post.errors import RetryError

TRIES = 3  # of a task whose worker died; a task that kills three workers is itself the fault


@dataclass(frozen=True, slots=True)
class TaskEvent:
    """What an engine reports: a task was found in the store or made."""

    task: Task
    made: bool
    done: int
    total: int


class WorkerPool:
    """`workers` tasks at a time, in processes of this machine. A context manager: leaving it ends them."""

    def __init__(self, workers: int) -> None:
        self.size = workers
        self._workers: list[Worker] = []

    def __enter__(self) -> WorkerPool:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is not None:
            for worker in self._workers:
                worker.process.terminate()
        self.rest()

    def rest(self) -> None:
        """Let go of every worker, and so of its memory; the next run starts others."""
        for worker in self._workers:
            worker.pipe.close()
        for worker in self._workers:
            worker.bury()
        self._workers.clear()

    def run(self, tasks: Sequence[Task], store: Store) -> Iterator[TaskEvent]:
        """Each task once, as it is found or made. Tasks with one key are done once.

        Raises the first error of a task, after which nothing more is started; RetryError where
        workers die on it again and again.
        """
        unique = list({task.key: task for task in tasks}.values())
        missing = [task for task in unique if store.get(task.key) is None]
        done, total = len(unique) - len(missing), len(unique)
        waiting = {task.key for task in missing}
        yield from (
            TaskEvent(t, False, n + 1, total) for n, t in enumerate(t for t in unique if t.key not in waiting)
        )
        tries: dict[str, int] = {}
        self._deal(missing)
        while waiting:
            for worker in self._ready(store, tries):
                task = self._answer(worker, tries)
                if task is not None:
                    waiting.discard(task.key)
                    done += 1
                    yield TaskEvent(task, True, done, total)

    @property
    def _lanes(self) -> list[Lane]:
        return [lane for worker in self._workers for lane in worker.lanes]

    def _deal(self, tasks: Sequence[Task]) -> None:
        """Each lane an equal run of neighbours, so that a decoder goes forward through its clip."""
        if any(task.alone for task in tasks) and any(len(worker.lanes) > 1 for worker in self._workers):
            self.rest()
        lacking = min(self.size, len(tasks)) - len(self._lanes)
        self._workers += [spawn(lanes) for lanes in lanes_for(tasks, lacking)]
        for lane, run in zip(self._lanes, _runs(tasks, len(self._lanes)), strict=True):
            lane.run = run

    def _ready(self, store: Store, tries: dict[str, int]) -> list[Worker]:
        """Give every idle lane its next task, then wait until at least one worker has answered or died."""
        for worker in list(self._workers):
            try:
                self._feed(worker, store)
            except OSError:
                self._died(worker, tries)
        busy = {worker.pipe: worker for worker in self._workers if any(lane.task for lane in worker.lanes)}
        if not busy:
            return []
        return [busy[pipe] for pipe in wait(list(busy)) if isinstance(pipe, Connection)]

    def _feed(self, worker: Worker, store: Store) -> None:
        for number, lane in enumerate(worker.lanes):
            task = self._next(lane) if lane.task is None else None
            if task is not None:
                lane.task = task
                worker.send(number, task, store)

    def _next(self, lane: Lane) -> Task | None:
        if lane.run:
            return lane.run.popleft()
        longest = max(self._lanes, key=lambda other: len(other.run))
        return longest.run.pop() if longest.run else None

    def _answer(self, worker: Worker, tries: dict[str, int]) -> Task | None:
        """The task that is done, or None where the worker died."""
        try:
            answer: tuple[int, BaseException | None] = worker.pipe.recv()
        except (EOFError, OSError):
            self._died(worker, tries)
            return None
        number, fault = answer
        if fault is not None:
            raise fault
        task, worker.lanes[number].task = worker.lanes[number].task, None
        return task

    def _died(self, worker: Worker, tries: dict[str, int]) -> None:
        """Bury a worker; its tasks are tried again, each in a process of its own, so that one which kills
        its worker again takes no other with it, and is known.

        Raises RetryError for a task that has been tried often enough.
        """
        worker.bury()
        for task in [lane.task for lane in worker.lanes if lane.task]:
            tries[task.key] = tries.get(task.key, 0) + 1
            if tries[task.key] >= TRIES:
                raise RetryError(
                    "workers died while making this, again and again",
                    where=task.name,
                    got=f"exit code {worker.process.exitcode}",
                    fix="check free memory; fewer --workers need less",
                )
        at = self._workers.index(worker)
        self._workers[at : at + 1] = [spawn([lane.again()]) for lane in worker.lanes]


class InProcess:
    """In this process, in order: for tests, and for looking inside."""

    def __enter__(self) -> InProcess:
        return self

    def __exit__(self, *_: object) -> None:
        return None

    def rest(self) -> None:
        """Does nothing: there are no workers to end."""
        return

    def run(self, tasks: Sequence[Task], store: Store) -> Iterator[TaskEvent]:
        """Does the tasks one after the other in this process."""
        unique = list({task.key: task for task in tasks}.values())
        for done, task in enumerate(unique, start=1):
            missing = store.get(task.key) is None
            if missing:
                make_if_missing(task.to_json(), task.key, store)
            yield TaskEvent(task, missing, done, len(unique))


def _runs(tasks: Sequence[Task], lanes: int) -> list[deque[Task]]:
    """Neighbouring tasks in runs of about equal cost."""
    runs: list[deque[Task]] = [deque() for _ in range(lanes)]
    total, spent = sum(task.cost for task in tasks), 0
    for task in tasks:
        runs[min(spent * lanes // max(total, 1), lanes - 1)].append(task)
        spent += task.cost
    return runs


Progress = Callable[[TaskEvent], None]
