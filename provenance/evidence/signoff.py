"""Who signed off a film, at which gates, and the log that says so: its heads, and every decision in it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from provenance.approval.frames import FilmFrames
from provenance.approval.gate import GateState, RoleState
from provenance.approval.people import People
from provenance.approval.statement import Spans
from provenance.approval.verified import LoggedDecision, VerifiedLog
from provenance.claim.build import APPROVALS_LABEL
from provenance.crjson.manifest import ManifestView, as_mapping, mappings
from provenance.evidence.blocks import (
    EvidenceBlock,
    EvidenceCell,
    EvidenceCommand,
    EvidenceFacts,
    EvidenceHeading,
    EvidenceSection,
    EvidenceTable,
    EvidenceWords,
    bounded,
    bounded_rows,
)

TITLE = "Who signed it off"
_SHORT, _COMMENT = 400, 1_000
_HEADS = 6  # of a log, at either end
_WORDS = {"approve": "approved", "reject": "rejected", "revoke": "revoked an earlier decision"}


@dataclass(frozen=True, slots=True)
class FilmSignoff:
    """What is known of a film's sign-off. states: how far it is at each gate; name: of the deliverable."""

    name: str
    frames: FilmFrames
    states: tuple[GateState, ...]
    log: VerifiedLog
    people: People


def signoff_sections(found: FilmSignoff) -> tuple[EvidenceSection, ...]:
    """Returns the gates with who signed, and the log with every decision and its heads."""
    gates = EvidenceSection("signoff", TITLE, tuple(_gates(found)))
    return gates, EvidenceSection("log", "The log of decisions", tuple(_log(found)))


def no_signoff_section(why: str, *, is_fault: bool = False) -> EvidenceSection:
    """Returns that there is no sign-off to show. why: a sentence; is_fault: whether something is wrong."""
    words = EvidenceWords(bounded(why, _COMMENT), tone="bad" if is_fault else "")
    return EvidenceSection("signoff", TITLE, (words,))


def declared_section(manifests: Sequence[Mapping[str, Any]]) -> EvidenceSection:
    """Returns the approvals that a film's signer declares, for a report without the job's log. manifests: in crJSON,
    the active one first."""
    view = ManifestView(manifests[0]) if manifests else ManifestView({})
    data = [as_mapping(each) for _, each in view.assertions_of(APPROVALS_LABEL)]
    found, left = bounded_rows(row for each in data for row in mappings(each.get("approvals")))
    if not found:
        why = "The film declares no approval, and no log of decisions was given to this report."
        return EvidenceSection("signoff", TITLE, (EvidenceWords(why),))
    rows = tuple(
        tuple(
            EvidenceCell(bounded(str(row.get(name, "")), _SHORT))
            for name in ("gate", "role", "person", "decision")
        )
        for row in found
    )
    note = "The film's signer declares these approvals. No log was given to this report, so nobody verified them here."
    table = EvidenceTable(
        ("Gate", "Role", "Person", "SHA-256 of the signed decision"), (16, 16, 18, 50), rows
    )
    more = (EvidenceWords(left),) if left else ()
    return EvidenceSection("signoff", TITLE, (EvidenceWords(note), table, *more))


def signoff_commands(log: VerifiedLog) -> tuple[EvidenceCommand, ...]:
    """Returns how to verify a log without this report."""
    return (
        EvidenceCommand(
            "The head of the log is the SHA-256 of its last line; each line holds that of the line before",
            ("tail -n 1 approvals/log.jsonl | tr -d '\\n' | sha256sum", f"# {log.head.head}"),
        ),
    )


def _gates(found: FilmSignoff) -> Iterator[EvidenceBlock]:
    yield EvidenceWords(
        "An approval is signed, and binds to the frames as they decode, with the sound under them. It counts for "
        "a film where that film shows those frames in that order.",
        quiet=True,
    )
    for state in found.states:
        yield EvidenceHeading(f"Gate: {bounded(state.gate, _SHORT)}")
        met = "met" if state.met else "not met"
        yield EvidenceWords(
            f"The gate is {met} for {bounded(found.name, _SHORT)}.", tone="" if state.met else "bad"
        )
        if state.rejected:
            digests = ", ".join(state.rejected[:10])
            yield EvidenceWords(f"Rejections stand against frames of it: {digests}.", tone="bad")
        rows = tuple(_role(each, found) for each in state.roles)
        yield EvidenceTable(
            ("Role", "State", "Signed by", "What does not count, and why"), (16, 16, 34, 34), rows
        )


