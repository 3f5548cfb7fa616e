"""The bytes of every manifest a file carries, checked again: nobody's earlier word is taken for them.

What an ingredient looked like when it was taken in is written down by whoever took it in, and only by
them. But its manifest came along, so that its hashes and its signature can be checked now.
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
from provenance.formats import cbor
from provenance.formats.jumbf import StoredManifest
from provenance.verify.signer import signature
from provenance.verify.signer.signature import Signature, Stamp

MAX_MANIFESTS = 2_000
_LISTS = ("created_assertions", "gathered_assertions", "assertions")
_DIGESTS = {"sha256": hashlib.sha256, "sha384": hashlib.sha384, "sha512": hashlib.sha512}
_TIME_STAMPS, _STATUSES, _IDENTITY = "c2pa.time-stamp", "c2pa.certificate-status", "cawg.identity"


@dataclass(frozen=True, slots=True)
class Fault:
    """Something in a carried manifest that does not hold. label: the manifest's; place: what in it."""

    label: str
    code: str
    place: str
    why: str


@dataclass(frozen=True)
class Checked:
    """A carried manifest as its bytes tell. taken: the labels of the manifests its ingredients name, and
    whether the bytes of each are those it signed for; stamps: tokens it holds of others, by label;
    identities: certificates of those who stand by it, by assertion."""

    label: str
    signature: Signature | None
    faults: tuple[Fault, ...]
    redacted: tuple[str, ...] = ()
    taken: Mapping[str, bool] = field(default_factory=dict)
    stamps: Mapping[str, bytes] = field(default_factory=dict)
    identities: Mapping[str, tuple[Certificate, ...]] = field(default_factory=dict)


def check(found: Sequence[StoredManifest]) -> tuple[Checked, ...]:
    """Every carried manifest, in the order given. Raises SourceError where there are more than 2 000."""
    if len(found) > MAX_MANIFESTS:
        raise SourceError(
            "too many manifests to check",
            where="manifest store",
            expected=f"at most {MAX_MANIFESTS}",
            got=len(found),
        )
    by_label = {each.label: each for each in found}
    claims = {each.label: _claim(each) for each in found}
    gone = {uri for claim in claims.values() for uri in _texts(claim.get("redacted_assertions"))}
    return tuple(_checked(each, claims[each.label], by_label, gone) for each in found)


def late_stamps(found: Sequence[Checked]) -> dict[str, list[Stamp]]:
    """Time-stamps that later manifests added, by the manifest they are of. Unlike those beside a
    signature, they are over its bare bytes (C2PA 2.4, 18.19)."""
    by_label = {each.label: each for each in found}
    late: dict[str, list[Stamp]] = {}
    for each in found:
        for label, token in each.stamps.items():
            signed = by_label[label].signature if label in by_label else None
            if signed and not each.faults:
                late.setdefault(label, []).append(Stamp(token, signed.value))
    return late


def _checked(
    found: StoredManifest, claim: Mapping[str, Any], others: Mapping[str, StoredManifest], gone: set[str]
) -> Checked:
    signed, faults = _signed(found)
    rows = list(_entries(claim))
    faults += tuple(_hashes(found, claim, rows, gone))
    redacted = tuple(uri for uri in gone if f"/{found.label}/" in uri)
    statuses = [_cbor(box.data) for label, box in found.assertions.items() if label.startswith(_STATUSES)]
    if signed and statuses:
        signed = signed.with_stapled(signature.stapled_in(statuses))
    return Checked(
        found.label, signed, faults, redacted, _taken(found, others), _stamps(found), _identities(found)
    )


def _signed(found: StoredManifest) -> tuple[Signature | None, tuple[Fault, ...]]:
    if found.signature is None:
        return None, (Fault(found.label, "claimSignature.missing", "c2pa.signature", "there is none"),)
    try:
        signed = signature.read(found.signature.data, found.claim)
    except SourceError as exc:
        return None, (Fault(found.label, "claimSignature.malformed", "c2pa.signature", exc.what),)
    if signed.holds is False:
        why = "the claim is not what was signed"
        return signed, (Fault(found.label, "claimSignature.mismatch", "c2pa.signature", why),)
    return signed, ()


