"""Verifies COSE signatures, for signers and for verifiers; no other module does.

Source: RFC 9053, 2 (ECDSA, EdDSA); RFC 8230, 2 (RSASSA-PSS); IANA, "COSE Algorithms"; C2PA 2.4, 13.2.1.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature

_EC, _ED, _RSA = ec.EllipticCurvePublicKey, ed25519.Ed25519PublicKey, rsa.RSAPublicKey


@dataclass(frozen=True, slots=True)
class CoseAlgorithm:
    """A row of IANA's registry. id: as in a COSE header; name: as C2PA writes it; key: the kind of key it
    takes; digest: of the signed bytes, None where the key signs the bytes themselves."""

    id: int
    name: str
    key: type
    digest: type[hashes.HashAlgorithm] | None


COSE_ALGORITHMS = (
    CoseAlgorithm(-7, "es256", _EC, hashes.SHA256),
    CoseAlgorithm(-35, "es384", _EC, hashes.SHA384),
    CoseAlgorithm(-36, "es512", _EC, hashes.SHA512),
    CoseAlgorithm(-37, "ps256", _RSA, hashes.SHA256),
    CoseAlgorithm(-38, "ps384", _RSA, hashes.SHA384),
    CoseAlgorithm(-39, "ps512", _RSA, hashes.SHA512),
    CoseAlgorithm(-8, "ed25519", _ED, None),
)
_BY_ID = {row.id: row for row in COSE_ALGORITHMS}
_ID_BY_NAME = {row.name: row.id for row in COSE_ALGORITHMS}


def find_id(name: str) -> int:
    """Returns the COSE id of an algorithm by C2PA's name ("es256")."""
    return _ID_BY_NAME[name]


def pss_padding(digest: hashes.HashAlgorithm) -> padding.PSS:
    """Returns RSASSA-PSS padding with a salt as long as the digest (RFC 8230, 2)."""
    return padding.PSS(padding.MGF1(digest), digest.digest_size)


def verify_cose(key: Any, algorithm: object, signature: bytes, data: bytes) -> bool | None:
    """Checks a signature, in COSE's form, over data.

    algorithm: the id in the COSE header, which may be any value. Returns None where the algorithm or the kind of key
    is unknown, and False where the algorithm does not use that kind of key.
    """
    row = _BY_ID.get(algorithm) if isinstance(algorithm, int) else None
    if row is None or not isinstance(key, _EC | _ED | _RSA):
        return None
    if not isinstance(key, row.key):
        return False
    try:
        _verify(key, row, signature, data)
    except (InvalidSignature, ValueError):  # a key too short for the digest raises ValueError
        return False
    return True


def _verify(key: Any, row: CoseAlgorithm, signature: bytes, data: bytes) -> None:
    digest = row.digest() if row.digest else None
    if isinstance(key, _ED):
        key.verify(signature, data)
    elif isinstance(key, _RSA):
        assert digest is not None
        key.verify(signature, data, pss_padding(digest), digest)
    else:
        assert digest is not None
        key.verify(_as_der(signature, (key.key_size + 7) // 8), data, ec.ECDSA(digest))


def _as_der(signature: bytes, width: int) -> bytes:
    """Turns r and s side by side, each of full width (RFC 9053, 2.1), into DER. Raises ValueError."""
    if len(signature) != 2 * width:
        raise ValueError(f"an ECDSA signature has {2 * width} bytes with this key")
    r, s = (int.from_bytes(half, "big") for half in (signature[:width], signature[width:]))
    return encode_dss_signature(r, s)
