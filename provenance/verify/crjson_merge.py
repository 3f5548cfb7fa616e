"""The SDK's results with ours in the places it cannot judge: lists apart, another time, stapled answers.

Source: C2PA 2.4, crJSON (the standard's JSON of validation results) and 15.2.2 (status codes).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from importlib.metadata import PackageNotFoundError, version
from typing import Any, Literal

from provenance.crjson import status
from provenance.manifest import Reading
from provenance.verify.signer.credentials import Credential

# What a credential of ours answers. "signingCredential.invalid" stays: the SDK alone judges a profile.
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


def ours(code: str) -> bool:
    """Whether a status code is about something that a credential of ours answers."""
    return code.startswith(_OURS)


def retelling(reading: Reading, credentials: Mapping[str, Credential], at: datetime) -> Reading:
    """A reading whose crJSON holds our results for every manifest that has a credential of ours.

    at: when it was judged, which the standard calls the validation time.
    """
    told = [_retold(each, credentials.get(str(each.get("label", ""))), at) for each in reading.manifests]
    return replace(
        reading, crjson={**reading.crjson, "manifests": told, "jsonGenerator": _generator(reading)}
    )


def _retold(manifest: Mapping[str, Any], credential: Credential | None, at: datetime) -> Mapping[str, Any]:
    results = manifest.get("validationResults")
    if not isinstance(results, Mapping):
        return manifest
    stamped = {**results, "validationTime": at.isoformat()}
    if credential is None:
        return {**manifest, "validationResults": stamped}
    url = f"self#jumbf=/c2pa/{manifest.get('label', '')}/c2pa.signature"
    rows = list(_rows(credential))
    for kind in _KINDS:
        kept = [each for each in status.read_entries(results, kind) if not ours(str(each["code"]))]
        ground = [
            {"code": code, "url": url, "explanation": why} for where, code, why in rows if where == kind
        ]
        stamped[kind] = [*ground, *kept]
    return {**manifest, "validationResults": stamped}


def _rows(found: Credential) -> Iterator[_Row]:
    why = "; ".join(told.why for told in found.findings)
    for kind, code in _SIGNER.get(found.signer, ()):
        yield kind, code, f"vouched for by {', '.join(found.vouched_by)}" if found.vouched_by else why
    for kind, code in _TIME.get(found.time, ()):
        yield kind, code, f"{found.by}: vouched for by {', '.join(found.time_vouched_by) or 'nobody'}"
    for kind, code in _REVOCATION.get(found.revocation, ()):
        yield kind, code, why or "said so by its issuer"


def _generator(reading: Reading) -> dict[str, str]:
    """Who wrote it, and who read the file for them."""
    reader = reading.crjson.get("jsonGenerator")
    named = reader if isinstance(reader, Mapping) else {}
    try:
        own = version("answerprint")
    except PackageNotFoundError:
        own = "0"
    return {
        "name": "answerprint",
        "version": own,
        "extras:reader": f"{named.get('name', '')} {named.get('version', '')}".strip(),
    }
