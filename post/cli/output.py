"""Prints results on stdout, and progress and messages on stderr.

Everything that is printed for people goes through here, and here `post.printable` takes out what could end a line or
steer a terminal. JSON is printed in ASCII, whose escapes do the same.
"""

from __future__ import annotations

import json
import logging
import os
import sys
import traceback
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from types import TracebackType
from typing import TYPE_CHECKING, Any, TextIO

from post.cli.environment import read_environment
from post.errors import OldFormWarning, OldNameWarning
from post.printable import printable

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID

log = logging.getLogger(__name__)


def print_result(data: dict[str, Any], as_json: bool, lines: list[str]) -> None:
    """Prints a command's result: one JSON object, or lines for a person."""
    if as_json:
        print_json(data)
    else:
        _print_on_stdout("\n".join(map(printable, lines)))


def print_json(data: Any, indent: int | None = None) -> None:
    """Prints a result as JSON on stdout. indent: of each level, in spaces; None: all on one line."""
    _print_on_stdout(json.dumps(data, indent=indent))


def _print_on_stdout(text: str) -> None:
    """Prints a result. If nobody reads it any more (`| head -1`), the command still ends as usual."""
    try:
        print(_encodable(text, sys.stdout), flush=True)
    except BrokenPipeError:
        nobody_reads()


def _encodable(text: str, out: TextIO) -> str:
    """Returns a text with escapes for the letters that a stream cannot write: a terminal may not know all."""
    encoding = out.encoding or "utf-8"
    return text.encode(encoding, "backslashreplace").decode(encoding)


def nobody_reads(out: TextIO | None = None) -> None:
    """Discards whatever is still to be printed on a stream. None: stdout."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), (out or sys.stdout).fileno())


def print_note(text: str) -> None:
    """Prints a note on stderr: one line, whatever it quotes. Where it cannot be printed, the command goes on."""
    try:
        print(_encodable(printable(text), sys.stderr), file=sys.stderr, flush=True)
    except OSError:  # nobody reads it any more, or it is a file on a full disk
        nobody_reads(sys.stderr)


def print_traceback(fault: BaseException) -> None:
    """Prints the traceback of an error on stderr, without secrets."""
    from provenance.record.secrets import remove_all_secrets

    text = "".join(traceback.format_exception(fault))
    for line in remove_all_secrets(text).splitlines():
        print_note(line)


@contextmanager
def warnings_as_notes() -> Iterator[None]:
    """Prints warnings of the block as notes of one line, without secrets; an old name or form once, wherever it is."""
    from provenance.record.secrets import remove_all_secrets

    old_names = set[str]()

    def say(message: Warning | str, *_: object, **__: object) -> None:
        if isinstance(message, OldNameWarning | OldFormWarning):
            if message.old in old_names:
                return
            old_names.add(message.old)
        log.info("warned: %s", message)
        print_note(f"warning: {remove_all_secrets(str(message))}")

    usual, warnings.showwarning = warnings.showwarning, say
    try:
        yield
    finally:
        warnings.showwarning = usual


class ProgressBar:
    """A progress bar if stderr is a terminal, otherwise nothing. A context manager."""

    def __init__(self) -> None:
        self._bar = _progress() if read_environment().terminal else None
        self._rows: dict[str, TaskID] = {}

    def __enter__(self) -> ProgressBar:
        if self._bar:
            self._bar.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._bar:
            self._bar.stop()

    def __call__(self, what: str, done: int, total: int) -> None:
        if self._bar is None:
            return
        if what not in self._rows:
            self._rows[what] = self._bar.add_task(printable(what), total=total)
        self._bar.update(self._rows[what], completed=done, total=total)


def _progress() -> Progress:
    """Returns the bar on stderr. Loading what draws it takes a fifth of a command's start: only terminals need it."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    return Progress(
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        console=Console(stderr=True),
        transient=True,
    )
