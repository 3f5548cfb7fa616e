"""DSSE envelopes: what is refused, and by what words."""

from __future__ import annotations

import hashlib
import json
from base64 import b64decode, b64encode
from collections.abc import Callable
from typing import Any

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa

from post.errors import ProvenanceError
from provenance.approval.envelope import pae, read_envelope, seal, sign, verify
from provenance.approval.people import PersonKey, key_id, public_text
from provenance.approval.statement import PAYLOAD_TYPE
from provenance.approval.strict import canonical_json
from provenance.approval.webauthn_key import PublicKey, WebAuthnAssertion, challenge_of
from tests.provenance.approval.approval_desk import signer

PAYLOAD = b'{"a":1}'
KEYS = [signer(name).signer.public_key for name in ("ana", "bo")]


def envelope(*names: str, payload: bytes = PAYLOAD) -> bytes:
    return sign(payload, [signer(name) for name in names])


def test_two_people_sign_one_statement() -> None:
    found = verify(read_envelope(envelope("ana", "bo"), "e"), KEYS, 2, "e")
    assert set(found) == {signer("ana").id, signer("bo").id}


def test_the_encoding_is_the_standards_own() -> None:
    """The example of the DSSE 1.0 protocol."""
    assert pae(b"hello world", "http://example.com/HelloWorld") == (
        b"DSSEv1 29 http://example.com/HelloWorld 11 hello world"
    )


def changed(**keys: Any) -> Callable[[dict[str, Any]], dict[str, Any]]:
    return lambda data: {**data, **keys}


def with_signatures(
    make: Callable[[list[dict[str, str]]], list[dict[str, str]]],
) -> Callable[..., dict[str, Any]]:
    return lambda data: {**data, "signatures": make(data["signatures"])}


ATTACKS = {
    "another payload type": (changed(payloadType="application/json"), "is no signed statement"),
    "a swapped payload": (changed(payload=b64encode(b'{"a":2}').decode()), "the signature is forged"),
    "no signature": (with_signatures(lambda _: []), "is no signed statement"),
    "one key for two signatures": (
        with_signatures(lambda rows: [rows[0], rows[0]]),
        "is no signed statement",
    ),
    "a signature under another key's ID": (
        with_signatures(lambda rows: [{**rows[0], "keyid": rows[1]["keyid"]}]),
        "the signature is forged",
    ),
    "an unknown key": (
        with_signatures(lambda rows: [{**rows[0], "keyid": "0" * 64}]),
        "signed with an unknown key",
    ),
    "half a signature": (
        with_signatures(lambda rows: [{**rows[0], "sig": rows[0]["sig"][:44]}]),
        "the signature is forged",
    ),
    "no base64": (with_signatures(lambda rows: [{**rows[0], "sig": "%%"}]), "is no signed statement"),
    "a further key": (changed(note="x"), "is no signed statement"),
    "a further key of a signature": (
        with_signatures(lambda rows: [{**rows[0], "note": "x"}]),
        "is no signed statement",
    ),
}


@pytest.mark.parametrize("name", ATTACKS)
def test_an_envelope_that_was_tampered_with_is_refused(name: str) -> None:
    attack, what = ATTACKS[name]
    data = canonical_json(attack(json.loads(envelope("ana", "bo"))))
    with pytest.raises(ProvenanceError, match=what):
        verify(read_envelope(data, "e"), KEYS, 1, "e")


def test_too_few_signatures_are_refused() -> None:
    with pytest.raises(ProvenanceError, match="too few have signed"):
        verify(read_envelope(envelope("ana"), "e"), KEYS, 2, "e")


def test_every_signature_has_to_verify_not_only_enough_of_them() -> None:
    data = json.loads(envelope("ana", "bo"))
    data["signatures"][1]["sig"] = data["signatures"][0]["sig"]
    with pytest.raises(ProvenanceError, match="forged"):
        verify(read_envelope(canonical_json(data), "e"), KEYS, 1, "e")


