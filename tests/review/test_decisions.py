"""A person's own key decides: enrolled through one link, verified by the people file, and by nobody else."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from post.review.access.identity import ProvenIdentity
from post.review.access.sessions import ENROL, make_link
from post.review.judged.judge import JUDGED
from post.signoff.binding import SeenFilm
from provenance.approval.frames import FilmFrames
from provenance.approval.people import read_people
from tests.review.authenticator import PRESENT, SoftAuthenticator
from tests.review.reviewing import (
    ANA,
    BEN,
    BOT,
    GUSTAV,
    ORIGIN,
    PEOPLE,
    POSTGRESQL,
    SQLITE,
    Reviewing,
    make_film,
)

DATABASES = (SQLITE, POSTGRESQL)

APPROVE = {"decision": "approve", "gate": "release", "role": "creative"}


def enrolled(at: Reviewing, who: ProvenIdentity = ANA) -> SoftAuthenticator:
    """Enrols a key for a person, as the page does."""
    with at.review.database.writing() as db:
        token = make_link(db, who, ENROL, at.clock() + 900)
    stranger, device = at.stranger(), SoftAuthenticator(ORIGIN)
    asked = stranger.post("/enrol/options", json={"token": token}).json()
    made = {"key": asked["key"], "credential": device.create(asked["publicKey"])}
    answer = stranger.post("/enrol", json=made)
    assert answer.status_code == 204, answer.text
    return device


def rendered(at: Reviewing, revision: int = 1) -> None:
    """Logs that somebody else rendered a revision, as `finish` does."""
    frames = film_frames(at, revision)
    signoff = at.review.jobs.signoff("wide")
    assert signoff is not None
    signoff.log_renders([SeenFilm("wide", frames)], ["farm"])


def film_frames(at: Reviewing, revision: int) -> FilmFrames:
    from sqlalchemy.orm import undefer

    from post.review.database.tables import RevisionRow
    from post.review.films.revision_frames import frames_of

    with at.review.database.reading() as db:
        row = db.get_one(
            RevisionRow, revision, options=[undefer(RevisionRow.frame_hashes), undefer(RevisionRow.sound_hashes)]
        )  # fmt: skip
        found = frames_of(row)
    assert found is not None
    return found


def judged(at: Reviewing, verdict: str = "pass", revision: int = 1) -> None:
    """Says what the checks of a revision came to."""
    row = {"id": "loudness", "verdict": verdict}
    sha256 = at.client().get(f"/api/revisions/{revision}").json()["revision"]["sha256"]
    findings = {"state": "ready", "why": "", "findings": [row]}
    identity = at.review.jobs.check_identity("wide")
    data = {"identity": identity, "findings": findings, "provenance": {}}
    (at.review.media.folder(sha256) / JUDGED).write_text(json.dumps(data))


@pytest.fixture
def ready(with_film: Reviewing) -> Reviewing:
    """A film that somebody rendered and machines passed."""
    rendered(with_film)
    judged(with_film)
    return with_film


def decide(at: Reviewing, device: SoftAuthenticator, who: ProvenIdentity = ANA, **more: Any) -> Any:
    client = at.client(who)
    revision = more.pop("revision", 1)
    asked = client.post(f"/api/revisions/{revision}/decisions/options", json={**APPROVE, **more})
    if asked.status_code != 200:
        return asked
    signed = {"key": asked.json()["key"], "credential": device.get(asked.json()["publicKey"])}
    return client.post(f"/api/revisions/{revision}/decisions", json=signed)


def test_a_film_is_approved_with_a_browsers_key(ready: Reviewing) -> None:
    device = enrolled(ready)
    before = ready.client().get("/api/revisions/1/decisions").json()
    [gate] = before["gates"]
    assert (gate["met"], gate["may_sign"], before["passkeys"]) == (False, ["creative"], 1)
    assert gate["asked"][0]["people"] == ["Ana Roth"]
    assert gate["asked"][0]["spans"] == [[0, 24]]
    assert (
        gate["command"] == "answerprint approve job.yaml --only wide --gate release --role creative --key KEY"
    )
    answer = decide(ready, device, comment="fine")
    assert answer.status_code == 201, answer.text
    said = answer.json()
    assert said["gates"][0]["met"] is True
    [made] = said["decisions"]
    assert (made["decision"], made["person"], made["comment"], made["stands"]) == (
        "approve",
        "ana",
        "fine",
        True,
    )
    assert ready.revision()["approved"] is True
    # The log is read again, from its files alone.
    signoff = ready.review.jobs.signoff("wide")
    assert signoff is not None
    assert [each.verified for each in signoff.read().decisions] == [True]


def test_an_approval_holds_for_the_stems_that_were_rendered(with_film: Reviewing) -> None:
    """The page reads no stems: the film's last render says which lie beside it."""
    shown = film_frames(with_film, 1)
    film = SeenFilm("wide", replace(shown, stems=(("mix", "a" * 64),)))
    signoff = with_film.review.jobs.signoff("wide")
    assert signoff is not None
    signoff.log_renders([film], ["farm"])
    judged(with_film)
    answer = decide(with_film, enrolled(with_film))
    signoff = with_film.review.jobs.signoff("wide")  # with the key that was enrolled
    assert signoff is not None
    assert answer.status_code == 201, answer.text
    assert [gate["met"] for gate in answer.json()["gates"]] == [True]
    assert [state.met for state in signoff.judge(film, signoff.read())] == [True]
    signoff.log_renders([SeenFilm("wide", replace(shown, stems=(("mix", "b" * 64),)))], ["farm"])
    [gate] = with_film.client().get("/api/revisions/1/decisions").json()["gates"]
    assert not gate["met"]


