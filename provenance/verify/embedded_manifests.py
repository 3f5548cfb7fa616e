"""Checks every manifest in a file by its bytes: its signature, its hashes, what it redacts and refers to.

An ingredient's earlier check is written down by whoever took it in, and only by them. But the ingredient's
manifest is in the file too, so that its hashes and its signature can be checked again now.
Source: C2PA 2.4, 15.10 (assertions), 15.11 (ingredients), 15.7 (signature), 6.8 (redaction).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from cryptography.x509 import Certificate

from post.errors import SourceError
from provenance.crjson.manifest import as_list, as_mapping
from provenance.formats import cbor
from provenance.formats.jumbf import StoredManifest
from provenance.verify.signer import signature
from provenance.verify.signer.signature import ClaimSignature, TimeStampToken

MAX_MANIFESTS = 2_000
_ASSERTION_LISTS = ("created_assertions", "gathered_assertions", "assertions")
_DIGESTS = {"sha256": hashlib.sha256, "sha384": hashlib.sha384, "sha512": hashlib.sha512}
_TIME_STAMPS, _STATUSES, _IDENTITY = "c2pa.time-stamp", "c2pa.certificate-status", "cawg.identity"
_SIGNATURE = "c2pa.signature"


@dataclass(frozen=True, slots=True)
class ManifestFault:
    """Something in a manifest that does not hold. label: the manifest's; place: what in it."""

    label: str
    code: str
    place: str
    why: str


@dataclass(frozen=True)
class CheckedManifest:
    """A manifest as its bytes show it.

    redacted: addresses of its assertions that later claims took out; ingredients: the labels of the
    manifests its ingredients refer to, and whether the bytes of each are those it signed for; stamps:
    time-stamp tokens it holds for other manifests, by their labels; identities: the certificates of those
    who stand by it, by assertion label.
    """

    label: str
    signature: ClaimSignature | None
    faults: tuple[ManifestFault, ...]
    redacted: tuple[str, ...] = ()
    ingredients: Mapping[str, bool] = field(default_factory=dict)
    stamps: Mapping[str, bytes] = field(default_factory=dict)
    identities: Mapping[str, tuple[Certificate, ...]] = field(default_factory=dict)


def check(carried: Sequence[StoredManifest]) -> tuple[CheckedManifest, ...]:
    """Checks every manifest, in the order given. Raises SourceError where there are more than 2 000."""
    if len(carried) > MAX_MANIFESTS:
        raise SourceError(
            "too many manifests to check",
            where="manifest store",
            expected=f"at most {MAX_MANIFESTS}",
            got=len(carried),
        )
    by_label = {each.label: each for each in carried}
    claims = {each.label: _read_cbor(each.claim) for each in carried}
    redacted = {uri for claim in claims.values() for uri in _texts(claim.get("redacted_assertions"))}
    return tuple(_check_one(each, claims[each.label], by_label, redacted) for each in carried)


def late_stamps(checked: Sequence[CheckedManifest]) -> dict[str, list[TimeStampToken]]:
    """Returns the time-stamps that later manifests added, by the label of the manifest they are for.

    Unlike those beside a signature, they are over its bare bytes (C2PA 2.4, 18.19).
    """
    by_label = {each.label: each for each in checked}
    late: dict[str, list[TimeStampToken]] = {}
    for each in checked:
        for label, token in each.stamps.items():
            signed = by_label[label].signature if label in by_label else None
            if signed and not each.faults:
                late.setdefault(label, []).append(TimeStampToken(token, signed.value))
    return late


def _check_one(
    found: StoredManifest,
    claim: Mapping[str, Any],
    by_label: Mapping[str, StoredManifest],
    redacted: set[str],
) -> CheckedManifest:
    signed, faults = _check_signature(found)
    statuses = [
        _read_cbor(box.data) for label, box in found.assertions.items() if label.startswith(_STATUSES)
    ]
    if signed and statuses:
        signed = signed.with_stapled(signature.read_stapled(statuses))
    return CheckedManifest(
        found.label,
        signed,
        (*faults, *_check_hashes(found, claim, redacted)),
        tuple(uri for uri in redacted if f"/{found.label}/" in uri),
        _ingredients(found, by_label),
        _stamps(found),
        _identities(found),
    )


