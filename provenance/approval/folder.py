"""The folder of decisions, `approvals/` beside a job: appends to its log, and reads it strictly.

    log.jsonl              one line an entry; only ever appended to
    statements/SHA256.json what entries log: signed decisions, machine checks, renders, the start of the log
    frames/SHA256.json     the frames of films
    checkpoints/N.json     signed heads

Reading follows these steps, and each fault has words of its own:

    1  the lines follow one another: none is changed, left out, reordered or replayed
    2  every document is there and has its hash
    3  each decision is signed, by the person that it names, with a key that the people file has
    4  each decision is of this log, and covers a head that the log had when it was written
    5  the frames that it is about are there, and are as it says
    6  every checkpoint is signed, and the log goes on from it
    7  the log goes on from every head that is known from elsewhere
"""

from __future__ import annotations

import hashlib
import os
import secrets
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from post.atomic import open_regular, sync_file, write_whole
from post.errors import ProvenanceError
from post.os_faults import retry_of, writing
from post.owned import owned
from provenance.approval.checkpoint import make_checkpoint
from provenance.approval.entries import EntryKind, LogEntry, next_entry, read_entries
from provenance.approval.frames import FilmFrames
from provenance.approval.person_key import PersonSigner
from provenance.approval.statement import LogPoint
from provenance.approval.strict import canonical_json

FOLDER, LOG, STATEMENTS, FRAMES, CHECKPOINTS = "approvals", "log.jsonl", "statements", "frames", "checkpoints"
LOCK = ".log.lock"
START = "ApprovalLog.1"
MOST_LOG, MOST_DOCUMENT = 64 << 20, 160 << 20  # bytes
WAIT_S = 60.0


@dataclass(frozen=True, slots=True)
class ApprovalFolder:
    """The folder of one job's decisions. path: of the folder; it need not be there yet."""

    path: Path

    @property
    def log(self) -> Path:
        """The log's file."""
        return self.path / LOG

    def statement(self, sha256: str) -> Path:
        """Returns where a document of the log lies."""
        return self.path / STATEMENTS / f"{sha256}.json"

    def frames(self, sha256: str) -> Path:
        """Returns where the list of a film's frames lies."""
        return self.path / FRAMES / f"{sha256}.json"

    def checkpoint(self, number: int) -> Path:
        """Returns where the signed head after an entry lies."""
        return self.path / CHECKPOINTS / f"{number:06}.json"

    def exists(self) -> bool:
        """Says whether there is a log."""
        return os.path.lexists(self.log)

    def keep_frames(self, film: FilmFrames) -> str:
        """Writes the list of a film's frames, where it is not there yet, and returns its digest."""
        place = self.frames(film.digest)
        if not place.exists():
            write_whole(place, film.document, lasting=True)
        return film.digest

    @contextmanager
    def writing(self) -> Iterator[LogWriter]:
        """Owns the log for the block: one process appends at a time. Begins the log where there is none.

        Raises RetryError where another process keeps it for a minute, OutputError where it cannot be written.
        """
        with writing(self.path):
            self.path.mkdir(parents=True, exist_ok=True)
        with owned(self.path / LOCK, str(self.path), wait_s=WAIT_S):
            writer = LogWriter(self, read_lines(self)[-1].point if self.exists() else None)
            if writer.head is None:
                writer.append("start", canonical_json({"log": secrets.token_hex(16), "schema": START}))
            yield writer


class LogWriter:
    """Appends entries to a log that this process owns for now. head: the last entry, None before the first."""

    def __init__(self, folder: ApprovalFolder, head: LogPoint | None) -> None:
        self.folder, self.head = folder, head

    @property
    def number(self) -> int:
        """How many entries the log has."""
        return self.head.number if self.head else 0

    def append(self, kind: EntryKind, document: bytes) -> LogEntry:
        """Writes a document, and then the line that logs it. Returns the entry.

        Raises OutputError or RetryError where either cannot be written: a document without a line does no harm.
        """
        sha256 = hashlib.sha256(document).hexdigest()
        write_whole(self.folder.statement(sha256), document, lasting=True)
        entry = next_entry(self.head, kind, sha256, now())
        with writing(self.folder.log), self.folder.log.open("ab") as out:
            out.write(entry.line + b"\n")
            sync_file(out)
        self.head = entry.point
        return entry

    def checkpoint(self, log: str, keeper: PersonSigner) -> Path:
        """Writes the signed head of the log, and returns where."""
        assert self.head is not None
        signed = make_checkpoint(log, self.head, now(), keeper)
        return write_whole(self.folder.checkpoint(self.head.number), signed, lasting=True)


def now() -> str:
    """Returns the time, to the second: RFC 3339, UTC."""
    return datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def read_lines(folder: ApprovalFolder) -> tuple[LogEntry, ...]:
    """Returns the entries of a log, whose lines follow one another. Raises ProvenanceError as `read_entries` does."""
    return read_entries(read_document(folder.log, MOST_LOG), str(folder.log))


def read_document(path: Path, most: int = MOST_DOCUMENT) -> bytes:
    """Returns the bytes of a file of the folder. Raises ProvenanceError where it is missing or too large."""
    try:
        with open_regular(path, follow=False) as file:
            data = file.read(most + 1)
    except OSError as fault:
        raise (
            retry_of(fault, path)
            or ProvenanceError(
                "a file of the log is missing", where=str(path), got=fault.strerror, fix=PUT_BACK
            )
        ) from fault
    if len(data) > most:
        raise ProvenanceError(
            "a file of the log is too large", where=str(path), expected=f"{most} bytes at most"
        )
    return data


def read_named(path: Path) -> bytes:
    """Returns the bytes of a file that is named by its SHA-256. Raises ProvenanceError where they are others."""
    data = read_document(path)
    if hashlib.sha256(data).hexdigest() != path.stem:
        raise ProvenanceError("a file of the log was changed", where=str(path), fix=PUT_BACK)
    return data


def check_known(points: Sequence[LogPoint], known: Sequence[tuple[LogPoint, str]], where: str) -> None:
    """Raises ProvenanceError unless a log goes on from every head that is known from elsewhere.

    points: of each entry, in order; known: heads, each with where it is known from.
    """
    for point, source in known:
        if point.number > len(points):
            raise ProvenanceError(
                "the log is truncated",
                where=where,
                expected=f"at least {point.number} entries, by {source}",
                got=f"{len(points)}",
                fix=PUT_BACK,
            )
        if point.number and points[point.number - 1] != point:
            raise ProvenanceError(
                "the log is another one, or was rewritten",
                where=f"{where}:{point.number}",
                expected=f"{point.head[:12]}, by {source}",
                got=points[point.number - 1].head[:12],
                fix=PUT_BACK,
            )


PUT_BACK = "put a good copy of the folder back"
