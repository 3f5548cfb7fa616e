"""Says which of this project's extras is missing where one is needed."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from post.errors import JobError


@contextmanager
def extra_is_here(extra: str, where: str) -> Iterator[None]:
    """Raises JobError where the block lacks what only an extra brings. where: what asks for it."""
    try:
        yield
    except ModuleNotFoundError as fault:
        raise JobError(
            "a package for this is missing", where=where, got=str(fault), fix=f"install answerprint[{extra}]"
        ) from fault
