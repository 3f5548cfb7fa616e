"""Gates: who counts, in which role, for which frames, and what ends an approval."""

from __future__ import annotations

from dataclasses import replace
from itertools import product
from pathlib import Path

import pytest

from provenance.approval.statement import Gate
from tests.provenance.approval.approval_desk import GATE, ApprovalDesk, film, people

FILM = film(range(60))


@pytest.fixture
def desk(tmp_path: Path) -> ApprovalDesk:
    made = ApprovalDesk(tmp_path / "approvals")
    made.render(FILM)
    return made


def whys(desk: ApprovalDesk) -> set[str]:
    return {each.why for role in desk.judge(FILM).roles for each in role.refused}


def test_a_gate_is_met_once_every_role_has_approved(desk: ApprovalDesk) -> None:
    state = desk.judge(FILM)
    assert not state.met
    assert {role.role: role.ask for role in state.roles} == {"creative": ("ana", "cy"), "legal": ("bo", "cy")}
    desk.decide("approve", "ana", "creative", FILM)
    assert [role.met for role in desk.judge(FILM).roles] == [True, False]
    desk.decide("approve", "bo", "legal", FILM)
    state = desk.judge(FILM)
    assert state.met
    assert [role.by for role in state.roles] == [("ana",), ("bo",)]
    assert state.asked == ()


@pytest.mark.parametrize(
    ("who", "role", "why"),
    [
        ("bot", "creative", "agents and guests never approve"),
        ("guest", "legal", "agents and guests never approve"),
        ("ana", "legal", "does not have the role legal"),
        ("dee", "client", "the gate does not ask for the role client"),
    ],
)
def test_an_approval_of_somebody_who_may_not_never_counts(
    desk: ApprovalDesk, who: str, role: str, why: str
) -> None:
    """It is in the log, signed with a right key: nothing but the judge keeps it out."""
    desk.decide("approve", who, role, FILM)
    assert why in whys(desk)
    assert not any(each.approvals for each in desk.judge(FILM).roles)


CREATIVES, LEGALS = ("ana", "cy", "eve"), ("bo", "cy", "eve")
BOTH = [("ana", "person", ("creative",)), ("bo", "person", ("legal",)), ("cy", "person", ("creative", "legal")),
        ("eve", "person", ("creative", "legal"))]  # fmt: skip


@pytest.mark.parametrize(("creative", "legal", "two"), list(product(CREATIVES, LEGALS, (True, False))))
def test_two_person_matrix(tmp_path: Path, creative: str, legal: str, two: bool) -> None:
    gate = replace(GATE, two_person=two)
    desk = ApprovalDesk(tmp_path / "approvals", gate, people(BOTH))  # type: ignore[arg-type]  # literals in a list
    desk.render(FILM)
    desk.decide("approve", creative, "creative", FILM)
    desk.decide("approve", legal, "legal", FILM)
    assert desk.judge(FILM).met is (creative != legal or not two)


def test_who_signed_in_two_roles_counts_in_the_last_one(desk: ApprovalDesk) -> None:
    desk.decide("approve", "cy", "creative", FILM)
    desk.decide("approve", "cy", "legal", FILM)
    assert [role.met for role in desk.judge(FILM).roles] == [False, True]
    desk.decide("approve", "ana", "creative", FILM)
    assert desk.judge(FILM).met


def test_a_gate_of_one_role_with_two_people_needs_two(tmp_path: Path) -> None:
    gate = Gate("release", ("creative",), two_person=True)
    desk = ApprovalDesk(tmp_path / "approvals", gate)
    desk.render(FILM)
    desk.decide("approve", "ana", "creative", FILM)
    desk.decide("approve", "ana", "creative", FILM)
    assert not desk.judge(FILM).met
    desk.decide("approve", "cy", "creative", FILM, ((0, 40),))
    assert not desk.judge(FILM).met
    desk.decide("approve", "cy", "creative", FILM)
    assert desk.judge(FILM).met


def test_nobody_approves_what_they_rendered_under_whatever_name(desk: ApprovalDesk) -> None:
    other = film([*range(30), *(f"b{n}" for n in range(30))])
    desk.render(other, by="login-ana")
    desk.decide("approve", "ana", "creative", other)
    desk.decide("approve", "bo", "legal", other)
    state = desk.judge(other)
    assert [role.met for role in state.roles] == [False, True]
    assert (
        state.roles[0].asked[0].first <= 30
    )  # the first half is of another renderer, and ana's counts for it
    assert state.roles[0].ask == ("cy",)
    assert state.roles[0].differing == 30
    desk.render(film(["c", *range(60)]), by="bo")  # a person's ID counts as a login does
    desk.decide("approve", "bo", "legal", film(["c", *range(60)]))
    assert not desk.judge(film(["c", *range(60)])).roles[1].met


def test_whoever_renders_the_same_frames_again_changes_nothing(desk: ApprovalDesk) -> None:
    desk.decide("approve", "ana", "creative", FILM)
    desk.decide("approve", "bo", "legal", FILM)
    desk.render(FILM, by="login-bo")
    assert desk.judge(FILM).met


def test_frames_that_nobody_logged_are_approved_by_nobody(desk: ApprovalDesk) -> None:
    unknown = film(["x", *range(59)])
    desk.decide("approve", "ana", "creative", unknown)
    assert not desk.judge(unknown).roles[0].met
    assert "nobody logged who rendered them: 1 frames" in {
        each.why for each in desk.judge(unknown).roles[0].refused
    }


