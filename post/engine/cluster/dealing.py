"""Deals tasks to the workers of a cluster: to those that have their sources, neighbours side by side."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from post.engine.pool import split_runs
from post.engine.task import Task


@dataclass(frozen=True, slots=True)
class Peer:
    """A worker of the cluster. threads: how many tasks it does at once; readable: the sources that it has."""

    address: str
    threads: int
    readable: frozenset[str] = frozenset()


class Deal:
    """The tasks still to be given out, by the worker that should do each."""

    def __init__(self) -> None:
        self._runs: dict[str, deque[Task]] = {}

    def __len__(self) -> int:
        return sum(map(len, self._runs.values()))

    def add(self, tasks: Sequence[Task], peers: Mapping[str, Peer]) -> None:
        """Deals tasks, in their order. peers: by address, at least one."""
        load = {address: _cost(self._runs.get(address, ())) / peers[address].threads for address in peers}
        for holders, group in groupby(tasks, lambda task: best_holders(task, peers)):
            found = list(group)
            lanes = sorted(
                (address for address in holders for _ in range(peers[address].threads)),
                key=lambda address: load[address],
            )
            for address, run in zip(lanes, split_runs(found, len(lanes)), strict=True):
                self._runs.setdefault(address, deque()).extend(run)
                load[address] += _cost(run) / peers[address].threads

    def again(self, task: Task, peers: Mapping[str, Peer]) -> None:
        """Puts a task whose worker was lost before all others of the worker that has most of its sources."""
        address = best_holders(task, peers)[0]
        self._runs.setdefault(address, deque()).appendleft(task)

    def leave(self, address: str, peers: Mapping[str, Peer]) -> None:
        """Deals a lost worker's tasks to the others."""
        left = self._runs.pop(address, deque())
        if left:
            self.add(list(left), peers)

    def next(self, peer: Peer) -> Task | None:
        """Returns a worker's next task: of its own run; else the last of the longest run, one whose sources it has
        before one that must be sent to it. None where none is left."""
        if own := self._runs.get(peer.address):
            return own.popleft()
        others = [run for run in self._runs.values() if run]
        if not others:
            return None
        return max(others, key=lambda run: (_missing(run[-1], peer) == 0, _cost(run))).pop()


def best_holders(task: Task, peers: Mapping[str, Peer]) -> tuple[str, ...]:
    """Returns the workers that have most of a task's sources, in order of their addresses."""
    least = min(_missing(task, peer) for peer in peers.values())
    return tuple(sorted(address for address, peer in peers.items() if _missing(task, peer) == least))


def _missing(task: Task, peer: Peer) -> int:
    return sum(sha256 not in peer.readable for sha256, _ in task.files)


def _cost(run: Iterable[Task]) -> int:
    return sum(task.cost for task in run)
