"""Checks of what a named person declares: what nobody can measure in the file."""

from __future__ import annotations

from collections.abc import Mapping

from provenance.policy.check import Check, CheckOutcome, Parameters, PolicyInput, text
from provenance.policy.document.facts import as_facts


def _declared(given: PolicyInput, parameters: Parameters) -> CheckOutcome:
    """Requires that a named person declares a fact to be so. Nobody's word is nobody's, and left to a person."""
    name, wanted = text(parameters, "fact"), text(parameters, "is", "true")
    return _judged(given, name, wanted, f"{name} is {wanted}, declared by a named person")


def _notice(given: PolicyInput, parameters: Parameters) -> CheckOutcome:
    """Requires a spoken notice. Who has heard it declares so: nothing here understands speech."""
    words, name = text(parameters, "words"), text(parameters, "fact", "spoken_notice")
    return _judged(
        given, name, "true", f'the sound says "{words}", and a named person declares that it does ({name})'
    )


def _judged(given: PolicyInput, name: str, wanted: str, required: str) -> CheckOutcome:
    fact = as_facts(given.facts).fact(name)
    if fact is None:
        return CheckOutcome("needs_human", f"nobody has declared: {name}", required)
    value = str(fact.value).lower() if isinstance(fact.value, bool) else str(fact.value)
    if value != wanted:
        return CheckOutcome("fail", str(fact), required)
    return CheckOutcome("pass" if fact.by else "needs_human", str(fact), required)


CHECKS: Mapping[str, Check] = {
    "fact.declared": Check(_declared, {"fact": str, "is": str}),
    "sound.notice": Check(_notice, {"words": str, "fact": str}),
}
