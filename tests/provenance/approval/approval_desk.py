"""A desk where people sign decisions about made films: real keys, real envelopes, a real log on disk."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from provenance.approval.envelope import sign
from provenance.approval.folder import ApprovalFolder
from provenance.approval.frames import FilmFrames
from provenance.approval.gate import AskedFilm, GateState, judge
from provenance.approval.people import People, Person, PersonKey, PersonKind
from provenance.approval.person_key import PersonSigner, signer_of
from provenance.approval.reading import read_log, render_document
from provenance.approval.statement import (
    DecisionTerms,
    FilmDecision,
    Gate,
    LogPoint,
    Spans,
    Verdict,
    statement_bytes,
    subject_of,
)
from provenance.approval.verified import RenderRecord, VerifiedLog

GATE = Gate("release", ("creative", "legal"), two_person=True)
TIME = "2026-12-01T09:00:00Z"
WHO: tuple[tuple[str, PersonKind, tuple[str, ...]], ...] = (
    ("ana", "person", ("creative",)),
    ("bo", "person", ("legal",)),
    ("cy", "person", ("creative", "legal")),
    ("dee", "person", ("client",)),
    ("bot", "agent", ("creative", "legal")),
    ("guest", "guest", ("creative", "legal")),
)


@cache
def signer(name: str) -> PersonSigner:
    """The key of a name: the same in every test of a process."""
    return signer_of(Ed25519PrivateKey.from_private_bytes(hashlib.sha256(name.encode()).digest()))


def film(text: Iterable[object], sound: Iterable[object] = ()) -> FilmFrames:
    """A film whose frames are named: one that has a name twice shows the same picture twice."""
    return FilmFrames("24/1", tuple(map(_hash, text)), tuple(map(_hash, sound)))


def _hash(name: object) -> str:
    return hashlib.sha256(str(name).encode()).hexdigest()


def people(who: Sequence[tuple[str, PersonKind, tuple[str, ...]]] = WHO) -> People:
    return People(
        tuple(
            Person(name, name.title(), kind, roles, (_public(name),), (f"login-{name}",))
            for name, kind, roles in who
        ),
        "people.yaml",
    )


def _public(name: str) -> PersonKey:
    own = signer(name)
    return PersonKey(own.id, "ed25519", own.public)


@dataclass
class ApprovalDesk:
    """A log, and everybody who may write to it."""

    path: Path
    gate: Gate = GATE
    people: People = field(default_factory=people)
    drafts: int = 0

    def __post_init__(self) -> None:
        self.folder = ApprovalFolder(self.path)
        self.terms = DecisionTerms(self.gate.digest)
        with self.folder.writing():
            pass

    def log(self, known: Sequence[tuple[LogPoint, str]] = ()) -> VerifiedLog:
        return read_log(self.folder, self.people, known)

    def render(self, frames: FilmFrames, by: str = "login-renderer", name: str = "spot") -> None:
        with self.folder.writing() as writer:
            kept = self.folder.keep_frames(frames)
            record = RenderRecord(name, _hash(kept), kept, (by,), "", writer.number)
            writer.append("render", render_document(record))

    def draft(
        self,
        verdict: Verdict,
        who: str,
        role: str,
        frames: FilmFrames,
        seen: Spans = (),
        revokes: str = "",
        after: LogPoint | None = None,
    ) -> FilmDecision:
        """Returns a decision that nobody has signed. No two say the same: each has a second of its own."""
        log = self.log()
        self.drafts += 1
        at = f"{datetime.fromisoformat(TIME) + timedelta(seconds=self.drafts):%Y-%m-%dT%H:%M:%SZ}"
        return FilmDecision(
            verdict, self.gate.name, role, who, subject_of("spot", frames), seen or ((0, len(frames)),),
            self.terms, log.id, after or log.head, at, revokes=revokes,
        )  # fmt: skip

    def append(self, decision: FilmDecision, frames: FilmFrames, key: str = "") -> str:
        """Signs a decision and appends it, whatever it says: nothing here refuses. Returns the envelope's SHA-256."""
        envelope = sign(statement_bytes(decision), [signer(key or decision.person)])
        with self.folder.writing() as writer:
            self.folder.keep_frames(frames)
            writer.append("decision", envelope)
        return hashlib.sha256(envelope).hexdigest()

    def decide(
        self, verdict: Verdict, who: str, role: str, frames: FilmFrames, seen: Spans = (), revokes: str = ""
    ) -> str:
        return self.append(self.draft(verdict, who, role, frames, seen, revokes), frames)

    def judge(self, frames: FilmFrames, terms: DecisionTerms | None = None) -> GateState:
        return judge(self.gate, self.people, self.log(), AskedFilm("spot", frames, terms or self.terms))
