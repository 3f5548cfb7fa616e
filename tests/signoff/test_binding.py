"""A job's sign-off: what is refused before it is logged, what a browser signs, and what is stale."""

from __future__ import annotations

import hashlib
import json
from base64 import b64decode
from dataclasses import replace
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec

from post.errors import ApprovalError, JobError, ProvenanceError
from post.job import load_job
from post.signoff.binding import DecisionAsked, open_signoff
from post.signoff.known_heads import heads_in_receipts
from provenance.approval.machine_checks import MachineCheck
from provenance.approval.people import key_id, public_text
from provenance.approval.webauthn_key import WebAuthnAssertion
from tests.job.conftest import PARTS
from tests.provenance.approval.approval_desk import TIME, film, signer
from tests.signoff.signoff_room import BROWSER, FILM, JOB, ORIGIN, SITE, begun, decide, make_room, opened


@pytest.fixture
def room(tmp_path: Path) -> Path:
    return make_room(tmp_path)


def test_a_job_is_approved_by_the_people_that_it_names(room: Path) -> None:
    signoff = begun(room)
    assert not signoff.judge(FILM, signoff.read())[0].met
    decide(signoff, "ana", "creative")
    decide(signoff, "bo", "legal")
    assert signoff.judge(FILM, signoff.read())[0].met
    assert signoff.read().stamped == signoff.read().head.number


@pytest.mark.parametrize(
    ("who", "role", "what"),
    [
        ("bot", "creative", "agents never sign off"),
        ("ana", "legal", "ana does not have this role"),
        ("ana", "client", "the gate does not ask for this role"),
    ],
)
def test_who_may_not_decide_is_refused_and_nothing_is_logged(
    room: Path, who: str, role: str, what: str
) -> None:
    signoff = begun(room)
    before = signoff.folder.log.read_bytes()
    with pytest.raises(ApprovalError, match=what):
        decide(signoff, who, role)
    with pytest.raises(ApprovalError, match=what):  # signed elsewhere, by a right key
        allowed = signoff.draft(
            DecisionAsked("approve", "release", "creative", "cy"), FILM, signoff.read(), TIME
        )
        signoff.sign(replace(allowed, person=who, role=role), signer(who), FILM.frames)
    assert signoff.folder.log.read_bytes() == before


def test_who_rendered_is_refused(room: Path) -> None:
    signoff = begun(room, "login-cy")
    with pytest.raises(ApprovalError, match="nobody approves what they rendered"):
        decide(signoff, "cy", "creative")
    signoff.log_renders([FILM], ["login-ana"])  # who renders the same again is no renderer
    decide(signoff, "ana", "creative")


def test_a_forged_signature_is_refused_and_nothing_is_logged(room: Path) -> None:
    signoff = begun(room)
    before = signoff.folder.log.read_bytes()
    draft = signoff.draft(DecisionAsked("approve", "release", "creative", "ana"), FILM, signoff.read(), TIME)
    with pytest.raises(ProvenanceError, match="unknown key"):
        signoff.sign(draft, signer("bo"), FILM.frames)
    with pytest.raises(ProvenanceError, match="about other frames"):
        signoff.sign(draft, signer("ana"), film(range(59)))
    assert signoff.folder.log.read_bytes() == before


def test_a_decision_is_replayed_into_no_log(room: Path) -> None:
    signoff = begun(room)
    made = decide(signoff, "ana", "creative")
    envelope = signoff.folder.statement(made.envelope).read_bytes()
    with pytest.raises(ProvenanceError, match="replayed"):
        signoff.record(envelope, FILM.frames)


def assertion_for(challenge: bytes) -> WebAuthnAssertion:
    from base64 import urlsafe_b64encode

    told = {
        "type": "webauthn.get",
        "challenge": urlsafe_b64encode(challenge).decode().rstrip("="),
        "origin": ORIGIN,
    }
    client = json.dumps(told).encode()
    data = hashlib.sha256(SITE.encode()).digest() + b"\x05\0\0\0\1"
    signature = BROWSER.sign(data + hashlib.sha256(client).digest(), ec.ECDSA(hashes.SHA256()))
    return WebAuthnAssertion(data, client, signature)


def test_a_browser_signs_a_decision(room: Path) -> None:
    signoff = begun(room)
    asked = DecisionAsked("approve", "release", "legal", "bo", comment="seen on the page")
    draft = signoff.draft(asked, FILM, signoff.read(), TIME)
    decide(signoff, "ana", "creative")  # somebody else decides meanwhile: nothing is lost
    keyid = key_id(b64decode(public_text(BROWSER.public_key())))
    made = signoff.sign_in_browser(draft, keyid, assertion_for(signoff.challenge(draft)), FILM.frames)
    assert made.decision.comment == "seen on the page"
    assert signoff.judge(FILM, opened(room).read())[0].met
    with pytest.raises(ProvenanceError, match="forged"):
        other = replace(draft, comment="another")
        signoff.sign_in_browser(other, keyid, assertion_for(signoff.challenge(draft)), FILM.frames)


