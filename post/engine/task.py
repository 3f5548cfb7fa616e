"""Work, as it travels: a key, the function that does it, and its data as JSON."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

from post import __version__
from post.errors import RetryError

Make = Callable[[Any, Mapping[str, Path], Path], None]


@dataclass(frozen=True, slots=True)
class Task:
    """One piece of work. Its result is a file, kept in the store under `key`.

    run: "module:function", called with (data, files, path to write); data: plain JSON;
    files: where each source lies, by sha256 (never part of the key); cost: relative, to deal work out
    evenly; name: for people; alone: no other task may run in its process.
    """

    key: str
    run: str
    data: Any
    files: tuple[tuple[str, str], ...] = ()
    cost: int = 1
    name: str = ""
    alone: bool = False

    def to_json(self) -> str:
        """Returns the task as JSON text, as it travels to a worker."""
        body = {slot: getattr(self, slot) for slot in ("key", "run", "data", "files", "name")}
        return json.dumps({"release": __version__, **body})


def do_task(text: str, path: Path) -> None:
    """Do the work a worker was sent, writing its result to `path`.

    Raises RetryError where the sender runs another release: pixels could differ.
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
    make(sent["data"], {sha: Path(where) for sha, where in sent["files"]}, path)
