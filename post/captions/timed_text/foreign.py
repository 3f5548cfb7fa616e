"""Calls ttconv: what it logs is kept as what is lost, and what it raises becomes an error with the file's name."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager

from post.errors import JobError

# What ttconv raises over a file that it did not expect.
RAISED = (ValueError, TypeError, AttributeError, LookupError, ArithmeticError, RuntimeError, AssertionError)


class _Kept(logging.Handler):
    """Keeps the text of warnings and errors."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.words: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.words.append(record.getMessage())


@contextmanager
def called(where: str, kind: str) -> Iterator[list[str]]:
    """Gives the list of what ttconv logs within the block. Raises JobError in place of what it raises.

    where: the file's name, kind: what it should be, for errors.
    """
    logger, kept = logging.getLogger("ttconv"), _Kept()
    before = logger.propagate
    logger.addHandler(kept)
    logger.propagate = False
    try:
        yield kept.words
    except RAISED as fault:
        raise JobError(
            f"cannot be read as {kind}", where=where, got=f"{type(fault).__name__}: {fault}"
        ) from fault
    finally:
        logger.removeHandler(kept)
        logger.propagate = before
