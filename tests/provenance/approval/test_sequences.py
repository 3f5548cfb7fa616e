"""No sequence of renders, edits, decisions, replays and tampering lets an unapproved frame out.

The model beside the log is small, and shares no code with the judge: for each role it knows which films somebody who
may approve has approved whole since each frame was last rejected, and it lets a film pass only where every frame, cut,
start and end of it stands so in one of those films.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from post.errors import ProvenanceError
from provenance.approval.frames import FilmFrames
from tests.provenance.approval.approval_desk import GATE, WHO, ApprovalDesk, film

NAMES = tuple(name for name, _, _ in WHO)
ROLES = {name: roles for name, kind, roles in WHO if kind == "person"}
FRAMES = tuple(f"f{number}" for number in range(16))


@dataclass
class Approved:
    """A film that was approved, as the model has it. known: how many rejections its signer knew."""

    person: str
    role: str
    frames: tuple[str, ...]
    known: int
    envelope: str
    revoked: bool = False


class Sequences(RuleBasedStateMachine):
    """Renders, edits and decisions by everybody, in any order."""

    @initialize()
    def begin(self) -> None:
        self.root = Path(tempfile.mkdtemp())
        self.desk = ApprovalDesk(self.root / "approvals")
        self.films: list[tuple[str, ...]] = [FRAMES]
        self.renderer: dict[str, str] = {}
        self.approved: list[Approved] = []
        self.rejected: list[set[str]] = []
        self.logged: list[object] = []
        self.held: list[tuple[Approved, object, FilmFrames]] = []
        self.render("renderer", 0)

    def teardown(self) -> None:
        if hasattr(self, "root"):
            shutil.rmtree(self.root)

    @rule(by=st.sampled_from(["renderer", *NAMES]), which=st.integers(0, 5))
    def render(self, by: str, which: int) -> None:
        shown = self.film(which)
        self.desk.render(film(shown), by=f"login-{by}")
        for each in shown:
            self.renderer.setdefault(each, by)

    def film(self, which: int) -> tuple[str, ...]:
        return self.films[which % len(self.films)]

    @rule(which=st.integers(0, 5), first=st.integers(0, 16), stop=st.integers(0, 16), into=st.integers(0, 16))
    def move(self, which: int, first: int, stop: int, into: int) -> None:
        """An edit: some frames go elsewhere."""
        shown = list(self.film(which))
        taken, rest = (
            shown[min(first, stop) : max(first, stop)],
            shown[: min(first, stop)] + shown[max(first, stop) :],
        )
        self.keep([*rest[:into], *taken, *rest[into:]])

    @rule(which=st.integers(0, 5), first=st.integers(0, 16), stop=st.integers(0, 16), new=st.integers(0, 9))
    def cut(self, which: int, first: int, stop: int, new: int) -> None:
        """An edit: some frames go, and a new one comes in their place."""
        shown = list(self.film(which))
        self.keep([*shown[: min(first, stop)], f"n{new}", *shown[max(first, stop) :]])

    def keep(self, shown: Sequence[str]) -> None:
        self.films = [*self.films[-5:], tuple(shown)]

    def made(self, who: str, role: str, which: int) -> tuple[Approved, object, FilmFrames]:
        shown = self.film(which)
        frames = film(shown)
        decision = self.desk.draft("approve", who, role, frames)
        return Approved(who, role, shown, len(self.rejected), ""), decision, frames

    @rule(who=st.sampled_from(NAMES), role=st.sampled_from(GATE.roles), which=st.integers(0, 5))
    def approve(self, who: str, role: str, which: int) -> None:
        self.log(self.made(who, role, which))

    @rule(which=st.integers(0, 5), other=st.booleans())
    def approve_by_two(self, which: int, other: bool) -> None:
        self.approve("cy" if other else "ana", "creative", which)
        self.approve("bo", "legal", which)

    @rule(who=st.sampled_from(NAMES), role=st.sampled_from(GATE.roles), which=st.integers(0, 5))
    def hold(self, who: str, role: str, which: int) -> None:
        """An approval that is signed now, and logged later."""
        self.held.append(self.made(who, role, which))

    @precondition(lambda self: self.held)
    @rule()
    def let_go(self) -> None:
        self.log(self.held.pop())

    def log(self, made: tuple[Approved, object, FilmFrames]) -> None:
        approved, decision, frames = made
        if decision in self.logged:  # the same bytes again: a replay, which is told
            return
        self.logged.append(decision)
        approved.envelope = self.desk.append(decision, frames)  # type: ignore[arg-type]  # of a draft
        self.approved.append(approved)

    @rule(who=st.sampled_from(NAMES), role=st.sampled_from(GATE.roles), which=st.integers(0, 5))
    def reject(self, who: str, role: str, which: int) -> None:
        self.desk.decide("reject", who, role, film(self.film(which)))
        if role in ROLES.get(who, ()):
            self.rejected.append(set(self.film(which)))

    @precondition(lambda self: self.approved)
    @rule(who=st.sampled_from(NAMES), role=st.sampled_from(GATE.roles), which=st.integers(0, 9))
    def revoke(self, who: str, role: str, which: int) -> None:
        ended = self.approved[which % len(self.approved)]
        self.desk.decide("revoke", who, role, film(ended.frames), revokes=ended.envelope)
        ended.revoked |= role in ROLES.get(who, ())

    @precondition(lambda self: self.approved)
    @rule(which=st.integers(0, 9))
    def replay(self, which: int) -> None:
        """An approval again, and then the log as it was: it is told."""
        kept = self.desk.folder.log.read_bytes()
        envelope = self.desk.folder.statement(self.approved[which % len(self.approved)].envelope).read_bytes()
        with self.desk.folder.writing() as writer:
            writer.append("decision", envelope)
        with pytest.raises(ProvenanceError, match="replayed"):
            self.desk.log()
        self.desk.folder.log.write_bytes(kept)

    @invariant()
    def no_unapproved_frame_goes_out(self) -> None:
        if not hasattr(self, "films"):
            return
        for shown in dict.fromkeys(self.films[-3:]):
            if self.desk.judge(film(shown)).met:
                for role in GATE.roles:
                    self.check(shown, role)
                assert len({self.signers(shown, role) for role in GATE.roles}) == 2

    def check(self, shown: tuple[str, ...], role: str) -> None:
        pairs = {pair for each in self.counting(role) for pair in neighbours(self.left(each))}
        assert set(neighbours(shown)) <= pairs, (role, shown)

    def counting(self, role: str) -> list[Approved]:
        return [
            each
            for each in self.approved
            if each.role == role and not each.revoked and role in ROLES.get(each.person, ())
        ]

    def left(self, approved: Approved) -> list[str | None]:
        """The frames that an approval still has; None stands for one that it lost."""
        lost = {frame for each in self.rejected[approved.known :] for frame in each}
        lost |= {
            frame for frame in approved.frames if self.renderer.get(frame, approved.person) == approved.person
        }
        return [None if frame in lost else frame for frame in approved.frames]

    def signers(self, shown: tuple[str, ...], role: str) -> tuple[str, ...]:
        state = next(each for each in self.desk.judge(film(shown)).roles if each.role == role)
        return state.by


def neighbours(shown: Sequence[str | None]) -> list[tuple[str | None, str | None]]:
    whole = ["start", *shown, "end"]
    return [pair for pair in zip(whole, whole[1:], strict=False) if None not in pair]


TestSequences = Sequences.TestCase
TestSequences.settings = settings(max_examples=25, stateful_step_count=20, deadline=None)
