"""A SARIF log has the objects, properties, types and words that SARIF 2.1.0 (OASIS, with errata 01) gives it, and no
others: SHAPES holds what of its schema a log of checks may use."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from fractions import Fraction
from pathlib import Path
from typing import Any, get_args

import pytest

from post.api.checked import CheckReport, CheckRow
from post.cli.unattended.sarif import SCHEMA, sarif_log, write_sarif
from post.values.claim import Ruling, Verdict
from provenance.report import ExaminedFile, Report

SHA256 = re.compile("[0-9a-f]{64}")
BAG = "properties"  # a property bag: any keys (3.8)
# Object: property -> its type: a JSON type, another object, [items], or the words that it may be. The schema allows no
# others ("additionalProperties": false). Numbers are the standard's sections.
SHAPES: Mapping[str, Mapping[str, Any]] = {
    "sarifLog": {"$schema": str, "version": {"2.1.0"}, "runs": ["run"]},  # 3.13
    "run": {  # 3.14
        "tool": "tool", "columnKind": {"utf16CodeUnits", "unicodeCodePoints"}, "artifacts": ["artifact"],
        "invocations": ["invocation"], "results": ["result"], BAG: dict,
    },
    "tool": {"driver": "toolComponent"},  # 3.18
    "toolComponent": {"name": str, "version": str, "rules": ["reportingDescriptor"]},  # 3.19
    "reportingDescriptor": {  # 3.49
        "id": str, "shortDescription": "message", "fullDescription": "message", BAG: dict,
    },
    "message": {"text": str},  # 3.11, 3.12
    "artifact": {"location": "artifactLocation", "length": int, "hashes": "hashes", "roles": [{"analysisTarget"}]},
    "hashes": {"sha-256": str},  # 3.24.11: keys are names of algorithms
    "artifactLocation": {"uri": str, "index": int},  # 3.4
    "invocation": {"executionSuccessful": bool},  # 3.20
    "result": {  # 3.27
        "ruleId": str, "ruleIndex": int, "message": "message", "locations": ["location"],
        "kind": {"notApplicable", "pass", "fail", "review", "open", "informational"},
        "level": {"none", "note", "warning", "error"}, "suppressions": ["suppression"], BAG: dict,
    },
    "suppression": {  # 3.35
        "kind": {"inSource", "external"}, "status": {"accepted", "underReview", "rejected"}, "justification": str,
    },
    "location": {"physicalLocation": "physicalLocation", BAG: dict},  # 3.28
    "physicalLocation": {"artifactLocation": "artifactLocation", "region": "region"},  # 3.29
    "region": {"startLine": int},  # 3.30
}  # fmt: skip
REQUIRED: Mapping[str, tuple[str, ...]] = {
    "sarifLog": ("version", "runs"), "run": ("tool",), "tool": ("driver",), "toolComponent": ("name",),
    "reportingDescriptor": ("id",), "message": ("text",), "result": ("message",), "suppression": ("kind",),
    "invocation": ("executionSuccessful",),
}  # fmt: skip


def faults(value: Any, shape: Any, place: str = "$") -> Iterator[str]:
    """Yields what of a value its shape does not allow."""
    if isinstance(shape, list):
        if not isinstance(value, list):
            yield f"{place}: no list"
            return
        for at, item in enumerate(value):
            yield from faults(item, shape[0], f"{place}[{at}]")
    elif isinstance(shape, set):
        yield from [] if value in shape else [f"{place}: {value!r}"]
    elif isinstance(shape, str):
        yield from _object_faults(value, shape, place)
    elif not isinstance(value, shape) or (shape is int and (isinstance(value, bool) or value < 0)):
        yield f"{place}: {value!r} is no {shape.__name__}"


def _object_faults(value: Any, name: str, place: str) -> Iterator[str]:
    if not isinstance(value, dict):
        yield f"{place}: no {name}"
        return
    yield from (f"{place}: lacks {key}" for key in REQUIRED.get(name, ()) if key not in value)
    for key, item in value.items():
        if key in SHAPES[name]:
            yield from faults(item, SHAPES[name][key], f"{place}.{key}")
        else:
            yield f"{place}: {name} has no {key}"


def report(where: str = "out/wide film.mp4") -> CheckReport:
    """Returns a check of one film, with a ruling of each verdict, and of a job with a line and without."""
    whole = ((Fraction(1), Fraction(3, 2)),)
    film = [
        CheckRow(
            Ruling(
                f"R-{verdict}", verdict, "3 %", "5 %", "law", "seen", at=whole, box=(1, 2, 30, 40), frame=24,
                source="Law, 5.4", force="law", confidence="A", says="the label is high enough", quote="not less",
            ),
            "p 1", where,
        )
        for verdict in get_args(Verdict)
    ]  # fmt: skip
    job = [
        CheckRow(Ruling("crop-cuts", "warn"), where=place)
        for place in ("job.yaml:21", "job.yaml", "/jobs/a b.yaml:3")
    ]
    reports = (Report(ExaminedFile(where, "0" * 64, 1), "absent"),)
    return CheckReport((*film, *job), reports, (("p", "1", "f" * 64),), ("a note",), (), (("av", "1"),))


def test_a_log_has_the_shape_of_the_standard() -> None:
    log = sarif_log(report().plain())
    assert list(faults(log, "sarifLog")) == []
    assert log["$schema"] == SCHEMA


@pytest.mark.parametrize(
    ("spoil", "says"),
    [
        (
            lambda log: log["runs"][0]["results"][0].update(kind="failed"),
            "$.runs[0].results[0].kind: 'failed'",
        ),
        (lambda log: log["runs"][0]["results"][0].update(seconds=3), "result has no seconds"),
        (lambda log: log["runs"][0].pop("tool"), "$.runs[0]: lacks tool"),
        (lambda log: log["runs"][0]["results"][0].pop("message"), "lacks message"),
        (lambda log: log["runs"][0]["results"][0].update(ruleIndex=-1), "-1 is no int"),
        (lambda log: log.update(version="2.0.0"), "$.version: '2.0.0'"),
    ],
)
def test_what_the_standard_does_not_allow_is_found(spoil: Any, says: str) -> None:
    log = sarif_log(report().plain())
    spoil(log)
    assert any(says in each for each in faults(log, "sarifLog"))


def test_references_point_at_what_they_name() -> None:
    (run,) = sarif_log(report().plain())["runs"]
    rules = run["tool"]["driver"]["rules"]
    assert len({each["id"] for each in rules}) == len(rules)  # 3.49.3
    for result in run["results"]:
        assert rules[result["ruleIndex"]]["id"] == result["ruleId"]  # 3.27.6
        assert result["kind"] == "fail" or result["level"] == "none"  # 3.27.9
        for place in result["locations"]:
            at = place["physicalLocation"]["artifactLocation"]
            assert "index" not in at or run["artifacts"][at["index"]]["location"]["uri"] == at["uri"]
    suppressed = [each["properties"]["verdict"] for each in run["results"] if "suppressions" in each]
    assert suppressed == ["waived"]
    assert all(SHA256.fullmatch(each["hashes"]["sha-256"]) for each in run["artifacts"])


@pytest.mark.parametrize(
    ("where", "uri"),
    [
        ("out/wide film.mp4", "out/wide%20film.mp4"),
        ("/out/ü%.mp4", "file:///out/%C3%BC%25.mp4"),
        ("a#b?.mp4", "a%23b%3F.mp4"),
    ],
)
def test_paths_are_uris(where: str, uri: str) -> None:
    (run,) = sarif_log(report(where).plain())["runs"]
    assert run["artifacts"][0]["location"]["uri"] == uri
    assert run["results"][0]["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == uri


def test_a_log_is_written_as_it_is(tmp_path: Path) -> None:
    write_sarif(tmp_path / "log.sarif", report().plain())
    assert json.loads((tmp_path / "log.sarif").read_text("utf-8")) == sarif_log(report().plain())
