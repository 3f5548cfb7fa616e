"""Runs tasks on a Dask cluster, whatever becomes of its workers and of its scheduler meanwhile.

Each task is given to one worker, chosen here (`dealing`), and no more than a worker does at once: so it is known what
a lost worker was on, which is tried again elsewhere. What has ended is known from the store alone: after the
scheduler was away, only what the store lacks is given out again.
"""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from queue import Empty, SimpleQueue
from typing import Any, TypeVar
from uuid import uuid4

from distributed import Client, Future

from post.engine.cluster.dealing import Deal, Peer
from post.engine.cluster.doing import do, fault_from, survey
from post.engine.cluster.refusals import MARK, no_store, nobody, quieten, why_not
from post.engine.pool import TRIES, TaskEvent, WorkerPool, find_missing
from post.engine.sources_here import send_sources
from post.engine.store import Store
from post.engine.task import Task
from post.errors import RetryError

T = TypeVar("T")
LOOK_S = 0.5  # between two looks at who is there
CONNECT_S = 5
log = logging.getLogger(__name__)


@dataclass(slots=True)
class _Given:
    """A task that a worker is on."""

    task: Task
    address: str
    future: Future[str]


@dataclass(slots=True)
class _Run:
    """What is left of a run. given: by key; deal: what no worker is on; tries: of tasks whose workers were lost."""

    store: Store
    token: str
    deal: Deal = field(default_factory=Deal)
    waiting: list[Task] = field(default_factory=list)
    given: dict[str, _Given] = field(default_factory=dict)
    tries: dict[str, int] = field(default_factory=dict)
    ended: SimpleQueue[str] = field(default_factory=SimpleQueue)


