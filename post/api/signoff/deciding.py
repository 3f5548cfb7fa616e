"""Approves, rejects and revokes: what a person decides about films that they have seen, signed and logged."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, TypeAlias

from post import __version__
from post.api.signoff.state import JobSignoff, LoggedFilm, find_approval
from post.errors import ApprovalError, GuardrailError, JobError

if TYPE_CHECKING:
    from provenance.approval.machine_checks import MachineCheck
    from provenance.approval.person_key import PersonSigner
    from provenance.approval.statement import Spans, Verdict
    from provenance.approval.verified import LoggedDecision, VerifiedLog


# Checks a film: returns it as it lies on disk, and what each check came to.
FilmCheck: TypeAlias = "Callable[[LoggedFilm], tuple[LoggedFilm, Sequence[MachineCheck]]]"


@dataclass(frozen=True, slots=True)
class Wish:
    """What a person wants to decide. seen: frames, () for those that are asked about; waived: the IDs of failed checks
    that the approval is given in spite of; approval: the SHA-256, or its first digits, of what a revocation ends."""

    verdict: Verdict
    gate: str
    role: str
    comment: str = ""
    seen: Spans = ()
    waived: tuple[str, ...] = ()
    approval: str = ""


def decide(
    found: JobSignoff, wish: Wish, signer: PersonSigner, check: FilmCheck | None = None
) -> list[LoggedDecision]:
    """Signs and logs a decision about each film of a job that it concerns, and returns them as the log has them.

    check: of each film that is approved, before any is; None to check none. Raises GuardrailError where a check failed
    and is not waived, ApprovalError where nothing is asked or this person may not decide so, JobError for a key of
    nobody, and what `check` does.
    """
    log = found.log
    if log is None or not found.films:
        raise ApprovalError(
            "nothing was rendered yet", where=str(found.job), fix="run `answerprint finish` first"
        )
    from post.signoff.binding import DecisionAsked

    person = found.any.people.owner_of(signer.id)
    if person is None:
        got = f"a key with the ID {signer.id[:16]}..."
        fix = f"put its public key into {found.any.people.where}"
        raise JobError("the key is of nobody in the people file", where="--key", got=got, fix=fix)
    found = replace(found, films=tuple(found.at_gate(wish.gate)) or found.films)
    for each in found.films:
        asked = DecisionAsked(wish.verdict, wish.gate, wish.role, person.id)
        each.signoff.refuse(asked, each.film, log)
    chosen = _chosen(found, wish, log)
    if not chosen:
        raise ApprovalError(
            "nothing is asked of this role",
            where=f"gate {wish.gate}",
            got=f"every film is approved by {wish.role}",
            fix="`answerprint approvals JOB` shows what is",
        )
    if wish.verdict != "approve" or check is None:
        return [_decide_one(each, (wish, person.id), signer, ()) for each in chosen]
    judged = [(check(film), spans, ended) for film, spans, ended in chosen]
    for (_, checks), _, _ in judged:
        refuse_failed(checks, wish.waived)
    return [
        _decide_one((film, spans, ended), (wish, person.id), signer, checks)
        for (film, checks), spans, ended in judged
    ]


def refuse_failed(checks: Sequence[MachineCheck], waived: Sequence[str]) -> None:
    """Raises GuardrailError where a machine's check failed that nobody waives."""
    from provenance.approval.machine_checks import FAILED, named

    left = [each for each in named(checks, FAILED) if each not in waived]
    if left:
        raise GuardrailError(
            "machine checks failed",
            where=", ".join(left[:8]),
            expected="checks that pass, or are waived by name",
            got=f"{len(left)} that failed",
            fix=f"mend them, or approve in spite of them: --waive {left[0]}",
        )


def _chosen(found: JobSignoff, wish: Wish, log: VerifiedLog) -> list[tuple[LoggedFilm, Spans, str]]:
    """Returns the films that a decision concerns, the frames of each, and what is revoked."""
    if wish.verdict == "revoke":
        from post.signoff.binding import SeenFilm

        ended = find_approval(log, wish.approval)
        seen = SeenFilm(ended.decision.film.name, ended.frames, ended.decision.film.file)
        return [(LoggedFilm(found.any, seen), ended.decision.seen, ended.envelope)]
    _refuse_outside(found, wish.seen)
    if wish.verdict == "lift":
        return [(found.films[0], (), "")]
    if wish.verdict == "reject" or wish.seen:
        return [(each, wish.seen, "") for each in found.films]
    chosen = []
    for each in found.films:
        gate = each.signoff.gate(wish.gate, each.film, log)
        state = next(one for one in each.signoff.judge(each.film, log) if one.gate == gate.name)
        role = next((one for one in state.roles if one.role == wish.role), None)
        if role is None or not role.met:
            chosen.append((each, asked_of(role) if role else (), ""))
    return chosen


def _refuse_outside(found: JobSignoff, seen: Spans) -> None:
    """Raises JobError, before anything is signed, where one of the films ends before the frames that are named."""
    for each in found.films:
        film, stop = each.film, max((stop for _, stop in seen), default=0)
        if stop > len(film.frames):
            expected = f"frames of {film.name}: 0..{len(film.frames)}"
            fix = "name one film: --only" if len(found.films) > 1 else ""
            raise JobError("the film ends before", where="--frames", expected=expected, got=stop, fix=fix)


def asked_of(role: Any) -> Spans:
    """Returns the frames that a role is to look at, as spans in order."""
    from provenance.approval.gate import join_spans

    return join_spans((each.first, each.stop) for each in role.asked)


def _decide_one(
    chosen: tuple[LoggedFilm, Spans, str],
    by: tuple[Wish, str],
    signer: PersonSigner,
    checks: Sequence[MachineCheck],
) -> LoggedDecision:
    from post.signoff.binding import DecisionAsked
    from provenance.approval.folder import now
    from provenance.approval.machine_checks import FAILED, named

    (logged, seen, revokes), (wish, person) = chosen, by
    signoff, time = logged.signoff, now()
    log = signoff.read()
    waived = tuple(each for each in named(checks, FAILED) if each in wish.waived)
    asked = DecisionAsked(
        wish.verdict, wish.gate, wish.role, person, seen, wish.comment, revokes, waived=waived
    )
    decision = signoff.draft(asked, logged.film, log, time)
    if checks:
        shown = signoff.log_checks(logged.film, checks, time, f"answerprint-{__version__}")
        asked = DecisionAsked(
            wish.verdict, wish.gate, wish.role, person, seen, wish.comment, revokes, shown, waived
        )
        decision = signoff.draft(asked, logged.film, signoff.read(), time)
    return signoff.sign(decision, signer, logged.film.frames)
