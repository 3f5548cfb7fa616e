"""Signatures in OCSP responses and time-stamps are verified with every kind of key."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed448, ed25519, padding, rsa

from provenance.verify.signer.x509_signature import check_signature

DATA = b"attributes"
SHA256, SHA384 = hashes.SHA256(), hashes.SHA384()
EC, ED, RSA = (
    ec.generate_private_key(ec.SECP256R1()),
    ed25519.Ed25519PrivateKey.generate(),
    rsa.generate_private_key(65537, 2048),
)
PSS = padding.PSS(padding.MGF1(SHA256), 32)


def certificate(key: Any) -> x509.Certificate:
    name, now, day = x509.Name.from_rfc4514_string("CN=signer"), datetime.now(UTC), timedelta(days=1)
    made = x509.CertificateBuilder(name, name, key.public_key(), 7, now - day, now + day)
    return made.sign(
        key, None if isinstance(key, ed25519.Ed25519PrivateKey | ed448.Ed448PrivateKey) else SHA256
    )


@pytest.mark.parametrize(
    ("key", "signature", "digest", "pss"),
    [
        (EC, EC.sign(DATA, ec.ECDSA(SHA384)), SHA384, False),
        (ED, ED.sign(DATA), None, False),
        (ED, ED.sign(DATA), SHA256, False),
        (RSA, RSA.sign(DATA, padding.PKCS1v15(), SHA256), SHA256, False),
        (RSA, RSA.sign(DATA, PSS, SHA256), SHA256, True),
    ],
    ids=["ecdsa", "ed25519", "ed25519 with a digest named", "rsa", "rsa-pss"],
)
def test_a_signature_holds_over_its_data_alone(
    key: Any, signature: bytes, digest: hashes.HashAlgorithm | None, pss: bool
) -> None:
    signer = certificate(key)
    check_signature(signer, signature, DATA, digest, pss)
    with pytest.raises(InvalidSignature):
        check_signature(signer, signature, DATA + b"x", digest, pss)


def test_a_pss_signature_is_not_taken_for_the_older_kind() -> None:
    signature = RSA.sign(DATA, PSS, SHA256)
    with pytest.raises(InvalidSignature):
        check_signature(certificate(RSA), signature, DATA, SHA256)


@pytest.mark.parametrize(
    ("key", "digest"), [(ed448.Ed448PrivateKey.generate(), SHA256), (EC, None), (RSA, None)]
)
def test_another_kind_of_key_or_no_digest_is_refused(key: Any, digest: hashes.HashAlgorithm | None) -> None:
    with pytest.raises(UnsupportedAlgorithm):
        check_signature(certificate(key), b"x" * 64, DATA, digest)
