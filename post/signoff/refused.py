"""Refuses decisions before they are logged: of who may not decide so, and of who rendered what it is about."""

from __future__ import annotations

from typing import TYPE_CHECKING

from post.errors import ApprovalError
from provenance.approval.frames import FilmFrames
from provenance.approval.people import Person
from provenance.approval.statement import Gate, Spans
from provenance.approval.verified import VerifiedLog

if TYPE_CHECKING:
    from post.signoff.binding import DecisionAsked


def refuse_person(asked: DecisionAsked, gate: Gate, person: Person) -> None:
    """Raises ApprovalError where a person may not decide in that role at that gate."""
    where = f"gate {gate.name}"
    if not person.may_approve:
        fix = "ask a person of the people file"
        raise ApprovalError(f"{person.kind}s never sign off", where=where, got=person.id, fix=fix)
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


def refuse_rendered(person: Person, name: str, shown: tuple[FilmFrames, Spans], log: VerifiedLog) -> None:
    """Raises ApprovalError where a person rendered any of the frames. name: of the film; shown: its frames, and which
    of them."""
    (frames, seen), own = shown, log.rendered_by(person)
    if count := sum(unit in own for first, stop in seen for unit in frames.units[first:stop]):
        raise ApprovalError(
            "nobody approves what they rendered",
            where=name,
            got=f"{count} frames that {person.id} rendered",
            fix="ask somebody else with this role",
        )