def test_the_approved_revision_opens_first(ready: Reviewing) -> None:
    assert decide(ready, enrolled(ready)).status_code == 201
    (ready.out / "wide.mp4").write_bytes(make_film(ready.folder / "new.mp4", "sea").read_bytes())
    ready.take_in()
    assert "revision 1" in ready.client().get("/films/1").text
    player = ready.client().get("/api/revisions/2").json()
    assert player["approved"]["number"] == 1
    [row] = ready.client().get("/api/films").json()["films"]
    assert (row["shown"]["number"], row["latest"]["number"]) == (1, 2)
    assert ready.revision(number=2)["approved"] is False


def test_a_rejection_takes_an_approval_away(ready: Reviewing) -> None:
    device = enrolled(ready)
    assert decide(ready, device).status_code == 201
    answer = decide(ready, device, decision="reject", comment="the logo is wrong")
    assert answer.status_code == 201, answer.text
    assert answer.json()["gates"][0]["met"] is False
    assert ready.revision()["approved"] is False
    assert [each["decision"] for each in answer.json()["decisions"]] == ["reject", "approve"]


def test_frames_that_were_not_looked_at_are_still_asked(ready: Reviewing) -> None:
    answer = decide(ready, enrolled(ready), spans=[[0, 10]])
    assert answer.status_code == 201, answer.text
    [gate] = answer.json()["gates"]
    assert gate["met"] is False
    assert gate["asked"][0]["spans"][0][1] == 24


def test_whoever_rendered_a_film_does_not_approve_it(with_film: Reviewing) -> None:
    judged(with_film)
    signoff = with_film.review.jobs.signoff("wide")
    assert signoff is not None
    signoff.log_renders([SeenFilm("wide", film_frames(with_film, 1))], ["ana"])
    answer = decide(with_film, enrolled(with_film))
    assert answer.status_code == 403
    assert "rendered" in answer.text


def test_a_film_that_a_check_failed_is_approved_only_in_spite_of_it(ready: Reviewing) -> None:
    device = enrolled(ready)
    judged(ready, "fail")
    assert "loudness" in (refused := decide(ready, device)).text
    assert refused.status_code == 403
    assert decide(ready, device, waived=["loudness"]).status_code == 201


def test_a_film_that_is_not_checked_yet_is_not_approved(with_film: Reviewing) -> None:
    rendered(with_film)
    assert decide(with_film, enrolled(with_film)).status_code == 409


@pytest.mark.parametrize("who", [BOT, GUSTAV])
def test_agents_and_guests_never_decide(ready: Reviewing, who: ProvenIdentity) -> None:
    device = enrolled(ready)
    assert decide(ready, device, who).status_code == 403
    asked = ready.client().post("/api/revisions/1/decisions/options", json=APPROVE).json()
    signed = {"key": asked["key"], "credential": device.get(asked["publicKey"])}
    assert ready.client(who).post("/api/revisions/1/decisions", json=signed).status_code == 403
    assert ready.client().get("/api/revisions/1/decisions").json()["decisions"] == []


