"""Whether a file is what was signed: by the SDK's results and by the manifests' own bytes, the worse counts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from post.values.claim import Finding
from provenance.crjson import status
from provenance.manifest import Reading
from provenance.report import Integrity
from provenance.verify.crjson_merge import ours
from provenance.verify.own_checks import Known, trail


def failures(reading: Reading) -> tuple[Finding, ...]:
    """What is held against the active manifest, and against ingredients' manifests as carried. The
    signer's own matters are told by the credential, in more words."""
    return tuple(status.to_finding(entry) for entry in _failed(reading) if not ours(str(entry["code"])))


def integrity_of(reading: Reading) -> Integrity:
    """Whether a file with a manifest is what was signed."""
    means = {status.look_up(str(entry["code"])).means for entry in _failed(reading)}
    if "tampered" in means:
        return "tampered"
    if means & {"malformed", "missing"} or not _bound(reading):
        return "unreadable"
    # "Invalid" for a reason that is none of the above, nor the signer's: do not let it pass.
    explained = means & {"untrusted", "expired", "revoked", "time", "identity"}
    return "unreadable" if reading.state == "Invalid" and not explained else "intact"


def _bound(reading: Reading) -> bool:
    """Whether a hash over the file itself was found to match: a claim that binds nothing says nothing."""
    return any(
        code.startswith("assertion.") and code.endswith("Hash.match")
        for each in reading.manifests
        if str(each.get("label", "")) in trail(reading.manifests)
        for code in status.codes_of(status.read_entries(each.get("validationResults"), "success"))
    )


def _failed(reading: Reading) -> Iterator[Mapping[str, Any]]:
    active = reading.manifests[0]
    yield from status.read_entries(active.get("validationResults"), "failure")
    for delta in active.get("ingredientDeltas") or ():
        for entry in status.read_entries(delta, "validationDeltas", "failure"):
            # An ingredient's own signer is the chain's matter, not this file's.
            if status.look_up(str(entry["code"])).means in ("tampered", "missing", "malformed"):
                yield entry


def more(told: Known, reading: Reading) -> Iterator[Finding]:
    """What the bytes add: the signer's own matters, and faults the SDK has not named."""
    named = {str(entry["code"]) for entry in _failed(reading)}
    yield from (fault for fault in told.faults() if fault.code not in named)
    if not _bound(reading) and not any("Hash" in code for code in named):
        yield Finding("claim.hardBindings.missing", "integrity", "", "no hash over the file itself matches")
    yield from told.own.findings
    yield from (each for each in told.timed.findings if each.kind == "time")


def worse(by_sdk: Integrity, told: Known) -> Integrity:
    """What the bytes say counts as well: a file is intact only where both find it so."""
    return "tampered" if by_sdk == "intact" and told.faults() else by_sdk
