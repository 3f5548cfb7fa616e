"""Finds the files of a task where it is done: where the sender has them, or else in the store, sent by content.

    sender:  send_sources(files, store)           those that no worker can read
    worker:  SourcesHere(content).placed(task, store)     the same task, with its files on this machine

What is used is always what was hashed: a file at the sender's path counts only if it is untouched since, or holds the
same bytes.
"""

from __future__ import annotations

import hashlib
import logging
import shutil
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from threading import Lock
from typing import BinaryIO, NamedTuple

from post.engine.content_store import ContentStore, has_content
from post.engine.file_state import FileState, refuse_touched, state_of
from post.engine.store import Store
from post.engine.task import Task
from post.errors import RetryError, SourceError

log = logging.getLogger(__name__)


class _Placed(NamedTuple):
    """A file on this machine. states: of it and of what lies beside it."""

    path: str
    states: tuple[FileState, ...]


def source_key(sha256: str) -> str:
    """Returns the key under which a store keeps a source."""
    return hashlib.sha256(f"source {sha256}".encode()).hexdigest()


def send_sources(files: Iterable[tuple[str, str]], store: Store) -> int:
    """Sends sources to a store, those that it has not. Returns how many it sent.

    files: where each is, by its SHA-256. Raises SourceError where one is not what it was, OutputError or RetryError
    where the store does not take it.
    """
    sent = 0
    for sha256, path in dict(files).items():
        if store.has(source_key(sha256)):
            continue
        if not has_content(Path(path), sha256):
            raise SourceError(
                "was changed while the film was made", where=Path(path).name, expected=f"sha256 {sha256}",
                fix="run again",
            )  # fmt: skip
        store.keep_file(source_key(sha256), Path(path))
        log.info("sent %s to the store", Path(path).name, extra={"sha256": sha256})
        sent += 1
    return sent


class SourcesHere:
    """The sources that this machine has found so far. Threads may use it at once."""

    def __init__(self, content: ContentStore) -> None:
        """content: where those are kept that come from a store."""
        self._content, self._lock = content, Lock()
        self._found: dict[str, _Placed] = {}

    def placed(self, task: Task, store: Store) -> Task:
        """Returns a task with its files where they are on this machine.

        Raises RetryError where one can be read neither at its path nor from the store.
        """
        with self._lock:
            placed = {sha256: self._place(sha256, path, task, store) for sha256, path in task.files}
        states = dict.fromkeys(state for each in placed.values() for state in each.states)
        files = tuple((sha256, each.path) for sha256, each in placed.items())
        return replace(task, files=files, states=tuple(states))

    def readable(self, files: Iterable[tuple[str, str]], states: Iterable[FileState]) -> list[str]:
        """Returns the SHA-256 of those files that can be read here without a store."""
        known = tuple(states)
        with self._lock:
            return [sha256 for sha256, path in files if self._readable(sha256, path, known)]

    def _place(self, sha256: str, path: str, task: Task, store: Store) -> _Placed:
        return self._readable(sha256, path, task.states) or self._fetched(sha256, Path(path).name, store)

    def _readable(self, sha256: str, path: str, states: tuple[FileState, ...]) -> _Placed | None:
        known = self._found.get(sha256)
        if known and _untouched(known.states):
            return known
        own = tuple(state for state in states if Path(state.path).parent == Path(path).parent)
        # The sender's machine, or none of the sender's but with the same bytes: a share, a copy at the same place.
        found = _Placed(path, own) if own and _untouched(own) else self._same(sha256, Path(path))
        if found is None:
            copy = self._content.find(sha256, Path(path).name)
            found = _Placed(str(copy.here), self._content.states([copy.here])) if copy else None
        if found is not None:
            self._found[sha256] = found
        return found

    def _same(self, sha256: str, path: Path) -> _Placed | None:
        with suppress(OSError):
            before = state_of(path)
            if has_content(path, sha256) and state_of(path) == before:
                return _Placed(str(path), (before,))
        return None

    def _fetched(self, sha256: str, name: str, store: Store) -> _Placed:
        key = source_key(sha256)
        if not store.has(key):
            raise RetryError(
                "this worker cannot read a source", where=name, got="neither at its path nor in the store",
                expected="a folder that this machine shares, or a store that it shares, with the sender",
                fix="run again: it is sent to the store",
            )  # fmt: skip

        def write(out: BinaryIO) -> None:
            with store.open(key) as kept:
                shutil.copyfileobj(kept, out)

        copy = self._content.hold_written(name, write)
        if copy.sha256 != sha256:
            store.drop(key)
            raise RetryError(
                "a source in the store is not what it should be", where=name, expected=f"sha256 {sha256}",
                got=copy.sha256, fix="run again: it is sent anew",
            )  # fmt: skip
        self._found[sha256] = placed = _Placed(str(copy.here), self._content.states([copy.here]))
        return placed


def _untouched(states: Iterable[FileState]) -> bool:
    try:
        refuse_touched(states)
    except SourceError:
        return False
    return True


def read_tasks(path: Path) -> Iterator[Task]:
    """Yields the tasks in a file, one JSON object a line.

    Raises JobError for a line that is none, RetryError where another release wrote it, OSError where there is no file.
    """
    lines = path.read_text("utf-8").splitlines()
    for number, line in enumerate(lines, start=1):
        if line.strip():
            yield Task.from_json(line, f"{path}:{number}")
