"""Turns what commands say into the cases of a JUnit report."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import PurePath
from typing import Any

from post.cli.unattended.junit import JUnitCase
from post.errors import AnswerprintError, ApprovalError

# What a sound file's findings say, as exit 0 of `verify` needs them.
SOUND = {"integrity": "intact", "signer": "trusted", "chain": "sound"}
# Of a policy's rules: those that do not pass and are no failure.
_OPEN = {"cannot_check": "error", "needs_human": "skipped", "not_applicable": "skipped", "waived": "skipped"}
_PASS = ("pass", "warn")


def finished_cases(data: Mapping[str, Any]) -> list[JUnitCase]:
    """Returns a case for each film. data: the `finish` object of the command-line contract."""
    films = data["deliverables"]
    each_s = data["seconds"] / max(len(films), 1)
    return [JUnitCase("finish", film["name"], seconds=each_s, file=film["path"]) for film in films]


def failed_cases(
    suite: str, name: str, errors: Sequence[Mapping[str, Any]], seconds: float, *, may_wait: bool = False
) -> list[JUnitCase]:
    """Returns a case for each error of a command. name: what it was to work on; may_wait: that films wait for approval
    is no failure."""
    said = [str(_error(each)) for each in errors] or ["interrupted"]
    codes = [each["exit_code"] for each in errors] or [75]
    waits = {ApprovalError.exit_code: "skipped"} if may_wait else {}
    kinds = [waits.get(code, "error" if code in (1, 75) else "failure") for code in codes]
    cases = [JUnitCase(suite, name, text, kind) for text, kind in zip(said, kinds, strict=True)]
    first = JUnitCase(suite, name, said[0], kinds[0], seconds)
    return [first, *cases[1:]]


def _error(row: Mapping[str, Any]) -> AnswerprintError:
    return AnswerprintError(
        row["what"], where=row["where"], expected=row["expected"], got=row["got"], fix=row["fix"]
    )


def verified_cases(data: Mapping[str, Any]) -> list[JUnitCase]:
    """Returns a case for each finding that `verify` promises, and for each rule of its policies."""
    file = str(data["file"]["path"])
    found = {finding["kind"]: finding for finding in data["findings"]}
    cases = [
        JUnitCase(
            "verify", kind, "" if data[kind] == wanted else _finding(data[kind], found.get(kind)), file=file
        )
        for kind, wanted in SOUND.items()
    ]
    conformance, unhashed = data["conformance"], data["unhashed"]
    missed = ", ".join(conformance["failed"]) or ("" if conformance["total"] else "no rule was checked")
    cases.append(JUnitCase("verify", "conformance", missed, file=file))
    nobody = ", ".join(f"{each['box']}: {each['bytes']} bytes" for each in unhashed)
    cases.append(JUnitCase("verify", "nothing unhashed", nobody, file=file))
    return [*cases, *(case for policy in data["policies"] for case in _rules(policy, file))]


def checked_cases(data: Mapping[str, Any]) -> list[JUnitCase]:
    """Returns a case for each row of the `check` object of the command-line contract. Where several have one name, it
    holds their film or place too: readers of JUnit take cases of one name for one case."""
    counts = Counter((row["policy"], row["id"]) for row in data["checks"])
    return [
        JUnitCase(
            f"policy.{row['policy'].partition(' ')[0]}" if row["policy"] else "check",
            row["id"] if counts[row["policy"], row["id"]] == 1 else f"{row['id']} ({_place(row)})",
            "" if row["verdict"] in _PASS else _said(row),
            _OPEN.get(row["verdict"], "failure"),
            file=row["film"] or row["where"],
        )
        for row in data["checks"]
    ]


def _place(row: Mapping[str, Any]) -> str:
    """Returns the name of the film that a row is about, or of the file, with its line."""
    return PurePath(row["film"] or row["where"]).name


def _said(row: Mapping[str, Any]) -> str:
    measured = f"measured {row['measured']}" if row["measured"] else ""
    required = f"required {row['threshold']}" if row["threshold"] else ""
    return f"{row['verdict']}: " + "; ".join(filter(None, (measured, required, row["evidence"])))


def _finding(value: str, finding: Mapping[str, Any] | None) -> str:
    return f"{value}: {finding['why']}" if finding else value


def _rules(policy: Mapping[str, Any], file: str) -> list[JUnitCase]:
    suite = f"policy.{policy['profile']}"
    return [
        JUnitCase(
            suite,
            rule["id"],
            "" if rule["verdict"] in _PASS else _said(rule),
            _OPEN.get(rule["verdict"], "failure"),
            file=file,
        )
        for rule in policy["rules"]
    ]