def approved(desk: ApprovalDesk) -> list[str]:
    made = [desk.decide("approve", "ana", "creative", FILM), desk.decide("approve", "bo", "legal", FILM)]
    assert desk.judge(FILM).met
    return made


def test_a_revoked_approval_does_not_count(desk: ApprovalDesk) -> None:
    made = approved(desk)
    desk.decide("revoke", "bo", "legal", FILM, revokes=made[1])
    assert [role.met for role in desk.judge(FILM).roles] == [True, False]
    assert "revoked" in whys(desk)


def test_who_has_no_role_revokes_and_rejects_nothing(desk: ApprovalDesk) -> None:
    made = approved(desk)
    desk.decide("revoke", "guest", "legal", FILM, revokes=made[1])
    desk.decide("reject", "bot", "creative", FILM)
    desk.decide("reject", "ana", "legal", FILM)
    assert desk.judge(FILM).met


def test_a_rejection_ends_older_approvals_of_those_frames_of_every_role(desk: ApprovalDesk) -> None:
    approved(desk)
    rejection = desk.decide("reject", "cy", "legal", FILM, ((20, 30),))
    state = desk.judge(FILM)
    assert [role.met for role in state.roles] == [False, False]
    assert state.rejected == (rejection,)
    assert state.asked == ((9, 41),)
    desk.decide("approve", "ana", "creative", FILM, state.asked)
    desk.decide("approve", "bo", "legal", FILM, state.asked)
    assert desk.judge(FILM).met
    assert desk.judge(FILM).rejected == ()


def test_an_approval_that_was_held_back_does_not_outlive_a_rejection(desk: ApprovalDesk) -> None:
    """It is signed before the rejection, and logged after it."""
    held = [desk.draft("approve", "ana", "creative", FILM), desk.draft("approve", "bo", "legal", FILM)]
    desk.decide("reject", "cy", "legal", FILM)
    for each in held:
        desk.append(each, FILM)
    assert not desk.judge(FILM).met
    assert "rejected: 60 frames" in whys(desk)


def test_a_rejection_of_somebody_who_left_still_counts(desk: ApprovalDesk) -> None:
    approved(desk)
    desk.decide("reject", "cy", "legal", FILM)
    desk.people = people([("ana", "person", ("creative",)), ("bo", "person", ("legal",))])
    assert not desk.judge(FILM).met


@pytest.mark.parametrize("part", ["gate", "brief", "policies", "captions"])
def test_an_approval_is_stale_where_what_it_holds_under_changed(desk: ApprovalDesk, part: str) -> None:
    approved(desk)
    terms = replace(desk.terms, **{part: "f" * 64})
    state = desk.judge(FILM, terms)
    assert not state.met
    assert all(role.refused[0].why.startswith("stale: ") for role in state.roles)
    assert desk.judge(FILM, replace(desk.terms, job="f" * 64)).met  # another job that shows the same


def test_an_approval_of_other_stems_is_stale(desk: ApprovalDesk) -> None:
    with_stems = replace(FILM, stems=(("mix", "a" * 64), ("music", "b" * 64)))
    desk.render(with_stems)
    for shown in (FILM, with_stems):
        desk.decide("approve", "ana", "creative", shown)
        desk.decide("approve", "bo", "legal", shown)
        assert desk.judge(shown).met
    assert not desk.judge(replace(with_stems, stems=(("mix", "a" * 64),))).met
    other = desk.judge(replace(with_stems, stems=(("mix", "a" * 64), ("music", "c" * 64))))
    assert {each.why for role in other.roles for each in role.refused} == {"stale: the stems changed"}
    assert desk.judge(FILM).met  # without stems there is nothing more to approve


def test_a_weaker_gate_is_another_gate(desk: ApprovalDesk) -> None:
    assert replace(GATE, two_person=False).digest != GATE.digest
    assert Gate("release", ("legal", "creative"), two_person=True).digest == GATE.digest
    assert Gate("other", GATE.roles, two_person=True).digest != GATE.digest


def test_an_approval_at_another_gate_does_not_count(desk: ApprovalDesk) -> None:
    for who, role in (("ana", "creative"), ("bo", "legal")):
        desk.append(replace(desk.draft("approve", who, role, FILM), gate="rough"), FILM)
    assert not desk.judge(FILM).met


def test_approval_follows_pixels_and_names_the_earliest_approvals_that_are_enough(desk: ApprovalDesk) -> None:
    first = approved(desk)
    version = film([*range(20), *(f"b{n}" for n in range(10)), *range(30, 60)])
    desk.render(version)
    state = desk.judge(version)
    assert [role.differing for role in state.roles] == [10, 10]
    assert state.asked == ((9, 41),)
    more = [
        desk.decide("approve", "ana", "creative", version, state.asked),
        desk.decide("approve", "bo", "legal", version, state.asked),
    ]
    assert desk.judge(version).met
    assert [role.approvals for role in desk.judge(FILM).roles] == [(first[0],), (first[1],)]
    desk.decide("revoke", "ana", "creative", FILM, revokes=first[0])
    state = desk.judge(version)
    assert not state.met  # what was carried falls with the approval that it was carried from
    assert state.roles[0].approvals == (more[0],)


def test_a_gate_without_roles_is_never_met(tmp_path: Path) -> None:
    desk = ApprovalDesk(tmp_path / "approvals", Gate("release", ()))
    desk.render(FILM)
    assert not desk.judge(FILM).met
