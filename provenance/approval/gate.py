"""Decides whether a gate is met for a film, from a verified log: pure, and from what is handed in alone.

An approval counts for frames while all of this holds; whatever fails is told:

    signed by a person of the people file, in a role that they have and the gate asks for; never by an agent or a guest
    under the gate's rules, the brief, the policies, the captions and the stems of now, or else it is stale
    not revoked, and no frame of it rejected by somebody whose decision the approver did not know
    somebody else rendered those frames
    with two_person: nobody counts in two roles, and a gate of one role needs two people

`coverage` says which frames of a film the frames that count cover, in order.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from provenance.approval.coverage import ApprovedFrames, AskedSpan, Coverage, cover, units_of
from provenance.approval.frames import FilmFrames
from provenance.approval.people import People, Person
from provenance.approval.statement import DecisionTerms, Gate, Spans
from provenance.approval.verified import LoggedDecision, VerifiedLog


@dataclass(frozen=True, slots=True)
class AskedFilm:
    """A film that is to pass a gate. terms: the digests of now."""

    name: str
    frames: FilmFrames
    terms: DecisionTerms


@dataclass(frozen=True, slots=True)
class RefusedApproval:
    """An approval that does not count, or not whole. envelope: its SHA-256; why: for people."""

    envelope: str
    person: str
    why: str


@dataclass(frozen=True, slots=True)
class RoleState:
    """How far one role of a gate is. asked: the spans to look at; differing: how many frames no counting approval has;
    pictures: of those, new pictures; approvals: the SHA-256 of each envelope that counts; signers: who signed each; by:
    each of them once; ask: who may still sign, by ID."""

    role: str
    met: bool
    asked: tuple[AskedSpan, ...]
    differing: int
    pictures: int
    approvals: tuple[str, ...]
    signers: tuple[str, ...]
    by: tuple[str, ...]
    ask: tuple[str, ...]
    refused: tuple[RefusedApproval, ...]


@dataclass(frozen=True, slots=True)
class GateState:
    """Whether a film passes a gate. rejected: the SHA-256 of the rejections that stand against frames of it; kept:
    roles that the job asks for no more, and nobody lifted."""

    gate: str
    film: str
    roles: tuple[RoleState, ...]
    rejected: tuple[str, ...] = ()
    kept: tuple[str, ...] = ()

    @property
    def met(self) -> bool:
        """Whether every role is met. A gate without roles is never met."""
        return bool(self.roles) and all(each.met for each in self.roles)

    @property
    def asked(self) -> Spans:
        """The frames that any role is to look at, as spans in order."""
        return join_spans((each.first, each.stop) for role in self.roles for each in role.asked)


def judge(gate: Gate, people: People, log: VerifiedLog, film: AskedFilm) -> GateState:
    """Returns whether a film passes a gate, and otherwise who is to look at which frames."""
    return _Judging(gate, people, log, film).state()


def join_spans(spans: Iterable[tuple[int, int]]) -> Spans:
    """Returns spans in order, joined where they touch."""
    joined = list[tuple[int, int]]()
    for first, stop in sorted(spans):
        if joined and first <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(joined[-1][1], stop))
        else:
            joined.append((first, stop))
    return tuple(joined)


@dataclass(frozen=True, slots=True)
class _Counting:
    """An approval that counts, for these frames."""

    logged: LoggedDecision
    frames: ApprovedFrames


class _Judging:
    """Judges one film at one gate."""

    def __init__(self, gate: Gate, people: People, log: VerifiedLog, film: AskedFilm) -> None:
        self.gate, self.people, self.log, self.film = gate, people, log, film
        self.units = set(film.frames.units)
        at_gate = [each for each in log.decisions if each.decision.gate == gate.name]
        self.approvals = [each for each in at_gate if each.decision.verdict == "approve"]
        self.rejections = [
            each for each in at_gate if each.decision.verdict == "reject" and self._may_stop(each)
        ]
        self.revoked = {
            each.decision.revokes
            for each in at_gate
            if each.decision.verdict == "revoke" and self._may_stop(each)
        }
        self.refused: dict[str, list[RefusedApproval]] = {role: [] for role in gate.roles}

    def state(self) -> GateState:
        counting = [made for each in self.approvals if (made := self._counting(each))]
        if self.gate.two_person:
            counting = list(self._one_role_each(counting))
        roles = tuple(
            self._role(role, [c for c in counting if c.logged.decision.role == role]) for role in self.roles
        )
        standing = tuple(
            each.envelope
            for each in self.rejections
            if self.units & _rejected(each) and any(not role.met for role in roles)
        )
        return GateState(self.gate.name, self.film.name, roles, standing)

    @property
    def roles(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(self.gate.roles))

    def _role(self, role: str, counting: Sequence[_Counting]) -> RoleState:
        """Returns how far a role is. Where it needs two people, the two who are furthest decide."""
        needed = 2 if self.gate.two_person and len(self.roles) == 1 else 1
        refused = tuple(self.refused[role])
        if needed == 1:
            left = cover(self.film.frames, [each.frames for each in counting])
            return self._told(
                role, left, self._needed(counting) if left.covered else counting, refused, left.covered
            )
        ranked = sorted(self._by_person(counting), key=lambda pair: _left(pair[1]))
        whole = [person for person, left in ranked if left.covered]
        nothing = cover(self.film.frames, [])
        left = ranked[needed - 1][1] if len(ranked) >= needed else nothing
        used = [each for each in counting if each.logged.decision.person in whole]
        return self._told(role, left, used, refused, len(whole) >= needed)

    def _needed(self, counting: Sequence[_Counting]) -> Sequence[_Counting]:
        """Returns the earliest approvals that cover the film together: later ones do not change who let it pass."""
        ordered = sorted(counting, key=lambda each: each.logged.number)

        def covers(count: int) -> bool:
            return cover(self.film.frames, [each.frames for each in ordered[:count]]).covered

        return ordered[: bisect_left(range(len(ordered)), True, key=covers)]

    def _told(
        self,
        role: str,
        left: Coverage,
        counting: Sequence[_Counting],
        refused: tuple[RefusedApproval, ...],
        met: bool,
    ) -> RoleState:
        counting = sorted(counting, key=lambda each: each.logged.number)
        signers = tuple(each.logged.decision.person for each in counting)
        by = tuple(dict.fromkeys(signers))
        envelopes = tuple(each.logged.envelope for each in counting)
        may = (each.id for each in self.people.with_role(role) if self._may_be_asked(each, left.asked))
        ask = () if met else tuple(may)
        return RoleState(
            role, met, left.asked, left.differing, left.pictures, envelopes, signers, by, ask, refused
        )

    def _may_be_asked(self, person: Person, asked: Sequence[AskedSpan]) -> bool:
        own, units = self.log.rendered_by(person), self.film.frames.units
        return not any(unit in own for each in asked for unit in units[each.first : each.stop])

    def _by_person(self, counting: Sequence[_Counting]) -> Iterator[tuple[str, Coverage]]:
        for person in dict.fromkeys(each.logged.decision.person for each in counting):
            own = [each.frames for each in counting if each.logged.decision.person == person]
            yield person, cover(self.film.frames, own)

    def _one_role_each(self, counting: Sequence[_Counting]) -> Iterator[_Counting]:
        """Yields the approvals of each person in the role that they signed in last at this gate."""
        last = {each.logged.decision.person: each.logged.decision.role for each in counting}
        for each in counting:
            if last[each.logged.decision.person] == each.logged.decision.role:
                yield each
            else:
                self._refuse(each.logged, "this person counts in another role, and nobody counts in two")

    def _counting(self, logged: LoggedDecision) -> _Counting | None:
        """Returns an approval with the frames that it counts for; None where it counts for none."""
        why = self._fault(logged)
        if why:
            self._refuse(logged, why)
            return None
        frames = logged.frames
        person = self.people.find(logged.decision.person)
        assert person is not None
        own, taken = self.log.rendered_by(person), self._rejected_after(logged)
        spans, lost = _without(frames, logged.decision.seen, (own, taken, self.log.of_nobody(frames)))
        for what, reason in zip(lost, _LOST, strict=True):
            if what:
                self._refuse(logged, f"{reason}: {what} frames")
        made = ApprovedFrames(frames, spans)
        return _Counting(logged, made) if not self.units.isdisjoint(units_of(made)) else None

    def _fault(self, logged: LoggedDecision) -> str:
        """Returns why an approval does not count; "" where it does."""
        decision, now, stems = logged.decision, self.film.terms, self.film.frames.stems
        person = self.people.find(decision.person)
        rows: tuple[tuple[bool, str], ...] = (
            (not logged.verified or person is None, "signed with a key that the people file does not have"),
            (person is not None and not person.may_approve, "agents and guests never approve"),
            (
                person is not None and decision.role not in person.roles,
                f"does not have the role {decision.role}",
            ),
            (decision.role not in self.gate.roles, f"the gate does not ask for the role {decision.role}"),
            (logged.envelope in self.revoked, "revoked"),
            (decision.terms.gate != now.gate, "stale: the rules of the gate changed"),
            (decision.terms.brief != now.brief, "stale: the brief changed"),
            (decision.terms.policies != now.policies, "stale: the policies changed"),
            (decision.terms.captions != now.captions, "stale: the captions changed"),
            (bool(stems) and stems != logged.frames.stems, "stale: the stems changed"),
        )
        return next((why for wrong, why in rows if wrong), "")

    def _refuse(self, logged: LoggedDecision, why: str) -> None:
        role = logged.decision.role if logged.decision.role in self.refused else self.gate.roles[0]
        self.refused[role].append(RefusedApproval(logged.envelope, logged.decision.person, why))

    def _may_stop(self, logged: LoggedDecision) -> bool:
        """Whether a rejection or a revocation counts. One whose key is gone from the people file still does."""
        person = self.people.find(logged.decision.person)
        if not logged.verified or person is None:
            return True
        return person.may_approve and logged.decision.role in person.roles

    def _rejected_after(self, approval: LoggedDecision) -> set[str]:
        """Returns the units that somebody rejected whose decision an approver did not know."""
        known = approval.decision.after.number
        return {unit for each in self.rejections if each.number > known for unit in _rejected(each)}


_LOST = ("rendered by the same person", "rejected", "nobody logged who rendered them")


def _rejected(logged: LoggedDecision) -> set[str]:
    return {unit for first, stop in logged.decision.seen for unit in logged.frames.units[first:stop]}


def _left(coverage: Coverage) -> int:
    return sum(each.stop - each.first for each in coverage.asked)


def _without(film: FilmFrames, spans: Spans, barred: Sequence[set[str]]) -> tuple[Spans, list[int]]:
    """Returns spans without the frames whose units are barred, and how many frames each set has barred."""
    kept, lost = list[tuple[int, int]](), [0] * len(barred)
    for first, stop in spans:
        for at in range(first, stop):
            by = next((which for which, units in enumerate(barred) if film.units[at] in units), None)
            if by is None:
                kept.append((at, at + 1))
            else:
                lost[by] += 1
    return join_spans(kept), lost