def _check_signature(found: StoredManifest) -> tuple[ClaimSignature | None, tuple[ManifestFault, ...]]:
    def fault(code: str, why: str) -> tuple[ManifestFault, ...]:
        return (ManifestFault(found.label, f"claimSignature.{code}", _SIGNATURE, why),)

    if found.signature is None:
        return None, fault("missing", "the manifest has no signature")
    try:
        signed = signature.read(found.signature.data, found.claim)
    except SourceError as exc:
        return None, fault("malformed", exc.what)
    if signed.holds is False:
        return signed, fault("mismatch", "the claim is not what was signed")
    return signed, ()


def _check_hashes(
    found: StoredManifest, claim: Mapping[str, Any], redacted: set[str]
) -> Iterator[ManifestFault]:
    for row in _listed_assertions(claim):
        label = str(row.get("url", "")).rpartition("/")[2]
        held = found.assertions.get(label)
        # An assertion that is called redacted and is still there must be what was signed.
        if (held is None or not any(held.data)) and _is_redacted(found.label, label, redacted):
            continue
        if held is None:
            why = "the claim lists this assertion, and it is not in the manifest"
            yield ManifestFault(found.label, "assertion.missing", label, why)
        elif has_stated_hash(held.content, row, claim) is False:
            why = "the assertion is not what was signed"
            yield ManifestFault(found.label, "assertion.hashedURI.mismatch", label, why)


def _is_redacted(manifest: str, label: str, redacted: set[str]) -> bool:
    """Whether a claim names an assertion as redacted, by its whole address (C2PA 2.4, 6.8)."""
    return any(uri.endswith(f"/{manifest}/c2pa.assertions/{label}") for uri in redacted)


def has_stated_hash(content: bytes, reference: Mapping[str, Any], claim: Mapping[str, Any]) -> bool | None:
    """Whether bytes have the hash that a hashed URI states; None where its algorithm is not known here.

    claim: names the algorithm where the reference names none.
    """
    digest = _DIGESTS.get(str(reference.get("alg") or claim.get("alg") or "sha256"))
    stated = reference.get("hash")
    if digest is None or not isinstance(stated, bytes):
        return None
    return digest(content).digest() == stated


def _ingredients(found: StoredManifest, by_label: Mapping[str, StoredManifest]) -> dict[str, bool]:
    """Compares by the hash of the whole manifest. The hash of its signature alone (15.11.3.3.1, after a
    redaction) says nothing about the assertions: they may have been edited since."""
    same: dict[str, bool] = {}
    for label, box in found.assertions.items():
        if not label.startswith("c2pa.ingredient"):
            continue
        data = _read_cbor(box.data)
        reference = as_mapping(data.get("activeManifest")) or as_mapping(data.get("c2pa_manifest"))
        name = str(reference.get("url", "")).rpartition("/")[2]
        if name in by_label:
            signed_for = has_stated_hash(by_label[name].content, reference, {}) is True
            same[name] = same.get(name, False) or signed_for
    return same


def _stamps(found: StoredManifest) -> dict[str, bytes]:
    tokens: dict[str, bytes] = {}
    for label, box in found.assertions.items():
        if label.split("__")[0] == _TIME_STAMPS:
            rows = _read_cbor(box.data).items()
            tokens |= {str(of): token for of, token in rows if isinstance(token, bytes)}
    return tokens


def _identities(found: StoredManifest) -> dict[str, tuple[Certificate, ...]]:
    """Returns the certificates of identity assertions. The SDK checks whether their proof holds."""
    chains: dict[str, tuple[Certificate, ...]] = {}
    for label, box in found.assertions.items():
        proof = _read_cbor(box.data).get("signature") if label.split("__")[0] == _IDENTITY else None
        if isinstance(proof, bytes):
            with suppress(SourceError):
                chains[label] = signature.read(proof, b"").chain
    return chains


def _listed_assertions(claim: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    for name in _ASSERTION_LISTS:
        yield from (row for row in as_list(claim.get(name)) if isinstance(row, Mapping))


def _read_cbor(data: bytes) -> Mapping[str, Any]:
    """Reads a CBOR map; an empty one where the bytes are something else."""
    try:
        return as_mapping(cbor.decode(data)) if data else {}
    except SourceError:
        return {}


def _texts(found: object) -> Iterator[str]:
    yield from (each for each in as_list(found) if isinstance(each, str))
