"""Signatures as X.509 and CMS write them (OCSP responses, time-stamps), verified by the kind of key.

Source: RFC 5280, 4.1.1.3; RFC 5652, 5.6; RFC 8017, 8 (RSA); RFC 8419 (Ed25519).
"""

from __future__ import annotations

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa

Digest = hashes.HashAlgorithm


def check_signature(
    signer: x509.Certificate, signature: bytes, data: bytes, digest: Digest | None, pss: bool = False
) -> None:
    """Checks that a certificate's key signed data.

    digest: of the data, None where the signature's algorithm names none; pss: whether an RSA signature is
    RSASSA-PSS instead of PKCS #1 v1.5. Raises InvalidSignature where the signature is not the key's, and
    UnsupportedAlgorithm where the key is of no kind known here or the digest is missing.
    """
    key = signer.public_key()
    if isinstance(key, ed25519.Ed25519PublicKey):
        key.verify(signature, data)
    elif isinstance(key, ec.EllipticCurvePublicKey) and digest:
        key.verify(signature, data, ec.ECDSA(digest))
    elif isinstance(key, rsa.RSAPublicKey) and digest:
        pad = padding.PSS(padding.MGF1(digest), padding.PSS.AUTO) if pss else padding.PKCS1v15()
        key.verify(signature, data, pad, digest)
    else:
        raise UnsupportedAlgorithm(type(key).__name__)


def hash_bytes(digest: Digest, data: bytes) -> bytes:
    """Returns the digest of data."""
    made = hashes.Hash(digest)
    made.update(data)
    return made.finalize()
