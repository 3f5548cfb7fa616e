"""Approvals in an archive are verified, and count for the frames that are made again, or do not."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from tests.archive.small import JOB, archived, edit, make_job, replayed, seal_again
from tests.flow.warm_commands import answerprint

GATES = "people: people.yaml\ngates: {release: {roles: [creative]}}\ntitles:"
PASSPHRASE = {"ANSWERPRINT_PASSPHRASE": "correct horse"}


@pytest.fixture(scope="module")
def approved(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The archive of a job that somebody approved. Its parent is the home of the user."""
    home = tmp_path_factory.mktemp("approved")
    job = make_job(home / "work", JOB.replace("titles:", GATES))
    entry = answerprint(home, "keys", "new", "ana", "--person", "--json", **PASSPHRASE).data["entry"]
    who = f"people:\n  - {{id: ana, name: Ana, kind: person, roles: [creative], keys: [{entry}]}}\n"
    (job.parent / "people.yaml").write_text(who)
    assert answerprint(home, "finish", job, "-o", home / "out").code == 5
    decided = answerprint(
        home, "approve", job, "-o", home / "out", "--role", "creative", "--key", "ana", "--json", **PASSPHRASE
    )
    assert decided.code == 0, decided.said
    archived(home, job, home / "archive")
    return home / "archive"


@pytest.fixture
def kept(approved: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(approved, tmp_path / "copy"))


def gate(data: dict[str, Any]) -> dict[str, Any]:
    (found,) = data["approvals"]["gates"]
    assert isinstance(found, dict)
    return found


def test_an_approval_holds_for_the_frames_that_are_made_again(kept: Path, tmp_path: Path) -> None:
    code, data = replayed(tmp_path, kept)
    assert (code, data["verdict"]) == (0, "equal")
    assert data["approvals"]["verified"]
    assert data["approvals"]["entries"] >= 2
    assert (gate(data)["gate"], gate(data)["met"], gate(data)["asked"]) == ("release", True, [])


def test_frames_that_nobody_approved_are_asked_about(kept: Path, tmp_path: Path) -> None:
    edit(kept / "data/job/spot.yaml", lambda text: text.replace("Salt", "Silt"))
    seal_again(kept)
    code, data = replayed(tmp_path, kept)
    assert code == 6
    assert data["approvals"]["verified"]
    assert not gate(data)["met"]
    ((first, stop),) = gate(data)["asked"]
    different = [row["first_different"] for row in data["films"][0]["segments"] if row["frames_different"]]
    assert first <= different[0] < stop


def test_a_log_that_was_tampered_with_is_not_believed(kept: Path, tmp_path: Path) -> None:
    log = kept / "data/job/approvals/log.jsonl"
    lines = log.read_text().splitlines()
    assert json.loads(lines[0])
    edit(log, lambda text: "\n".join(text.splitlines()[1:]) + "\n")
    seal_again(kept)
    code, data = replayed(tmp_path, kept)
    assert (code, data["verdict"]) == (6, "equal")
    assert not data["approvals"]["verified"]
    assert data["approvals"]["why"]