@pytest.mark.parametrize(
    "data", [b"", b"[]", b"{}", b"\xff", b"null", b'{"payload":1,"payloadType":2,"signatures":3}']
)
def test_what_is_no_envelope_is_refused(data: bytes) -> None:
    with pytest.raises(ProvenanceError):
        read_envelope(data, "e")


def test_an_envelope_of_another_spelling_is_refused() -> None:
    """Else one decision could be logged twice under two hashes."""
    data = json.dumps(json.loads(envelope("ana")), indent=1).encode()
    with pytest.raises(ProvenanceError, match="not written as it is"):
        read_envelope(data, "e")


SITE, ORIGIN = "review.example", "https://review.example"
RSA = rsa.generate_private_key(65537, 2048)
PRIVATE: dict[str, Any] = {
    "ES256": ec.generate_private_key(ec.SECP256R1()),
    "EdDSA": ed25519.Ed25519PrivateKey.generate(),
    "RS256": RSA,
}


def browser_key(algorithm: str) -> PersonKey:
    public: PublicKey = PRIVATE[algorithm].public_key()
    text = public_text(public)
    return PersonKey(key_id(b64decode(text)), "webauthn", text, SITE, (ORIGIN,))


def asserted(
    algorithm: str = "ES256", flags: int = 5, site: str = SITE, payload: bytes = PAYLOAD, **client: Any
) -> WebAuthnAssertion:
    """What a browser answers."""
    told = {
        "type": "webauthn.get",
        "challenge": challenge_of(pae(payload)),
        "origin": ORIGIN,
        "crossOrigin": False,
    }
    client_json = json.dumps(told | client).encode()
    data = hashlib.sha256(site.encode()).digest() + bytes([flags]) + (1).to_bytes(4, "big")
    signed = data + hashlib.sha256(client_json).digest()
    key = PRIVATE[algorithm]
    if algorithm == "EdDSA":
        signature = key.sign(signed)
    elif algorithm == "ES256":
        signature = key.sign(signed, ec.ECDSA(hashes.SHA256()))
    else:
        signature = key.sign(signed, padding.PKCS1v15(), hashes.SHA256())
    return WebAuthnAssertion(data, client_json, signature)


def verify_browser(assertion: WebAuthnAssertion, algorithm: str = "ES256") -> tuple[str, ...]:
    key = browser_key(algorithm)
    return verify(read_envelope(seal(PAYLOAD, key.id, assertion), "e"), [key.verifier], 1, "e")


@pytest.mark.parametrize("algorithm", PRIVATE)
def test_what_a_browser_signed_verifies_offline(algorithm: str) -> None:
    assert verify_browser(asserted(algorithm), algorithm) == (browser_key(algorithm).id,)


@pytest.mark.parametrize(
    "assertion",
    [
        asserted(origin="https://evil.example"),
        asserted(type="webauthn.create"),
        asserted(crossOrigin=True),
        asserted(challenge="AAAA"),
        asserted(payload=b'{"a":2}'),
        asserted(site="evil.example"),
        asserted(flags=1),  # there, but not verified
        asserted(flags=4),
        asserted("EdDSA"),
        WebAuthnAssertion(b"short", asserted().client_data_json, asserted().signature),
        WebAuthnAssertion(asserted().authenticator_data, b"[", asserted().signature),
    ],
)
def test_what_a_browser_signed_elsewhere_or_for_something_else_is_refused(
    assertion: WebAuthnAssertion,
) -> None:
    with pytest.raises(ProvenanceError, match="forged"):
        verify_browser(assertion)


def test_a_file_keys_signature_is_none_of_a_browser() -> None:
    with pytest.raises(ProvenanceError, match="forged"):
        data = json.loads(envelope("ana"))
        data["signatures"][0]["keyid"] = browser_key("EdDSA").id
        verify(read_envelope(canonical_json(data), "e"), [browser_key("EdDSA").verifier], 1, "e")
    assert PAYLOAD_TYPE == "application/vnd.in-toto+json"
