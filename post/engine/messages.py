"""What passes between a worker and the process that started it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from post.engine.store_place import StorePlace


@dataclass(frozen=True, slots=True)
class TaskSent:
    """A task for a lane. text: the task as JSON; place: where its store is."""

    lane: int
    text: str
    key: str
    place: StorePlace


@dataclass(frozen=True, slots=True)
class CallSent:
    """A call for a worker's first lane. function: of a module; what it takes and returns is pickled."""

    function: Callable[..., Any]
    arguments: tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class TaskDone:
    """A lane's task has ended. fault: the error that it ended with, or None: its result is in the store."""

    lane: int
    fault: BaseException | None


@dataclass(frozen=True, slots=True)
class CallDone:
    """A call has ended. fault: the error that it raised, or None."""

    value: Any
    fault: BaseException | None


@dataclass(frozen=True, slots=True)
class FileBegun:
    """A library began to read a file."""

    name: str
