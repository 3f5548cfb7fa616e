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
from provenance.policy.document.policy import Parameters
from provenance.policy.label import TEXTS, LabelFinder, LabelNeed, judge_sight
from provenance.report import Report


@dataclass(frozen=True)
class PolicyInput:
    """What rules are checked against. facts: what a named person declares about the film; report: of the file, before
    its policies are checked; find_labels: looks for labels in the picture, None where nothing here can; at: the day to
    judge as of (ISO 8601), "" for any, on which every rule is in force."""

    report: Report
    reading: Reading
    facts: Mapping[str, Any]
    find_labels: LabelFinder | None = None
    at: str = ""

    @property
    def active(self) -> ManifestView:
        """Returns the active manifest; an empty view where there is none."""
        return ManifestView(self.reading.manifests[0] if self.reading.manifests else {})


@dataclass(frozen=True, slots=True)
class CheckOutcome:
    """The outcome of a check: its verdict, what was found, what was required, and more about what was found."""

    verdict: Verdict
    found: str
    required: str
    evidence: str = ""


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
    """Requires a visible label on a generated film, seen in the picture. What the manifest says of it is a claim: it
    says what to look for, and settles nothing."""
    need = LabelNeed(
        _whole(parameters, "height_percent"), _whole(parameters, "seconds"), _whole(parameters, "contrast"),
        _texts(parameters, "texts", TEXTS),
    )  # fmt: skip
    if given.report.manifests and not _generated(given):
        return CheckOutcome("not_applicable", "nothing says that it was generated", f"{need}, if generated")
    said = [as_mapping(action.get("parameters")) for action in given.active.actions]
    labels = [each for each in said if any(str(key).startswith(_LABEL) for key in each)]
    declared = "a label is declared" if labels else "no label is declared"
    if given.find_labels is None:
        found = f"{declared}; nothing here looks for labels in the picture"
        return CheckOutcome("cannot_check", found, str(need))
    texts = tuple(str(each[f"{_LABEL}text"]) for each in labels if f"{_LABEL}text" in each)
    verdict, found, evidence = judge_sight(given.find_labels(need.texts, texts), need)
    return CheckOutcome(verdict, found, str(need), "; ".join(filter(None, (evidence, declared))))


_LABEL = "org.answerprint.label."


def _whole(parameters: Parameters, name: str) -> int:
    found = parameters.get(name, 0)
    if not isinstance(found, int):
        raise TypeError(f"{name} is a whole number")
    return found


CHECKS: Mapping[str, Check] = {
    "c2pa.valid": Check(_valid),
    "c2pa.signer_trust": Check(_signer_trust, {"is": str}),
    "c2pa.timestamp": Check(_timestamp, {"is": str}),
    "c2pa.first_action": Check(_first_action, {"one_of": tuple}),
    "c2pa.source_type": Check(_source_type, {"one_of": tuple}),
    "c2pa.ingredients": Check(_ingredients, {"at_least": int}),
    "c2pa.conformance": Check(_conformance),
    "ai-disclosure.present": Check(_disclosure),
    "label.visible": Check(_label, {"height_percent": int, "seconds": int, "contrast": int, "texts": tuple}),
    "training-mining.present": Check(_training),
}