def test_a_key_decides_for_its_own_person_alone(ready: Reviewing) -> None:
    anas, bens = enrolled(ready), enrolled(ready, BEN)
    for wrong, who, role in (
        (bens, ANA, "creative"),
        (anas, BEN, "legal"),
        (SoftAuthenticator(ORIGIN), ANA, "creative"),
    ):
        answer = decide(ready, wrong, who, role=role)
        assert answer.status_code == 403, answer.text
    assert decide(ready, bens, BEN, role="creative").status_code == 403


@pytest.mark.parametrize("wrong", ["origin", "flags", "challenge", "statement", "twice", "other film"])
def test_a_signature_that_is_not_this_one_is_refused(ready: Reviewing, wrong: str) -> None:
    device, client = enrolled(ready), ready.client()
    asked = client.post("/api/revisions/1/decisions/options", json=APPROVE).json()
    if wrong == "origin":
        device.origin = "http://localhost:9999"
    if wrong == "flags":
        device.flags = PRESENT
    options = asked["publicKey"]
    if wrong == "challenge":
        options = {**options, "challenge": "A" * 43}
    signed = {"key": asked["key"], "credential": device.get(options)}
    if wrong == "statement":
        signed["credential"]["response"]["signature"] = "AAAA"
    if wrong == "twice":
        assert client.post("/api/revisions/1/decisions", json=signed).status_code == 201
    place = "/api/revisions/1/decisions"
    if wrong == "other film":
        make_film(ready.out / "tall.mp4", "sea")
        ready.take_in()
        place = f"/api/revisions/{ready.revision('tall')['id']}/decisions"
    assert client.post(place, json=signed).status_code == 403


def test_a_request_for_a_signature_ends(ready: Reviewing) -> None:
    device, client = enrolled(ready), ready.client()
    asked = client.post("/api/revisions/1/decisions/options", json=APPROVE).json()
    ready.clock.at += 601
    signed = {"key": asked["key"], "credential": device.get(asked["publicKey"])}
    assert client.post("/api/revisions/1/decisions", json=signed).status_code == 403


def test_a_key_is_enrolled_through_one_link_alone(ready: Reviewing) -> None:
    with ready.review.database.writing() as db:
        token = make_link(db, ANA, ENROL, ready.clock() + 900)
    stranger = ready.stranger()
    assert stranger.post("/sign-in/link", json={"token": token}).status_code == 403
    asked = stranger.post("/enrol/options", json={"token": token}).json()
    assert stranger.post("/enrol/options", json={"token": token}).status_code == 403
    other = SoftAuthenticator("http://localhost:9999").create(asked["publicKey"])
    assert stranger.post("/enrol", json={"key": asked["key"], "credential": other}).status_code == 403
    own = SoftAuthenticator(ORIGIN).create(asked["publicKey"])
    assert stranger.post("/enrol", json={"key": asked["key"], "credential": own}).status_code == 403
    assert (ready.folder / "people.yaml").read_text() == PEOPLE


def test_enrolling_changes_nothing_else_in_the_people_file(ready: Reviewing) -> None:
    enrolled(ready)
    enrolled(ready)
    enrolled(ready, BEN)
    written = (ready.folder / "people.yaml").read_text()
    kept = [line for line in written.splitlines() if "webauthn" not in line and line.strip() != "keys:"]
    assert kept == PEOPLE.splitlines()
    people = read_people(ready.folder / "people.yaml")
    assert [len(each.keys) for each in people.all] == [2, 1, 0]
    assert {key.site for each in people.all for key in each.keys} == {"localhost"}


def test_a_tampered_log_is_told_and_decides_nothing(ready: Reviewing) -> None:
    device = enrolled(ready)
    assert decide(ready, device).status_code == 201
    log = ready.folder / "approvals" / "log.jsonl"
    log.write_bytes(b"".join(log.read_bytes().splitlines(keepends=True)[:-1]))
    said = ready.client().get("/api/revisions/1/decisions").json()
    assert said["gates"] == []
    assert "truncated" in said["log"]
    assert decide(ready, device).status_code == 403
    ready.take_in()
    assert ready.revision()["approved"] is False
