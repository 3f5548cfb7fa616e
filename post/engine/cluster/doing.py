"""Does tasks in a worker of a cluster: what the sender calls, and what the worker needs for it.

A task is done in a process of its own, as in the pool of this machine: a library that crashes over a foreign file, or
takes too long, ends that process and no worker; and what the worker says to its scheduler never waits for it.
"""

from __future__ import annotations

import asyncio
import json
import logging
import time
from contextlib import suppress
from dataclasses import dataclass
from queue import LifoQueue
from typing import Any

from post import errors
from post.engine.file_state import FileState
from post.engine.messages import TaskDone
from post.engine.pool import TRIES, died
from post.engine.sources_here import SourcesHere
from post.engine.store import Store
from post.engine.task import Task
from post.engine.worker import Lane, Worker, spawn
from post.errors import AnswerprintError, RetryError, SourceError
from post.os_faults import system_fault

log = logging.getLogger(__name__)
_sites: list[Site] = []


@dataclass(frozen=True, slots=True)
class Site:
    """What a worker does tasks with."""

    store: Store
    sources: SourcesHere
    hands: Hands


def open_site(site: Site) -> None:
    """Makes this process do tasks with that, from now on."""
    _sites[:] = [site]


class Hands:
    """Up to `count` processes, each of which does one task at a time, and stays for the next."""

    def __init__(self, count: int, loads: tuple[str, ...] = ()) -> None:
        self._loads = loads
        self._free: LifoQueue[Worker | None] = LifoQueue()  # the warmest first
        for _ in range(count):
            self._free.put(None)

    def do(self, task: Task, store: Store) -> None:
        """Does a task, again where its process dies. Raises what the task raises; RetryError where processes die on
        it again and again."""
        for tries in range(1, TRIES + 1):
            worker = self._free.get() or spawn([Lane()], self._loads)
            left: Worker | None = None
            try:
                heard = _asked(worker, task, store)
                if heard is not None:
                    left = worker
                    if heard.fault is not None:
                        raise heard.fault
                    return
                worker.bury()
                fault = worker.death()
                if isinstance(fault, SourceError):
                    raise fault
                died([task], worker.process.exitcode, {task.key: tries})
            finally:
                self._free.put(left)

    def rest(self) -> None:
        """Ends the processes that have nothing to do."""
        for _ in range(self._free.qsize()):
            if (worker := self._free.get()) is not None:
                worker.process.terminate()
                worker.bury()
            self._free.put(None)


def _asked(worker: Worker, task: Task, store: Store) -> TaskDone | None:
    """Has a process do a task. Returns its answer, or None where it died."""
    with suppress(EOFError, OSError):
        worker.send(0, task, store)
        while not isinstance(heard := worker.recv(), TaskDone):
            pass
        return heard
    return None


def do(text: str) -> str:
    """Does a task, and returns what became of it. Both are JSON: no object of one release meets one of another."""
    started = time.monotonic()
    try:
        made = _done(text)
    except Exception as fault:  # noqa: BLE001  it is told to the sender
        return json.dumps({"fault": _told(fault)})
    return json.dumps({"made": made, "seconds": round(time.monotonic() - started, 3)})


def _done(text: str) -> bool:
    """Does a task unless its result is in the store. Returns whether it was made."""
    site, task = _site(), Task.from_json(text)
    if site.store.get(task.key) is not None:
        site.store.share(task.key)
        return False
    site.hands.do(site.sources.placed(task, site.store), site.store)
    return True


async def survey(text: str) -> str:
    """Returns what a worker shares with the sender, as JSON: whether it finds `token` in its store, and which of
    `files` it can read."""
    return await asyncio.to_thread(_surveyed, text)


def _surveyed(text: str) -> str:
    asked, site = json.loads(text), _site()
    states = [FileState(*state) for state in asked["states"]]
    try:
        shares = site.store.load(asked["token"]) is not None
        fault = None
    except AnswerprintError as error:
        shares, fault = False, _told(error)
    readable = site.sources.readable([(each[0], each[1]) for each in asked["files"]], states)
    return json.dumps({"shares": shares, "fault": fault, "readable": readable})


def _site() -> Site:
    if not _sites:
        raise RetryError("is no worker of Answerprint", fix="start it with `answerprint worker`")
    return _sites[0]


def _told(fault: Exception) -> dict[str, Any]:
    """Returns an error as JSON holds it."""
    known = fault if isinstance(fault, AnswerprintError) else system_fault(fault)
    if known is None or type(known).__name__ not in _KINDS:
        return {
            "kind": "",
            "what": f"{type(fault).__name__}: {fault}",
            "notes": getattr(fault, "__notes__", []),
        }
    got = None if known.got is None else str(known.got)
    return {
        "kind": type(known).__name__, "what": known.what, "where": known.where, "expected": known.expected,
        "got": got, "fix": known.fix,
    }  # fmt: skip


def fault_from(told: dict[str, Any]) -> Exception:
    """Returns the error that a worker told of; RuntimeError for a bug."""
    kind = _KINDS.get(told["kind"])
    if kind is None:
        bug = RuntimeError(told["what"])
        for note in told.get("notes", ()):
            bug.add_note(str(note))
        return bug
    return kind(
        told["what"], where=told["where"], expected=told["expected"], got=told["got"], fix=told["fix"]
    )


_KINDS: dict[str, type[AnswerprintError]] = {
    name: kind
    for name, kind in vars(errors).items()
    if isinstance(kind, type) and issubclass(kind, AnswerprintError) and kind is not errors.Problems
}