def _role(role: RoleState, found: FilmSignoff) -> tuple[EvidenceCell, ...]:
    signed = tuple(f"envelope {each}" for each in role.approvals[:10])
    asked = [(each.first, each.stop) for each in role.asked]
    left = (f"{role.differing} frames differ", f"to look at: {_spans(tuple(asked))}") if not role.met else ()
    ask = (f"may sign: {', '.join(role.ask)}",) if role.ask else ()
    refused, more = bounded_rows((f"{each.person}: {each.why}" for each in role.refused), 20)
    said = [bounded(each, _SHORT) for each in refused] + ([more] if more else [])
    return (
        EvidenceCell(bounded(role.role, _SHORT)),
        EvidenceCell(
            "met" if role.met else "not met", (*left, *ask), "good" if role.met else "bad", state=True
        ),
        EvidenceCell(", ".join(_named(each, found.people) for each in role.by) or "nobody", signed),
        EvidenceCell(said[0] if said else "–", tuple(said[1:])),
    )


def _log(found: FilmSignoff) -> Iterator[EvidenceBlock]:
    log = found.log
    yield EvidenceWords(
        "The log is only ever appended to. Each line holds the SHA-256 of the line before: whoever knows its head "
        "knows that nothing before it was changed, left out or put in another order. All of it was verified for "
        "this report.",
        quiet=True,
    )
    stamped = f"the first {log.stamped} entries" if log.stamped else "nothing yet"
    yield EvidenceFacts(
        (
            ("Log", log.id),
            ("Entries", str(len(log.heads))),
            ("Head", log.head.head),
            ("Signed heads vouch for", stamped),
            ("Renders logged", str(len(log.renders))),
            ("Checks by machines logged", str(len(log.checks))),
            ("Frames of this film", found.frames.digest),
        )
    )
    decisions, left = bounded_rows(log.decisions)
    if decisions:
        rows = tuple(_decision(each, found) for each in decisions)
        yield EvidenceTable(("Entry", "Who", "Decision", "Film, frames and comment"), (14, 24, 18, 44), rows)
    else:
        yield EvidenceWords("No decision is in the log.")
    if left:
        yield EvidenceWords(left)
    yield EvidenceTable(("Entry", "SHA-256 of its line"), (16, 84), tuple(_heads(log)))


def _decision(each: LoggedDecision, found: FilmSignoff) -> tuple[EvidenceCell, ...]:
    decision = each.decision
    same = "these very frames" if decision.film.frames == found.frames.digest else "frames of another render"
    key = f"key {each.key}" if each.verified else f"key {each.key}, of nobody in the people file"
    revokes = (f"it ends {decision.revokes}",) if decision.revokes else ()
    waived = (
        (f"checks that were waived: {bounded(', '.join(decision.waived), _SHORT)}",)
        if decision.waived
        else ()
    )
    comment = (f"“{bounded(decision.comment, _COMMENT)}”",) if decision.comment else ()
    return (
        EvidenceCell(str(each.number), (decision.time,)),
        EvidenceCell(_named(decision.person, found.people), (f"as {bounded(decision.role, _SHORT)}", key)),
        EvidenceCell(_WORDS[decision.verdict], (f"gate {bounded(decision.gate, _SHORT)}", *revokes)),
        EvidenceCell(
            f"{bounded(decision.film.name, _SHORT)}, {_spans(decision.seen)}",
            (*comment, same, *waived, f"envelope {each.envelope}"),
        ),
    )


def _heads(log: VerifiedLog) -> Iterator[tuple[EvidenceCell, ...]]:
    """Yields the first and the last heads of a log."""
    heads: Sequence[object] = log.heads
    first, last = log.heads[:_HEADS], log.heads[max(_HEADS, len(heads) - _HEADS) :]
    for point in first:
        yield EvidenceCell(str(point.number)), EvidenceCell(point.head)
    left = len(heads) - len(first) - len(last)
    if left:
        yield EvidenceCell("…"), EvidenceCell(f"{left} entries between are not shown here")
    for point in last:
        yield EvidenceCell(str(point.number)), EvidenceCell(point.head)


def _named(person: str, people: People) -> str:
    found = people.find(person)
    return bounded(f"{person}: {found.name}" if found else f"{person}, who is not in the people file", _SHORT)


def _spans(spans: Spans) -> str:
    """Returns frames in words: the last one of a span is shown, not the one after it."""
    shown = [f"{first}" if stop - first == 1 else f"{first} to {stop - 1}" for first, stop in spans[:8]]
    more = f" and {len(spans) - 8} more spans" if len(spans) > 8 else ""
    return f"frames {', '.join(shown)}{more}" if shown else "no frames"
