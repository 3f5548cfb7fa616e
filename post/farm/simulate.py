"""Reckons how a farm would do a job: a discrete-event simulation of workers, a scheduler and a store.

    tasks --the scheduler, one task at a time--> a worker: fetch, make, send --> the store, one transfer at a time

Tasks are dealt as our engines deal them: each worker has a run of neighbours, all of about equal cost, and who has
none left takes the last of the longest run. Or they are in one queue, as a farm manager has them.

A worker is there after its start. It waits for the scheduler, fetches those sources of its task that it has not yet,
makes the task, and sends the result. Transfers at one time take as long in all as one after the other. A worker that
fails loses its task, which goes to the head of the queue, and another worker takes its place after a start.
The same seed gives the same answer.
"""

from __future__ import annotations

import heapq
import random
from collections import Counter, deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import exp, inf
from typing import Any

from post.farm.expected import JobCost

MB = 1e6
LATE = 1.5  # times what is expected: so late is a task that an idle worker tries again
MOST_TRIES = 1000  # of one task: a farm whose workers fail faster than a task takes never ends


@dataclass(frozen=True, slots=True)
class FarmModel:
    """A farm. workers: tasks at once; start_s: until a worker takes its first task; dispatch_s: of the scheduler, for
    a task; store_mbps: MB/s of the store for all workers; request_s: what each transfer waits for an answer; spread:
    deviation of the logarithm of the time that equal tasks take; mtbf_s: of one worker, from one failure to the next;
    speculate: whether an idle worker tries what another is late with; dealt: whether tasks are
    dealt to workers, else they are in one queue."""

    workers: int
    start_s: float = 0.0
    dispatch_s: float = 0.0
    store_mbps: float = inf
    request_s: float = 0.0
    spread: float = 0.0
    mtbf_s: float = inf
    speculate: bool = False
    seed: int = 0
    dealt: bool = True


@dataclass(frozen=True, slots=True)
class Simulated:
    """How a farm did. making_s: until the last result is in the store; busy_s: making, of all workers; lost_s: of
    that, what failed; twice_s: of that, what another worker was first with; waited_s: of workers with a task, for the
    scheduler and the store; failures: of workers that had a task."""

    making_s: float
    busy_s: float
    lost_s: float
    twice_s: float
    waited_s: float
    bytes_down: int
    bytes_up: int
    requests: int
    failures: int
    speculated: int


@dataclass(slots=True)
class _Try:
    """One try of a task. takes: seconds of making; making: when that began, inf before."""

    task: int
    worker: int
    given: float
    takes: float
    making: float = inf
    over: bool = False


