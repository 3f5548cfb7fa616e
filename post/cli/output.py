"""Prints results on stdout, and progress and messages on stderr."""

from __future__ import annotations

import json
import logging
import os
import sys
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from types import TracebackType
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeElapsedColumn

from post.cli.environment import read_environment
from post.errors import OldNameWarning

log = logging.getLogger(__name__)


def print_result(data: dict[str, Any], as_json: bool, lines: list[str]) -> None:
    """Prints a command's result: one JSON object, or lines for a person."""
    print_text(json.dumps(data) if as_json else "\n".join(lines))


def print_text(text: str) -> None:
    """Prints a result on stdout. If nobody reads it any more (`| head -1`), the command still ends as usual."""
    try:
        print(text, flush=True)
    except BrokenPipeError:
        nobody_reads()


def nobody_reads() -> None:
    """Discards whatever is still to be printed."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def print_note(text: str) -> None:
    """Prints a note on stderr."""
    print(text, file=sys.stderr)


def printable(line: str) -> str:
    """Returns a line with escapes for whatever could end it or steer a terminal."""
    return "".join(each if each.isprintable() else each.encode("unicode_escape").decode() for each in line)


@contextmanager
def warnings_as_notes() -> Iterator[None]:
    """Prints warnings of the block as notes of one line; an old name once, wherever else it is written."""
    old_names = set[str]()

    def say(message: Warning | str, *_: object, **__: object) -> None:
        if isinstance(message, OldNameWarning):
            if message.old in old_names:
                return
            old_names.add(message.old)
        log.info("warned: %s", message)
        print_note(f"warning: {message}")

    usual, warnings.showwarning = warnings.showwarning, say
    try:
        yield
    finally:
        warnings.showwarning = usual


class ProgressBar:
    """A progress bar if stderr is a terminal, otherwise nothing. A context manager."""

    def __init__(self) -> None:
        self._bar = Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
            console=Console(stderr=True),
            disable=not read_environment().terminal,
            transient=True,
        )
        self._rows: dict[str, TaskID] = {}

    def __enter__(self) -> ProgressBar:
        self._bar.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._bar.stop()

    def __call__(self, what: str, done: int, total: int) -> None:
        if what not in self._rows:
            self._rows[what] = self._bar.add_task(what, total=total)
        self._bar.update(self._rows[what], completed=done, total=total)
