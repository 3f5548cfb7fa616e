"""What a rule can check, by name. A name that is not here cannot be checked, which is never a pass."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from post.values.claim import Verdict
from provenance.claim.build import RECEIPT_LABEL
from provenance.claim.vocabulary import is_generated
from provenance.crjson.manifest import ManifestView
from provenance.manifest import Reading
from provenance.report import Report


@dataclass(frozen=True)
class Evidence:
    """What rules are checked on. facts: what a named person declares; report: without its policies."""

    report: Report
    reading: Reading
    facts: Mapping[str, Any]

    @property
    def active(self) -> ManifestView:
        """The active manifest; an empty one where there is none."""
        return ManifestView(self.reading.manifests[0] if self.reading.manifests else {})


@dataclass(frozen=True, slots=True)
class Measured:
    """What a check came to: its verdict, what was found, what was wanted."""

    verdict: Verdict
    found: str
    wanted: str


Parameters = Mapping[str, Any]
Check = Callable[[Evidence, Parameters], Measured]


def measured(evidence: Evidence, kind: str, parameters: Parameters) -> Measured:
    """Runs a check by its name."""
    check = CHECKS.get(kind)
    if check is None:
        return Measured("cannot_check", "", f"no check of the type {kind!r} is known here")
    return check(evidence, parameters)


def _passed(good: bool, found: object, wanted: str) -> Measured:
    return Measured("pass" if good else "fail", str(found), wanted)


def _valid(evidence: Evidence, _: Parameters) -> Measured:
    report = evidence.report
    found = f"{report.integrity}, {len(report.unhashed)} boxes unhashed"
    return _passed(report.integrity == "intact" and not report.unhashed, found, "intact, nothing unhashed")


def _signer_trust(evidence: Evidence, parameters: Parameters) -> Measured:
    wanted = str(parameters.get("is", "trusted"))
    return _passed(evidence.report.signer == wanted, evidence.report.signer, wanted)


def _timestamp(evidence: Evidence, parameters: Parameters) -> Measured:
    wanted = str(parameters.get("is", "trusted"))
    return _passed(evidence.report.time == wanted, evidence.report.time, wanted)


def _first_action(evidence: Evidence, parameters: Parameters) -> Measured:
    wanted = tuple(parameters.get("one_of", ("c2pa.created", "c2pa.opened")))
    names = [str(action.get("action")) for action in evidence.active.actions]
    return _passed(bool(names) and names[0] in wanted, names[0] if names else "none", " or ".join(wanted))


def _source_type(evidence: Evidence, parameters: Parameters) -> Measured:
    found = evidence.report.ai.source_type
    wanted = tuple(parameters.get("one_of", ()))
    if not wanted:
        return _passed(bool(found), found or "none", "any")
    return _passed(found.rpartition("/")[2] in wanted, found or "none", " or ".join(wanted))


def _ingredients(evidence: Evidence, parameters: Parameters) -> Measured:
    least = int(parameters.get("at_least", 1))
    count = len(evidence.active.ingredients)
    good = count >= least and evidence.report.chain == "sound"
    return _passed(good, f"{count}, chain {evidence.report.chain}", f"at least {least}, chain sound")


def _conformance(evidence: Evidence, _: Parameters) -> Measured:
    found = evidence.report.conformance
    if found is None:
        return Measured("cannot_check", "no manifest", "every rule")
    return _passed(not found.failed, f"{found.passed} of {found.total}", f"{found.total} of {found.total}")


def _disclosure(evidence: Evidence, _: Parameters) -> Measured:
    """Only a film that anything says was generated needs one."""
    if "c2pa.ai-disclosure" in evidence.active.assertions:
        return Measured("pass", "present", "present")
    if _generated(evidence):
        return Measured("fail", "absent", "present")
    return Measured("not_applicable", "nothing says that it was generated", "present if generated")


def _generated(evidence: Evidence) -> bool:
    kinds = [str(part.get("digitalSourceType", "")) for part in evidence.active.ingredients]
    takes = evidence.active.assertions.get(RECEIPT_LABEL)
    rows = takes.get("takes") if isinstance(takes, Mapping) else None
    kinds += [str(row.get("source_type", "")) for row in rows or () if isinstance(row, Mapping)]
    return any(map(is_generated, (evidence.report.ai.source_type, *kinds)))


def _training(evidence: Evidence, _: Parameters) -> Measured:
    there = "cawg.training-mining" in evidence.active.assertions
    return _passed(there, "present" if there else "absent", "present")


CHECKS: Mapping[str, Check] = {
    "c2pa.valid": _valid,
    "c2pa.signer_trust": _signer_trust,
    "c2pa.timestamp": _timestamp,
    "c2pa.first_action": _first_action,
    "c2pa.source_type": _source_type,
    "c2pa.ingredients": _ingredients,
    "c2pa.conformance": _conformance,
    "ai-disclosure.present": _disclosure,
    "training-mining.present": _training,
}
