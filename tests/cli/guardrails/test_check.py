"""`check` on a finished film and on a job: its rows, its exit codes, and what it writes."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest

from post.cli.app import run
from tests.provenance.made import Noise

RULE = {"force": "house", "says": "s", "clause": {"source": "s", "at": "1"}}


def write_policy(path: Path, *rules: dict[str, Any]) -> Path:
    """Writes a policy as JSON, which is YAML."""
    made = {
        "profile": "trial", "version": "1", "valid": {"from": "2026-01-01", "to": None}, "territory": ["any"],
        "role": ["producer"], "facts_needed": {"is_ad": "Is it an advertisement?"},
        "sources": [{"id": "s", "title": "Source", "date": "2026-01-01", "confidence": "A"}],
        "rules": [RULE | {"id": f"R{at}"} | rule for at, rule in enumerate(rules)],
    }  # fmt: skip
    path.write_text(json.dumps(made), "utf-8")
    return path


LABEL = {"check": {"type": "label.first_seen"}, "waiver": {"allowed": True, "needs": []}}
AIGC = {"check": {"type": "aigc.present"}}
UNKNOWN = {"check": {"type": "nobody.knows"}}
ASKS = {"check": {"type": "c2pa.valid"}, "when": {"all": [{"fact": "is_ad", "eq": True}]}}
ABSENT = {"check": {"type": "c2pa.signer_trust", "params": {"is": "none"}}}


JOB = """schema: Job.2
title: Small
clock: 24
house: plain
takes: {a: film.mp4}
cut: [{take: a}]
label: none
deliver: [{preset: draft, name: small, width: 160, height: 90}]
"""


@pytest.fixture(scope="module")
def film(kept_workers: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    folder = tmp_path_factory.mktemp("check")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("ANSWERPRINT_CONFIG", str(folder / "config"))
        patch.setenv("ANSWERPRINT_STORE", str(folder / "store"))
        yield Noise(frames=6).write(folder / "film.mp4")


def checked(capsys: pytest.CaptureFixture[str], *words: object) -> tuple[int, dict[str, Any]]:
    code = run(["check", *map(str, words), "--json"])
    return code, json.loads(capsys.readouterr().out)


@pytest.mark.parametrize(
    ("rules", "facts", "code", "verdicts"),
    [
        ([ABSENT], "{}", 0, ["pass"]),
        ([ABSENT, AIGC], "{}", 4, ["pass", "fail"]),
        ([ABSENT, UNKNOWN], "{}", 7, ["pass", "cannot_check"]),
        ([ABSENT, ASKS], "{}", 7, ["pass", "needs_human"]),
        ([ASKS], "{is_ad: false}", 7, ["not_applicable"]),
        ([ASKS, ABSENT], "{is_ad: false}", 0, ["not_applicable", "pass"]),
        ([AIGC | {"on_fail": "warn"}], "{}", 0, ["warn"]),
    ],
)
def test_exit_codes(
    rules: list[dict[str, Any]],
    facts: str,
    code: int,
    verdicts: list[str],
    film: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    policy = write_policy(tmp_path / "p.yaml", *rules)
    (tmp_path / "facts.yaml").write_text(f"facts: {facts}\n", "utf-8")
    found, data = checked(capsys, film, "--policy", policy, "--facts", tmp_path / "facts.yaml")
    assert [row["verdict"] for row in data["checks"]] == verdicts
    assert found == code
    assert sum(data["counts"].values()) == len(verdicts)
    assert {"id", "verdict", "measured", "threshold", "origin", "at_s", "box", "evidence"} <= set(
        data["checks"][0]
    )


def test_a_film_is_checked_and_what_it_was_decided_on_is_kept(
    film: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    policy = write_policy(tmp_path / "p.yaml", LABEL, AIGC)
    (tmp_path / "w.yaml").write_text(
        "waivers:\n  - {rule: R0, who: Ana Roth, why: a test, expires: 2999-01-01}\n"
        "  - {rule: R9, who: Ana Roth, why: a test, expires: 2999-01-01}\n",
        "utf-8",
    )
    files = {name: tmp_path / f"out.{name}" for name in ("html", "xml", "sarif")}
    code, data = checked(
        capsys, film, "--policy", policy, "--waivers", tmp_path / "w.yaml", "--report", files["html"],
        "--junit", files["xml"], "--sarif", files["sarif"], "--evidence", tmp_path,
    )  # fmt: skip
    assert code == 4
    assert [row["verdict"] for row in data["checks"]] == ["waived", "fail"]
    assert data["summary"] == "2 rules checked, 0 not checkable"
    assert data["policies"][0]["profile"] == "trial"
    assert len(data["policies"][0]["sha256"]) == len(data["films"][0]["sha256"]) == 64
    assert ["R9" in note for note in data["notes"]] == [True]
    assert "waived by Ana Roth" in files["html"].read_text("utf-8")
    cases = {
        each.get("name"): [child.tag for child in each] for each in ET.parse(files["xml"]).iter("testcase")
    }
    assert cases == {"R0": ["skipped"], "R1": ["failure"]}
    assert len(json.loads(files["sarif"].read_text("utf-8"))["runs"][0]["results"]) == 2


def test_without_a_policy_it_says_which_was_taken(film: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, data = checked(capsys, film)
    assert code == 4
    assert data["policies"][0]["profile"] == "house-default"
    assert data["notes"] == ["no policy was named: checked by house-default alone"]


def test_a_job_is_checked_before_its_films_are_made(
    film: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    job = film.with_name("job.yaml")
    job.write_text(JOB, "utf-8")
    code, data = checked(capsys, job)
    assert code == 0
    assert {row["id"]: row["verdict"] for row in data["checks"]}.items() >= {
        "job": "pass",
        "signing": "pass",
    }.items()
    policy = write_policy(tmp_path / "p.yaml", LABEL, ASKS)
    code, data = checked(capsys, job, "--policy", policy)
    rules = {row["id"]: row["verdict"] for row in data["checks"] if row["policy"]}
    assert (code, rules) == (7, {"R0": "cannot_check", "R1": "needs_human"})
    (tmp_path / "small.mkv").write_bytes(film.read_bytes())  # of an earlier job: this one makes an MP4
    code, data = checked(capsys, job, "--policy", policy, "--films", tmp_path)
    assert code == 7
    assert [row["verdict"] for row in data["checks"] if row["id"] == "film"] == ["cannot_check"]


@pytest.mark.parametrize(
    ("words", "code", "says"),
    [
        (["none.mp4"], 3, "none.mp4"),
        (["film.mp4", "--films", "."], 2, "--films goes with a job"),
        (["film.mp4", "--policy", "nobody"], 2, "nobody"),
        (["none.yaml"], 2, "none.yaml"),
    ],
)
def test_bad_input_is_one_clear_error(
    words: list[str],
    code: int,
    says: str,
    film: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(film.parent)
    assert run(["check", *words]) == code
    assert says in capsys.readouterr().err