def _hashes(
    found: StoredManifest, claim: Mapping[str, Any], rows: Sequence[Mapping[str, Any]], gone: set[str]
) -> Iterator[Fault]:
    for row in rows:
        label = str(row.get("url", "")).rpartition("/")[2]
        held = found.assertions.get(label)
        # Named as taken out, and still there: then it must be what was signed.
        if (held is None or not any(held.data)) and _was_redacted(found.label, label, gone):
            continue
        if held is None:
            yield Fault(found.label, "assertion.missing", label, "the claim lists it, and it is not there")
        elif same(held.content, row, claim) is False:
            yield Fault(found.label, "assertion.hashedURI.mismatch", label, "it is not what was signed")


def _was_redacted(manifest: str, label: str, gone: set[str]) -> bool:
    """Named by a claim that took the manifest in (6.8): by its whole address there."""
    return any(uri.endswith(f"/{manifest}/c2pa.assertions/{label}") for uri in gone) if gone else False


def same(content: bytes, reference: Mapping[str, Any], claim: Mapping[str, Any]) -> bool | None:
    """Whether bytes are those a hashed address names; None where its digest is of no kind known here."""
    digest = _DIGESTS.get(str(reference.get("alg") or claim.get("alg") or "sha256"))
    stated = reference.get("hash")
    if digest is None or not isinstance(stated, bytes):
        return None
    return digest(content).digest() == stated


def _taken(found: StoredManifest, others: Mapping[str, StoredManifest]) -> dict[str, bool]:
    """By the hash of the whole manifest. That of its signature alone (15.11.3.3.1, after a redaction) says
    nothing of the assertions: they may have been edited since."""
    taken: dict[str, bool] = {}
    for label, box in found.assertions.items():
        if not label.startswith("c2pa.ingredient"):
            continue
        data = _cbor(box.data)
        named = _map(data, "activeManifest") or _map(data, "c2pa_manifest")
        name = str(named.get("url", "")).rpartition("/")[2]
        if name in others:
            taken[name] = taken.get(name, False) or same(others[name].content, named, {}) is True
    return taken


def _stamps(found: StoredManifest) -> dict[str, bytes]:
    told: dict[str, bytes] = {}
    for label, box in found.assertions.items():
        if label.split("__")[0] == _TIME_STAMPS:
            told |= {str(of): token for of, token in _cbor(box.data).items() if isinstance(token, bytes)}
    return told


def _identities(found: StoredManifest) -> dict[str, tuple[Certificate, ...]]:
    """Those proven by a certificate. Whether the proof holds is the SDK's to say; whose it is, ours."""
    told: dict[str, tuple[Certificate, ...]] = {}
    for label, box in found.assertions.items():
        proof = _cbor(box.data).get("signature") if label.split("__")[0] == _IDENTITY else None
        if isinstance(proof, bytes):
            with suppress(SourceError):
                told[label] = signature.read(proof, b"").chain
    return told


def _claim(found: StoredManifest) -> Mapping[str, Any]:
    return _cbor(found.claim)


def _entries(claim: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    for name in _LISTS:
        rows = claim.get(name)
        yield from (row for row in rows if isinstance(row, Mapping)) if isinstance(rows, list) else ()


def _cbor(data: bytes) -> Mapping[str, Any]:
    try:
        found = cbor.decode(data) if data else {}
    except SourceError:
        return {}
    return found if isinstance(found, Mapping) else {}


def _map(owner: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    found = owner.get(name)
    return found if isinstance(found, Mapping) else {}


def _texts(found: Any) -> Iterator[str]:
    yield from (each for each in found if isinstance(each, str)) if isinstance(found, list) else ()
