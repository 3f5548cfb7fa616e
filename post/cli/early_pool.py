"""Starts the worker of a still before the command line is read: it loads what draws, while typer is loaded here."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from post.engine import WorkerPool

STILL = "still"
# A worker is told what to log when it starts, and help needs none.
_LATE = ("--verbose", "--log", "--help")
_started: list[WorkerPool] = []


@contextmanager
def early_pool(words: Sequence[str]) -> Iterator[None]:
    """Runs the block with a worker already started, where the command line asks for a still; ends it afterwards."""
    if list(words[:1]) != [STILL] or any(word.startswith(_LATE) for word in words):
        yield
        return
    with _new_pool() as pool:
        _started.append(pool)
        try:
            yield
        finally:
            _started.clear()


def still_pool() -> WorkerPool:
    """Returns the pool of one worker that was started early, else a new one. Use it in a `with`."""
    return _started[0] if _started else _new_pool()


def _new_pool() -> WorkerPool:
    from post.deliver.still import LOADS
    from post.engine import WorkerPool

    return WorkerPool(1, LOADS)
