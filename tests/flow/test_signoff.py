"""Sign-off from the command line: a film waits, is approved with real keys, goes out, changes, and waits again."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest

from post.takes.made.synthetic import make_clip
from tests.flow.commands import Answer
from tests.flow.warm_commands import answerprint
from tests.flow_job import CLIPS

JOB = """
schema: Job.2
title: Small
clock: 24
house: daylight
takes: {dusk: dusk.mp4}
cut: [{take: dusk, length: 1s}, {take: dusk, in: 0.1s, length: 1s}]
titles: [{text: Salt, at: 1.2s, length: 0.5s}]
people: people.yaml
gates: {release: {roles: [creative, legal], two_person: true}}
deliver: [{preset: draft, name: wide, width: 160, height: 90}]
"""
PEOPLE = (
    ("ana", "person", "creative"),
    ("bo", "person", "legal"),
    ("cy", "person", "creative, legal"),
    ("bot", "agent", "creative, legal"),
    ("guest", "guest", "creative, legal"),
)
PASSPHRASE = "correct horse"


@dataclass(frozen=True)
class SignoffRoom:
    """A folder with a job, and somebody's home."""

    root: Path

    @property
    def job(self) -> Path:
        return self.root / "job.yaml"

    def run(self, *arguments: str | Path, **more: str) -> Answer:
        return answerprint(self.root / "home", *arguments, ANSWERPRINT_PASSPHRASE=PASSPHRASE, **more)

    def finish(self, *more: str) -> Answer:
        return self.run("finish", self.job, "-o", self.root / "out", "--json", *more)

    def decide(self, verb: str, who: str, role: str, *more: str | Path) -> Answer:
        return self.run(verb, self.job, "--role", role, "--key", who, "--json", *more)

    def rewrite(self, old: str, new: str) -> None:
        self.job.write_text(self.job.read_text().replace(old, new))


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> SignoffRoom:
    room = SignoffRoom(tmp_path_factory.mktemp("signoff"))
    make_clip(room.root / "dusk.mp4", CLIPS["dusk"])
    room.job.write_text(JOB)
    (room.root / "home").mkdir()
    rows = []
    for name, kind, roles in PEOPLE:
        entry = room.run("keys", "new", name, "--person", "--json").data["entry"]
        rows.append(f"  - {{id: {name}, name: {name}, kind: {kind}, roles: [{roles}], keys: [{entry}]}}\n")
    (room.root / "people.yaml").write_text(f"people:\n{''.join(rows)}")
    return room


def data_of(answer: Answer, code: int) -> Any:
    assert answer.code == code, (answer.out, answer.said)
    return json.loads(answer.out)


def test_from_a_candidate_to_a_signed_film_and_back(made: SignoffRoom) -> None:
    """One film's way: each step needs the one before."""
    assert "48 of 48 frames: not rendered yet" in made.run("versions", made.job).out
    out, candidate = made.root / "out", made.root / "out" / "review" / "wide.mp4"
    waiting = data_of(made.finish(), 5)
    assert waiting["approved"] is False
    assert [film["signed"] for film in waiting["deliverables"]] == [False]
    assert {role["role"]: role["ask"] for role in waiting["gates"][0]["roles"]} == {
        "creative": ["ana", "cy"], "legal": ["bo", "cy"],
    }  # fmt: skip
    assert candidate.is_file()
    assert not (out / "wide.mp4").exists()
    receipt = json.loads((out / "review" / "receipt.json").read_text())
    assert receipt["schema"] == "Candidates.1"
    assert receipt["receipts"][0]["title"].startswith("FOR REVIEW, NOT APPROVED")
    assert "FOR REVIEW, NOT APPROVED: Small" in (out / "review" / "report.html").read_text()
    assert made.run("verify", candidate).code == 6  # nobody signed it

    for who, what in (("bot", "agents never sign off"), ("guest", "guests never sign off")):
        refused = made.decide("approve", who, "legal")
        assert refused.code == 5
        assert what in refused.said
    assert (
        data_of(made.decide("approve", "ana", "creative", "--comment", "good"), 0)["decisions"][0]["frames"]
        == 48
    )
    assert data_of(made.finish(), 5)["gates"][0]["roles"][0]["met"] is True
    by_file = made.run("approve", candidate, "--role", "legal", "--key", "bo", "--json")
    assert data_of(by_file, 0)["decisions"][0]["person"] == "bo"
    state = data_of(made.run("approvals", made.job, "--json"), 0)
    assert state["met"]
    assert state["counts"]["asked_frames"] == 0
    # Its begin, a render and two decisions; the machine's checks of each, which may be the same.
    assert state["log"]["checkpointed"] == state["log"]["entries"]
    assert state["log"]["entries"] in (6, 7, 8)

    done = data_of(made.finish(), 0)["deliverables"][0]
    assert done["signed"]
    assert done["reused"] == done["segments"]
    checked = made.run("verify", out / "wide.mp4", "--json").data
    assert checked["integrity"] == "intact"
    said = [each["why"] for each in checked["findings"] if each["code"] == "approval.declared"]
    assert [each.split(" approved")[0] for each in said] == [
        "the signer says that ana",
        "the signer says that bo",
    ]

    assert not candidate.parent.exists()  # what waits no more goes

    report = made.root / "junit.xml"
    made.rewrite("Salt", "Pepper")
    unwatched = made.finish("--may-wait", "--junit", str(report))
    assert data_of(unwatched, 0)["approved"] is False
    assert "the gate release is not met: legal has not approved" in unwatched.said
    assert [case.find("skipped") is not None for case in ET.parse(report).iter("testcase")] == [True, True]
    changed = data_of(made.finish(), 5)
    roles = changed["gates"][0]["roles"]
    assert [role["differing"] for role in roles] == [24, 24]  # the segment that the title is in
    spans = [[(each["first"], each["stop"]) for each in role["asked"]] for role in roles]
    assert len(spans[0]) == 1
    assert spans[0] == spans[1]
    assert 0 < spans[0][0][0] <= 24
    assert spans[0][0][1] == 48
    assert (out / "wide.mp4").exists()  # what was released stays
    [version] = made.run("versions", made.job, "--json").data["versions"]
    asked = [list(span) for span in spans[0]]
    assert version["review"] == {"frames": 48 - asked[0][0], "spans": asked, "rendered": True}
    made.rewrite("Pepper", "Salt")
    assert data_of(made.finish(), 0)["deliverables"][0]["signed"]

    approval = data_of(made.run("approvals", made.job, "--json"), 0)["log"]["decisions"][1]["approval"]
    made.decide("revoke", "bo", "legal", "--approval", approval[:12])
    refused = data_of(made.finish(), 5)["gates"][0]["roles"][1]["refused"]
    assert [each["why"] for each in refused] == ["revoked"]

    lines = (made.root / "approvals" / "log.jsonl").read_bytes().splitlines(keepends=True)
    (made.root / "approvals" / "log.jsonl").write_bytes(b"".join(lines[:-1]))
    cut = made.finish()
    assert cut.code == 6
    assert "the log is truncated" in cut.said
    (made.root / "approvals" / "checkpoints").rename(made.root / "gone")
    cut = made.finish()
    assert cut.code == 6
    assert "by this user's settings" in cut.said
    for place in sorted((made.root / "home").rglob("approval-heads")):
        place.rename(made.root / "heads")
    assert made.finish().code == 0  # nothing remembers the revocation any more


