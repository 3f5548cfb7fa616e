"""The command evidence on films that the program itself made: gates, approvals, both files, and bad inputs."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime, timedelta
from html import unescape
from pathlib import Path

import pytest

from tests.evidence.signed_off import Room, make_room
from tests.flow.warm_commands import answerprint

# The keys are made by these tests: a day that is written here would be before them, or after they end.
AT = ("--at", f"{datetime.now(UTC) + timedelta(days=1):%Y-%m-%dT%H:%M:%SZ}")


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory) -> Room:
    return make_room(tmp_path_factory.mktemp("evidence"))


def words(page: Path) -> str:
    """What a page says, without its tags, its scripts and its base64."""
    text = re.sub(r"<(script|style)\b.*?</\1>", " ", page.read_text("utf-8"), flags=re.DOTALL)
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]*>", " ", text)))


def made(room: Room, name: str, *more: str | Path) -> tuple[dict[str, object], str]:
    """Makes a report with the room's job, and returns its JSON and what its page says."""
    out = room.home / f"{name}.html"
    told = answerprint(
        room.home, "evidence", room.film, "-o", out, "--job", room.job, "--json", *AT, *more
    ).data
    return told, words(out)


def test_a_gate_is_met_only_when_both_roles_have_signed_these_frames(room: Room) -> None:
    told, said = made(room, "nobody")
    assert told["gates"] == [{"gate": "release", "met": False}]
    assert "The gate is not met for wide" in said
    assert "may sign: ana" in said
    room.decide("ana", comment="the <script>light</script> is right")
    told, said = made(room, "one")
    assert told["gates"] == [{"gate": "release", "met": False}]
    room.decide("ben")
    told, said = made(room, "both")
    assert told["gates"] == [{"gate": "release", "met": True}]
    assert "The gate is met for wide" in said
    log = room.signoff.read()
    for head in log.heads:
        assert head.head in said
    for each in log.decisions:
        assert each.envelope in said
        assert each.key in said
    assert "ana: Ana <b>Roth</b>" in said
    assert "the <script>light</script> is right" in said
    assert f"tail -n 1 approvals/log.jsonl | tr -d '\\n' | sha256sum # {log.head.head}" in said
    assert "these very frames" in said


def test_the_same_film_at_the_same_time_gives_the_same_bytes(room: Room) -> None:
    made(room, "first", "--pdf", room.home / "first.pdf")
    made(room, "second", "--pdf", room.home / "second.pdf")
    for ending in ("html", "pdf"):
        first, second = (room.home / f"{name}.{ending}" for name in ("first", "second"))
        assert first.read_bytes() == second.read_bytes()


def test_a_log_that_was_changed_is_told_and_approves_nothing(room: Room, tmp_path: Path) -> None:
    log = room.signoff.folder.log
    before = log.read_bytes()
    try:
        log.write_bytes(before.replace(b'"kind":"render"', b'"kind":"decision"', 1))
        told, said = made(room, "tampered")
    finally:
        log.write_bytes(before)
    assert told["gates"] == [{"gate": "release", "met": None}]
    assert "The log of decisions does not hold, so no approval counts" in said
    assert "The gate is met" not in said


def test_a_film_too_large_for_the_page_is_a_copy_in_it(room: Room) -> None:
    told, said = made(room, "copy", "--embed", "0")
    assert told["embedded"] == "copy"
    assert "This is a small copy to look at" in said
    (note,) = [each for each in told["notes"] if "MB at most" in each]  # type: ignore[attr-defined]
    assert f"{room.film.stat().st_size:,} bytes" in note


def test_the_command_says_what_it_wrote(room: Room) -> None:
    out = room.home / "said.html"
    answer = answerprint(room.home, "evidence", room.film, "-o", out, "--pdf", room.home / "said.pdf")
    assert answer.code == 0
    assert answer.out.splitlines() == [f"wrote {out} (the film is in it)", f"wrote {room.home / 'said.pdf'}"]
    assert (room.home / "said.pdf").read_bytes().startswith(b"%PDF-")


@pytest.mark.parametrize(
    ("words", "code", "says"),
    [
        (("{film}", "-o", "{home}/x.txt"), 2, "-o: not a page's name; expected a name ending in .html, got x.txt"),
        (("{film}", "-o", "{home}/x.html", "--pdf", "{home}/x.doc"), 2, "--pdf: not a PDF's name"),
        (("{home}/none.mp4", "-o", "{home}/x.html"), 3, "none.mp4: the file cannot be read"),
        (("{home}/job.yaml", "-o", "{home}/x.html"), 3, "job.yaml: not a media file"),
        (("{home}/dusk.mp4", "-o", "{home}/x.html", "--job", "{job}"), 2, "does not say which deliverable it is"),
        (("{film}", "-o", "{home}/x.html", "--policy", "nothing"), 2, "--policy"),
    ],
)  # fmt: skip
def test_bad_input_is_one_clear_error_and_writes_nothing(
    room: Room, words: tuple[str, ...], code: int, says: str
) -> None:
    places = {"film": room.film, "home": room.home, "job": room.job}
    answer = answerprint(room.home, "evidence", *(word.format(**places) for word in words))
    assert answer.code == code
    assert says in answer.said
    assert not (room.home / "x.html").exists()
    assert "Traceback" not in answer.said


def test_json_is_one_object(room: Room) -> None:
    out = room.home / "json.html"
    answer = answerprint(room.home, "evidence", room.film, "-o", out, "--json", *AT)
    data = json.loads(answer.out)
    assert data["report"] == str(out)
    assert data["pdf"] is None
    assert data["embedded"] == "film"
    assert (data["integrity"], data["signer"], data["gates"]) == ("intact", "trusted", [])


def test_an_archive_is_checked_file_by_file_and_a_changed_file_is_told(room: Room, tmp_path: Path) -> None:
    archive = tmp_path / "bag"
    words_ = (
        "archive",
        room.job,
        "-o",
        archive,
        "--film",
        room.film,
        "--store",
        room.home / "store",
        "--json",
    )
    assert answerprint(room.home, *words_).code == 0
    told, said = made(room, "archived", "--archive", archive)
    assert told["archive"] == {"path": str(archive), "valid": True}
    assert "The archive is a valid bag (RFC 8493)" in said
    assert "This film is in it, byte for byte" in said
    assert f"answerprint replay {archive.name}" in said
    plan = archive / "data" / "plan" / "plan.json"
    plan.write_bytes(plan.read_bytes() + b" ")
    told, said = made(room, "changed", "--archive", archive)
    assert told["archive"] == {"path": str(archive), "valid": False}
    assert "The archive is not valid" in said
    assert "data/plan/plan.json" in said


def test_a_folder_that_is_no_archive_is_told(room: Room, tmp_path: Path) -> None:
    told, said = made(room, "none", "--archive", tmp_path)
    assert told["archive"] == {"path": str(tmp_path), "valid": False}
    assert "The archive is not valid" in said
    out = room.home / "missing.html"
    answer = answerprint(room.home, "evidence", room.film, "-o", out, "--archive", tmp_path / "missing")
    assert answer.code == 3
    assert not out.exists()