@pytest.mark.parametrize(
    ("name", "old", "new", "why"),
    [
        ("brief.yaml", "a dog runs", "a ship sails", "stale: the brief changed"),
        ("ours.yaml", "version: ", "version: 9", "stale: the policies changed"),
    ],
)
def test_an_approval_is_stale_where_the_job_asks_otherwise(
    room: Path, name: str, old: str, new: str, why: str
) -> None:
    signoff = begun(room)
    decide(signoff, "ana", "creative")
    path = room / name
    assert old in path.read_text()
    path.write_text(path.read_text().replace(old, new, 1))
    again = opened(room)
    assert again.judge(FILM, again.read())[0].roles[0].refused[0].why == why


def test_an_approval_is_stale_where_the_gate_asks_for_more(room: Path) -> None:
    (room / "job.yaml").write_text(JOB.replace("two_person: true", "two_person: false"))
    decide(begun(room), "ana", "creative")
    (room / "job.yaml").write_text(JOB)
    again = opened(room)
    refused = again.judge(FILM, again.read())[0].roles[0].refused
    assert [each.why for each in refused] == ["stale: the rules of the gate changed"]


def test_another_title_of_the_job_alone_changes_nothing(room: Path) -> None:
    signoff = begun(room)
    decide(signoff, "ana", "creative")
    (room / "job.yaml").write_text(JOB.replace("title: Spot", "title: Other"))
    again = opened(room)
    assert again.judge(FILM, again.read())[0].roles[0].met


def test_a_log_may_not_fall_behind_what_this_user_or_a_receipt_has_seen(room: Path) -> None:
    signoff = begun(room)
    decide(signoff, "ana", "creative")
    log = signoff.read()
    lines = signoff.folder.log.read_bytes().splitlines(keepends=True)
    for place in (signoff.folder.path / "checkpoints").iterdir():
        place.unlink()
    signoff.folder.log.write_bytes(b"".join(lines[:-1]))
    with pytest.raises(ProvenanceError, match="truncated.*this user's settings"):
        signoff.read()
    row = ["release", "creative", "ana", "e" * 64, str(log.head.number), log.head.head, log.id]
    receipts = {"receipts": [{"name": "small", "approvals": [row]}, {"name": "old"}]}
    elsewhere = replace(signoff, config=room / "other", known=heads_in_receipts(receipts))
    with pytest.raises(ProvenanceError, match="truncated.*a receipt"):
        elsewhere.read()
    assert replace(elsewhere, known=()).read().head.number == 2


def test_a_log_that_was_begun_anew_in_the_place_of_another_is_told(room: Path) -> None:
    """Else whoever rendered could clear away who that was, and what was rejected."""
    signoff = begun(room)
    kept = room / "kept"
    signoff.folder.path.rename(kept)
    with pytest.raises(ProvenanceError, match="another one than before"):
        signoff.begin()
    other = replace(signoff, config=room / "other")
    other.log_renders([FILM], ["somebody"])
    with pytest.raises(ProvenanceError, match="another one than before"):
        signoff.read()


def test_machine_checks_are_logged_as_in_toto_statements(room: Path) -> None:
    signoff = begun(room)
    checks = [MachineCheck("A-1", "pass"), MachineCheck("A-2", "fail"), MachineCheck("A-3", "needs_human")]
    made = signoff.log_checks(FILM, checks, TIME, "answerprint-0.1.0")
    found = {str(each.statement["predicateType"]): each for each in signoff.read().checks}
    tested = found["https://in-toto.io/attestation/test-result/v0.1"]
    assert tested.document == made[0]
    predicate = tested.statement["predicate"]
    assert isinstance(predicate, dict)
    assert predicate["result"] == "FAILED"
    assert (predicate["passedTests"], predicate["failedTests"], predicate["warnedTests"]) == (
        ["A-1"],
        ["A-2"],
        ["A-3"],
    )
    assert [each["name"] for each in predicate["configuration"]] == ["policies"]
    vouched = found["https://in-toto.io/attestation/svr/v0.1"].statement["predicate"]
    assert isinstance(vouched, dict)
    assert vouched["properties"] == ["ANSWERPRINT_A-1"]
    assert signoff.log_checks(FILM, checks, TIME, "answerprint-0.1.0") == made  # once is enough
    assert len(signoff.read().checks) == 2


def test_a_job_without_gates_and_log_has_no_signoff_and_an_unknown_gate_is_named(room: Path) -> None:
    (room / "job.yaml").write_text("\n".join(PARTS.values()) + "\n")
    assert open_signoff(load_job(room / "job.yaml"), room / "config") is None
    (room / "job.yaml").write_text(JOB)
    signoff = begun(room)
    with pytest.raises(JobError, match=r"unknown gate.*did you mean 'release'\?"):
        signoff.gate("relase", FILM, signoff.read())
