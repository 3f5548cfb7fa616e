"""What every verb has in common: help, one JSON object, exit codes, one clear error."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer

from post import __version__
from post.cli.app import app, run
from post.takes.made.synthetic import ClipRecipe, make_clip
from provenance.trust.lists import read_shipped
from tests.flow.bad import Room


def verbs(group: typer.Typer = app, words: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """Every verb there is, as typed."""
    for command in group.registered_commands:
        yield (*words, str(command.name))
    for inner in group.registered_groups:
        assert inner.typer_instance is not None
        yield from verbs(inner.typer_instance, (*words, str(inner.name)))


VERBS = sorted(verbs())
# The keys of the command-line contract: others may be added, none may go.
FINISH = {"deliverables", "seconds", "report", "receipt"}
DELIVERABLE = {
    "name", "path", "sha256", "width", "height", "fps", "frames", "samples", "loudness_lufs",
    "true_peak_dbtp", "segments", "reused", "signed",
}  # fmt: skip
PLANNED, WORK = {"name", "frames", "segments", "cached"}, {"segments", "unique", "cached", "cost_of_one"}
VERIFY = {
    "file", "integrity", "signer", "time", "chain", "conformance", "unhashed", "tampered_at", "ai",
    "manifests", "policies", "findings",
}  # fmt: skip
PICTURE = {
    "width", "height", "fps", "frames", "tags", "cuts", "grain", "flicker_pct", "drift_pct", "cambi",
}  # fmt: skip
SOUND = {
    "integrated_lufs", "max_momentary_lufs", "max_short_term_lufs", "range_lu", "true_peak_dbtp",
    "samples", "rate_hz",
}  # fmt: skip


@pytest.fixture
def told(room: Room, capfd: pytest.CaptureFixture[str]) -> Any:
    """Runs a verb; returns its one JSON object."""

    def tell(*words: str | Path, code: int = 0) -> Any:
        assert run([*map(str, words), "--json"]) == code
        return json.loads(capfd.readouterr().out)

    return tell


@pytest.mark.parametrize("words", [(), ("keys",), *VERBS], ids=" ".join)
def test_every_verb_helps(words: tuple[str, ...], capsys: pytest.CaptureFixture[str]) -> None:
    assert run([*words, "--help"]) == 0
    said = capsys.readouterr()
    assert said.out.split()[: len(words) + 2] == ["Usage:", "answerprint", *words]
    assert said.err == ""


# `mcp` prints no result: what it says is the protocol's.
@pytest.mark.parametrize("words", [words for words in VERBS if words != ("mcp",)], ids=" ".join)
def test_every_verb_can_answer_in_json(words: tuple[str, ...], capsys: pytest.CaptureFixture[str]) -> None:
    run([*words, "--help"])
    assert "--json" in capsys.readouterr().out


def test_the_version_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["--version"]) == 0
    assert capsys.readouterr().out == f"answerprint {__version__}\n"


def test_a_film_from_plan_to_measure_answers_by_the_contract(room: Room, told: Any) -> None:
    planned = told("plan", room.job, "--store", room.store)
    assert set(planned) >= {"deliverables", "work"}
    assert set(planned["deliverables"][0]) >= PLANNED
    assert set(planned["work"]) >= WORK
    assert planned["work"]["cached"] == 0

    data = told("finish", room.job, "-o", room.out, "--store", room.store)
    assert set(data) >= FINISH
    (film,) = data["deliverables"]
    assert set(film) >= DELIVERABLE
    assert (film["fps"], film["frames"], film["samples"]) == ("24/1", 24, 48000)
    assert told("plan", room.job, "--store", room.store)["work"]["cached"] == film["segments"]

    report = told("verify", film["path"])
    assert set(report) >= VERIFY
    assert report["file"] == {
        "path": film["path"], "sha256": film["sha256"], "bytes": Path(film["path"]).stat().st_size,
    }  # fmt: skip
    measured = told("measure", film["path"])
    assert set(measured) >= {"picture", "sound", "unmeasured"}
    assert set(measured["picture"]) >= PICTURE
    assert set(measured["sound"]) >= SOUND
    assert measured["picture"]["frames"] == 24


def test_the_other_verbs_answer_with_one_object(room: Room, told: Any) -> None:
    made = told("new", room.folder / "made", "--clips", room.folder / "tall.mp4")
    assert {row["code"] for row in made.pop("warnings")} == {"colour-untagged", "crop-cuts"}
    assert made == {"job": str(room.folder / "made" / "job.yaml"), "clips": 1, "left_out": []}
    taken = told("ingest", room.folder / "sea.mp4", "--job", made["job"])
    assert taken["added"] == ["sea"]
    assert told("keys", "new", "studio")["name"] == "studio"
    assert "studio" in [row["name"] for row in told("keys", "list")["keys"]]
    assert told("keys", "show", "studio")["algorithm"] == "es256"
    assert {row["name"] for row in told("stages")["stages"]} >= {"look", "title", "encode"}
    assert told("schema")["definitions"]["job"]
    assert isinstance(told("doctor")["ok"], bool)


def test_a_reason_is_written_only_beside_a_clip_that_needs_one(room: Room, told: Any) -> None:
    job = Path(told("new", room.folder / "sound", "--clips", room.folder / "tall.mp4")["job"])
    told("ingest", room.folder / "sea.mp4", "--job", job, "--accept", "the original was lost")
    assert "sea:" in job.read_text("utf-8")
    assert "accept" not in job.read_text("utf-8")


def test_only_debug_shows_the_traceback_wherever_it_is_written(capfd: pytest.CaptureFixture[str]) -> None:
    words = ["plan", "gone.yaml"]
    said = "gone.yaml: cannot be read; expected a YAML file, got no such file; check the path\n"
    assert run(words) == 2
    assert capfd.readouterr().err == said
    for place in range(len(words) + 1):
        assert run([*words[:place], "--debug", *words[place:]]) == 2
        error = capfd.readouterr().err
        assert error.startswith("Traceback (most recent call last):")
        assert error.endswith(said)


def test_a_bug_says_that_it_is_one(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    def broken(_: str) -> None:
        raise ZeroDivisionError("in the depths")

    monkeypatch.setattr("post.reference.stage_table", broken)
    assert run(["stages"]) == 1
    said = capfd.readouterr()
    bug = "this is a bug in Answerprint: ZeroDivisionError: in the depths; run again with --debug\n"
    assert (said.out, said.err) == ("", bug)


def test_only_the_clips_that_are_missing_are_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    there, missing = tmp_path / "dog.mp4", tmp_path / "cat.mp4"
    there.write_bytes(b"")
    assert run(["new", str(tmp_path / "film"), "--clips", str(there), "--clips", str(missing)]) == 2
    said = f"--clips: no such clip; got {missing}; check the path or pattern\n"
    assert capsys.readouterr().err == said


def test_a_pattern_takes_the_clips_that_are_some_and_names_the_others(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("ANSWERPRINT_CONFIG", str(tmp_path / "config"))
    for name in ("sea.mp4", "sky.mp4"):
        make_clip(tmp_path / name, ClipRecipe("dusk", 64, 48, frames=2))
    (tmp_path / "link.mp4").symlink_to("nowhere.mp4")
    (tmp_path / "words.mp4").write_text("no film")
    assert run(["new", "film", "--clips", "*.mp4", "--json"]) == 0
    said = capsys.readouterr()
    found = json.loads(said.out)
    assert (found["clips"], [row["path"] for row in found["left_out"]]) == (2, ["link.mp4", "words.mp4"])
    assert "left out: link.mp4: is missing; expected a media file, got a link to nowhere.mp4" in said.err
    job = (tmp_path / "film" / "job.yaml").read_text("utf-8")
    assert "sea" in job
    assert "words" not in job
    # A clip that is named must be one, and a pattern must match one.
    assert run(["new", "other", "--clips", "sea.mp4", "--clips", "words.mp4"]) == 3
    assert run(["new", "other", "--clips", "[lw]*.mp4"]) == 3
    assert not (tmp_path / "other").exists()


@pytest.mark.parametrize(
    ("words", "says"),
    [
        ("update ours", "give its address: --from ADDRESS, or --from FILE"),
        ("remove ours --tsa --identity", "run the command once with --tsa and once with --identity"),
    ],
)
def test_the_trust_commands_say_what_to_type(
    words: str, says: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["trust", *words.split()]) == 2
    assert says in capsys.readouterr().err


def test_an_old_trust_list_is_shown_with_its_date_and_what_to_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("ANSWERPRINT_CONFIG", str(tmp_path))
    (tmp_path / "ours.pem").write_text(f"# dated: 2020-01-02\n{read_shipped()[0].pem}")
    assert run(["trust", "add", str(tmp_path / "ours.pem")]) == 0
    said = capsys.readouterr().out
    assert "30 certificates, dated 2020-01-02, OLD: run `answerprint trust update ours --from FILE`" in said
