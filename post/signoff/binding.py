"""A job with its gates, its people and its log: judges films, logs renders, drafts and records decisions."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from post.errors import ApprovalError, JobError, ProvenanceError, unknown
from post.job.model import Job
from post.signoff.known_heads import known_heads, known_log, remember_head, remember_log
from post.signoff.stamping import authority_of, stamp_checkpoint
from post.signoff.terms import decision_terms
from provenance.approval.checkpoint import load_keeper
from provenance.approval.envelope import pae, read_envelope, seal, sign, verify
from provenance.approval.folder import FOLDER, ApprovalFolder, LogWriter, check_known
from provenance.approval.frames import FilmFrames
from provenance.approval.gate import AskedFilm, Gate, GateState, judge
from provenance.approval.machine_checks import CheckedFilm, MachineCheck, test_result, verification_result
from provenance.approval.people import People, Person, read_people
from provenance.approval.person_key import PersonSigner
from provenance.approval.reading import KnownHead, read_log, render_document
from provenance.approval.statement import (
    FilmDecision,
    Spans,
    Verdict,
    read_statement,
    statement_bytes,
    subject_of,
)
from provenance.approval.verified import LoggedDecision, RenderRecord, VerifiedLog
from provenance.approval.webauthn_key import WebAuthnAssertion, challenge_bytes


@dataclass(frozen=True, slots=True)
class SeenFilm:
    """A film as somebody is shown it. name: of the deliverable; file: the SHA-256 of the file, "" for none."""

    name: str
    frames: FilmFrames
    file: str = ""


@dataclass(frozen=True, slots=True)
class DecisionAsked:
    """What somebody wants to decide. seen: the frames that it is about, () for all; revokes: the SHA-256 of the
    envelope that a revocation ends; checks: those of the machine checks that were shown; waived: those that failed."""

    verdict: Verdict
    gate: str
    role: str
    person: str
    seen: Spans = ()
    comment: str = ""
    revokes: str = ""
    checks: tuple[str, ...] = ()
    waived: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Signoff:
    """The sign-off of one job. config: this user's settings: the key that keeps logs, and the heads that were seen;
    known: heads from elsewhere, each after its log's ID."""

    job: Job
    people: People
    folder: ApprovalFolder
    config: Path
    known: tuple[tuple[str, KnownHead], ...] = ()

    @property
    def gates(self) -> tuple[Gate, ...]:
        """The gates that the job's films pass."""
        return self.job.signoff.gates

    def gate(self, name: str) -> Gate:
        """Returns the gate of that name. Raises JobError, with the nearest name, where there is none."""
        found = next((each for each in self.gates if each.name == name), None)
        if found is None:
            raise unknown(name, [each.name for each in self.gates], str(self.job.path), "gate")
        return found

    def begin(self) -> VerifiedLog:
        """Returns what the log says; begins it where there is none."""
        if not self.folder.exists():
            self._refuse_another("none")
            with self.folder.writing():
                pass
        return self.read()

    def read(self) -> VerifiedLog:
        """Returns what the log says, and remembers its head.

        Raises ProvenanceError for a log that was tampered with, or is shorter than this user has seen it.
        """
        log = read_log(self.folder, self.people)
        known = [head for own, head in self.known if own == log.id]
        check_known(log.heads, (*known_heads(self.config, log.id), *known), str(self.folder.log))
        self._refuse_another(log.id)
        remember_head(self.config, log.id, log.head)
        remember_log(self.config, self.folder.path, log.id)
        return log

    def _refuse_another(self, log: str) -> None:
        """Raises ProvenanceError where this user has seen another log in the folder: what it says is lost."""
        known = known_log(self.config, self.folder.path)
        if known and known != log:
            fix = "put a good copy of it back"
            where = str(self.folder.path)
            raise ProvenanceError(
                "the log is another one than before", where=where, expected=known, got=log, fix=fix
            )

    def judge(self, film: SeenFilm, log: VerifiedLog) -> tuple[GateState, ...]:
        """Returns how far a film is at each gate."""
        return tuple(
            judge(gate, self.people, log, AskedFilm(film.name, film.frames, decision_terms(self.job, gate)))
            for gate in self.gates
        )

    def log_renders(self, films: Sequence[SeenFilm], by: Sequence[str]) -> VerifiedLog:
        """Logs films that were rendered, where the log does not end with them, and returns what the log says then.

        by: every name under which they were rendered, a login or a person's ID. Who is logged first for a frame is its
        renderer.
        """
        log = self.begin()
        fresh = [film for film in films if _is_fresh(film, log)]
        if not fresh:
            return log
        job = decision_terms(self.job, self.gates[0]).job
        with self.folder.writing() as writer:
            for film in fresh:
                frames = self.folder.keep_frames(film.frames)
                record = RenderRecord(film.name, film.file, frames, tuple(by), job, writer.number)
                writer.append("render", render_document(record))
        return self.read()

    def log_checks(
        self, film: SeenFilm, checks: Sequence[MachineCheck], time: str, tool: str
    ) -> tuple[str, ...]:
        """Logs what machines found of a film as two statements, signed with the key that keeps the log.

        Returns the SHA-256 of each envelope. time: RFC 3339, UTC; tool: the program, with its version.
        """
        configuration = (("policies", decision_terms(self.job, self.gates[0]).policies),)
        policies = tuple(row for row in configuration if row[1])
        subject = subject_of(film.name, film.frames, film.file)
        checked = CheckedFilm(subject, tuple(checks), policies, time, tool)
        keeper = load_keeper(self.config)
        made = [sign(each, [keeper]) for each in (test_result(checked), verification_result(checked))]
        with self.folder.writing() as writer:
            logged = {each.document for each in self.read().checks}
            for each in made:
                if hashlib.sha256(each).hexdigest() not in logged:
                    writer.append("checks", each)
        return tuple(hashlib.sha256(each).hexdigest() for each in made)

    def draft(self, asked: DecisionAsked, film: SeenFilm, log: VerifiedLog, time: str) -> FilmDecision:
        """Returns a decision, to be signed. time: RFC 3339, UTC.

        Raises ApprovalError where this person may not decide so: an agent or a guest, another role, their own render.
        """
        gate, person = self.gate(asked.gate), self._person(asked.person)
        self._check(asked, gate, person)
        seen = asked.seen or ((0, len(film.frames)),)
        if asked.verdict == "approve":
            self._check_renders(person, film, seen, log)
        return FilmDecision(
            asked.verdict,
            gate.name,
            asked.role,
            person.id,
            subject_of(film.name, film.frames, film.file),
            seen,
            decision_terms(self.job, gate),
            log.id,
            log.head,
            time,
            asked.comment,
            asked.revokes,
            asked.checks,
            asked.waived,
        )

    def refuse(self, asked: DecisionAsked) -> None:
        """Raises ApprovalError where a person may not decide so, whatever the film: an agent, a guest, another role."""
        self._check(asked, self.gate(asked.gate), self._person(asked.person))

    def sign(self, decision: FilmDecision, signer: PersonSigner, frames: FilmFrames) -> LoggedDecision:
        """Signs a decision with a person's key, logs it, and returns it as the log has it. Raises as `record` does."""
        return self.record(sign(statement_bytes(decision), [signer]), frames)

    def challenge(self, decision: FilmDecision) -> bytes:
        """Returns the 32 bytes that a person's browser signs for a decision."""
        return challenge_bytes(pae(statement_bytes(decision)))

    def sign_in_browser(
        self, decision: FilmDecision, keyid: str, assertion: WebAuthnAssertion, frames: FilmFrames
    ) -> LoggedDecision:
        """Logs a decision that a person's browser signed. keyid: of the person's key. Raises as `record` does."""
        return self.record(seal(statement_bytes(decision), keyid, assertion), frames)

    def record(self, envelope: bytes, frames: FilmFrames) -> LoggedDecision:
        """Verifies a signed decision, appends it to the log with a signed head, and returns it as the log has it.

        frames: those of the film that it is about. Raises ProvenanceError where the signature is not the person's or
        the log is another one, ApprovalError where this person may not decide so.
        """
        where, film = "the decision", read_envelope(envelope, "the decision")
        decision = read_statement(film.payload, where)
        keys = [key.verifier for key in self._person(decision.person).keys]
        verify(film, keys, 1, where)
        asked = DecisionAsked(decision.verdict, decision.gate, decision.role, decision.person)
        self._check(asked, self.gate(decision.gate), self._person(decision.person))
        if subject_of(decision.film.name, frames, decision.film.file) != decision.film:
            raise ProvenanceError("a decision about other frames", where=where)
        with self.folder.writing() as writer:
            checkpoint = self._append(writer, envelope, decision, frames)
        if url := authority_of(
            self.job, self.config
        ):  # others may write meanwhile: an authority takes its time
            stamp_checkpoint(checkpoint, url)
        sha256 = hashlib.sha256(envelope).hexdigest()
        made = self.read().find_decision(sha256)
        assert made is not None
        return made

    def _append(self, writer: LogWriter, envelope: bytes, decision: FilmDecision, frames: FilmFrames) -> Path:
        log = self.read()
        if decision.log != log.id or decision.after not in log.heads:
            raise ProvenanceError(
                "a decision about another log", where=str(self.folder.log), fix="decide again"
            )
        if decision.verdict == "approve":
            person, film = self._person(decision.person), SeenFilm(decision.film.name, frames)
            self._check_renders(person, film, decision.seen, log)
        if decision.revokes and log.find_decision(decision.revokes) is None:
            raise ApprovalError("nothing to revoke", where=str(self.folder.log), got=decision.revokes)
        self.folder.keep_frames(frames)
        writer.append("decision", envelope)
        return writer.checkpoint(log.id, load_keeper(self.config))

    def _person(self, name: str) -> Person:
        found = self.people.find(name)
        if found is None:
            raise unknown(name, [each.id for each in self.people.all], self.people.where, "person")
        return found

    def _check(self, asked: DecisionAsked, gate: Gate, person: Person) -> None:
        """Raises ApprovalError where a person may not decide in that role at that gate."""
        where = f"gate {gate.name}"
        if not person.may_approve:
            raise ApprovalError(
                f"{person.kind}s never sign off",
                where=where,
                got=person.id,
                fix="ask a person of the people file",
            )
        if asked.role not in gate.roles:
            expected = " | ".join(gate.roles)
            raise ApprovalError(
                "the gate does not ask for this role", where=where, expected=expected, got=asked.role
            )
        if asked.role not in person.roles:
            expected = " | ".join(person.roles) or "no role"
            raise ApprovalError(
                f"{person.id} does not have this role", where=where, expected=expected, got=asked.role
            )

    def _check_renders(self, person: Person, film: SeenFilm, seen: Spans, log: VerifiedLog) -> None:
        own, units = log.rendered_by(person), film.frames.units
        if count := sum(unit in own for first, stop in seen for unit in units[first:stop]):
            raise ApprovalError(
                "nobody approves what they rendered",
                where=film.name,
                got=f"{count} frames that {person.id} rendered",
                fix="ask somebody else with this role",
            )


def _is_fresh(film: SeenFilm, log: VerifiedLog) -> bool:
    """Whether a film is not the last of its name in a log, or has frames of which nobody is logged as the renderer."""
    last = log.last_render(film.name)
    return last is None or last.record.frames != film.frames.digest or bool(log.of_nobody(film.frames))


def open_signoff(job: Job, config: Path, known: tuple[tuple[str, KnownHead], ...] = ()) -> Signoff | None:
    """Returns the sign-off of a job; None for a job without gates. config: this user's settings; known: heads that logs
    had, each after its log's ID.

    Raises Problems where the people file is wrong, JobError where the job names none.
    """
    asked = job.signoff
    if not asked.gates:
        return None
    if asked.people is None:
        raise JobError("nobody may sign", where=str(job.path), expected="people: a people file", got="none")
    return Signoff(job, read_people(asked.people), ApprovalFolder(job.path.parent / FOLDER), config, known)
