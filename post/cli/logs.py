"""Writes what the program logs: to stderr with --verbose, to a file of JSON lines with --log FILE.

Modules log with `logging.getLogger(__name__)`; only here do their loggers get handlers. Without these options nothing
is written. Every handler removes secrets from a record before it is written.
"""

from __future__ import annotations

import errno
import json
import logging
import os
import platform
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from io import TextIOWrapper
from pathlib import Path
from typing import Any

from post import LOGGERS, __version__
from post.cli.output import print_note
from post.errors import OutputError
from post.os_faults import retry_of

FIRST_BYTES = b'{"ts": "'  # of every log of ours; another file is not appended to
# What every record has; the rest are the fields that its module gave it.
_STANDARD = {*vars(logging.makeLogRecord({})), "message", "asctime", "taskName"}


class SecretsFilter(logging.Filter):
    """Removes secrets from a record: from its message, its fields and its traceback."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Changes the record, and lets it pass. Where that fails, the record says so, and nothing else."""
        try:
            self._change(record)
        except Exception as fault:  # noqa: BLE001  logging must not end the work, and a record's fields may be anything
            for name in _fields(record):
                delattr(record, name)
            record.msg = f"a record that could not be read ({type(fault).__name__}); it is left out"
            record.args = record.exc_info = record.exc_text = None
        return True

    def _change(self, record: logging.LogRecord) -> None:
        from provenance.record.secrets import remove_all_secrets

        record.msg, record.args = remove_all_secrets(record.getMessage()), None
        if record.exc_info:
            record.exc_text, record.exc_info = logging.Formatter().formatException(record.exc_info), None
        record.exc_text = remove_all_secrets(record.exc_text) if record.exc_text else None
        vars(record).update({name: _without_secrets(name, value) for name, value in _fields(record).items()})


class JsonLinesFormatter(logging.Formatter):
    """Formats a record as one JSON object: ts (UTC), level, logger, message, then the fields of the record."""

    def format(self, record: logging.LogRecord) -> str:
        """Returns the line, without its end."""
        time = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        row = {
            "ts": time.replace("+00:00", "Z"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
        }
        if record.exc_text:
            row["traceback"] = record.exc_text
        return json.dumps(row | {name: value for name, value in _fields(record).items() if name not in row})


class StderrHandler(logging.Handler):
    """Writes records to stderr, one line each, above the progress bar where there is one."""

    def emit(self, record: logging.LogRecord) -> None:
        """Writes one record."""
        try:
            time = datetime.fromtimestamp(record.created).astimezone()
            print_note(f"{time:%H:%M:%S} {record.levelname:7} {record.name}: {record.getMessage()}")
        except Exception:  # noqa: BLE001  logging must not end the work
            self.handleError(record)


class LogFileHandler(logging.FileHandler):
    """Appends records to a file, and flushes each. Where the disk fails, it says so once, and work goes on."""

    def __init__(self, path: Path) -> None:
        """Raises OSError where the file cannot be opened, or is a pipe."""
        super().__init__(path, encoding="utf-8")
        self._failed = False

    def _open(self) -> TextIOWrapper:
        """Opens the file without waiting: opening a pipe would wait for its reader."""
        path = Path(self.baseFilename)
        if path.exists() and not path.is_file() and not path.is_dir():
            raise OSError(errno.EINVAL, "a pipe or a device")
        waits = getattr(os, "O_NONBLOCK", 0)
        return open(path, "a", encoding="utf-8", opener=lambda name, how: os.open(name, how | waits, 0o666))

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: ARG002, N802  logging's own name
        """Prints one note on stderr for the first record that could not be written."""
        if not self._failed:
            print_note(f"warning: {self.baseFilename}: the log cannot be written; records are missing in it")
        self._failed = True


@contextmanager
def logging_to(file: Path | None, verbose: bool) -> Iterator[None]:
    """Writes what is logged in the block to these places. Raises OutputError where the file cannot be written."""
    handlers: list[logging.Handler] = [_open_log(file)] if file else []
    handlers += [StderrHandler()] if verbose else []
    loggers = [logging.getLogger(name) for name in LOGGERS] if handlers else []
    levels = [logger.level for logger in loggers]
    for handler in handlers:
        handler.addFilter(SecretsFilter())
    for logger in loggers:
        logger.setLevel(logging.INFO)
        for handler in handlers:
            logger.addHandler(handler)
    try:
        yield
    finally:
        for logger, level in zip(loggers, levels, strict=True):
            logger.setLevel(level)
            for handler in handlers:
                logger.removeHandler(handler)
        for handler in handlers:
            with suppress(OSError):  # what could not be written was said
                handler.close()


def installation() -> dict[str, Any]:
    """Returns what the first record of a log says of this installation: versions and platform."""
    from post.prepare.toolchain import required_releases

    return {
        "versions": {
            "answerprint": __version__,
            "python": platform.python_version(),
            **dict(required_releases()),
        },
        "platform": platform.platform(),
    }


def _open_log(path: Path) -> LogFileHandler:
    try:
        if path.is_file() and path.stat().st_size:
            with path.open("rb") as file:
                if file.read(len(FIRST_BYTES)) != FIRST_BYTES:
                    raise OutputError(
                        "is not a log of Answerprint, and is not appended to",
                        where=f"--log {path}",
                        fix="name another file",
                    )
        handler = LogFileHandler(path)
    except (OSError, ValueError) as exc:
        got = getattr(exc, "strerror", None) or str(exc)
        raise (
            retry_of(exc, f"--log {path}")
            or OutputError(
                "the log cannot be written", where=f"--log {path}", got=got, fix="name another file"
            )
        ) from exc
    handler.setFormatter(JsonLinesFormatter())
    return handler


def _fields(record: logging.LogRecord) -> dict[str, Any]:
    return {name: value for name, value in vars(record).items() if name not in _STANDARD}


def _without_secrets(name: str, value: object) -> object:
    """Returns a field of a record as plain data without secrets. name: its own, or of the field it is in."""
    from provenance.record.secrets import LEFT_OUT, is_secret_name, remove_all_secrets

    if is_secret_name(name):
        return LEFT_OUT
    if isinstance(value, Mapping):
        return {remove_all_secrets(str(key)): _without_secrets(str(key), each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_without_secrets(name, each) for each in value]
    if value is None or isinstance(value, bool | int | float):
        return value
    return remove_all_secrets(str(value))
