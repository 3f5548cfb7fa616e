"""Tells how far films are at their gates: as JSON, and as errors that name whom to ask for which frames."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from pathlib import Path
from shlex import quote
from typing import Any

from post.errors import ApprovalError, Problems
from post.values.time import Clock
from provenance.approval.coverage import AskedSpan
from provenance.approval.gate import GateState, RoleState

_WHY = {
    "picture": "pictures that nobody approved",
    "sound": "sound that nobody approved",
    "together": "pictures and sound that were approved apart",
    "order": "approved frames in an order that nobody approved",
}


class UnapprovedFilms(Problems, ApprovalError):  # noqa: N818  as its base
    """Films that wait for approval: exit code 5. data: the `finish` object, with the candidates and what is asked."""

    def __init__(self, faults: Sequence[ApprovalError], data: dict[str, Any]) -> None:
        super().__init__(faults)
        self.data = data

    def __reduce__(self) -> tuple[object, ...]:
        return UnapprovedFilms, (self.faults, self.data)


def gate_rows(states: Iterable[GateState], rates: dict[str, Fraction]) -> list[dict[str, Any]]:
    """Returns the state of each film at each gate as JSON. rates: frames a second of each film, by its name."""
    return [
        {
            "film": each.film,
            "gate": each.gate,
            "met": each.met,
            "rejected": list(each.rejected),
            "kept": list(each.kept),
            "roles": [_role_row(role, Clock(rates[each.film])) for role in each.roles],
        }
        for each in states
    ]


def _role_row(role: RoleState, clock: Clock) -> dict[str, Any]:
    return {
        "role": role.role,
        "met": role.met,
        "by": list(role.by),
        "approvals": list(role.approvals),
        "ask": list(role.ask),
        "differing": role.differing,
        "differing_pictures": role.pictures,
        "asked": [_span_row(each, clock) for each in role.asked],
        "refused": [
            {"approval": each.envelope, "person": each.person, "why": each.why} for each in role.refused
        ],
    }


def _span_row(span: AskedSpan, clock: Clock) -> dict[str, Any]:
    first, stop = (round(float(clock.seconds(at)), 6) for at in (span.first, span.stop))
    return {"first": span.first, "stop": span.stop, "from_s": first, "to_s": stop, "why": list(span.why)}


def missing(
    states: Iterable[GateState], job: Path, candidates: Mapping[str, Path] | None = None
) -> Iterator[ApprovalError]:
    """Yields an error for each role of each gate that is not met.

    job: its file, for the command to run; candidates: the file of each film by its name, where the job is a template,
    and many films have one name.
    """
    for state in states:
        film = candidates.get(state.film) if candidates else None
        target = f"{quote(str(film))} --job {job.name}" if film else f"{job.name} --only {state.film}"
        for role in state.roles:
            if not role.met:
                yield _missing(state, role, (job, target))


def _missing(state: GateState, role: RoleState, command: tuple[Path, str]) -> ApprovalError:
    """command: the job, and what its command approves."""
    spans = ", ".join(f"{each.first}..{each.stop}" for each in role.asked[:8])
    more = f" and {len(role.asked) - 8} more spans" if len(role.asked) > 8 else ""
    why = " and ".join(dict.fromkeys(_WHY[reason] for each in role.asked for reason in each.why))
    # Of approvals that do not count, the last says most.
    refused = f"; {role.refused[-1].person}'s approval: {role.refused[-1].why}" if role.refused else ""
    who = ", ".join(role.ask) or "nobody in the people file who may"
    asked = f"--gate {state.gate} --role {role.role} --key KEY"
    job, target = command
    fix = f"answerprint approve {target} {asked}"
    kept = role.role in state.kept
    stands = ", and stands though the job no longer asks for it" if kept else ""
    return ApprovalError(
        f"the gate {state.gate} is not met{stands}: {role.role} has not approved",
        where=state.film,
        expected=f"an approval by {who}{', or that they lift it' if kept else ''}",
        got=f"{why or 'too few people'}: frames {spans}{more}{refused}",
        fix=f"{fix}; or answerprint lift {job.name} {asked}" if kept else fix,
    )
