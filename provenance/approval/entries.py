"""The append-only log: one line an entry, and each holds the hash of the line before.

    {"document":"<sha256>","kind":"decision","number":7,"previous":"<sha256 of line 6>","time":"..."}

kinds: start (its document gives the log its ID), render, checks, decision. Documents lie beside the log, by their hash.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Any, Literal, get_args

from post.errors import JobError, ProvenanceError
from provenance.approval.statement import LogPoint
from provenance.approval.strict import canonical_json, is_sha256, require
from provenance.record.strict_json import read_bytes

EntryKind = Literal["start", "render", "checks", "decision"]
ENTRY_KINDS: tuple[EntryKind, ...] = get_args(EntryKind)
NOTHING = "0" * 64  # stands before the first entry
LONGEST_LINE = 1024  # bytes
_KEYS = {"document", "kind", "number", "previous", "time"}


@dataclass(frozen=True, slots=True)
class LogEntry:
    """One entry. number: from 1; previous: the SHA-256 of the line before; document: that of what it logs."""

    number: int
    previous: str
    kind: EntryKind
    document: str
    time: str

    @property
    def line(self) -> bytes:
        """The entry as the log has it, without the line's end."""
        return canonical_json({name: getattr(self, name) for name in _KEYS})

    @property
    def point(self) -> LogPoint:
        """The place that it makes the head of the log."""
        return LogPoint(self.number, hashlib.sha256(self.line).hexdigest())


def next_entry(head: LogPoint | None, kind: EntryKind, document: str, time: str) -> LogEntry:
    """Returns the entry that follows a log's head. head: None for the first one."""
    number, previous = (head.number + 1, head.head) if head else (1, NOTHING)
    return LogEntry(number, previous, kind, document, time)


def read_entries(data: bytes, where: str) -> tuple[LogEntry, ...]:
    """Returns the entries of a log. where: the log's file, for errors.

    Raises ProvenanceError, with the line, where entries were changed, left out, reordered or replayed.
    """
    lines = data.split(b"\n")
    if lines.pop() != b"":
        raise ProvenanceError(
            "the log is truncated: its last entry is cut short",
            where=f"{where}:{len(lines) + 1}",
            fix="put a good copy of it back",
        )
    entries = tuple(_entry(line, f"{where}:{at}") for at, line in enumerate(lines, 1))
    if not entries:
        raise ProvenanceError("the log is truncated: it is empty", where=where)
    heads = {each.point.head for each in entries}
    seen = set[str]()
    before: LogEntry | None = None
    for at, entry in enumerate(entries, 1):
        place = f"{where}:{at}"
        if entry.document in seen:
            raise ProvenanceError("an entry of the log is replayed", where=place, got=entry.document)
        seen.add(entry.document)
        expected = next_entry(before.point if before else None, entry.kind, entry.document, entry.time)
        if entry != expected:
            raise _broken(entry, expected, heads, place)
        before = entry
    if [each.kind for each in entries].count("start") != 1 or entries[0].kind != "start":
        raise ProvenanceError("the log does not begin with its start", where=f"{where}:1")
    return entries


def _broken(entry: LogEntry, expected: LogEntry, heads: set[str], place: str) -> ProvenanceError:
    """Returns what is wrong with an entry that does not follow the one before."""
    if entry.previous == expected.previous or entry.previous not in (*heads, NOTHING):
        what = "an entry of the log was changed, or left out before this one"
    else:
        what = "the entries of the log are reordered, or one is left out"
    return ProvenanceError(
        what,
        where=place,
        expected=f"number {expected.number} after {expected.previous[:12]}",
        got=f"number {entry.number} after {entry.previous[:12]}",
        fix="put a good copy of the log back",
    )


def _entry(line: bytes, where: str) -> LogEntry:
    try:
        require(len(line) <= LONGEST_LINE, "the line is too long")
        found: Any = read_bytes(line, where)
        require(set(found) == _KEYS and found["kind"] in ENTRY_KINDS, "other keys than an entry has")
        require(is_sha256(found["previous"]) and is_sha256(found["document"]), "no SHA-256")
        require(type(found["number"]) is int and isinstance(found["time"], str), "no number, or no time")
        entry = LogEntry(found["number"], found["previous"], found["kind"], found["document"], found["time"])
        require(entry.line == line, "it is not written as entries are")
    except (JobError, TypeError, ValueError) as fault:
        raise ProvenanceError("is no entry of a log", where=where, got=str(fault)[:200]) from fault
    return entry
