"""Describes work in the form sent to a worker: a key, the function that does it, and its data as JSON."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, fields
from importlib import import_module
from pathlib import Path
from typing import Any

from post import __version__
from post.engine.file_state import FileState
from post.engine.pinned import pinned
from post.errors import JobError, RetryError
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
        return json.dumps(
            {"release": __version__, **{each.name: getattr(self, each.name) for each in fields(self)}}
        )

    @classmethod
    def from_json(cls, text: str, where: str = "") -> Task:
        """Returns the task that `to_json` wrote. where: the text's file, for errors.

        Raises JobError where the text is no task, RetryError where another release wrote it.
        """
        try:
            sent = json.loads(text)
            release = sent.pop("release")
            sent["files"] = tuple((str(sha256), str(path)) for sha256, path in sent["files"])
            sent["states"] = tuple(FileState(*state) for state in sent["states"])
            task = cls(**sent)
            refuse_function(task.run)
        except (ValueError, TypeError, KeyError, AttributeError) as fault:
            raise JobError(
                "is no task", where=where, expected="JSON as Answerprint writes it for workers",
                got=f"{type(fault).__name__}: {fault}", fix="write the tasks again with `answerprint farm`",
            ) from fault  # fmt: skip
        refuse_release(release, task.name)
        return task


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


def refuse_function(run: str) -> None:
    """Raises ValueError where a text names no function of a module, as a task of another program may."""
    if not re.fullmatch(r"[a-z_][a-z_0-9.]*:[a-z_][a-z_0-9]*", run):
        raise ValueError(f"{run!r} is no module:function")


def refuse_release(release: str, where: str) -> None:
    """Raises RetryError where another release than this one sent a task. where: its name."""
    if release != __version__:
        raise RetryError(
            "this worker runs another release",
            where=where,
            expected=release,
            got=__version__,
            fix="install one release of Answerprint everywhere",
        )


def do_task(text: str, path: Path) -> tuple[str, str]:
    """Does the work that `to_json` describes, writes its result to `path`, and returns the task's name and shot.

    Raises RetryError where the sender runs another release: pixels could differ; SourceError where one of
    its files is not the one that was hashed any more; either of the two where the system cannot read one.
    """
    sent = json.loads(text)
    refuse_release(sent["release"], sent["name"])
    module, function = sent["run"].split(":")
    make: Make = getattr(import_module(module), function)
    files = {sha256: Path(where) for sha256, where in sent["files"]}
    with pinned(files, [FileState(*state) for state in sent["states"]]) as places, _reading(places.values()):
        make(sent["data"], places, path)
    return str(sent["name"]), str(sent["shot"])