class DaskEngine:
    """Runs tasks on the workers of a scheduler, and calls in a process of this machine. A context manager."""

    def __init__(
        self, address: str, mark: str, *, wait_s: float = 60, most: int = 0, loads: tuple[str, ...] = ()
    ) -> None:
        """address: of the scheduler, tcp://HOST:PORT; mark: as of `worker.serve`: only workers with the same one are
        given tasks; wait_s: how long the scheduler, and all workers, may be away; most: tasks at once, 0 for as many
        as the workers do; loads: as of `WorkerPool`."""
        self._address, self._mark, self._wait_s, self._most = address, mark, wait_s, most
        self._pool = WorkerPool(1, loads)
        self._client: Client | None = None
        self._peers: dict[str, Peer] = {}
        self._refused: set[str] = set()
        self._looked = 0.0
        self._joined = ""  # the number of the scheduler that it has joined

    def __enter__(self) -> DaskEngine:
        self._pool.__enter__()
        return self

    def __exit__(self, *error: Any) -> None:
        self._leave()
        self._pool.__exit__(*error)

    def rest(self) -> None:
        """Ends the process of this machine, and leaves the scheduler; the next run joins it again."""
        self._leave()
        self._pool.rest()

    def call(self, function: Callable[..., T], *arguments: Any) -> T:
        """As `WorkerPool.call`, in a process of this machine: it has the job's files."""
        return self._pool.call(function, *arguments)

    def run(self, tasks: Sequence[Task], store: Store) -> Iterator[TaskEvent]:
        """Yields an event for each task as its result is found or made. Tasks with one key are done once.

        Raises the first error of a task; RetryError where workers die on one task again and again, or where the
        scheduler or all of its workers stay away.
        """
        unique = list({task.key: task for task in tasks}.values())
        missing, found = find_missing(unique, store)
        yield from found
        if not missing:
            return
        run = _Run(store, uuid4().hex * 2)
        store.save(run.token, b"a store that is shared")
        try:
            run.waiting = missing
            done = len(unique) - len(missing)
            while run.waiting or len(run.deal) or run.given:
                for task, made in self._step(run):
                    done += 1
                    yield TaskEvent(task, made, done, len(unique))
        finally:
            for given in run.given.values():
                with suppress(Exception):
                    given.future.cancel()
            store.drop(run.token)

    def _step(self, run: _Run) -> list[tuple[Task, bool]]:
        """Gives out what can be given, waits a moment, and returns what has ended, with whether it was made."""
        # A large cluster is looked at less often: what its scheduler says of it is long.
        if time.monotonic() - self._looked >= LOOK_S * (1 + len(self._peers) / 100) or not self._peers:
            if self._is_another():
                self._lost(run)
                self._join()
            self._look(run)
            self._looked = time.monotonic()
        self._give(run)
        with suppress(Empty):
            run.ended.get(timeout=LOOK_S)
            while True:  # those that ended with it are seen below too
                run.ended.get_nowait()
        return [ended for given in list(run.given.values()) if (ended := self._ended(given, run))]

    def _ended(self, given: _Given, run: _Run) -> tuple[Task, bool] | None:
        """Returns a task that has ended, with whether it was made; None for one that has not. Raises its error."""
        status, key = given.future.status, given.task.key
        if status == "pending":
            return None
        del run.given[key]
        if status in ("cancelled", "lost"):
            run.waiting.append(given.task)
            return None
        if status == "error":
            fault = given.future.exception()
            raise RetryError(
                "a worker could not do this", where=given.task.name, got=f"{type(fault).__name__}: {fault}",
                fix=f"see what {given.address} logs, and run again",
            ) from fault  # fmt: skip
        told = json.loads(given.future.result())
        if "fault" in told:
            raise fault_from(told["fault"])
        return given.task, told["made"]

    def _lost(self, run: _Run) -> None:
        """Takes back what was given out, and finds in the store what was done of it."""
        if self._client is not None and run.given:
            log.warning("the scheduler at %s was lost; what is not done is given out again", self._address)
        self._leave()
        run.waiting += [given.task for given in run.given.values()]
        run.given.clear()

    def _leave(self) -> None:
        client, self._client = self._client, None
        self._peers = {}
        if client is not None:
            with suppress(Exception):  # it may be gone
                client.close(timeout=1)

    def _join(self) -> None:
        """Connects to the scheduler. Raises RetryError where it stays away."""
        quieten()
        until = time.monotonic() + self._wait_s
        while True:
            left = until - time.monotonic()
            try:
                self._client = Client(
                    self._address,
                    timeout=max(0.1, min(CONNECT_S, left)),
                    set_as_default=False,
                    name="answerprint",
                )
            except (OSError, TimeoutError, ValueError) as fault:
                if left > LOOK_S and not isinstance(fault, ValueError):
                    time.sleep(LOOK_S)
                    continue
                raise RetryError(
                    "the scheduler does not answer", where=f"dask:{self._address}",
                    expected=f"an answer within {self._wait_s:g} s", got=f"{type(fault).__name__}: {fault}",
                    fix="check that it runs, and run again; what was made is kept",
                ) from fault  # fmt: skip
            self._joined = str(self._client.scheduler_info(n_workers=0).get("id", ""))
            return

    def _look(self, run: _Run) -> None:
        """Finds who is there now: takes back what lost workers were on, and surveys new ones. Raises RetryError where
        nobody is there for too long."""
        until = time.monotonic() + self._wait_s
        while True:
            there = self._workers()
            for address in set(self._peers) - set(there):
                self._worker_lost(address, run)
            if new := [each for each in there if each not in self._peers and each not in self._refused]:
                self._survey(new, there, run)
            if self._peers or self._is_another():
                break
            if time.monotonic() > until:
                raise nobody(self._address, self._mark, self._found())
            time.sleep(LOOK_S)
        if self._peers and run.waiting:
            ready, run.waiting = run.waiting, []
            run.deal.add(ready, self._peers)

    def _workers(self) -> dict[str, int]:
        """Returns the threads of each worker that makes the same pixels, by address."""
        found = self._found()
        matching = {
            address: int(each["nthreads"])
            for address, each in found.items()
            if self._mark in each.get("resources", {})
        }
        self._tell_others({address: each for address, each in found.items() if address not in matching})
        return matching

    def _found(self) -> dict[str, Any]:
        """Returns what the scheduler says of each of its workers, by address."""
        assert self._client is not None
        found: dict[str, Any] = self._client.scheduler_info(n_workers=-1)
        return dict(found.get("workers", {}))

    def _is_another(self) -> bool:
        """Says whether the scheduler is away, or another than the one that was joined: it knows nothing of this run."""
        if self._client is None or self._client.status != "running":
            return True
        try:
            told = self._client.scheduler_info(n_workers=0)
        except Exception:  # noqa: BLE001  it has just gone away
            return True
        return self._client.status != "running" or str(told.get("id", "")) != self._joined

    def _tell_others(self, others: dict[str, Any]) -> None:
        for address, each in others.items():
            if address not in self._refused:
                self._refused.add(address)
                log.warning("the worker at %s is not used: %s", address, why_not(each, self._mark))

    def _worker_lost(self, address: str, run: _Run) -> None:
        """Takes back what a lost worker was on. Raises RetryError for a task that was on too many of them."""
        self._peers.pop(address)
        taken = [given for given in run.given.values() if given.address == address]
        log.warning("the worker at %s was lost; %d tasks are tried elsewhere", address, len(taken))
        for given in taken:
            del run.given[given.task.key]
            with suppress(Exception):
                given.future.cancel()
            tries = run.tries[given.task.key] = run.tries.get(given.task.key, 0) + 1
            if tries >= TRIES:
                raise RetryError(
                    "every worker that made this was lost", where=given.task.name, got=f"{tries} workers",
                    fix="check their memory and the network to them, and run again",
                )  # fmt: skip
            run.waiting.insert(0, given.task)
        if self._peers:
            run.deal.leave(address, self._peers)

    def _survey(self, new: list[str], there: dict[str, int], run: _Run) -> None:
        """Asks new workers what they share with this machine. Raises RetryError for one without the store."""
        tasks = [*run.waiting, *(given.task for given in run.given.values())]
        files = dict(pair for task in tasks for pair in task.files)
        states = dict.fromkeys(state for task in tasks for state in task.states)
        asked = json.dumps({"token": run.token, "files": list(files.items()), "states": list(states)})
        assert self._client is not None
        answers = self._client.run(survey, asked, workers=new, on_error="return")
        for address, answer in sorted(answers.items()):
            if not isinstance(answer, str):  # it has gone, or is none of ours: the next look says so
                continue
            told = json.loads(answer)
            if not told["shares"]:
                raise (fault_from(told["fault"]) if told["fault"] else no_store(address, run.store))
            self._peers[address] = Peer(address, there[address], frozenset(told["readable"]))
            log.info("the worker at %s does %d tasks at once", address, there[address])

    def _give(self, run: _Run) -> None:
        """Gives workers tasks until each has as many as it does at once."""
        if self._client is None:
            return
        for peer in self._peers.values():
            on = sum(given.address == peer.address for given in run.given.values())
            while on < peer.threads and (not self._most or len(run.given) < self._most):
                task = run.deal.next(peer)
                if task is None:
                    return
                send_sources([pair for pair in task.files if pair[0] not in peer.readable], run.store)
                future = self._client.submit(
                    do, task.to_json(), key=f"{MARK}{task.key[:16]} {uuid4().hex[:8]}", workers=[peer.address],
                    resources={self._mark: 1}, allow_other_workers=False, pure=False,
                )  # fmt: skip
                run.given[task.key] = _Given(task, peer.address, future)
                future.add_done_callback(lambda _, key=task.key: run.ended.put(key))
                on += 1
