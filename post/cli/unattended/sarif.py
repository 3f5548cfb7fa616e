"""Writes checks as SARIF 2.1.0 (OASIS, 2020), which code hosts and CI systems show beside a change.

A result's kind says what it came to: pass, fail, open (could not be checked), review (a person must say) and
notApplicable; a waived failure is one with a suppression (3.27.9, 3.27.23). Seconds of a film and pixels have no place
of their own in the format: they stand in the properties of the location.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from post import __version__
from post.atomic import write_whole
from post.printable import printable_text

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
_KINDS = {
    "pass": "pass",
    "fail": "fail",
    "warn": "fail",
    "waived": "fail",
    "needs_human": "review",
    "cannot_check": "open",
    "not_applicable": "notApplicable",
}
_LEVELS = {"fail": "error", "warn": "warning", "waived": "error"}  # of all other kinds, "none" (3.27.10)


def write_sarif(path: Path, data: Mapping[str, Any]) -> None:
    """Writes the `check` object of the command line as a SARIF log, whole or not at all. Raises OutputError or
    RetryError where it cannot be written."""
    write_whole(path, json.dumps(sarif_log(data), ensure_ascii=False, indent=2) + "\n")


def sarif_log(data: Mapping[str, Any]) -> dict[str, Any]:
    """Returns the `check` object of the command line as a SARIF log."""
    rows = data["checks"]
    ids = list(dict.fromkeys(_rule_id(row) for row in rows))
    films = [each["path"] for each in data["films"]]
    first = {_rule_id(row): row for row in reversed(rows)}
    run: dict[str, Any] = {
        "tool": {
            "driver": {
                "name": "Answerprint",
                "version": __version__,
                "rules": [_rule(each, first[each]) for each in ids],
            }
        },
        "columnKind": "unicodeCodePoints",
        "artifacts": [_artifact(each) for each in data["films"]],
        "invocations": [{"executionSuccessful": True}],
        "results": [_result(row, ids.index(_rule_id(row)), films) for row in rows],
        "properties": {
            "summary": data["summary"],
            "policies": data["policies"],
            "toolchain": data["toolchain"],
        },
    }
    return {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}


def _rule_id(row: Mapping[str, Any]) -> str:
    policy = str(row["policy"]).partition(" ")[0]
    return f"{policy}/{row['id']}" if policy else str(row["id"])


def _rule(name: str, row: Mapping[str, Any]) -> dict[str, Any]:
    says = _safe(row["says"] or row["threshold"] or row["id"])
    rule: dict[str, Any] = {"id": name, "shortDescription": {"text": says}}
    if row["source"]:
        rule["fullDescription"] = {"text": _safe(": ".join(filter(None, (row["source"], row["quote"]))))}
    rule["properties"] = {key: row[key] for key in ("force", "confidence", "origin") if row[key]}
    return rule


def _artifact(film: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "location": {"uri": _uri(film["path"])},
        "length": film["bytes"],
        "hashes": {"sha-256": film["sha256"]},
        "roles": ["analysisTarget"],
    }


def _result(row: Mapping[str, Any], rule: int, films: list[str]) -> dict[str, Any]:
    said = (
        f"measured {row['measured']}" if row["measured"] else "",
        f"required {row['threshold']}" if row["threshold"] else "",
        row["evidence"],
    )
    result: dict[str, Any] = {
        "ruleId": _rule_id(row),
        "ruleIndex": rule,
        "kind": _KINDS[row["verdict"]],
        "level": _LEVELS.get(row["verdict"], "none"),
        "message": {"text": _safe("; ".join(filter(None, said)) or row["id"])},
        "locations": list(_locations(row, films)),
        "properties": {"verdict": row["verdict"]},
    }
    if row["verdict"] == "waived":
        why = {"kind": "external", "status": "accepted", "justification": _safe(row["evidence"])}
        result["suppressions"] = [why]
    return result


def _locations(row: Mapping[str, Any], films: list[str]) -> Iterator[dict[str, Any]]:
    """Yields where a result is: a film, with the seconds and the box, or a place in a job."""
    if row["film"]:
        place = {"uri": _uri(row["film"])} | (
            {"index": films.index(row["film"])} if row["film"] in films else {}
        )
        seen = {key: row[key] for key in ("stretches", "box", "frame") if row[key] not in (None, [])}
        yield {"physicalLocation": {"artifactLocation": place}, **({"properties": seen} if seen else {})}
    elif row["where"]:
        file, _, line = str(row["where"]).rpartition(":")
        physical: dict[str, Any] = {
            "artifactLocation": {"uri": _uri(file if line.isdigit() and file else row["where"])}
        }
        if file and line.isdigit() and int(line) > 0:
            physical["region"] = {"startLine": int(line)}
        yield {"physicalLocation": physical}


def _uri(path: str) -> str:
    """Returns a path as a URI: an absolute one as file:, another relative to where the command ran."""
    place = Path(path)
    if place.is_absolute():
        return place.as_uri()
    return Path("/", path).as_uri().removeprefix("file:///")


def _safe(text: str) -> str:
    return printable_text(str(text))
