"""Puts our results into the SDK's crJSON where the SDK cannot judge.

That is: lists of signers and of authorities kept apart, another time than now, stapled OCSP responses.
Source: C2PA 2.4, crJSON (the standard's JSON of validation results) and 15.2.2 (status codes).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from importlib.metadata import PackageNotFoundError, version
from typing import Any, Literal

from provenance.crjson import status
from provenance.crjson.manifest import as_mapping
from provenance.manifest import Reading
from provenance.verify.signer.credentials import JudgedSignature

# The codes that our verdict on a signature answers. "signingCredential.invalid" stays the SDK's: it alone
# judges a certificate's profile.
_OURS = (
    "signingCredential.trusted",
    "signingCredential.untrusted",
    "signingCredential.expired",
    "signingCredential.ocsp.",
    "claimSignature.insideValidity",
    "claimSignature.outsideValidity",
    "timeStamp.",
)
_Kind = Literal["success", "informational", "failure"]
_KINDS: tuple[_Kind, ...] = ("success", "informational", "failure")
_Row = tuple[_Kind, str, str]
_SIGNER: Mapping[str, tuple[tuple[_Kind, str], ...]] = {
    "trusted": (("success", "signingCredential.trusted"), ("success", "claimSignature.insideValidity")),
    "untrusted": (("failure", "signingCredential.untrusted"),),
    "expired": (("failure", "claimSignature.outsideValidity"),),
    "revoked": (("failure", "signingCredential.ocsp.revoked"),),
}
_TIME: Mapping[str, tuple[tuple[_Kind, str], ...]] = {
    "trusted": (("success", "timeStamp.validated"), ("success", "timeStamp.trusted")),
    "untrusted": (("informational", "timeStamp.untrusted"),),
}
_REVOCATION: Mapping[str, tuple[tuple[_Kind, str], ...]] = {
    "good": (("success", "signingCredential.ocsp.notRevoked"),),
    "unknown": (("informational", "signingCredential.ocsp.skipped"),),
}


def is_answered_by_us(code: str) -> bool:
    """Whether a status code is about something that our verdict on a signature answers."""
    return code.startswith(_OURS)


def merge(reading: Reading, verdicts: Mapping[str, JudgedSignature], at: datetime) -> Reading:
    """Returns a reading whose crJSON holds our results for every manifest with a verdict of ours.

    verdicts: by manifest label; at: when it was judged, which the standard calls the validation time.
    """
    merged = [_merge_one(each, verdicts.get(str(each.get("label", ""))), at) for each in reading.manifests]
    crjson = {**reading.crjson, "manifests": merged, "jsonGenerator": _generator(reading)}
    return replace(reading, crjson=crjson)


def _merge_one(
    manifest: Mapping[str, Any], verdict: JudgedSignature | None, at: datetime
) -> Mapping[str, Any]:
    results = manifest.get("validationResults")
    if not isinstance(results, Mapping):
        return manifest
    merged = {**results, "validationTime": at.isoformat()}
    if verdict is None:
        return {**manifest, "validationResults": merged}
    url = f"self#jumbf=/c2pa/{manifest.get('label', '')}/c2pa.signature"
    rows = list(_rows(verdict))
    for kind in _KINDS:
        theirs = [
            each for each in status.read_entries(results, kind) if not is_answered_by_us(str(each["code"]))
        ]
        ours = [{"code": code, "url": url, "explanation": why} for where, code, why in rows if where == kind]
        merged[kind] = [*ours, *theirs]
    return {**manifest, "validationResults": merged}


def _rows(verdict: JudgedSignature) -> Iterator[_Row]:
    why = "; ".join(finding.why for finding in verdict.findings)
    for kind, code in _SIGNER.get(verdict.signer, ()):
        lists = ", ".join(verdict.vouched_by)
        yield kind, code, f"vouched for by {lists}" if lists else why
    for kind, code in _TIME.get(verdict.time, ()):
        lists = ", ".join(verdict.time_vouched_by) or "no list"
        yield kind, code, f"{verdict.by}: vouched for by {lists}"
    for kind, code in _REVOCATION.get(verdict.revocation, ()):
        yield kind, code, why or "the issuer says so"


def _generator(reading: Reading) -> dict[str, str]:
    """Returns who wrote the crJSON, and who read the file for it."""
    reader = as_mapping(reading.crjson.get("jsonGenerator"))
    try:
        own = version("answerprint")
    except PackageNotFoundError:
        own = "0"
    return {
        "name": "answerprint",
        "version": own,
        "extras:reader": f"{reader.get('name', '')} {reader.get('version', '')}".strip(),
    }
