"""Reads a log strictly, by the steps that `folder` lists, and gives what it says."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from post.errors import JobError, ProvenanceError
from provenance.approval.checkpoint import read_checkpoint
from provenance.approval.entries import LogEntry
from provenance.approval.envelope import read_envelope, verify
from provenance.approval.folder import (
    CHECKPOINTS,
    START,
    ApprovalFolder,
    check_known,
    read_document,
    read_lines,
    read_named,
)
from provenance.approval.frames import FilmFrames, read_frames
from provenance.approval.people import People
from provenance.approval.statement import FilmDecision, Gate, LogPoint, read_statement, subject_of
from provenance.approval.strict import canonical_json, is_sha256, require
from provenance.approval.verified import LoggedChecks, LoggedDecision, LoggedRender, RenderRecord, VerifiedLog
from provenance.record.strict_json import read_bytes

RENDER = "Render.2"
_RENDER_KEYS = ("name", "file", "frames", "by", "job", "after", "job_file", "clip", "clip_name")
_GATES = "gates"  # as {NAME: {"roles": [...], "two_person": ...}}
KnownHead = tuple[LogPoint, str]


def render_document(record: RenderRecord) -> bytes:
    """Returns the document that logs a render."""
    told = {name: getattr(record, name) for name in _RENDER_KEYS}
    gates = {each.name: {"roles": each.roles, "two_person": each.two_person} for each in record.gates}
    return canonical_json({"schema": RENDER, **told, _GATES: gates})


def read_log(folder: ApprovalFolder, people: People, known: Sequence[KnownHead] = ()) -> VerifiedLog:
    """Returns what a log says. known: heads that it had, each with where that is known from.

    Raises ProvenanceError, which names the entry, for whatever in it is forged, replayed, reordered, changed,
    truncated or missing. A decision whose key is gone from the people file stays in the log, and approves nothing.
    """
    return _LogReader(folder, people).read(known)


class _LogReader:
    """Reads one log."""

    def __init__(self, folder: ApprovalFolder, people: People) -> None:
        self.folder, self.people = folder, people
        self.entries = read_lines(folder)  # 1
        self.points = tuple(each.point for each in self.entries)
        self.films: dict[str, FilmFrames] = {}
        self.id = ""

    def read(self, known: Sequence[KnownHead]) -> VerifiedLog:
        renders, decisions, checks = list[LoggedRender](), list[LoggedDecision](), list[LoggedChecks]()
        for entry in self.entries:
            data = read_named(self.folder.statement(entry.document))  # 2
            where = f"{self.folder.log}:{entry.number}"
            if entry.kind == "start":
                self.id = _log_id(data, where)
            elif entry.kind == "render":
                renders.append(self._render(entry, data, where))
            elif entry.kind == "decision":
                decisions.append(self._decision(entry, data, where))
            else:
                checks.append(LoggedChecks(entry.number, entry.document, _checks(data, where)))
        stamped = self._checkpoints()  # 6
        check_known(self.points, known, str(self.folder.log))  # 7
        return VerifiedLog(self.id, self.points, tuple(renders), tuple(decisions), tuple(checks), stamped)

    def _render(self, entry: LogEntry, data: bytes, where: str) -> LoggedRender:
        found: Any = _object(data, where)
        try:
            name, file, frames, by, job, after, job_file, clip, clip_name = (
                found[key] for key in _RENDER_KEYS
            )
            gates = tuple(_gate(each, rules) for each, rules in found[_GATES].items())
            told = (name, file, frames, *by, job, job_file, clip, clip_name)
            texts = all(isinstance(each, str) for each in told)
            require(texts and by and after == entry.number - 1 and found["schema"] == RENDER, "other values")
            record = RenderRecord(name, file, frames, tuple(by), job, after, job_file, clip, clip_name, gates)
            known = render_document(record) == data and is_sha256(record.frames)
            require(known, "other keys than a render has")
        except (AttributeError, KeyError, TypeError, ValueError) as fault:
            raise ProvenanceError("is no record of a render", where=where, got=str(fault)) from fault
        return LoggedRender(entry.number, entry.time, record, self._frames(record.frames))

    def _decision(self, entry: LogEntry, data: bytes, where: str) -> LoggedDecision:
        envelope = read_envelope(data, where)
        decision = read_statement(envelope.payload, where)
        if len(envelope.signatures) != 1:
            raise ProvenanceError("a decision has one signature", where=where, got=len(envelope.signatures))
        keyid = next(iter(envelope.signatures))
        key, owner = self.people.find_key(keyid), self.people.owner_of(keyid)
        if key and owner:  # 3
            verify(envelope, [key.verifier], 1, where)
            if owner.id != decision.person:
                got = f"{owner.id}'s key, for {decision.person}"
                raise ProvenanceError("signed with the key of somebody else", where=where, got=got)
        self._check_place(entry, decision, where)  # 4
        film = self._frames(decision.film.frames)  # 5
        if subject_of(decision.film.name, film, decision.film.file) != decision.film:
            raise ProvenanceError("the frames are not those of the decision", where=where)
        return LoggedDecision(entry.number, entry.document, decision, film, keyid, owner is not None)

    def _check_place(self, entry: LogEntry, decision: FilmDecision, where: str) -> None:
        after = decision.after
        if decision.log != self.id:
            raise ProvenanceError(
                "a decision is replayed: it is of another log",
                where=where,
                expected=self.id,
                got=decision.log,
            )
        if not 0 < after.number < entry.number or self.points[after.number - 1] != after:
            raise ProvenanceError(
                "a decision is not where it was made: the log is reordered, or was rewritten",
                where=where,
                expected=f"after entry {after.number}, {after.head[:12]}",
                fix="put a good copy of the folder back",
            )

    def _frames(self, sha256: str) -> FilmFrames:
        if sha256 not in self.films:
            place = self.folder.frames(sha256)
            self.films[sha256] = read_frames(read_named(place), str(place))
        return self.films[sha256]

    def _checkpoints(self) -> int:
        """Returns how many entries the last checkpoint vouches for."""
        last, heads = 0, list[KnownHead]()
        for place in sorted((self.folder.path / CHECKPOINTS).glob("*.json")):
            found = read_checkpoint(read_document(place, 1 << 20), str(place))
            if found.log != self.id:
                raise ProvenanceError("a checkpoint is of another log", where=str(place), got=found.log)
            heads.append((found.point, f"the checkpoint {place.name}"))
            last = max(last, found.point.number)
        check_known(self.points, heads, str(self.folder.log))
        return last


def _log_id(data: bytes, where: str) -> str:
    found: Any = _object(data, where)
    if set(found) != {"log", "schema"} or found["schema"] != START or not isinstance(found["log"], str):
        raise ProvenanceError("is no start of a log", where=where)
    return found["log"]


def _gate(name: str, rules: Any) -> Gate:
    roles, two_person = rules["roles"], rules["two_person"]
    require(all(isinstance(each, str) for each in roles) and isinstance(two_person, bool), "no gate")
    return Gate(name, tuple(roles), two_person)


def _checks(data: bytes, where: str) -> dict[str, object]:
    """Returns the statement of a machine's checks, which its keeper signed; that key is not vouched for by anybody."""
    found = _object(data, where)
    if "payload" in found:
        return _object(read_envelope(data, where).payload, where)
    return found


def _object(data: bytes, where: str) -> dict[str, Any]:
    try:
        found: Any = read_bytes(data, where)
    except JobError as fault:
        raise ProvenanceError("is no document of a log", where=where, got=str(fault)[:200]) from fault
    if not isinstance(found, dict):
        raise ProvenanceError("is no document of a log", where=where)
    return found
