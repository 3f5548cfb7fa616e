"""Writes results as a JUnit report, which GitLab, Jenkins, Azure Pipelines and others show with each run.

The form is that of Ant's JUnit task, as GitLab reads it: testsuites, testsuite, testcase, failure, error, skipped.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree as ET

from post.atomic import write_whole
from post.printable import printable_text, without_controls


@dataclass(frozen=True, slots=True)
class JUnitCase:
    """One result. suite: what was checked ("finish"); name: of the result; said: what went wrong, or why it was left
    out, "" for a pass; kind: "failure" for what is wrong, "error" for what could not be found out, "skipped"."""

    suite: str
    name: str
    said: str = ""
    kind: str = "failure"
    seconds: float = 0.0
    file: str = ""


def write_junit(path: Path, cases: Sequence[JUnitCase]) -> None:
    """Writes a report, whole or not at all. Raises OutputError or RetryError where it cannot be written."""
    root = ET.Element("testsuites", {"name": "answerprint", **_counts(cases)})
    for suite in dict.fromkeys(case.suite for case in cases):
        own = [case for case in cases if case.suite == suite]
        element = ET.SubElement(root, "testsuite", {"name": suite, **_counts(own)})
        for case in own:
            _write_case(element, case)
    ET.indent(root)
    write_whole(path, b'<?xml version="1.0" encoding="UTF-8"?>\n' + ET.tostring(root, "utf-8") + b"\n")


def _write_case(suite: ET.Element, case: JUnitCase) -> None:
    about = {
        "classname": f"answerprint.{case.suite}",
        "name": _safe(case.name),
        "time": f"{case.seconds:.3f}",
    }
    made = ET.SubElement(suite, "testcase", about | ({"file": _safe(case.file)} if case.file else {}))
    if case.said or case.kind == "skipped":
        said = ET.SubElement(made, case.kind, {"message": _safe(case.said.partition("\n")[0])})
        said.text = _safe(case.said)


def _counts(cases: Sequence[JUnitCase]) -> dict[str, str]:
    kinds = [case.kind for case in cases if case.said or case.kind == "skipped"]
    return {
        "tests": str(len(cases)),
        "failures": str(kinds.count("failure")),
        "errors": str(kinds.count("error")),
        "skipped": str(kinds.count("skipped")),
        "time": f"{sum(case.seconds for case in cases):.3f}",
    }


def _safe(text: str) -> str:
    """Returns a text that XML can hold, with escapes for what is not safe to show."""
    return without_controls(printable_text(text))