class _Farm:
    """The state of a simulation, and what each event does to it."""

    def __init__(self, cost: JobCost, model: FarmModel) -> None:
        self.tasks, self.model = cost.tasks, model
        every = range(len(cost.tasks))
        self.queue = deque(() if model.dealt else every)
        self.runs = deal([task.weight for task in cost.tasks], model.workers) if model.dealt else []
        self.left = len(every)  # tasks to give out
        self.random = random.Random(model.seed)
        self.drawn = [
            self.random.gauss(0, 1) for _ in cost.tasks
        ]  # first: the same for any number of workers
        self.now, self.order = 0.0, 0
        self.events: list[tuple[float, int, Callable[[int], None], int]] = []
        self.tries: list[_Try] = []
        self.done: set[int] = set()
        self.idle: deque[int] = deque()
        self.on: dict[int, int] = {}  # the try that a worker is on
        self.has: list[set[str]] = [set() for _ in range(model.workers)]
        self.tried = Counter[int]()
        self.scheduler_free = self.store_free = 0.0
        self.seconds: dict[str, Any] = dict.fromkeys(("busy_s", "lost_s", "twice_s", "waited_s"), 0.0)
        self.counts: dict[str, Any] = dict.fromkeys(
            ("bytes_down", "bytes_up", "requests", "failures", "speculated"), 0
        )

    def run(self) -> Simulated:
        """Runs it until every task is done."""
        for worker in range(self.model.workers):
            self.at(self.model.start_s, self.ready, worker)
        while len(self.done) < len(self.tasks):
            self.now, _, act, which = heapq.heappop(self.events)
            act(which)
            while self.idle and self.left:
                self.left -= 1
                self.give(self.next(self.idle[0]))
        for each in self.tries:
            if not each.over:
                self.end_try(each, "twice_s")
        return Simulated(self.now, **self.seconds, **self.counts)

    def at(self, when: float, act: Callable[[int], None], which: int) -> None:
        """Adds an event. Those at one time come in the order in which they were added."""
        self.order += 1
        heapq.heappush(self.events, (when, self.order, act, which))

    def ready(self, worker: int) -> None:
        """A worker has started."""
        self.idle.append(worker)
        if self.model.mtbf_s < inf:
            self.at(self.now + self.random.expovariate(1 / self.model.mtbf_s), self.fails, worker)

    def next(self, worker: int) -> int:
        """Takes a worker's next task: what was lost, of its own run, or the last of the longest run."""
        if self.queue:
            return self.queue.popleft()
        own = self.runs[worker]
        return own.popleft() if own else max(self.runs, key=len).pop()

    def give(self, task: int) -> None:
        """The scheduler gives a task to the worker that is idle for longest."""
        worker, number = self.idle.popleft(), len(self.tries)
        drawn = self.random.gauss(0, 1) if self.tried[task] else self.drawn[task]
        self.tried[task] += 1
        if self.tried[task] > MOST_TRIES:
            raise ValueError("workers fail so often that a task never ends")
        # Its mean is 1: a spread makes tasks uneven, not slower.
        takes = self.tasks[task].seconds * exp(self.model.spread * drawn - self.model.spread**2 / 2)
        self.tries.append(_Try(task, worker, self.now, takes))
        self.on[worker] = number
        self.scheduler_free = max(self.now, self.scheduler_free) + self.model.dispatch_s
        self.at(self.scheduler_free, self.fetch, number)

    def fetch(self, number: int) -> None:
        """A worker has its task, and asks for the sources that it lacks."""
        each = self.tries[number]
        if each.over:
            return
        own = self.has[each.worker]
        lacking = [size for name, size in self.tasks[each.task].sources if name not in own]
        own.update(name for name, _ in self.tasks[each.task].sources)
        self.counts["bytes_down"] += sum(lacking)
        self.at(self.transfer(sum(lacking), len(lacking)), self.make, number)

    def make(self, number: int) -> None:
        """A worker has all sources of its task."""
        each = self.tries[number]
        if each.over:
            return
        each.making = self.now
        self.at(self.now + each.takes, self.send, number)
        if self.model.speculate:
            late = LATE * self.tasks[each.task].seconds
            self.at(self.now + late, self.late, number)

    def send(self, number: int) -> None:
        """A worker has made its task."""
        each = self.tries[number]
        if each.over:
            return
        size = self.tasks[each.task].result_bytes
        self.counts["bytes_up"] += size
        self.at(self.transfer(size, 1), self.ends, number)

    def ends(self, number: int) -> None:
        """A result is in the store: other tries of its task are over too."""
        first = self.tries[number]
        if first.over:
            return
        self.done.add(first.task)
        self.free(first, "")
        if self.tried[first.task] > 1:
            same = [other for other in self.on.values() if self.tries[other].task == first.task]
            for other in same:
                self.free(self.tries[other], "twice_s")

    def free(self, each: _Try, kind: str) -> None:
        """A worker has no task any more."""
        self.end_try(each, kind)
        del self.on[each.worker]
        self.idle.append(each.worker)

    def end_try(self, each: _Try, kind: str) -> None:
        """Counts what a try took. kind: what it was for, "" for a result."""
        each.over = True
        spent = min(max(0.0, self.now - each.making), each.takes)
        self.seconds["busy_s"] += spent
        self.seconds["waited_s"] += self.now - each.given - spent
        if kind:
            self.seconds[kind] += spent

    def late(self, number: int) -> None:
        """A task takes longer than expected: an idle worker tries it too, once."""
        each = self.tries[number]
        if not each.over and self.idle and not self.left and self.tried[each.task] == 1:
            self.counts["speculated"] += 1
            self.give(each.task)

    def fails(self, worker: int) -> None:
        """A worker fails; another takes its place, with no sources."""
        self.has[worker] = set()
        if worker in self.on:
            each = self.tries[self.on.pop(worker)]
            self.end_try(each, "lost_s")
            self.counts["failures"] += 1
            if not any(self.tries[other].task == each.task for other in self.on.values()):
                self.queue.appendleft(each.task)
                self.left += 1
        else:
            self.idle.remove(worker)
        self.at(self.now + self.model.start_s, self.ready, worker)

    def transfer(self, size: int, requests: int) -> float:
        """Returns when a transfer that begins to wait now has ended."""
        self.counts["requests"] += requests
        took = size / (self.model.store_mbps * MB)
        if took:
            self.store_free = max(self.now, self.store_free) + took
        return (self.store_free if took else self.now) + self.model.request_s * (requests > 0)


def deal(weights: Sequence[int], workers: int) -> list[deque[int]]:
    """Returns the numbers of tasks in runs of neighbours of about equal weight, as `post.engine.pool` has them."""
    runs: list[deque[int]] = [deque() for _ in range(workers)]
    total, spent = sum(weights), 0
    for task, weight in enumerate(weights):
        runs[min(spent * workers // max(total, 1), workers - 1)].append(task)
        spent += weight
    return runs


def simulate(cost: JobCost, model: FarmModel) -> Simulated:
    """Returns how a farm does the tasks of a job; whoever is idle is given one.

    Raises ValueError for a farm without workers, and where they fail so often that a task never ends.
    """
    if model.workers < 1:
        raise ValueError("a farm has at least one worker")
    return _Farm(cost, model).run()
