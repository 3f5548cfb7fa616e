"""A job with its gates, its people and its log: judges films, logs renders, drafts and records decisions."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from post.errors import ApprovalError, JobError, ProvenanceError, unknown
from post.job.model import Job
from post.signoff.known_heads import known_heads, known_log, remember_head, remember_log
from post.signoff.log_place import folder_of, has_log
from post.signoff.refused import refuse_person, refuse_rendered
from post.signoff.stamping import authority_of, stamp_checkpoint
from post.signoff.terms import decision_terms, file_digest, policies_digest
from provenance.approval.checkpoint import load_keeper
from provenance.approval.envelope import pae, read_envelope, seal, sign, verify
from provenance.approval.folder import ApprovalFolder, LogWriter, check_known
from provenance.approval.frames import FilmFrames
from provenance.approval.gate import AskedFilm, GateState, judge
from provenance.approval.machine_checks import CheckedFilm, MachineCheck, test_result, verification_result
from provenance.approval.people import People, Person, read_people
from provenance.approval.person_key import PersonSigner
from provenance.approval.reading import KnownHead, read_log, render_document
from provenance.approval.standing import JobFilm, gates_in_force, lift_digest
from provenance.approval.statement import (
    FilmDecision,
    Gate,
    Spans,
    Verdict,
    read_statement,
    statement_bytes,
    subject_of,
)
from provenance.approval.verified import LoggedDecision, LoggedRender, RenderRecord, VerifiedLog
from provenance.approval.webauthn_key import WebAuthnAssertion, challenge_bytes

NOT_OF_OWN = ("approve", "lift")  # verdicts about frames that somebody else rendered


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

    def gates(self, film: SeenFilm, log: VerifiedLog) -> tuple[Gate, ...]:
        """Returns the gates that a film passes: those of the job, with all that stands from before."""
        of_job = JobFilm(self.job.path.name, self.job.signoff.gates, film.frames)
        return gates_in_force(of_job, self.people, log)

    def gate(self, name: str, film: SeenFilm, log: VerifiedLog) -> Gate:
        """Returns a film's gate of that name. Raises JobError, with the nearest name, where there is none."""
        gates = self.gates(film, log)
        found = next((each for each in gates if each.name == name), None)
        if found is None:
            raise unknown(name, [each.name for each in gates], str(self.job.path), "gate")
        return found

    def last_render(self, name: str, log: VerifiedLog) -> LoggedRender | None:
        """Returns the render of the job's film of that name that was logged last; None where none was."""
        return log.last_render(name, self.job.path.name, self.job.signoff.clip)

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
        states = (
            judge(gate, self.people, log, AskedFilm(film.name, film.frames, decision_terms(self.job, gate)))
            for gate in self.gates(film, log)
        )
        asked = {(gate.name, role) for gate in self.job.signoff.gates for role in gate.roles}
        return tuple(
            replace(each, kept=tuple(role.role for role in each.roles if (each.gate, role.role) not in asked))
            for each in states
        )

    def log_renders(self, films: Sequence[SeenFilm], by: Sequence[str]) -> VerifiedLog:
        """Logs films that were rendered, where the log does not end with them, and returns what the log says then.

        by: every name under which they were rendered, a login or a person's ID. Who is logged first for a frame is its
        renderer.
        """
        log = self.begin()
        fresh = [film for film in films if self._is_fresh(film, log)]
        if not fresh:
            return log
        asked, place = self.job.signoff, self.job.path
        more = (place.name, asked.clip, asked.clip_name, asked.gates)
        with self.folder.writing() as writer:
            for film in fresh:
                frames = self.folder.keep_frames(film.frames)
                job = file_digest(place)
                record = RenderRecord(film.name, film.file, frames, tuple(by), job, writer.number, *more)
                writer.append("render", render_document(record))
        return self.read()

    def _is_fresh(self, film: SeenFilm, log: VerifiedLog) -> bool:
        """Whether a film is not the last of its name in a log, as the job asks for now, or has frames of which nobody
        is logged as the renderer."""
        last = self.last_render(film.name, log)
        if last is None or last.record.frames != film.frames.digest:
            return True
        return last.record.gates != self.job.signoff.gates or bool(log.of_nobody(film.frames))

    def log_checks(
        self, film: SeenFilm, checks: Sequence[MachineCheck], time: str, tool: str
    ) -> tuple[str, ...]:
        """Logs what machines found of a film as two statements, signed with the key that keeps the log.

        Returns the SHA-256 of each envelope. time: RFC 3339, UTC; tool: the program, with its version.
        """
        named = policies_digest(self.job)
        policies = (("policies", named),) if named else ()
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
        gate, person = self.gate(asked.gate, film, log), self._person(asked.person)
        refuse_person(asked, gate, person)
        seen, terms = asked.seen or ((0, len(film.frames)),), decision_terms(self.job, gate)
        if asked.verdict == "lift":
            terms = replace(terms, gate=lift_digest(self.job.path.name, gate.name))
        if asked.verdict in NOT_OF_OWN:
            refuse_rendered(person, film.name, (film.frames, seen), log)
        return FilmDecision(
            asked.verdict,
            gate.name,
            asked.role,
            person.id,
            subject_of(film.name, film.frames, film.file),
            seen,
            terms,
            log.id,
            log.head,
            time,
            asked.comment,
            asked.revokes,
            asked.checks,
            asked.waived,
        )

    def refuse(self, asked: DecisionAsked, film: SeenFilm, log: VerifiedLog) -> None:
        """Raises ApprovalError where a person may not decide so: an agent, a guest, another role."""
        refuse_person(asked, self.gate(asked.gate, film, log), self._person(asked.person))

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
        self.refuse(asked, SeenFilm(decision.film.name, frames), self.read())
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
        if decision.verdict in NOT_OF_OWN:
            refuse_rendered(self._person(decision.person), decision.film.name, (frames, decision.seen), log)
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


def open_signoff(job: Job, config: Path, known: tuple[tuple[str, KnownHead], ...] = ()) -> Signoff | None:
    """Returns the sign-off of a job; None for a job without gates that has no log of decisions beside it. config: this
    user's settings; known: heads that logs had, each after its log's ID.

    Raises Problems where the people file is wrong, JobError where a job with gates names none.
    """
    asked, folder = job.signoff, folder_of(job)
    if not asked.gates and not has_log(job, config):
        return None
    if asked.people is None and asked.gates:
        raise JobError("nobody may sign", where=str(job.path), expected="people: a people file", got="none")
    people = read_people(asked.people) if asked.people else People(())
    return Signoff(job, people, folder, config, known)
