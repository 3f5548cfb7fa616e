"""A COSE signature is valid with its own key and algorithm, and with no other."""

from __future__ import annotations

from typing import Any

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature

from provenance.signing.cose import COSE_ALGORITHMS, verify_cose

DATA = b"a claim"
EC_KEYS = {name: ec.generate_private_key(curve()) for name, curve in (
    ("p256", ec.SECP256R1), ("p384", ec.SECP384R1), ("p521", ec.SECP521R1),
)}  # fmt: skip
RSA_KEY = rsa.generate_private_key(65537, 2048)
ED_KEY = ed25519.Ed25519PrivateKey.generate()


def ecdsa(key: ec.EllipticCurvePrivateKey, digest: hashes.HashAlgorithm) -> bytes:
    """Signs as RFC 9053, 2.1 writes it: r and s side by side."""
    width = (key.key_size + 7) // 8
    r, s = decode_dss_signature(key.sign(DATA, ec.ECDSA(digest)))
    return r.to_bytes(width, "big") + s.to_bytes(width, "big")


def pss(digest: hashes.HashAlgorithm, salt: int | None = None) -> bytes:
    length = digest.digest_size if salt is None else salt
    return RSA_KEY.sign(DATA, padding.PSS(padding.MGF1(digest), length), digest)


# COSE id, public key, signature. IANA, "COSE Algorithms".
SIGNED: list[tuple[int, Any, bytes]] = [
    (-7, EC_KEYS["p256"].public_key(), ecdsa(EC_KEYS["p256"], hashes.SHA256())),
    (-35, EC_KEYS["p384"].public_key(), ecdsa(EC_KEYS["p384"], hashes.SHA384())),
    (-36, EC_KEYS["p521"].public_key(), ecdsa(EC_KEYS["p521"], hashes.SHA512())),
    (-37, RSA_KEY.public_key(), pss(hashes.SHA256())),
    (-38, RSA_KEY.public_key(), pss(hashes.SHA384())),
    (-39, RSA_KEY.public_key(), pss(hashes.SHA512())),
    (-8, ED_KEY.public_key(), ED_KEY.sign(DATA)),
]


def test_every_algorithm_of_the_table_is_tested_here() -> None:
    assert {row.id for row in COSE_ALGORITHMS} == {identifier for identifier, _, _ in SIGNED}


@pytest.mark.parametrize(("algorithm", "key", "signature"), SIGNED, ids=[row.name for row in (
    sorted(COSE_ALGORITHMS, key=lambda row: [each for each, _, _ in SIGNED].index(row.id))
)])  # fmt: skip
def test_a_signature_is_valid_only_for_its_data(algorithm: int, key: Any, signature: bytes) -> None:
    assert verify_cose(key, algorithm, signature, DATA) is True
    assert verify_cose(key, algorithm, signature, DATA + b"x") is False
    for at in (0, len(signature) // 2, len(signature) - 1):
        changed = signature[:at] + bytes([signature[at] ^ 1]) + signature[at + 1 :]
        assert verify_cose(key, algorithm, changed, DATA) is False


def test_a_key_of_another_kind_than_the_algorithms_does_not_verify() -> None:
    for algorithm, key, signature in SIGNED:
        for other, _, _ in SIGNED:
            if other != algorithm:
                assert verify_cose(key, other, signature, DATA) is False


@pytest.mark.parametrize("algorithm", [0, -6, -257, 99, None, "ES256", [-7], 1.5])
def test_an_unknown_algorithm_gives_none(algorithm: object) -> None:
    _, key, signature = SIGNED[0]
    assert verify_cose(key, algorithm, signature, DATA) is None


def test_an_ecdsa_signature_has_one_length() -> None:
    algorithm, key, signature = SIGNED[0]
    r, s = signature[:32], signature[32:]
    for written in (b"\0" + r + b"\0" + s, r + b"\0" + s, signature + b"\0", signature[:-1], b""):
        assert verify_cose(key, algorithm, written, DATA) is False


def test_a_pss_salt_is_as_long_as_the_digest() -> None:
    assert verify_cose(RSA_KEY.public_key(), -37, pss(hashes.SHA256(), salt=20), DATA) is False
