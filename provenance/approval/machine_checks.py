"""What machines found of a film, as in-toto statements beside the decisions of people.

    test-result   every check by its verdict; warned: what a person has to decide, or that could not be checked
    svr           the checks that passed, as properties that a verifier vouches for

Sources: in-toto attestation predicates test-result v0.1 and simple verification result (SVR) v0.1.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from provenance.approval.statement import STATEMENT, FilmSubject, subject_json
from provenance.approval.strict import canonical_json

TEST_RESULT = "https://in-toto.io/attestation/test-result/v0.1"
SVR = "https://in-toto.io/attestation/svr/v0.1"
VERIFIER = "https://answerprint.org/verifiers/check"
# Verdicts that mean a check held, and that it did not; all others are for a person.
PASSED, FAILED = ("pass", "not_applicable"), ("fail",)


@dataclass(frozen=True, slots=True)
class MachineCheck:
    """One check of a film. verdict: as `answerprint check` gives it."""

    id: str
    verdict: str


@dataclass(frozen=True, slots=True)
class CheckedFilm:
    """A film that machines checked. policies: (name, SHA-256) of what configured them; time: RFC 3339, UTC; tool: the
    program, with its version."""

    film: FilmSubject
    checks: tuple[MachineCheck, ...]
    policies: tuple[tuple[str, str], ...]
    time: str
    tool: str


def test_result(checked: CheckedFilm) -> bytes:
    """Returns the test-result statement of a checked film, canonical JSON."""
    passed, failed = named(checked.checks, PASSED), named(checked.checks, FAILED)
    warned = sorted({each.id for each in checked.checks} - {*passed, *failed})
    predicate = {
        "result": "FAILED" if failed else "WARNED" if warned else "PASSED",
        "configuration": [{"name": name, "digest": {"sha256": sha256}} for name, sha256 in checked.policies],
        "passedTests": passed,
        "warnedTests": warned,
        "failedTests": failed,
    }
    return _statement(checked.film, TEST_RESULT, predicate)


def verification_result(checked: CheckedFilm) -> bytes:
    """Returns the SVR statement of a checked film, canonical JSON: the checks that passed, and no others."""
    predicate = {
        "verifier": {"id": f"{VERIFIER}/{checked.tool}"},
        "timeCreated": checked.time,
        "properties": [f"ANSWERPRINT_{each}" for each in named(checked.checks, PASSED[:1])],
    }
    return _statement(checked.film, SVR, predicate)


def named(checks: Sequence[MachineCheck], verdicts: Sequence[str]) -> list[str]:
    """Returns the IDs of the checks with one of those verdicts, sorted, each once."""
    return sorted({each.id for each in checks if each.verdict in verdicts})


def _statement(film: FilmSubject, kind: str, predicate: Mapping[str, Any]) -> bytes:
    data = {"_type": STATEMENT, "subject": subject_json(film), "predicateType": kind, "predicate": predicate}
    return canonical_json(data)
