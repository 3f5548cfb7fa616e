"""Prints what a farm manager reads of a task: progress, status, failure, as Open Job Description has it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from post.cli.faults import describe
from post.cli.output import print_result


def print_openjd(kind: str, text: str) -> None:
    """Prints one line for the farm manager. kind: progress (percent), status or fail."""
    print_result({}, False, [f"openjd_{kind}: {text}"])


@contextmanager
def failing_openjd(asked: bool) -> Iterator[None]:
    """Prints what the block ends with where it fails, if that is asked for, and raises it."""
    try:
        yield
    except Exception as fault:
        if asked:
            print_openjd("fail", describe(fault)[0][0])
        raise
