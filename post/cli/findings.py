"""Formats the result of `verify` as lines for a person."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

# The questions whose answers come first, as keys of the JSON.
_QUESTIONS = ("integrity", "signer", "time", "revocation", "chain")


def lines(data: dict[str, Any]) -> list[str]:
    """Returns one line for each question, then one for each finding."""
    return [*_answers(data), *_more(data), *_findings(data)]


def _answers(data: dict[str, Any]) -> Iterator[str]:
    vouched = {"signer": data["vouched_by"], "time": data["time_vouched_by"]}
    for name in _QUESTIONS:
        by = f", vouched for by {', '.join(vouched[name])}" if vouched.get(name) else ""
        yield f"{name:12} {data[name]}{by}"
    found = data["conformance"]
    yield f"{'conformance':12} {found['passed']} of {found['total']} ({found['rubric']})"
    for each in data["identity"]:
        yield f"{'identity':12} {each['state']}: {', '.join(each['names']) or each['kind']}"


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
