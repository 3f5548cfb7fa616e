"""Keeps results of functions within a process.

A worker's threads share results that are only read. Results with a state of their own, such as decoders and
scalers, are kept for each thread.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache, wraps
from threading import Lock, local
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
R = TypeVar("R")


def shared(most: int | None) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Returns a decorator that keeps the last `most` results of a function (None: all) for all threads.

    Each result is computed once: a thread that asks meanwhile waits. The function must not call itself.
    """

    def keep(work: Callable[P, R]) -> Callable[P, R]:
        kept, lock = lru_cache(maxsize=most)(work), Lock()

        @wraps(work)
        def once(*args: P.args, **named: P.kwargs) -> R:
            with lock:
                return kept(*args, **named)  # type: ignore[arg-type]  # arguments that hash, as lru_cache needs

        return once

    return keep


def per_thread(most: int) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Returns a decorator that keeps the last `most` results of a function for each thread."""

    def keep(work: Callable[P, R]) -> Callable[P, R]:
        threads = local()

        @wraps(work)
        def of_this_thread(*args: P.args, **named: P.kwargs) -> R:
            if not hasattr(threads, "kept"):
                threads.kept = lru_cache(maxsize=most)(work)
            result: R = threads.kept(*args, **named)
            return result

        return of_this_thread

    return keep
