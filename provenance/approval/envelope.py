"""Signs statements in DSSE envelopes, and verifies them.

One envelope holds one signature: each decision is one person's. `verify` counts keys, not signatures, where more are
asked for. Source: DSSE 1.0 (protocol and envelope).
"""

from __future__ import annotations

from collections.abc import Sequence
from copy import deepcopy
from typing import Any

from securesystemslib.dsse import Envelope as DsseEnvelope
from securesystemslib.exceptions import UnverifiedSignatureError, VerificationError
from securesystemslib.signer import Key, Signature

from post.errors import JobError, ProvenanceError
from provenance.approval.person_key import PersonSigner
from provenance.approval.statement import PAYLOAD_TYPE
from provenance.approval.strict import canonical_json, require
from provenance.approval.webauthn_key import FIELD, WebAuthnAssertion, webauthn_signature
from provenance.record.strict_json import read_bytes

MOST_SIGNATURES = 16
_KEYS, _SIGNATURE_KEYS = {"payload", "payloadType", "signatures"}, {"keyid", "sig"}


def pae(payload: bytes, payload_type: str = PAYLOAD_TYPE) -> bytes:
    """Returns what a signature of an envelope covers: its pre-authentication encoding."""
    made: bytes = DsseEnvelope(payload, payload_type, {}).pae()
    return made


def sign(payload: bytes, signers: Sequence[PersonSigner], payload_type: str = PAYLOAD_TYPE) -> bytes:
    """Returns an envelope with the signature of each signer, as canonical JSON."""
    envelope = DsseEnvelope(payload, payload_type, {})
    for each in signers:
        envelope.sign(each.signer)
    return canonical_json(envelope.to_dict())


def seal(payload: bytes, keyid: str, assertion: WebAuthnAssertion) -> bytes:
    """Returns an envelope with the signature that a person's browser made. keyid: of the person's key.

    The browser signed `challenge_bytes(pae(payload))`; nothing is verified here.
    """
    signature = webauthn_signature(keyid, assertion)
    return canonical_json(DsseEnvelope(payload, PAYLOAD_TYPE, {keyid: signature}).to_dict())


def read_envelope(data: bytes, where: str, payload_type: str = PAYLOAD_TYPE) -> DsseEnvelope:
    """Returns an envelope that nobody has verified yet. where: named in the error.

    Raises ProvenanceError where it is malformed, of another payload type, has no signature, or two of one key.
    """
    try:
        found: Any = read_bytes(data, where)
        known = set(found) == _KEYS and canonical_json(found) == data
        require(known, "other keys than an envelope has, or not written as it is")
        require(found["payloadType"] == payload_type, f"the payload type {found['payloadType']!r}")
        signatures = found["signatures"]
        require(0 < len(signatures) <= MOST_SIGNATURES, f"{len(signatures)} signatures")
        shaped = all(_SIGNATURE_KEYS <= set(each) <= {*_SIGNATURE_KEYS, FIELD} for each in signatures)
        require(shaped, "a signature with other keys")
        return DsseEnvelope.from_dict(deepcopy(found))
    except (AttributeError, JobError, KeyError, TypeError, ValueError) as fault:
        raise ProvenanceError("is no signed statement", where=where, got=str(fault)[:200]) from fault


def verify(envelope: DsseEnvelope, keys: Sequence[Key], threshold: int, where: str) -> tuple[str, ...]:
    """Returns the IDs of the keys that signed an envelope, each once.

    Raises ProvenanceError unless every signature is of one of `keys`, each verifies, and at least `threshold` keys
    signed. where: named in the error.
    """
    if threshold < 1:
        raise ValueError("a threshold is at least 1")
    known = {each.keyid: each for each in keys}
    covered = envelope.pae()
    for keyid, signature in envelope.signatures.items():
        _verify_one(known.get(keyid), signature, covered, where)
    if len(envelope.signatures) < threshold:
        raise ProvenanceError(
            "too few have signed", where=where, expected=f"{threshold} keys", got=len(envelope.signatures)
        )
    return tuple(envelope.signatures)


def _verify_one(key: Key | None, signature: Signature, covered: bytes, where: str) -> None:
    if key is None:
        raise ProvenanceError("signed with an unknown key", where=where, got=signature.keyid)
    try:
        key.verify_signature(signature, covered)
    except (UnverifiedSignatureError, VerificationError) as fault:
        raise ProvenanceError("the signature is forged", where=where, got=f"key {signature.keyid}") from fault
