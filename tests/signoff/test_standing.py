"""Gates stand: no edit of a job lets out what its people have not approved, until they lift the gate themselves."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from post.errors import ApprovalError, JobError, ProvenanceError
from post.job import load_job
from post.signoff.binding import DecisionAsked, SeenFilm, Signoff, open_signoff
from provenance.approval.gate import GateState
from provenance.approval.statement import Verdict
from tests.job.conftest import PARTS
from tests.provenance.approval.approval_desk import TIME, film, signer
from tests.signoff.signoff_room import FILM, JOB, begun, decide, make_room, opened

BARE = "\n".join(PARTS.values()) + "\npeople: people.yaml\n"
GATES = (
    "",
    "gates: {release: {roles: [creative]}}\n",
    "gates: {release: {roles: [creative, legal]}}\n",
    "gates: {release: {roles: [creative, legal], two_person: true}}\n",
    "gates: {final: {roles: [legal]}}\n",
)


@pytest.fixture
def room(tmp_path: Path) -> Path:
    return make_room(tmp_path)


def states(signoff: Signoff, seen: SeenFilm = FILM) -> tuple[GateState, ...]:
    return signoff.judge(seen, signoff.read())


def roles(found: Sequence[GateState]) -> dict[str, list[str]]:
    return {each.gate: [role.role for role in each.roles] for each in found}


def write(room: Path, gates: str, name: str = "job.yaml") -> Signoff:
    (room / name).write_text(BARE + gates)
    made = open_signoff(load_job(room / name), room / "config")
    assert made is not None
    return made


def lift(signoff: Signoff, who: str, role: str, gate: str = "release", seen: SeenFilm = FILM) -> None:
    draft = signoff.draft(DecisionAsked("lift", gate, role, who), seen, signoff.read(), TIME)
    signoff.sign(draft, signer(who), seen.frames)


@pytest.mark.parametrize("gates", GATES)
@pytest.mark.parametrize("shown", [FILM, SeenFilm("renamed", FILM.frames), SeenFilm("new", film("abc"))])
def test_a_gate_stands_whatever_becomes_of_the_job(room: Path, gates: str, shown: SeenFilm) -> None:
    begun(room)
    found = states(write(room, gates), shown)
    assert {"creative", "legal"} <= set(roles(found)["release"])
    assert not any(each.met for each in found if each.gate == "release")


def test_an_approval_under_the_gate_counts_still_once_the_job_asks_for_less(room: Path) -> None:
    (room / "job.yaml").write_text(BARE + GATES[3])
    signoff = begun(room)
    decide(signoff, "ana", "creative")
    decide(signoff, "bo", "legal")
    for gates in GATES[:4]:
        assert [each.met for each in states(write(room, gates))] == [True]


def test_two_people_are_asked_for_until_each_role_has_lifted_the_gate(room: Path) -> None:
    begun(room)
    signoff = write(room, GATES[1])
    decide(signoff, "cy", "creative")
    lift(signoff, "bo", "legal")
    (state,) = states(signoff)
    assert [role.role for role in state.roles] == ["creative"]
    assert not state.met  # two people still
    lift(signoff, "ana", "creative")
    decide(signoff, "cy", "creative")
    assert [each.met for each in states(signoff)] == [True]


def test_nobody_lifts_both_roles_of_a_gate_that_asks_two_people(room: Path) -> None:
    begun(room)
    signoff = write(room, "")
    lift(signoff, "cy", "legal")
    lift(signoff, "cy", "creative")
    assert roles(states(signoff)) == {"release": ["legal"]}
    lift(signoff, "bo", "legal")
    assert states(signoff) == ()


def test_a_lift_is_of_one_job_and_of_what_was_asked_before(room: Path) -> None:
    signoff = begun(room)
    write(room, GATES[3], "other.yaml").log_renders([FILM], ["login-renderer"])
    signoff = write(room, "")
    lift(signoff, "ana", "creative")
    lift(signoff, "bo", "legal")
    assert states(signoff) == ()
    assert roles(states(write(room, "", "other.yaml"))) == {"release": ["creative", "legal"]}
    again = SeenFilm("small", film(range(61)))
    write(room, GATES[1]).log_renders([again], ["login-renderer"])
    assert roles(states(write(room, ""), again)) == {"release": ["creative"]}


def test_who_may_not_lift_is_refused(room: Path) -> None:
    begun(room, "login-cy")
    signoff = write(room, "")
    for who, role, what in (
        ("bot", "creative", "agents never sign off"),
        ("ana", "legal", "does not have this role"),
        ("cy", "legal", "nobody approves what they rendered"),
    ):
        with pytest.raises(ApprovalError, match=what):
            lift(signoff, who, role)
    with pytest.raises(JobError, match="unknown gate"):
        lift(signoff, "ana", "creative", "relase")
    assert roles(states(signoff)) == {"release": ["creative", "legal"]}


def test_nobody_lifts_a_gate_for_the_film_that_they_rendered(room: Path) -> None:
    """They rendered one film of two, and lift the gate about the other one."""
    signoff, second = begun(room), SeenFilm("second", film(range(200, 260)))
    signoff.log_renders([second], ["login-cy"])
    signoff = write(room, "")
    lift(signoff, "cy", "legal")
    lift(signoff, "ana", "creative")
    assert states(signoff) == ()
    assert roles(states(signoff, second)) == {"release": ["legal"]}
    lift(signoff, "bo", "legal", seen=second)
    assert states(signoff, second) == ()


def test_another_job_passes_the_gates_of_the_pictures_that_it_shows(room: Path) -> None:
    begun(room)
    other = write(room, "", "other.yaml")
    assert roles(states(other)) == {"release": ["creative", "legal"]}
    louder = SeenFilm("small", film(range(59, 70), sound=range(11)))
    assert roles(states(other, louder)) == {"release": ["creative", "legal"]}
    assert states(other, SeenFilm("small", film(range(60, 70)))) == ()


def test_a_job_without_people_lets_nothing_out_while_a_gate_stands(room: Path) -> None:
    signoff = begun(room)
    decide(signoff, "ana", "creative")
    decide(signoff, "bo", "legal")
    (room / "job.yaml").write_text("\n".join(PARTS.values()) + "\n")
    (state,) = states(opened(room))
    assert not state.met
    assert [role.ask for role in state.roles] == [(), ()]


def test_a_folder_whose_log_is_gone_is_told_whatever_the_job_asks(room: Path) -> None:
    begun(room)
    shutil.rmtree(room / "approvals")
    with pytest.raises(ProvenanceError, match="another one than before"):
        write(room, "").begin()


def test_jobs_of_one_folder_have_their_own_last_renders(room: Path) -> None:
    """Both have a film of one name: what is decided about one job's is not about the other's."""
    signoff = begun(room)
    other = write(room, GATES[3], "other.yaml")
    seen = SeenFilm("small", film(range(100, 160)), "e" * 64)
    log = other.log_renders([seen], ["login-renderer"])
    mine, others = signoff.last_render("small", log), other.last_render("small", log)
    assert mine is not None
    assert others is not None
    assert (mine.frames, others.frames) == (FILM.frames, seen.frames)
    assert signoff.log_renders([FILM], ["login-renderer"]).head == log.head  # neither is logged again
    decide(signoff, "ana", "creative")
    decide(signoff, "bo", "legal")
    assert [each.met for each in states(signoff)] == [True]
    assert [each.met for each in states(other, seen)] == [False]


@pytest.mark.parametrize(
    ("gates", "brief", "met"),
    [
        (GATES[3], "", True),  # the same frames under the same rules: that is what was approved
        (GATES[2], "", True),  # the stricter gate of the other job stands for these pictures
        ("gates: {final: {roles: [creative, legal], two_person: true}}\n", "", False),
        (GATES[3], "brief: brief.yaml\n", False),
    ],
)
def test_an_approval_of_one_job_meets_another_ones_gate_for_the_same_frames_and_rules_alone(
    room: Path, gates: str, brief: str, met: bool
) -> None:
    signoff = write(room, GATES[3])
    signoff.log_renders([FILM], ["login-renderer"])
    decide(signoff, "ana", "creative")
    decide(signoff, "bo", "legal")
    other = write(room, gates + brief, "other.yaml")
    assert all(each.met for each in states(other)) is met
    assert not any(each.met for each in states(other, SeenFilm("small", film(range(59)))))


class Edits(RuleBasedStateMachine):
    """Edits of a job's gates and its name, renders, and decisions by everybody, in any order.

    The model is the strictest that was ever asked, less what was lifted since: while a role of it has neither approved
    the film as it is, nor lifted the gate since it was asked last, nothing goes out.
    """

    @initialize()
    def begin(self) -> None:
        self.room = make_room(Path(tempfile.mkdtemp()))
        (self.room / "job.yaml").write_text(JOB)
        self.number, self.asked, self.rendered = 0, set[str](), False
        self.approved, self.lifted = set[tuple[str, str]](), set[str]()
        self.signoff = begun(self.room)
        self.asked |= {"creative", "legal"}
        self.gates = GATES[3]

    def teardown(self) -> None:
        if hasattr(self, "room"):
            shutil.rmtree(self.room)

    @property
    def shown(self) -> SeenFilm:
        return SeenFilm(f"film{self.number % 3}", film(range(self.number, self.number + 60)))

    @rule(gates=st.sampled_from(GATES))
    def edit(self, gates: str) -> None:
        self.gates = gates
        self.signoff = write(self.room, gates)

    @rule(frames=st.integers(0, 3))
    def render(self, frames: int) -> None:
        """`finish`, of the film as it is now: what the job asks for is logged."""
        self.number += frames
        log = self.signoff.read()
        if self.signoff.gates(self.shown, log):
            self.signoff.log_renders([self.shown], ["login-renderer"])
        own = {
            role for gate in self.signoff.job.signoff.gates for role in gate.roles if gate.name == "release"
        }
        self.asked |= own
        self.lifted -= own

    @rule(who=st.sampled_from(["ana", "bo", "cy", "bot"]), role=st.sampled_from(["creative", "legal"]))
    def approve(self, who: str, role: str) -> None:
        if self.try_to("approve", who, role):
            self.approved.add((role, self.shown.frames.digest))

    @rule(who=st.sampled_from(["ana", "bo", "cy", "bot"]), role=st.sampled_from(["creative", "legal"]))
    def let_go(self, who: str, role: str) -> None:
        if self.try_to("lift", who, role):
            self.lifted.add(role)

    def try_to(self, verdict: Verdict, who: str, role: str) -> bool:
        log = self.signoff.read()
        if not log.last_render(self.shown.name):
            return False
        try:
            asked = DecisionAsked(verdict, "release", role, who)
            self.signoff.sign(
                self.signoff.draft(asked, self.shown, log, TIME), signer(who), self.shown.frames
            )
        except (ApprovalError, JobError):
            return False
        return True

    @invariant()
    def nothing_unapproved_goes_out(self) -> None:
        if not hasattr(self, "asked"):
            return
        found = self.signoff.judge(self.shown, self.signoff.read())
        if all(each.met for each in found):
            approved = {role for role, _ in self.approved}
            assert self.asked <= approved | self.lifted, (self.asked, approved, self.lifted)
            for role in self.asked - self.lifted:
                assert (role, self.shown.frames.digest) in self.approved or self.number


TestEdits = Edits.TestCase
TestEdits.settings = settings(max_examples=20, stateful_step_count=15, deadline=None)
