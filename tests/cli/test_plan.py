"""`plan`: what it tells, what of that every other outlet tells too, and what it finds that `finish` would refuse."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path
from typing import Any

import pytest

from post.cli.app import run
from tests.flow.bad import ALONE, Room
from tests.flow_job import JOB
from tests.provenance.record import answers

# A title that is cut off by the film's end is known to the plan alone; a clip cut short, to the take.
PAST = ("length: 1s}\ndeliver", "length: 9s}\ndeliver")


@pytest.fixture
def said(room: Room, capfd: pytest.CaptureFixture[str]) -> Any:
    """Runs a verb; returns its exit code, and what it printed on stdout and on stderr."""

    def say(*words: str | Path) -> tuple[int, str, str]:
        code = run([str(word) for word in words])
        out, err = capfd.readouterr()
        return code, out, err

    return say


@pytest.fixture
def warned(room: Room) -> Path:
    """A job of one film with a warning of its own."""
    text = JOB
    for old, new in (*ALONE[:2], PAST):
        assert old in text, old
        text = text.replace(old, new, 1)
    return room.write("warned.yaml", text)


def codes(rows: list[dict[str, Any]]) -> list[str]:
    return [row["code"] for row in rows]


def test_every_outlet_tells_the_same_warnings_once_each_the_worst_first(
    room: Room, warned: Path, said: Any
) -> None:
    _, planned, _ = said("plan", warned, "--json")
    rows = json.loads(planned)["warnings"]
    assert codes(rows).count("past-end") == 1
    (past,) = [row for row in rows if row["code"] == "past-end"]
    assert (past["rank"], past["of"]) == ("lost", 'title "Salt"')
    assert re.fullmatch(r".*warned\.yaml:\d+", past["where"])
    order = ["wrong", "lost", "changed", "unsure"]
    assert [row["rank"] for row in rows] == sorted((row["rank"] for row in rows), key=order.index)

    out = room.folder / "warned"
    _, finished, _ = said("finish", warned, "-o", out, "--json")
    data = json.loads(finished)
    assert set(codes(rows)) <= set(codes(data["warnings"]))
    receipt = json.loads((out / "receipt.json").read_text())["receipts"][0]
    assert codes(receipt["warnings"]) == codes(data["warnings"])
    assert str(room.folder) not in json.dumps(receipt["warnings"])
    page = (out / "report.html").read_text()
    assert page.count("ends with the film, ") == 1

    for words in (("plan", warned), ("finish", warned, "-o", out)):
        _, text, _ = said(*words)
        assert text.count("[past-end]") == 1


def test_new_and_ingest_tell_what_is_known_of_their_clips(room: Room, said: Any) -> None:
    from tests.made.broken import cut_short

    cut = cut_short(room.folder / "dusk.mp4", room.folder / "cut.mp4", 0.8)
    _, made, _ = said("new", room.folder / "fresh", "--clips", cut, "--json")
    assert codes(json.loads(made)["warnings"])[0] == "cut-short"
    _, text, _ = said("ingest", cut, "--job", room.folder / "fresh" / "job.yaml")
    assert text.count("[cut-short]") == 1


def test_the_text_of_plan_is_a_timeline_and_its_values_are_asked_for(room: Room, said: Any) -> None:
    code, text, _ = said("plan", room.job)
    assert code == 0
    assert max(map(len, text.splitlines())) <= 80
    assert [line for line in text.splitlines() if line in ("shots", "layers", "sound", "films")] == [
        "shots", "layers", "sound", "films",
    ]  # fmt: skip
    assert "cut[0].speed" not in text
    assert "cut[0].speed" in said("plan", room.job, "--values")[1]
    assert json.loads(said("plan", room.job, "--json")[1])["values"]


@pytest.mark.parametrize(
    ("edit", "code", "fault"),
    [
        ("provenance: {key: gone}", 6, "provenance.key: gone: no such key"),
        ("provenance: {aigc: {producer: Studio 7}}", 2, "without spaces"),
    ],
)
def test_plan_ends_as_finish_would(room: Room, said: Any, edit: str, code: int, fault: str) -> None:
    job = room.write("refused.yaml", JOB.replace("titles:", f"{edit}\ntitles:"))
    for words in (("plan", job), ("finish", job, "-o", room.folder / "refused")):
        ended, _, err = said(*words)
        assert (ended, fault in err) == (code, True), words
    assert not (room.folder / "refused").exists()


def test_the_plan_is_shown_although_its_key_is_missing(room: Room, said: Any) -> None:
    job = room.write("nokey.yaml", JOB.replace("titles:", "provenance: {key: gone}\ntitles:"))
    assert "\nshots\n" in said("plan", job)[1]


def test_a_folder_that_films_cannot_go_to_is_found(room: Room, said: Any) -> None:
    inside = room.write("a file", "x") / "out"
    code, _, err = said("plan", room.job, "-o", inside)
    assert code == 2
    assert "is no folder" in err
    named = room.folder / "wide.mp4"
    (room.folder / "over").mkdir(exist_ok=True)
    (room.folder / "over" / "wide.mp4").hardlink_to(room.folder / "dusk.mp4")
    code, _, err = said("plan", room.job, "-o", room.folder / "over")
    assert (code, "would be written over one of the film's own sources" in err) == (2, True)
    assert not named.exists()
    assert said("plan", room.job, "-o", room.folder / "not yet there")[0] == 0
    assert not (room.folder / "not yet there").exists()


def test_receipts_of_another_kind_are_kept_and_plan_says_so_too(room: Room, said: Any) -> None:
    spot = room.folder / "spot"
    assert said("finish", room.job, "-o", spot / "range")[0] == 0
    code, _, err = said("finish", room.job, "--range", "0s..0.5s", "-o", spot)
    assert (code, "has receipts of another kind" in err) == (2, True)
    assert [path.name for path in (spot / "range").glob("*.range-*")] == []
    assert said("finish", room.job, "--range", "0s..0.5s", "-o", room.folder / "parts")[0] == 0
    parts = room.folder / "parts" / "range"
    before = (parts / "receipt.json").read_bytes()
    for verb in ("plan", "finish"):
        code, _, err = said(verb, room.job, "-o", parts)
        assert (code, "expected receipts of signed films, got receipts of ranges" in err) == (2, True), verb
    assert (parts / "receipt.json").read_bytes() == before


def test_plan_refuses_a_registry_and_a_receipt_that_finish_refuses(room: Room, said: Any) -> None:
    out = room.folder / "strange"
    out.mkdir()
    (out / "receipt.json").write_text("a shopping list")
    for verb in ("plan", "finish"):
        code, _, err = said(verb, room.job, "-o", out)
        assert (code, "is no receipt of Answerprint's" in err) == (2, True), verb
    room.write("no folder", "x")
    registry = "provenance: {watermark: {registry: no folder/inside}}\ndeliver:"
    job = room.write("registered.yaml", room.job.read_text().replace("deliver:", registry))
    planned, finished = said("plan", job), said("finish", job, "-o", room.folder / "registered")
    assert (planned[0], planned[2].splitlines()[-1]) == (finished[0], finished[2].splitlines()[-1])
    assert planned[0] == 2
    assert "no folder" in planned[2]


def test_a_key_that_expires_soon_is_told_by_plan_and_finish(
    room: Room, said: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from provenance.signing.keyring import KeyInfo

    monkeypatch.setattr(KeyInfo, "warning", lambda _: "expires in 3 days: renew it")
    for words in (("plan", room.job), ("finish", room.job, "-o", room.out)):
        assert said(*words)[2].count("the key development: expires in 3 days: renew it") == 1


def test_a_range_is_not_to_be_signed_anew(room: Room, said: Any) -> None:
    code, _, err = said("finish", room.job, "--range", "0s..1s", "--resign", "-o", room.folder / "both")
    assert (code, "--resign: a range is not signed" in err) == (2, True)
    assert not (room.folder / "both").exists()


def test_ingest_tells_a_contradiction_once_also_with_the_record_just_given(room: Room, said: Any) -> None:
    said("new", room.folder / "told", "--clips", room.folder / "sea.mp4")
    job = room.folder / "told" / "job.yaml"
    told = {"request": answers.RUNWAY_ASKED, "response": answers.RUNWAY_TOLD}
    record = room.write("dusk.json", json.dumps(told))
    words = ("ingest", room.folder / "dusk.mp4", "--job", job, "--record", record, "--seed", "3")
    _, text, _ = said(*words)
    assert " ".join(text.split()).count("contradict each other") == 1
    assert text.count("[records-contradict]") == 1
    data = json.loads(said(*words, "--json")[1])
    assert codes(data["warnings"]).count("records-contradict") == 1
    assert len(data["takes"][0]["conflicts"]) == 1


def test_the_seconds_of_finish_are_those_on_the_wall_from_its_start_to_the_film(
    room: Room, said: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[bool] = []

    class Wall:
        """A clock on which each time it is read comes 7.25 s after the one before."""

        def monotonic(self) -> float:
            read.append((room.out / "receipt.json").exists())
            return 100 + 7.25 * len(read)

    shutil.rmtree(room.out, ignore_errors=True)
    monkeypatch.setattr("post.stopwatch.time", Wall())
    _, text, _ = said("finish", room.job, "-o", room.out, "--json")
    assert json.loads(text)["seconds"] == 7.25
    assert read == [False, True]
