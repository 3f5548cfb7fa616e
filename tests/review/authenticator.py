"""A browser's authenticator in software: makes keys and signs, as navigator.credentials would answer.

Source: W3C Web Authentication Level 3, 6.1 (authenticator data), 6.5.1 (attested credential data), 8.7 (no
attestation).
"""

from __future__ import annotations

import hashlib
import json
import os
import struct
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass, field
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from webauthn.helpers import encode_cbor

PRESENT, VERIFIED, ATTESTED = 0x01, 0x04, 0x40


def text(data: bytes) -> str:
    """Returns unpadded base64url."""
    return urlsafe_b64encode(data).decode().rstrip("=")


def data_of(written: str) -> bytes:
    """Returns what unpadded base64url holds."""
    return urlsafe_b64decode(written + "=" * (-len(written) % 4))


@dataclass
class SoftAuthenticator:
    """Holds one P-256 key. flags: what it says of the person: present and verified."""

    origin: str
    flags: int = PRESENT | VERIFIED
    key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))
    credential: bytes = field(default_factory=lambda: os.urandom(32))

    def create(self, options: dict[str, Any]) -> dict[str, Any]:
        """Answers `navigator.credentials.create`."""
        numbers = self.key.public_key().public_numbers()
        cose = {1: 2, 3: -7, -1: 1, -2: numbers.x.to_bytes(32, "big"), -3: numbers.y.to_bytes(32, "big")}
        attested = bytes(16) + struct.pack(">H", 32) + self.credential + encode_cbor(cose)
        data = self._data(options["rp"]["id"], ATTESTED) + attested
        made = encode_cbor({"fmt": "none", "attStmt": {}, "authData": data})
        client = self._client("webauthn.create", options["challenge"])
        response = {
            "clientDataJSON": text(client),
            "attestationObject": text(made),
            "transports": ["internal"],
        }
        return self._credential(response)

    def get(self, options: dict[str, Any]) -> dict[str, Any]:
        """Answers `navigator.credentials.get`."""
        data = self._data(options["rpId"], 0)
        client = self._client("webauthn.get", options["challenge"])
        signature = self.key.sign(data + hashlib.sha256(client).digest(), ec.ECDSA(hashes.SHA256()))
        response = {
            "authenticatorData": text(data), "clientDataJSON": text(client), "signature": text(signature),
        }  # fmt: skip
        return self._credential(response)

    def _data(self, site: str, more: int) -> bytes:
        return hashlib.sha256(site.encode()).digest() + bytes([self.flags | more]) + struct.pack(">I", 0)

    def _client(self, kind: str, challenge: str) -> bytes:
        said = {"type": kind, "challenge": challenge, "origin": self.origin, "crossOrigin": False}
        return json.dumps(said, separators=(",", ":")).encode()

    def _credential(self, response: dict[str, Any]) -> dict[str, Any]:
        own = text(self.credential)
        return {
            "id": own, "rawId": own, "type": "public-key", "response": response, "clientExtensionResults": {},
            "authenticatorAttachment": "platform",
        }  # fmt: skip
