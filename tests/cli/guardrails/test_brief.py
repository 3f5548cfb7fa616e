"""The brief of a job is checked with it: a row for each rule, pictures of what was found, exit codes; ingest scores."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from post.cli.app import run
from tests.provenance.made import Noise

JOB = """schema: Job.2
title: Small
clock: 24
house: plain
brief: brief.yaml
takes: {a: {file: film.mp4, beat: open}}
cut: [{take: a}]
label: none
deliver: [{preset: draft, name: small, width: 160, height: 90}]
"""
BRIEF = """formats: [16x9]
beats: [{id: open, says: noise, coverage: {framing: [wide]}}]
rules:
  - {id: told, check: beats}
  - {id: dark, check: {type: tone, params: {most_light: 0.05}}}
  - {id: right, says: Is it right?}
"""
FACTS = "facts: {brief.right: {value: true, by: Ana Roth, at: 2026-12-01}}"


@pytest.fixture(scope="module")
def place(kept_workers: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    folder = tmp_path_factory.mktemp("brief")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("ANSWERPRINT_CONFIG", str(folder / "config"))
        patch.setenv("ANSWERPRINT_STORE", str(folder / "store"))
        Noise(frames=24).write(folder / "film.mp4")
        (folder / "job.yaml").write_text(JOB)
        (folder / "brief.yaml").write_text(BRIEF)
        yield folder


def _answered(capsys: pytest.CaptureFixture[str], *words: object) -> tuple[int, dict[str, Any]]:
    code = run([*map(str, words), "--json"])
    return code, json.loads(capsys.readouterr().out)


def test_each_rule_has_a_row_with_its_evidence(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, data = _answered(capsys, "check", place / "job.yaml", "--evidence", place / "seen")
    rows = {row["id"]: row for row in data["checks"] if row["policy"].startswith("brief ")}
    assert code == 4
    assert {name: row["verdict"] for name, row in rows.items()} == {
        "told": "pass", "dark": "fail", "right": "needs_human", "formats": "pass",
    }  # fmt: skip
    assert (rows["dark"]["origin"], rows["dark"]["at_s"]) == ("brief dark", 0.0)
    assert rows["dark"]["where"].endswith("brief.yaml:5")
    assert Path(rows["dark"]["picture"]).read_bytes().startswith(b"\x89PNG")


def test_an_answer_leaves_only_what_is_broken(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (place / "facts.yaml").write_text(FACTS)
    (place / "brief.yaml").write_text(BRIEF.replace("most_light: 0.05", "least_light: 0.05"))
    code, data = _answered(capsys, "check", place / "job.yaml", "--facts", place / "facts.yaml")
    (place / "brief.yaml").write_text(BRIEF)
    assert {row["verdict"] for row in data["checks"] if row["policy"].startswith("brief ")} == {"pass"}
    assert code == 0


def test_ingest_scores_a_take_and_tells_what_is_missing(
    place: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    Noise(frames=12).write(place / "more.mp4")
    words = (
        "ingest",
        place / "more.mp4",
        "--job",
        place / "job.yaml",
        "--beat",
        "open",
        "--tag",
        "framing=close",
    )
    code, data = _answered(capsys, *words)
    (group,) = data["coverage"]
    assert code == 0
    assert group["missing"] == [{"field": "framing", "value": "wide", "wanted": True}]
    taken = {each["name"]: each for each in group["takes"]}
    assert [each["id"] for each in taken["more"]["brief"] if each["verdict"] == "fail"] == ["dark"]
    before = (place / "job.yaml").read_text()
    code = run([*map(str, words[:4]), "--beat", "opne"])
    assert (code, "did you mean 'open'?" in capsys.readouterr().err) == (2, True)
    assert (place / "job.yaml").read_text() == before


def test_a_finished_film_is_asked_beside_its_policies(
    place: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    films = place / "films"
    films.mkdir()
    Noise(frames=24).write(films / "small.mp4")
    page = place / "page.html"
    words = ("check", place / "job.yaml", "--films", films, "--evidence", place / "shown", "--report", page)
    _, data = _answered(capsys, *words)
    rows = [row for row in data["checks"] if row["policy"].startswith("brief ")]
    of_film = {row["id"]: row for row in rows if row["film"]}
    assert {name: row["verdict"] for name, row in of_film.items()} == {"dark": "fail", "right": "needs_human"}
    assert of_film["dark"]["film"] == str(films / "small.mp4")
    assert Path(of_film["dark"]["picture"]).is_file()
    assert [row["id"] for row in rows if not row["film"]] == ["told", "dark", "formats"]
    assert {"brief"} < {each["profile"] for each in data["policies"]}
    assert "light 0." in page.read_text()
