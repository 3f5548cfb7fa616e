"""Says what was decided of a revision, and what its gates still ask of whom."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

from post.errors import AnswerprintError
from post.review.access.identity import PERSON
from post.review.access.visitor import Visitor
from post.review.decisions.jobs_at_hand import JobsAtHand
from post.review.judged_views import AskedView, DecisionsView, DecisionView, GateView
from post.signoff.binding import SeenFilm, Signoff
from provenance.approval.frames import FilmFrames
from provenance.approval.gate import GateState, RoleState
from provenance.approval.people import People
from provenance.approval.statement import Gate
from provenance.approval.verified import LoggedDecision, VerifiedLog

SOUND = "sound"


def decisions_view(
    jobs: JobsAtHand, film: SeenFilm | None, name: str, who: Visitor, passkeys: int
) -> DecisionsView:
    """Returns what was decided of a film, and what is asked. film: None until its frames are read; passkeys: how many
    keys of a browser the visitor can sign with here."""
    signoff = jobs.signoff(name)
    if signoff is None:
        return DecisionsView([], [], jobs.fault or SOUND, passkeys)
    try:
        log = jobs.log(signoff)
    except AnswerprintError as fault:
        return DecisionsView([], [], str(fault), passkeys)
    if film is None:
        return DecisionsView([], [], "the film's frames are not read yet", passkeys)
    states = signoff.judge(film, log)
    gates = [_gate_view(signoff.gate(state.gate, film, log), state, signoff, who) for state in states]
    decisions = [
        _decision_view(each, states, signoff.people) for each in log.decisions if _is_about(each, film.frames)
    ]
    return DecisionsView(gates, decisions[::-1], SOUND, passkeys)


def is_approved(jobs: JobsAtHand, film: SeenFilm) -> bool:
    """Says whether every gate of the job is met for a film. A job without gates approves nothing."""
    signoff = jobs.signoff(film.name)
    if signoff is None:
        return False
    try:
        states = signoff.judge(film, jobs.log(signoff))
    except AnswerprintError:
        return False
    return bool(states) and all(state.met for state in states)


def _gate_view(gate: Gate, state: GateState, signoff: Signoff, who: Visitor) -> GateView:
    person = signoff.people.find(who.id) if who.kind == PERSON else None
    own = [role for role in gate.roles if person and person.may_approve and role in person.roles]
    asked = [_asked_view(role, signoff.people) for role in state.roles if not role.met]
    role = next((each.role for each in asked if each.role in own), own[0] if own else gate.roles[0])
    command = _command(signoff.job.path, state.film, gate.name, role)
    return GateView(gate.name, list(gate.roles), gate.two_person, state.met, asked, own, command)


def _command(job: Path, film: str, gate: str, role: str) -> str:
    return f"answerprint approve {job.name} --only {film} --gate {gate} --role {role} --key KEY"


def _asked_view(role: RoleState, people: People) -> AskedView:
    spans = [(each.first, each.stop) for each in role.asked]
    names = [person.name for each in role.ask if (person := people.find(each))]
    why = [f"{each.person}: {each.why}" for each in role.refused]
    return AskedView(role.role, names, spans, sum(stop - first for first, stop in spans), why)


def _is_about(logged: LoggedDecision, frames: FilmFrames) -> bool:
    """Says whether a decision is about any frame of a film, with the sound under it."""
    seen = {unit for first, stop in logged.decision.seen for unit in logged.frames.units[first:stop]}
    return not seen.isdisjoint(frames.units)


def _decision_view(logged: LoggedDecision, states: Iterable[GateState], people: People) -> DecisionView:
    made, person = logged.decision, people.find(logged.decision.person)
    roles = [role for state in states if state.gate == made.gate for role in state.roles]
    refused = [each.why for role in roles for each in role.refused if each.envelope == logged.envelope]
    counts = any(logged.envelope in role.approvals for role in roles) or made.verdict != "approve"
    at = datetime.fromisoformat(made.time).timestamp()
    return DecisionView(
        logged.envelope, made.verdict, made.gate, made.role, made.person,
        person.name if person else made.person, made.comment, at, counts, "; ".join(dict.fromkeys(refused)),
    )  # fmt: skip


def film_decisions(log: VerifiedLog, frames: FilmFrames) -> list[LoggedDecision]:
    """Returns the decisions that are about any frame of a film, oldest first."""
    return [each for each in log.decisions if _is_about(each, frames)]
