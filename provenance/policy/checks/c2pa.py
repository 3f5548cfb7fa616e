"""Checks of the manifest and its signature."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from provenance.policy.check import (
    Check,
    CheckOutcome,
    Parameters,
    PolicyInput,
    pass_or_fail,
    text,
    texts,
    whole,
)

Run = Callable[[PolicyInput, Parameters], CheckOutcome]


def _valid(given: PolicyInput, _: Parameters) -> CheckOutcome:
    report = given.report
    found = f"{report.integrity}, {len(report.unhashed)} boxes unhashed"
    return pass_or_fail(
        report.integrity == "intact" and not report.unhashed, found, "intact, nothing unhashed"
    )


def _signer_trust(given: PolicyInput, parameters: Parameters) -> CheckOutcome:
    required = text(parameters, "is", "trusted")
    return pass_or_fail(given.report.signer == required, given.report.signer, required)


def _timestamp(given: PolicyInput, parameters: Parameters) -> CheckOutcome:
    required = text(parameters, "is", "trusted")
    return pass_or_fail(given.report.time == required, given.report.time, required)


def _first_action(given: PolicyInput, parameters: Parameters) -> CheckOutcome:
    required = texts(parameters, "one_of", ("c2pa.created", "c2pa.opened"))
    names = [str(action.get("action")) for action in given.active.actions]
    return pass_or_fail(
        bool(names) and names[0] in required, names[0] if names else "none", " or ".join(required)
    )


def _source_type(given: PolicyInput, parameters: Parameters) -> CheckOutcome:
    found = given.report.ai.source_type
    required = texts(parameters, "one_of")
    if not required:
        return pass_or_fail(bool(found), found or "none", "any")
    return pass_or_fail(found.rpartition("/")[2] in required, found or "none", " or ".join(required))


def _ingredients(given: PolicyInput, parameters: Parameters) -> CheckOutcome:
    least = whole(parameters, "at_least", 1)
    count = len(given.active.ingredients)
    good = count >= least and given.report.chain == "sound"
    return pass_or_fail(good, f"{count}, chain {given.report.chain}", f"at least {least}, chain sound")


def _conformance(given: PolicyInput, _: Parameters) -> CheckOutcome:
    found = given.report.conformance
    if found is None:
        return CheckOutcome("cannot_check", "no manifest", "every rule")
    return pass_or_fail(
        not found.failed, f"{found.passed} of {found.total}", f"{found.total} of {found.total}"
    )


def _disclosure(given: PolicyInput, _: Parameters) -> CheckOutcome:
    """Requires a disclosure only where something says that the film was generated."""
    if "c2pa.ai-disclosure" in given.active.assertions:
        return CheckOutcome("pass", "present", "present")
    if given.is_generated:
        return CheckOutcome("fail", "absent", "present")
    return CheckOutcome("not_applicable", "nothing says that it was generated", "present if generated")


def _training(given: PolicyInput, _: Parameters) -> CheckOutcome:
    there = "cawg.training-mining" in given.active.assertions
    return pass_or_fail(there, "present" if there else "absent", "present")


def _believed(run: Run) -> Run:
    """Returns a check of what the manifest says, which never passes by one that was changed after it was signed."""

    def judge(given: PolicyInput, parameters: Parameters) -> CheckOutcome:
        outcome, integrity = run(given, parameters), given.report.integrity
        if outcome.verdict != "pass" or integrity == "intact":
            return outcome
        return replace(outcome, verdict="fail", found=f"{outcome.found}, in a manifest that is {integrity}")

    return judge


CHECKS: Mapping[str, Check] = {
    "c2pa.valid": Check(_valid),
    "c2pa.signer_trust": Check(_signer_trust, {"is": str}),
    "c2pa.timestamp": Check(_timestamp, {"is": str}),
    "c2pa.first_action": Check(_believed(_first_action), {"one_of": tuple}),
    "c2pa.source_type": Check(_believed(_source_type), {"one_of": tuple}),
    "c2pa.ingredients": Check(_believed(_ingredients), {"at_least": int}),
    "c2pa.conformance": Check(_conformance),
    "ai-disclosure.present": Check(_believed(_disclosure)),
    "training-mining.present": Check(_believed(_training)),
}
