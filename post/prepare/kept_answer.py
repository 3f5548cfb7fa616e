"""Keeps answers in the store, each under the digest of its question, and makes those that are not there."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from typing import TypeVar

from post.engine import Store
from post.values import digest, from_plain, plain

Answer = TypeVar("Answer")
_kept_alone: ContextVar[bool] = ContextVar("kept_alone", default=False)


class UnansweredError(LookupError):
    """No answer is kept, and none may be made now."""


@contextmanager
def kept_alone() -> Iterator[None]:
    """Has questions of this block answered from the store alone, for somebody who cannot wait.

    UnansweredError is raised where no answer is kept.
    """
    token = _kept_alone.set(True)
    try:
        yield
    finally:
        _kept_alone.reset(token)


def kept_answer(
    keep: Store | None, question: object, kind: type[Answer], make: Callable[[], Answer]
) -> Answer:
    """Returns the answer to a question, of type `kind`: as it is kept, else as `make` returns it, which is then kept.

    question: everything that the answer depends on, a plain value. keep: None to keep nothing.
    Raises what `make` raises, and OutputError or RetryError where the answer cannot be kept.
    """
    if keep is not None and (kept := find_answer(keep, question, kind)) is not None:
        return kept
    if _kept_alone.get():
        raise UnansweredError
    made = make()
    if keep is not None:
        keep.save(digest(question), json.dumps(plain(made)).encode())
    return made


def find_answer(keep: Store, question: object, kind: type[Answer]) -> Answer | None:
    """Returns the answer to a question as it is kept; None where none is, or it cannot be read."""
    if (kept := keep.load(digest(question))) is not None:
        with suppress(ValueError, TypeError, KeyError):  # what cannot be read is made again
            return from_plain(kind, json.loads(kept))
    return None
