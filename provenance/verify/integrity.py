"""Judges whether a file is what was signed, by the SDK's results and by our own checks: the worse counts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from post.values.claim import Finding
from provenance.crjson import status
from provenance.crjson.manifest import ManifestView
from provenance.manifest import Reading
from provenance.report import UNREADABLE_STORE, Integrity
from provenance.verify.crjson_merge import is_answered_by_us
from provenance.verify.own_checks import OwnChecks, update_trail

_FAULTS = ("tampered", "missing", "malformed")


def sdk_failures(reading: Reading) -> tuple[Finding, ...]:
    """Returns the failures of the active manifest, and of ingredients' manifests as they lie in the file.

    What our own signature verdict answers is left out: its findings say more.
    """
    entries = (each for each in _failed(reading) if not is_answered_by_us(str(each["code"])))
    return tuple(map(status.to_finding, entries))


def integrity_of(reading: Reading) -> Integrity:
    """Returns whether a file with a manifest is what was signed, by the SDK's results alone."""
    means = {status.look_up(str(entry["code"])).means for entry in _failed(reading)}
    if "tampered" in means:
        return "tampered"
    if means & {"malformed", "missing"} or not _is_bound(reading):
        return "unreadable"
    # "Invalid" for a reason that is none of the above, nor about the signer: it must not pass.
    explained = means & {"untrusted", "expired", "revoked", "time", "identity"}
    return "unreadable" if reading.state == "Invalid" and not explained else "intact"


def worse_of(by_sdk: Integrity, own: OwnChecks) -> Integrity:
    """Returns "intact" only where both the SDK and our own checks find the file so, and both can read its manifests."""
    if by_sdk != "intact":
        return by_sdk
    if any(each.code == UNREADABLE_STORE for each in own.findings):
        return "unreadable"
    return "tampered" if own.faults() else "intact"


def own_findings(own: OwnChecks, reading: Reading) -> Iterator[Finding]:
    """Yields what our own checks add: faults the SDK has not named, and findings about the signer."""
    named = {str(entry["code"]) for entry in _failed(reading)}
    yield from (fault for fault in own.faults() if fault.code not in named)
    if not _is_bound(reading) and not any("Hash" in code for code in named):
        yield Finding("claim.hardBindings.missing", "integrity", "", "no hash over the file itself matches")
    yield from own.active.findings
    yield from (each for each in own.binding.findings if each.kind == "time")


def _is_bound(reading: Reading) -> bool:
    """Whether a hash over the file itself matched: a claim without one says nothing about the file."""
    trail = update_trail(reading.manifests)
    return any(
        code.startswith("assertion.") and code.endswith("Hash.match")
        for view in map(ManifestView, reading.manifests)
        if view.label in trail
        for code in view.codes("success")
    )


def _failed(reading: Reading) -> Iterator[Mapping[str, Any]]:
    active = ManifestView(reading.manifests[0])
    yield from active.entries("failure")
    for entry in active.delta_failures():
        # An ingredient's own signer is judged with the chain, not with this file.
        if status.look_up(str(entry["code"])).means in _FAULTS:
            yield entry
