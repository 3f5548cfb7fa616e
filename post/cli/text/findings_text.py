"""Formats the result of `verify` as lines for a person."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence
from typing import Any

# The questions whose answers come first, as keys of the JSON.
_WIDTH = 79
_LOUD = {"fail": "FAIL", "cannot_check": "CANNOT CHECK", "needs_human": "NEEDS HUMAN"}
_QUESTIONS = ("integrity", "signer", "time", "revocation", "chain")


def lines(data: dict[str, Any], opening: Sequence[str] = ()) -> list[str]:
    """Returns one line for each question, then one for each rule of a policy, then one for each finding.

    opening: sentences that come first, wrapped for a terminal.
    """
    # Indented, so that no name in a file begins a line of its own.
    first = [line for each in opening for line in textwrap.wrap(each, _WIDTH, subsequent_indent="  ")]
    return [*first, *([""] if first else []), *_answers(data), *_more(data), *_rules(data), *_findings(data)]


def _answers(data: dict[str, Any]) -> Iterator[str]:
    vouched = {"signer": data["vouched_by"], "time": data["time_vouched_by"]}
    for name in _QUESTIONS:
        by = f", vouched for by {', '.join(vouched[name])}" if vouched.get(name) else ""
        yield f"{name:12} {_also(data, name)}{by}"
    found = data["conformance"]
    yield f"{'conformance':12} {found['passed']} of {found['total']} ({found['rubric']})"
    for each in data["identity"]:
        yield f"{'identity':12} {each['state']}: {', '.join(each['names']) or each['kind']}"


def _also(data: dict[str, Any], name: str) -> str:
    """Returns the answer to a question, with what else holds of a signer."""
    said = str(data[name])
    if name != "signer":
        return said
    codes = {each["code"] for each in data["findings"] if each["kind"] == "signer"}
    if said in ("untrusted", "revoked") and "claimSignature.outsideValidity" in codes:
        return f"{said} and not valid at that time"
    return f"{said} here only" if "signer.development" in codes else said


def _rules(data: dict[str, Any]) -> Iterator[str]:
    """Yields what each policy came to, and each of its rules: those that did not pass say what was found."""
    for policy in data["policies"]:
        yield f"{'policy':12} {policy['profile']} {policy['version']}: {policy['summary']}"
        for rule in policy["rules"]:
            verdict = _LOUD.get(rule["verdict"], rule["verdict"])
            found = f": found {rule['measured']}" if rule["measured"] else ""
            required = f", required {rule['threshold']}" if rule["threshold"] else ""
            why = f"{found}{required}" if rule["verdict"] != "pass" else ""
            yield f"{'rule':12} {verdict:12} {rule['id']}{why}"


def _more(data: dict[str, Any]) -> Iterator[str]:
    for each in data.get("rubrics", ()):
        came = ", ".join(each["signals"]) or "no signal" if "signals" in each else _score(each)
        yield f"{'rubric':12} {each['rubric']}: {came}"
    for each in data.get("second", {}).get("matters", ()):
        says = "agrees" if each["agrees"] else f"differs: {each['ours']} here, {each['theirs']} there"
        why = f" ({each['why'] or 'unexplained'})" if not each["agrees"] else ""
        yield f"{'second':12} {each['matter']} {says}{why}"


def _score(found: dict[str, Any]) -> str:
    failed = f"; failed: {', '.join(found['failed'])}" if found["failed"] else ""
    return f"{found['passed']} of {found['total']}{failed}"


def _findings(data: dict[str, Any]) -> Iterator[str]:
    yield from (f"{'unhashed':12} {each['box']}: {each['bytes']} bytes" for each in data["unhashed"])
    yield from (f"{'tampered':12} {each['from_s']} s to {each['to_s']} s" for each in data["tampered_at"])
    for each in data["findings"]:
        place = f" at {each['where']}" if each["where"] else ""
        yield f"{each['kind']:12} {each['code']}{place}: {each['why']}"
