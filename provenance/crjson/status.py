"""Says what each C2PA status code means for a film. Source: C2PA 2.4, 15.2.2 (validation status codes).

The SDK sums them up in one state. Here they stay apart: an expired certificate and a changed frame are
different findings.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from post.values.claim import Finding, Kind

# tampered: bytes differ from those that were signed; malformed: the manifest breaks the standard's rules;
# missing: an ingredient's manifest is not in the file; untrusted, expired, revoked, time: about who signed, and
# when; identity: a further identity (CAWG) beside the signer's.
Meaning = Literal[
    "tampered", "malformed", "missing", "untrusted", "expired", "revoked", "time", "identity", "note", "good"
]


@dataclass(frozen=True, slots=True)
class StatusCode:
    """A group of failure codes. start: how they begin; means: what they mean; kind: of the finding."""

    start: str
    means: Meaning
    kind: Kind


_CODES = (
    StatusCode("claimSignature.outsideValidity", "expired", "signer"),
    StatusCode("claimSignature.", "tampered", "integrity"),
    StatusCode("signingCredential.", "untrusted", "signer"),
    StatusCode("signingCredential.expired", "expired", "signer"),
    StatusCode("signingCredential.revoked", "revoked", "signer"),
    StatusCode("signingCredential.ocsp.revoked", "revoked", "signer"),
    StatusCode("signingCredential.ocsp.unknown", "note", "signer"),
    StatusCode("signingCredential.ocsp.skipped", "note", "signer"),
    StatusCode("signingCredential.ocsp.inaccessible", "note", "signer"),
    StatusCode("timeStamp.", "time", "time"),
    StatusCode("timeOfSigning.", "time", "time"),
    StatusCode("cawg.", "identity", "signer"),
    StatusCode("ingredient.unknownProvenance", "note", "chain"),
    StatusCode("ingredient.manifest.missing", "missing", "chain"),
    StatusCode("ingredient.manifest.mismatch", "tampered", "integrity"),
    StatusCode("ingredient.claimSignature.", "tampered", "integrity"),
    StatusCode("assertion.hashedURI.mismatch", "tampered", "integrity"),
    StatusCode("hashedURI.", "tampered", "integrity"),
    StatusCode("assertion.missing", "tampered", "integrity"),
    StatusCode("assertion.undeclared", "tampered", "integrity"),
    StatusCode("assertion.hardBinding.redacted", "tampered", "integrity"),
    StatusCode("assertion.dataHash.mismatch", "tampered", "integrity"),
    StatusCode("assertion.bmffHash.mismatch", "tampered", "integrity"),
    StatusCode("assertion.boxesHash.mismatch", "tampered", "integrity"),
    StatusCode("assertion.collectionHash.mismatch", "tampered", "integrity"),
    StatusCode("assertion.multiAssetHash.mismatch", "tampered", "integrity"),
    StatusCode("assertion.alternativeContentRepresentation.hashMismatch", "tampered", "integrity"),
    # Any other code, known or not, keeps a file from passing, and accuses nobody of tampering.
    StatusCode("", "malformed", "integrity"),
)
_GOOD = (
    ".validated",
    ".match",
    ".trusted",
    ".insideValidity",
    ".accessible",
    ".notRevoked",
    ".valid",
    ".credentialed",
)


def look_up(name: str) -> StatusCode:
    """Returns the group of a failure code: of those that fit, the one with the longest start."""
    fitting = (row for row in _CODES if name.startswith(row.start))
    return max(fitting, key=lambda row: len(row.start))


def meaning(name: str) -> Meaning:
    """Returns what a code means in a list that mixes failures and successes (ingredients before version 3)."""
    return "good" if name.endswith(_GOOD) else look_up(name).means


def read_entries(results: object, *places: str) -> tuple[Mapping[str, Any], ...]:
    """Returns the status entries at a place in a validation result (say, "failure"); () where there are none.

    places: the keys that lead to the list. Every entry has a "code".
    """
    for place in places:
        results = results.get(place) if isinstance(results, Mapping) else None
    entries = results if isinstance(results, list) else []
    return tuple(entry for entry in entries if isinstance(entry, Mapping) and "code" in entry)


def codes_of(entries: Iterable[Mapping[str, Any]]) -> tuple[str, ...]:
    """Returns the codes of status entries."""
    return tuple(str(entry["code"]) for entry in entries)


def to_finding(entry: Mapping[str, Any], kind: Kind | None = None) -> Finding:
    """Returns a status entry as a finding. kind: the kind of finding; by default that of its code."""
    name = str(entry["code"])
    why = str(entry.get("explanation") or "no explanation given")
    return Finding(name, kind or look_up(name).kind, str(entry.get("url", "")), why)
