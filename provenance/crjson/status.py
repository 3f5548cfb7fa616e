"""What each C2PA status code means for a film. Source: C2PA 2.4, 15.2.2 (validation status codes).

The SDK folds these into one word; they are kept apart here, because a certificate that ran out and a
changed frame are different news.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from post.values.claim import Finding, Kind

# tampered: bytes are not those that were signed; malformed: the manifest breaks the standard's rules;
# the others are about who signed and when; identity: a further identity (CAWG) beside the signer's.
Meaning = Literal[
    "tampered", "malformed", "missing", "untrusted", "expired", "revoked", "time", "identity", "note", "good"
]


@dataclass(frozen=True, slots=True)
class Code:
    """Failure codes that start so, and what they mean. The longest that fits counts."""

    start: str
    means: Meaning
    kind: Kind


_CODES = (
    Code("claimSignature.outsideValidity", "expired", "signer"),
    Code("claimSignature.", "tampered", "integrity"),
    Code("signingCredential.", "untrusted", "signer"),
    Code("signingCredential.expired", "expired", "signer"),
    Code("signingCredential.revoked", "revoked", "signer"),
    Code("signingCredential.ocsp.revoked", "revoked", "signer"),
    Code("signingCredential.ocsp.unknown", "note", "signer"),
    Code("signingCredential.ocsp.skipped", "note", "signer"),
    Code("signingCredential.ocsp.inaccessible", "note", "signer"),
    Code("timeStamp.", "time", "time"),
    Code("timeOfSigning.", "time", "time"),
    Code("cawg.", "identity", "signer"),
    Code("ingredient.unknownProvenance", "note", "chain"),
    Code("ingredient.manifest.missing", "missing", "chain"),
    Code("ingredient.manifest.mismatch", "tampered", "integrity"),
    Code("ingredient.claimSignature.", "tampered", "integrity"),
    Code("assertion.hashedURI.mismatch", "tampered", "integrity"),
    Code("hashedURI.", "tampered", "integrity"),
    Code("assertion.missing", "tampered", "integrity"),
    Code("assertion.undeclared", "tampered", "integrity"),
    Code("assertion.hardBinding.redacted", "tampered", "integrity"),
    Code("assertion.dataHash.mismatch", "tampered", "integrity"),
    Code("assertion.bmffHash.mismatch", "tampered", "integrity"),
    Code("assertion.boxesHash.mismatch", "tampered", "integrity"),
    Code("assertion.collectionHash.mismatch", "tampered", "integrity"),
    Code("assertion.multiAssetHash.mismatch", "tampered", "integrity"),
    Code("assertion.alternativeContentRepresentation.hashMismatch", "tampered", "integrity"),
    # Anything else, known or not, keeps a file from passing without accusing anyone of tampering.
    Code("", "malformed", "integrity"),
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


def code(name: str) -> Code:
    """The row of a status code reported as a failure."""
    fitting = (row for row in _CODES if name.startswith(row.start))
    return max(fitting, key=lambda row: len(row.start))


def meaning(name: str) -> Meaning:
    """What a status code means where lists mix failures with successes (ingredients before version 3)."""
    return "good" if name.endswith(_GOOD) else code(name).means


def items(results: object, *places: str) -> tuple[Mapping[str, Any], ...]:
    """The status entries under one of a result's lists ("failure", say); empty where it is not there."""
    for place in places:
        results = results.get(place) if isinstance(results, Mapping) else None
    entries = results if isinstance(results, list) else []
    return tuple(entry for entry in entries if isinstance(entry, Mapping) and "code" in entry)


def codes(entries: Iterable[Mapping[str, Any]]) -> tuple[str, ...]:
    return tuple(str(entry["code"]) for entry in entries)


def finding(entry: Mapping[str, Any], kind: Kind | None = None) -> Finding:
    """A status entry as a finding."""
    name = str(entry["code"])
    why = str(entry.get("explanation") or "no explanation given")
    return Finding(name, kind or code(name).kind, str(entry.get("url", "")), why)
