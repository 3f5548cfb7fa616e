"""Checks as SARIF 2.1.0: what the schema requires, and kinds and levels that go together."""

from __future__ import annotations

import json
from fractions import Fraction
from pathlib import Path
from typing import Any

from post.api.checked import CheckReport, CheckRow
from post.cli.unattended.sarif import sarif_log, write_sarif
from post.values.claim import Ruling, Verdict
from provenance.report import ExaminedFile, Report

VERDICTS: tuple[Verdict, ...] = (
    "pass",
    "fail",
    "warn",
    "needs_human",
    "not_applicable",
    "cannot_check",
    "waived",
)
FILM = "/films/a film.mp4"


def report() -> CheckReport:
    rows = [
        CheckRow(
            Ruling(
                f"R-{verdict}", verdict, "4 %", "5 %", "law", "seen", ((Fraction(1), Fraction(2)),), (1, 2, 3, 4), 24,
                "Source (2026-01-01), 1", "law", "A", "it is large", "words",
            ),
            "p 1",
            FILM,
        )
        for verdict in VERDICTS
    ]  # fmt: skip
    rows.append(CheckRow(Ruling("faint", "warn", evidence="too \x1bfaint"), where="jobs/job.yaml:7"))
    film = Report(ExaminedFile(FILM, "ab" * 32, 9), "absent")
    return CheckReport(tuple(rows), (film,), (("p", "1", "cd" * 32),))


def test_every_result_has_what_the_schema_requires() -> None:
    log = sarif_log(report().plain())
    assert log["version"] == "2.1.0"
    assert log["$schema"].endswith("sarif-schema-2.1.0.json")
    (run,) = log["runs"]
    driver = run["tool"]["driver"]
    assert driver["name"] == "Answerprint"
    rules = [each["id"] for each in driver["rules"]]
    assert len(set(rules)) == len(rules) == 8
    for result in run["results"]:
        assert result["message"]["text"]
        assert rules[result["ruleIndex"]] == result["ruleId"]
        # 3.27.10: a level belongs to a failure alone.
        assert (result["level"] != "none") == (result["kind"] == "fail")
        assert result["kind"] in {"pass", "open", "informational", "notApplicable", "review", "fail"}


def test_kinds_levels_and_suppressions() -> None:
    (run,) = sarif_log(report().plain())["runs"]
    found = {each["properties"]["verdict"]: each for each in run["results"][:7]}
    assert {name: (each["kind"], each["level"]) for name, each in found.items()} == {
        "pass": ("pass", "none"),
        "fail": ("fail", "error"),
        "warn": ("fail", "warning"),
        "needs_human": ("review", "none"),
        "not_applicable": ("notApplicable", "none"),
        "cannot_check": ("open", "none"),
        "waived": ("fail", "error"),
    }
    suppressed = [name for name, each in found.items() if each.get("suppressions")]
    assert suppressed == ["waived"]
    assert found["waived"]["suppressions"][0]["status"] == "accepted"


def test_places_are_addresses_of_the_film_and_of_the_job() -> None:
    (run,) = sarif_log(report().plain())["runs"]
    (film,) = run["artifacts"]
    assert film["location"]["uri"] == "file:///films/a%20film.mp4"
    assert film["hashes"] == {"sha-256": "ab" * 32}
    (place,) = run["results"][1]["locations"]
    assert place["physicalLocation"]["artifactLocation"] == {"uri": "file:///films/a%20film.mp4", "index": 0}
    assert place["properties"] == {
        "stretches": [{"from_s": 1.0, "to_s": 2.0}],
        "box": [1, 2, 3, 4],
        "frame": 24,
    }
    (line,) = run["results"][-1]["locations"]
    assert line["physicalLocation"] == {
        "artifactLocation": {"uri": "jobs/job.yaml"},
        "region": {"startLine": 7},
    }


def test_the_file_is_json_without_controls_and_the_same_each_time(tmp_path: Path) -> None:
    data = report().plain()
    write_sarif(tmp_path / "a.sarif", data)
    write_sarif(tmp_path / "b.sarif", data)
    text = (tmp_path / "a.sarif").read_text("utf-8")
    assert text == (tmp_path / "b.sarif").read_text("utf-8")
    found: dict[str, Any] = json.loads(text)
    assert "\x1b" not in found["runs"][0]["results"][-1]["message"]["text"]