def test_a_wrong_passphrase_and_a_key_of_nobody_are_refused(made: SignoffRoom) -> None:
    wrong = answerprint(
        made.root / "home",
        "approve",
        made.job,
        "--role",
        "legal",
        "--key",
        "bo",
        ANSWERPRINT_PASSPHRASE="wrong one",
    )
    assert wrong.code == 6
    assert "another passphrase" in wrong.said
    made.run("keys", "new", "nobody", "--person")
    nobody = made.decide("approve", "nobody", "legal")
    assert nobody.code == 2
    assert "the key is of nobody in the people file" in nobody.said


@pytest.mark.parametrize("verb", ["approve", "reject"])
def test_frames_after_the_end_of_the_film_are_refused(made: SignoffRoom, verb: str) -> None:
    made.finish()
    late = made.decide(verb, "bo", "legal", "--frames", "40..49")
    assert late.code == 2
    assert "--frames: the film ends before; expected frames of wide: 0..48, got 49" in late.said


def test_who_says_that_they_rendered_cannot_approve(made: SignoffRoom) -> None:
    made.rewrite("Salt", "Cumin")
    data_of(made.finish("--by", "cy"), 5)
    refused = made.decide("approve", "cy", "creative")
    assert refused.code == 5
    assert "nobody approves what they rendered" in refused.said
    assert "--by" not in refused.said
    made.rewrite("Cumin", "Salt")


GATES = "gates: {release: {roles: [creative, legal], two_person: true}}\n"


def test_a_gate_that_is_taken_out_of_the_job_stands_until_its_roles_lift_it(made: SignoffRoom) -> None:
    made.rewrite("Salt", "Dill")
    made.rewrite("name: wide", "name: broad")
    data_of(made.finish(), 5)
    review = made.root / "out" / "review"
    (review / "notes.txt").write_text("mine")
    for edit in ("", "gates: {release: {roles: [creative]}}\n", "gates: {other: {roles: [legal]}}\n"):
        made.job.write_text(
            JOB.replace(GATES, edit).replace("Salt", "Dill").replace("name: wide", "name: broad")
        )
        waiting = data_of(made.finish(), 5)
        kept = {each["gate"]: each["kept"] for each in waiting["gates"]}
        assert "legal" in kept["release"]
        assert not (made.root / "out" / "broad.mp4").exists()
    made.job.write_text(JOB.replace(GATES, "").replace("Salt", "Dill").replace("name: wide", "name: tall"))
    said = made.finish()
    assert "stands though the job no longer asks for it: legal has not approved" in said.said
    assert "answerprint lift job.yaml --gate release --role legal --key KEY" in said.said
    assert sorted(path.name for path in review.iterdir()) == [
        "notes.txt",
        "receipt.json",
        "report.html",
        "tall.mp4",
    ]
    assert made.decide("lift", "bot", "legal", "--gate", "release").code == 5
    for who, role, gate in (
        ("bo", "legal", "release"),
        ("ana", "creative", "release"),
        ("bo", "legal", "other"),
    ):
        data_of(made.finish(), 5)
        assert (
            data_of(made.decide("lift", who, role, "--gate", gate), 0)["decisions"][0]["decision"] == "lift"
        )
    assert data_of(made.finish(), 0)["deliverables"][0]["signed"]
    assert [path.name for path in review.iterdir()] == ["notes.txt"]
    made.rewrite("Dill", "Thyme")
    assert data_of(made.finish(), 0)["deliverables"][0]["signed"]  # nothing stands any more
