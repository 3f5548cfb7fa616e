"""What arrives in a watched folder, and what becomes of it."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, NamedTuple, Protocol

from post.errors import AnswerprintError, Problems
from post.watch.file_set import NO_FILES, FileSet

# What is told of a watch: the name of an event of `post.watch.events`, and its fields.
Row = dict[str, Any]


class Stamp(NamedTuple):
    """What the file system says of a file: another content has another stamp. changed_ns: its time, which is only
    compared, never taken for a time of day."""

    bytes: int
    changed_ns: int
    inode: int


@dataclass(frozen=True, slots=True)
class Arrival:
    """A clip or a job's folder, as one look at the watched folder found it.

    path: below that folder; files: it and its sidecars, or all files of a job's folder, below the watched folder too;
    stillness: a digest of all that has to stand still before it is taken.
    """

    kind: Literal["clip", "job"]
    path: str
    files: tuple[tuple[str, Stamp], ...]
    stillness: str

    @property
    def beside(self) -> tuple[str, ...]:
        """Returns the paths of a clip's sidecars."""
        return tuple(path for path, _ in self.files[1:])

    @property
    def state(self) -> str:
        """Returns a digest of its own files and their stamps: it is another one when one of them is."""
        return hashlib.sha256(repr(self.files).encode("utf-8", "surrogateescape")).hexdigest()

    @property
    def inode(self) -> int:
        """Returns the number of a clip on its disk, by which a renamed one is known; 0 for a job's folder."""
        return self.files[0][1].inode if self.kind == "clip" else 0


@dataclass(frozen=True, slots=True)
class Received:
    """What is given to a maker: all of it is there and stands still.

    path: of the clip, or of the job's folder; files: the clip first, then its sidecars; sha256: of its content; place:
    its path below the watched folder.
    """

    kind: Literal["clip", "job"]
    path: Path
    files: tuple[Path, ...]
    sha256: str
    place: str


@dataclass(frozen=True, slots=True)
class Awaited:
    """What films wait for that people have yet to approve.

    candidates: their paths; rejected: a line for each rejection that stands; made_of: every file that the candidates
    depend on, and they themselves; decided_by: every file that says who approved them.
    """

    candidates: tuple[str, ...]
    rejected: tuple[str, ...]
    made_of: FileSet = NO_FILES
    decided_by: FileSet = NO_FILES


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of making films of something received.

    exit_code: as of the command line, 0 where the films are made; films: their paths; errors: what went wrong, each as
    `error_row` writes it; seconds: that it took; awaited: what they wait for, where their gates are not met.
    """

    exit_code: int = 0
    films: tuple[str, ...] = ()
    errors: tuple[Row, ...] = ()
    seconds: float = 0.0
    awaited: Awaited | None = None


class Maker(Protocol):
    """Makes films of what is received."""

    def make(self, received: Received, into: Path) -> Outcome:
        """Makes its films in a folder. Made again after it was interrupted, they are not made twice."""

    def still_waits(self, received: Received, into: Path) -> Outcome | None:
        """Returns what films of something wait for, as its log of decisions has it now: nothing is rendered or decoded.

        None where they wait no more, or nobody knows without making them.
        """

    def rest(self) -> None:
        """Lets go of processes and memory: nothing is left to make for now."""

    def trouble(self) -> AnswerprintError | None:
        """Returns what keeps anything at all from being made, such as a key that is gone; None where nothing does."""


def error_row(fault: AnswerprintError) -> Row:
    """Returns an error as JSON: its exit code, and what an error says."""
    got = None if fault.got is None else str(fault.got)
    return {
        "exit_code": fault.exit_code, "where": fault.where, "what": fault.what, "expected": fault.expected, "got": got,
        "fix": fault.fix,
    }  # fmt: skip


def error_rows(fault: AnswerprintError) -> tuple[Row, ...]:
    """Returns each fault of an error as `error_row` does."""
    return tuple(map(error_row, fault.faults if isinstance(fault, Problems) else (fault,)))
