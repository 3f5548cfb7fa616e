"""Remembers what was made of what a watched folder received, whatever ends the process.

    OUT/.answerprint-watch/journal.jsonl     one JSON object a line, each on the disk before the work goes on
    {"schema": "WatchJournal.1"}
    {"row": "item", "sha256": ..., "state": "begun", "name": "dog", "path": "dog.mp4", "tries": 1, "at": ...}
    {"row": "file", "path": "copy.mp4", "state": ..., "sha256": ...}

The last row of an item, and of a file, is what holds. A line that was cut off, by a kill or a full disk, was not said.
"""

from __future__ import annotations

import json
import os
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal, get_args

from post.atomic import open_regular, write_whole
from post.os_faults import writing
from post.watch.file_set import NO_FILES, FileSet

FOLDER, FILE = ".answerprint-watch", "journal.jsonl"
SCHEMA = "WatchJournal.1"
State = Literal["begun", "again", "done", "failed", "unapproved"]
_STATES: tuple[State, ...] = get_args(State)


@dataclass(frozen=True, slots=True)
class WatchedItem:
    """One content, by its sha256.

    name: of its folder among the films; path: where it lay last; tries: how often making its films failed; begun: how
    often it was begun without coming to any end; stays: of a failed one that could not be moved away, its state there;
    made_of, decided_by: of one whose films wait for approval, the files that they depend on, and those that decide.
    """

    sha256: str
    state: State
    name: str
    path: str
    tries: int = 0
    begun: int = 0
    stays: str = ""
    made_of: FileSet = NO_FILES
    decided_by: FileSet = NO_FILES


@dataclass(frozen=True, slots=True)
class KnownFile:
    """A clip, or a job's folder, that needs no more looking at while its state is this one."""

    path: str
    state: str
    sha256: str
    inode: int = 0


class Journal:
    """What is known, and the file that keeps it. Made by `open_journal`; one process has it at a time."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file: int | None = None
        self._bytes = 0  # of whole lines
        self.items: dict[str, WatchedItem] = {}
        self.files: dict[str, KnownFile] = {}

    @property
    def names(self) -> set[str]:
        """Returns the names of all items' folders among the films, as file systems that ignore case compare them."""
        return {item.name.casefold() for item in self.items.values()}

    def keep(self, item: WatchedItem) -> None:
        """Keeps what is known of an item now. It is on the disk when this returns; raises RetryError or OutputError
        where it cannot be written, and then what was known before holds."""
        self._append({"row": "item", **asdict(item), "at": datetime.now(UTC).isoformat(timespec="seconds")})
        self.items[item.sha256] = item

    def keep_file(self, known: KnownFile) -> None:
        """Keeps that a file needs no more looking at, as `keep` does."""
        self._append({"row": "file", **asdict(known)})
        self.files[known.path] = known

    def forget_file(self, path: str) -> None:
        """Forgets a file that is not there any more. The next start writes the journal without it."""
        self.files.pop(path, None)

    def _append(self, row: dict[str, Any]) -> None:
        assert self._file is not None
        line = json.dumps(row).encode() + b"\n"
        with writing(self._path):
            try:
                left = memoryview(line)
                while left:
                    left = left[os.write(self._file, left) :]
                os.fsync(self._file)
            except OSError:
                with suppress(OSError):  # a line that is half there ends at the next start
                    os.ftruncate(self._file, self._bytes)
                raise
        self._bytes += len(line)

    def read(self) -> None:
        """Reads what the file says; nothing where there is none. Raises OSError where it cannot be read."""
        try:
            with open_regular(self._path, follow=False) as file:
                for number, line in enumerate(file, start=1):
                    if line.endswith(b"\n") and not self._take(line):
                        said = "cannot be read; what it said is not known"
                        warnings.warn(f"{self._path}:{number}: {said}", stacklevel=2)
        except FileNotFoundError:
            return

    def _take(self, line: bytes) -> bool:
        try:
            row = json.loads(line)
            kind = row.pop("row", "")
            row.pop("at", None)
            if kind == "item" and row["state"] in _STATES:
                row |= {name: _files(row[name]) for name in ("made_of", "decided_by") if name in row}
                self.items[row["sha256"]] = WatchedItem(**row)
            elif kind == "file":
                self.files[row["path"]] = KnownFile(**row)
            else:
                return bool(row.get("schema") == SCHEMA)
        except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
            return False
        return True

    def start(self) -> None:
        """Writes what is known as a new file, of one row each, and opens it for more."""
        rows = [
            {"schema": SCHEMA},
            *({"row": "item", **asdict(item)} for item in self.items.values()),
            *({"row": "file", **asdict(known)} for known in self.files.values()),
        ]
        text = "".join(json.dumps(row) + "\n" for row in rows)
        write_whole(self._path, text, lasting=True)
        with writing(self._path):
            self._file = os.open(self._path, os.O_WRONLY | os.O_APPEND | getattr(os, "O_NOFOLLOW", 0))
        self._bytes = len(text.encode())

    def close(self) -> None:
        """Closes the file."""
        if self._file is not None:
            os.close(self._file)
            self._file = None


def _files(row: Any) -> FileSet:
    return FileSet(tuple(row["paths"]), row["state"])


@contextmanager
def open_journal(
    out: Path, *, forget: bool = False, known: dict[str, WatchedItem] | None = None
) -> Iterator[Journal]:
    """Gives the journal of a folder of films. The caller owns that folder.

    forget: starts without what was known; known: what is known instead, by sha256. Raises OutputError or RetryError
    where it cannot be written.
    """
    path = out / FOLDER / FILE
    journal = Journal(path)
    with writing(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        if not forget:
            journal.read()
        for left in path.parent.glob(f".{FILE}.*.part"):  # of a process that was killed
            left.unlink(missing_ok=True)
    if known is not None:
        journal.items = dict(known)
    journal.start()
    try:
        yield journal
    finally:
        journal.close()
