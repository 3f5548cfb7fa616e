"""Writes events, one JSON object a line, to a file, a pipe or stdout, for programs that follow a command."""

from __future__ import annotations

import json
import os
import sys
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from threading import Lock
from typing import IO, Any

from post.cli.faults import errors_of
from post.cli.output import nobody_reads
from post.engine.events import ERROR_FIELDS
from post.errors import AnswerprintError, JobError, OutputError
from post.os_faults import reason, retry_of

STDOUT = "-"


def error_data(fault: AnswerprintError) -> dict[str, Any]:
    """Returns an error as an object of `errors`. It has no secrets if `errors_of` returned it."""
    told = {name: getattr(fault, name) for name in ERROR_FIELDS}
    return told | {"got": None if fault.got is None else str(fault.got)}


class EventFile:
    """Writes events. Where that fails, it says so once, and the work goes on."""

    def __init__(self, file: IO[str] | None, name: str) -> None:
        """file: None for nowhere; name: for warnings."""
        self._file, self._name, self._seq, self._lock = file, name, 0, Lock()
        self.item: dict[str, str] = {}  # what is added to each event: the item of a watch that it belongs to

    def __call__(self, event: str, /, **fields: object) -> None:
        """Writes one event."""
        with self._lock:
            if self._file is None:
                return
            self._seq += 1
            at = datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
            row = {"at": at, "seq": self._seq, "event": event, **fields, **self.item}
            try:
                self._file.write(json.dumps(row) + "\n")
                self._file.flush()
            except OSError as fault:
                if self._file is sys.stdout:
                    nobody_reads()
                else:
                    with suppress(OSError):
                        self._file.close()
                self._file = None
                warnings.warn(
                    f"--events {self._name}: cannot be written ({reason(fault)}); events are missing in it",
                    stacklevel=2,
                )

    def error(self, command: str, fault: BaseException) -> tuple[list[dict[str, Any]], int]:
        """Writes the error that a command ended with. Returns its errors, and the exit code."""
        if isinstance(fault, Exception):
            found, code = errors_of(fault)
            errors = [error_data(each) for each in found]
        else:  # Ctrl-C, or a signal
            code, errors = getattr(fault, "code", None) or 130, []
        self("error", command=command, exit_code=code, errors=errors)
        return errors, code


@contextmanager
def events_to(place: str, *, as_json: bool = False) -> Iterator[EventFile]:
    """Gives what writes events to a file, "-" for stdout, "" for nowhere. A file that is there is appended to.

    Raises JobError where --json asks for stdout too, OutputError or RetryError where the file cannot be opened.
    """
    if place == STDOUT and as_json:
        raise JobError(
            "both are written to stdout", where="--events -", fix="leave out --json, or name a file"
        )
    if place in ("", STDOUT):
        yield EventFile(sys.stdout if place else None, place)
        return
    with _opened(place) as file:
        yield EventFile(file, place)


@contextmanager
def _opened(place: str) -> Iterator[IO[str]]:
    try:
        # A pipe that nobody reads is refused, not waited for.
        waits = getattr(os, "O_NONBLOCK", 0)
        handle = os.open(place, os.O_WRONLY | os.O_APPEND | os.O_CREAT | waits, 0o666)
        if waits:
            os.set_blocking(handle, True)
    except (OSError, ValueError) as fault:
        got = reason(fault) if isinstance(fault, OSError) else str(fault)
        fix = "name another file; of a pipe, start its reader first"
        where = f"--events {place}"
        raise (
            retry_of(fault, where)
            or OutputError("the events cannot be written", where=where, got=got, fix=fix)
        ) from fault
    file = os.fdopen(handle, "w", encoding="ascii")
    try:
        yield file
    finally:
        with suppress(OSError, ValueError):  # what could not be written was said
            file.close()
