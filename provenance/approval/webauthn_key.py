"""Verifies signatures that a person's browser makes (WebAuthn), offline.

The challenge is the SHA-256 of what a DSSE signature covers. The envelope's signature carries what the browser gave
beside it:

    {"keyid": ..., "sig": base64, "webauthn": {"authenticatorData": base64, "clientDataJSON": base64}}

Sources: W3C Web Authentication Level 3, 7.2 (verifying an assertion) and 6.1 (authenticator data); DSSE 1.0.
"""

from __future__ import annotations

import hashlib
import hmac
from base64 import b64decode, b64encode, urlsafe_b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa
from securesystemslib.exceptions import UnverifiedSignatureError
from securesystemslib.signer import Key, Signature

from post.errors import JobError
from provenance.record.strict_json import read_bytes

FIELD = "webauthn"
_PRESENT, _VERIFIED = 0x01, 0x04  # flags: the person was there, and proved who they are (6.1)
_SHORTEST = 37  # bytes of authenticator data
PublicKey = ec.EllipticCurvePublicKey | ed25519.Ed25519PublicKey | rsa.RSAPublicKey


@dataclass(frozen=True, slots=True)
class WebAuthnAssertion:
    """What a browser answers when a person signs. All three are bytes as the browser gave them, not base64."""

    authenticator_data: bytes
    client_data_json: bytes
    signature: bytes


class WebAuthnKey(Key):
    """A public key of a person's authenticator. Implements securesystemslib's Key.

    site: the relying party's ID that it was registered for; origins: where the page may have been served from.
    """

    def __init__(self, keyid: str, public: PublicKey, site: str, origins: tuple[str, ...]) -> None:
        super().__init__(keyid, FIELD, FIELD, {"site": site, "origins": list(origins)})
        self._public = public

    @classmethod
    def from_dict(cls, keyid: str, key_dict: dict[str, Any]) -> WebAuthnKey:
        """Keys are read from people files alone. Raises NotImplementedError."""
        raise NotImplementedError("a key of a browser is read from a people file")

    def to_dict(self) -> dict[str, Any]:
        """Returns what securesystemslib may show of it."""
        return self._to_dict()

    def verify_signature(self, signature: Signature, data: bytes) -> None:
        """Raises UnverifiedSignatureError unless an assertion in the signature is over `data`, by this key."""
        try:
            assertion = _assertion_of(signature)
            self._check_client(assertion.client_data_json, data)
            self._check_authenticator(assertion.authenticator_data)
            signed = assertion.authenticator_data + hashlib.sha256(assertion.client_data_json).digest()
            _verify(self._public, assertion.signature, signed)
        except (InvalidSignature, JobError, KeyError, TypeError, ValueError) as fault:
            raise UnverifiedSignatureError(f"not signed by {self.keyid}") from fault

    def _check_client(self, client_json: bytes, data: bytes) -> None:
        """Steps 10 to 14 of 7.2."""
        client = read_bytes(client_json, "clientDataJSON")
        wanted = challenge_of(data)
        if client.get("type") != "webauthn.get" or client.get("crossOrigin", False) is not False:
            raise ValueError("not the page's own request for a signature")
        if not hmac.compare_digest(str(client.get("challenge")).encode(), wanted.encode()):
            raise ValueError("signed something else")
        if client.get("origin") not in self.keyval["origins"]:
            raise ValueError("signed on a page of another origin")

    def _check_authenticator(self, data: bytes) -> None:
        """Steps 15 to 17 of 7.2."""
        site = hashlib.sha256(self.keyval["site"].encode()).digest()
        if len(data) < _SHORTEST or data[:32] != site:
            raise ValueError("signed for another site")
        if data[32] & (_PRESENT | _VERIFIED) != _PRESENT | _VERIFIED:
            raise ValueError("nobody proved to be there")


def challenge_of(data: bytes) -> str:
    """Returns the challenge for a signature over `data`, as a browser writes it: unpadded base64url of its SHA-256."""
    return urlsafe_b64encode(challenge_bytes(data)).decode().rstrip("=")


def challenge_bytes(data: bytes) -> bytes:
    """Returns the 32 bytes that a browser is asked to sign for a signature over `data`."""
    return hashlib.sha256(data).digest()


def webauthn_signature(keyid: str, assertion: WebAuthnAssertion) -> Signature:
    """Returns a browser's assertion as a signature of an envelope."""
    carried = {
        "authenticatorData": b64encode(assertion.authenticator_data).decode(),
        "clientDataJSON": b64encode(assertion.client_data_json).decode(),
    }
    return Signature(keyid, assertion.signature.hex(), {FIELD: carried})


def _assertion_of(signature: Signature) -> WebAuthnAssertion:
    carried: Mapping[str, str] = signature.unrecognized_fields[FIELD]
    return WebAuthnAssertion(
        b64decode(carried["authenticatorData"], validate=True),
        b64decode(carried["clientDataJSON"], validate=True),
        bytes.fromhex(signature.signature),
    )


def _verify(public: PublicKey, signature: bytes, signed: bytes) -> None:
    """COSE's EdDSA, ES256 and RS256, which WebAuthn has every site offer."""
    if isinstance(public, ed25519.Ed25519PublicKey):
        public.verify(signature, signed)
    elif isinstance(public, ec.EllipticCurvePublicKey):
        public.verify(signature, signed, ec.ECDSA(hashes.SHA256()))
    else:
        public.verify(signature, signed, padding.PKCS1v15(), hashes.SHA256())
