"""Gates stand: what a job asked for once is asked of it until the roles that were asked lift it.

Every render in the log names the job's file and the gates that it asked for. A film passes the gates of its job, and
those that stand for it:

    asked before      by the same job, or by any job with a film that shows one of this film's pictures
    lifted            role by role, by a person who has the role, knew of the render, and rendered nothing of the film
    two people        as long as one of the roles stands that were asked with it

Gates of one name are one gate, which asks for all their roles.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from provenance.approval.frames import FilmFrames
from provenance.approval.people import People
from provenance.approval.statement import Gate
from provenance.approval.strict import canonical_json
from provenance.approval.verified import LoggedDecision, LoggedRender, VerifiedLog


@dataclass(frozen=True, slots=True)
class JobFilm:
    """A film of a job. job_file: the name of the job's file beside the log; gates: that the job asks for now."""

    job_file: str
    gates: tuple[Gate, ...]
    frames: FilmFrames


def lift_digest(job_file: str, gate: str) -> str:
    """Returns what a lift is bound to, in the place of a gate's digest: the job's file, and the gate's name."""
    return hashlib.sha256(canonical_json({"gate": gate, "job": job_file, "lifts": True})).hexdigest()


def gates_in_force(film: JobFilm, people: People, log: VerifiedLog) -> tuple[Gate, ...]:
    """Returns the gates that a film passes: those of its job first, each with the roles that stand."""
    found = {each.name: each for each in film.gates}
    for gate in _standing(film, people, log):
        own = found.get(gate.name, gate)
        roles = tuple(dict.fromkeys((*own.roles, *gate.roles)))
        found[gate.name] = Gate(gate.name, roles, own.two_person or gate.two_person)
    return tuple(found.values())


def _standing(film: JobFilm, people: People, log: VerifiedLog) -> Iterator[Gate]:
    """Yields what each render asked for and nobody has lifted since."""
    lifts = [each for each in log.decisions if _lifts(each, film, people, log)]
    for render in _renders(film, log):
        for gate in render.record.gates:
            lifted = _lifted(gate, render.number, lifts)
            if roles := tuple(role for role in gate.roles if role not in lifted):
                yield Gate(gate.name, roles, gate.two_person)


def _renders(film: JobFilm, log: VerifiedLog) -> Iterator[LoggedRender]:
    """Yields the renders of a film's job, and those of other jobs that show one of its pictures."""
    pictures = frozenset(film.frames.picture)
    shown: dict[str, bool] = {}
    for each in log.renders:
        if each.record.gates:
            digest = each.record.frames
            if each.record.job_file != film.job_file and digest not in shown:
                shown[digest] = not pictures.isdisjoint(each.frames.picture)
            if each.record.job_file == film.job_file or shown[digest]:
                yield each


def _lifts(logged: LoggedDecision, film: JobFilm, people: People, log: VerifiedLog) -> bool:
    """Says whether a decision lifts a gate of the film's job for this film: made by a person in a role that they have,
    who rendered nothing of it, nor of the film that the decision names."""
    decision, person = logged.decision, people.find(logged.decision.person)
    if decision.verdict != "lift" or not logged.verified or person is None:
        return False
    bound = decision.terms.gate == lift_digest(film.job_file, decision.gate)
    may = person.may_approve and decision.role in person.roles
    own = log.rendered_by(person)
    return bound and may and own.isdisjoint(logged.frames.units) and own.isdisjoint(film.frames.units)


def _lifted(gate: Gate, asked: int, lifts: Sequence[LoggedDecision]) -> set[str]:
    """Returns the roles that lifted a gate, and knew of the render that asked for it. asked: the render's entry.

    With two_person, each person lifts the role that they named last, and a gate of one role needs two people.
    """
    decisions = [each.decision for each in lifts if each.decision.gate == gate.name]
    known = [each for each in decisions if each.role in gate.roles and each.after.number >= asked]
    if not gate.two_person:
        return {each.role for each in known}
    last = {each.person: each.role for each in known}
    return set(last.values()) if len(gate.roles) > 1 or len(last) > 1 else set()
