"""Describes work in the form sent to a worker: a key, the function that does it, and its data as JSON."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

from post import __version__
from post.engine.file_state import FileState
from post.engine.pinned import pinned
from post.errors import RetryError
from post.os_faults import reading

# (data, files by sha256, the path to write)
Make = Callable[[Any, Mapping[str, Path], Path], None]


@dataclass(frozen=True, slots=True)
class Task:
    """One piece of work. Its result is a file, kept in the store under `key`.

    run: "module:function", called with (data, files, path to write); data: plain JSON;
    files: where each source is, by sha256 (never part of the key); cost: relative, to divide work
    evenly; name: for people; alone: no other task may run in its process; shot: the shots that it shows, for logs;
    states: of the files, as they were when they were hashed.
    """

    key: str
    run: str
    data: Any
    files: tuple[tuple[str, str], ...] = ()
    cost: int = 1
    name: str = ""
    alone: bool = False
    shot: str = ""
    states: tuple[FileState, ...] = ()

    def to_json(self) -> str:
        """Returns the JSON text that is sent to a worker."""
        body = {
            slot: getattr(self, slot) for slot in ("key", "run", "data", "files", "name", "shot", "states")
        }
        return json.dumps({"release": __version__, **body})


@contextmanager
def _reading(files: Collection[Path]) -> Iterator[None]:
    """Turns the system's fault over one of a task's files into an error that names it."""
    try:
        yield
    except OSError as fault:
        named = next((path for path in files if str(path) == str(fault.filename)), None)
        if named is None:
            raise
        with reading(named):
            raise


def do_task(text: str, path: Path) -> tuple[str, str]:
    """Does the work that `to_json` describes, writes its result to `path`, and returns the task's name and shot.

    Raises RetryError where the sender runs another release: pixels could differ; SourceError where one of
    its files is not the one that was hashed any more; either of the two where the system cannot read one.
    """
    sent = json.loads(text)
    if sent["release"] != __version__:
        raise RetryError(
            "this worker runs another release",
            where=sent["name"],
            expected=sent["release"],
            got=__version__,
            fix="install one release of Answerprint everywhere",
        )
    module, function = sent["run"].split(":")
    make: Make = getattr(import_module(module), function)
    files = {sha256: Path(where) for sha256, where in sent["files"]}
    with pinned(files, [FileState(*state) for state in sent["states"]]) as places, _reading(places.values()):
        make(sent["data"], places, path)
    return str(sent["name"]), str(sent["shot"])
