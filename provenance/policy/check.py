"""The checks that a policy's rules can name.

An unknown check gives "cannot_check", which is never a pass.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from post.values.claim import Verdict
from provenance.claim.build import RECEIPT_LABEL
from provenance.claim.vocabulary import is_generated
from provenance.crjson.manifest import ManifestView, as_mapping
from provenance.manifest import Reading
from provenance.report import Report


@dataclass(frozen=True)
class PolicyInput:
    """What rules are checked against. facts: what a named person declares about the film; report: of the file, before
    its policies are checked."""

    report: Report
    reading: Reading
    facts: Mapping[str, Any]

    @property
    def active(self) -> ManifestView:
        """Returns the active manifest; an empty view where there is none."""
        return ManifestView(self.reading.manifests[0] if self.reading.manifests else {})


@dataclass(frozen=True, slots=True)
class CheckOutcome:
    """The outcome of a check: its verdict, what was found, what was required."""

    verdict: Verdict
    found: str
    required: str


Parameter = str | int | tuple[str, ...]
Parameters = Mapping[str, Parameter]


@dataclass(frozen=True, slots=True)
class Check:
    """One kind of check. takes: its parameters, each with its type (str, int, or tuple for several texts)."""

    run: Callable[[PolicyInput, Parameters], CheckOutcome]
    takes: Mapping[str, type] = field(default_factory=dict)


def run_check(given: PolicyInput, kind: str, parameters: Parameters) -> CheckOutcome:
    """Runs a check by its name; returns "cannot_check" where there is none of that name."""
    check = CHECKS.get(kind)
    if check is None:
        return CheckOutcome("cannot_check", "", f"a check of a known type, not {kind!r}")
    return check.run(given, parameters)


def _pass_or_fail(passed: bool, found: object, required: str) -> CheckOutcome:
    return CheckOutcome("pass" if passed else "fail", str(found), required)


def _valid(given: PolicyInput, _: Parameters) -> CheckOutcome:
    report = given.report
    found = f"{report.integrity}, {len(report.unhashed)} boxes unhashed"
    return _pass_or_fail(
        report.integrity == "intact" and not report.unhashed, found, "intact, nothing unhashed"
    )


def _signer_trust(given: PolicyInput, parameters: Parameters) -> CheckOutcome:
    required = str(parameters.get("is", "trusted"))
    return _pass_or_fail(given.report.signer == required, given.report.signer, required)


def _timestamp(given: PolicyInput, parameters: Parameters) -> CheckOutcome:
    required = str(parameters.get("is", "trusted"))
    return _pass_or_fail(given.report.time == required, given.report.time, required)


def _first_action(given: PolicyInput, parameters: Parameters) -> CheckOutcome:
    required = _texts(parameters, "one_of", ("c2pa.created", "c2pa.opened"))
    names = [str(action.get("action")) for action in given.active.actions]
    return _pass_or_fail(
        bool(names) and names[0] in required, names[0] if names else "none", " or ".join(required)
    )


def _source_type(given: PolicyInput, parameters: Parameters) -> CheckOutcome:
    found = given.report.ai.source_type
    required = _texts(parameters, "one_of", ())
    if not required:
        return _pass_or_fail(bool(found), found or "none", "any")
    return _pass_or_fail(found.rpartition("/")[2] in required, found or "none", " or ".join(required))


def _ingredients(given: PolicyInput, parameters: Parameters) -> CheckOutcome:
    least = parameters.get("at_least", 1)
    if not isinstance(least, int):
        raise TypeError("at_least is a whole number")
    count = len(given.active.ingredients)
    good = count >= least and given.report.chain == "sound"
    return _pass_or_fail(good, f"{count}, chain {given.report.chain}", f"at least {least}, chain sound")


def _conformance(given: PolicyInput, _: Parameters) -> CheckOutcome:
    found = given.report.conformance
    if found is None:
        return CheckOutcome("cannot_check", "no manifest", "every rule")
    return _pass_or_fail(
        not found.failed, f"{found.passed} of {found.total}", f"{found.total} of {found.total}"
    )


def _disclosure(given: PolicyInput, _: Parameters) -> CheckOutcome:
    """Requires a disclosure only where something says that the film was generated."""
    if "c2pa.ai-disclosure" in given.active.assertions:
        return CheckOutcome("pass", "present", "present")
    if _generated(given):
        return CheckOutcome("fail", "absent", "present")
    return CheckOutcome("not_applicable", "nothing says that it was generated", "present if generated")


def _generated(given: PolicyInput) -> bool:
    kinds = [str(part.get("digitalSourceType", "")) for part in given.active.ingredients]
    takes = given.active.assertions.get(RECEIPT_LABEL)
    rows = takes.get("takes") if isinstance(takes, Mapping) else None
    kinds += [str(row.get("source_type", "")) for row in rows or () if isinstance(row, Mapping)]
    return any(map(is_generated, (given.report.ai.source_type, *kinds)))


def _training(given: PolicyInput, _: Parameters) -> CheckOutcome:
    there = "cawg.training-mining" in given.active.assertions
    return _pass_or_fail(there, "present" if there else "absent", "present")


def _texts(parameters: Parameters, name: str, default: tuple[str, ...]) -> tuple[str, ...]:
    found = parameters.get(name, default)
    return found if isinstance(found, tuple) else (str(found),)


def _label(given: PolicyInput, parameters: Parameters) -> CheckOutcome:
    """Requires a visible label on a generated film. What the manifest says of it is a claim: nobody measures the
    picture yet, so the label is never called good, nor bad."""
    required = f"seen, {parameters.get('height_percent', 0)} % high or more, {parameters.get('seconds', 0)} s or more"
    if given.report.manifests and not _generated(given):
        return CheckOutcome(
            "not_applicable", "nothing says that it was generated", f"{required}, if generated"
        )
    declared = any(
        str(key).startswith("org.answerprint.label.")
        for action in given.active.actions
        for key in as_mapping(action.get("parameters"))
    )
    said = "a label is declared" if declared else "no label is declared"
    return CheckOutcome("cannot_check", f"{said}; labels in the picture cannot be measured yet", required)


CHECKS: Mapping[str, Check] = {
    "c2pa.valid": Check(_valid),
    "c2pa.signer_trust": Check(_signer_trust, {"is": str}),
    "c2pa.timestamp": Check(_timestamp, {"is": str}),
    "c2pa.first_action": Check(_first_action, {"one_of": tuple}),
    "c2pa.source_type": Check(_source_type, {"one_of": tuple}),
    "c2pa.ingredients": Check(_ingredients, {"at_least": int}),
    "c2pa.conformance": Check(_conformance),
    "ai-disclosure.present": Check(_disclosure),
    "label.visible": Check(_label, {"height_percent": int, "seconds": int}),
    "training-mining.present": Check(_training),
}
