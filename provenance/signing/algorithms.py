"""The ways C2PA lets a claim be signed, and what goes with each. Source: C2PA 2.4, 13.2.1; RFC 9053, 2."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa, utils

from post.errors import ProvenanceError

PublicKey = ec.EllipticCurvePublicKey | ed25519.Ed25519PublicKey | rsa.RSAPublicKey


@dataclass(frozen=True, slots=True)
class Algorithm:
    """A way to sign. name: as C2PA writes it; digest: of the data, None where the key takes it whole;
    width: bytes of r, and of s; 0 where the signature is not made of the two."""

    name: str
    digest: type[hashes.SHA256] | type[hashes.SHA384] | type[hashes.SHA512] | None
    width: int = 0

    def hashed(self, data: bytes) -> bytes:
        """The digest of data, of an algorithm that signs one."""
        assert self.digest is not None
        return hashlib.new(self.digest.name, data).digest()


# By curve for EC keys, by kind for the others.
ALGORITHMS = {
    "secp256r1": Algorithm("es256", hashes.SHA256, 32),
    "secp384r1": Algorithm("es384", hashes.SHA384, 48),
    "secp521r1": Algorithm("es512", hashes.SHA512, 66),
    "ed25519": Algorithm("ed25519", None),
    "rsa": Algorithm("ps256", hashes.SHA256),
}
RSA_BITS = range(2048, 16385)  # C2PA 2.4, 13.2.1: shorter is refused, longer need not be taken


def algorithm_of(key: Any, where: str) -> Algorithm:
    """How a public key's claims are signed. Raises ProvenanceError where C2PA cannot use it."""
    if isinstance(key, ec.EllipticCurvePublicKey) and key.curve.name in ALGORITHMS:
        return ALGORITHMS[key.curve.name]
    if isinstance(key, ed25519.Ed25519PublicKey):
        return ALGORITHMS["ed25519"]
    if isinstance(key, rsa.RSAPublicKey) and key.key_size in RSA_BITS:
        return ALGORITHMS["rsa"]
    raise ProvenanceError("C2PA cannot use this kind of key", where=where, expected=", ".join(ALGORITHMS))


def public_key(found: object, where: str) -> PublicKey:
    """A public key as it came from elsewhere. Raises ProvenanceError where it is of no kind C2PA can use."""
    if isinstance(found, ec.EllipticCurvePublicKey | ed25519.Ed25519PublicKey | rsa.RSAPublicKey):
        return found
    raise ProvenanceError(
        "C2PA cannot use this kind of key",
        where=where,
        expected=", ".join(ALGORITHMS),
        got=type(found).__name__,
    )


def side_by_side(signature: bytes, row: Algorithm) -> bytes:
    """An ECDSA signature as COSE has it (r then s, each of full width), from DER. Raises ValueError."""
    r, s = utils.decode_dss_signature(signature)
    try:
        return r.to_bytes(row.width, "big") + s.to_bytes(row.width, "big")
    except OverflowError as exc:
        raise ValueError("r and s of another curve") from exc


def pss(row: Algorithm) -> padding.PSS:
    """RSA-PSS as COSE has it: the salt as long as the digest (RFC 8230, 2)."""
    assert row.digest is not None
    digest = row.digest()
    return padding.PSS(padding.MGF1(digest), digest.digest_size)


def holds(key: Any, signature: bytes, data: bytes) -> bool:
    """Whether a signature, in COSE's form, is the key's own over data."""
    row = algorithm_of(key, "")
    try:
        if isinstance(key, ed25519.Ed25519PublicKey):
            key.verify(signature, data)
            return True
        assert row.digest is not None
        if isinstance(key, rsa.RSAPublicKey):
            key.verify(signature, data, pss(row), row.digest())
        else:
            _check_pair(key, row, signature, data)
    except InvalidSignature:
        return False
    return True


def _check_pair(key: ec.EllipticCurvePublicKey, row: Algorithm, signature: bytes, data: bytes) -> None:
    if len(signature) != 2 * row.width:
        raise InvalidSignature
    r, s = (int.from_bytes(half, "big") for half in (signature[: row.width], signature[row.width :]))
    assert row.digest is not None
    key.verify(utils.encode_dss_signature(r, s), data, ec.ECDSA(row.digest()))


def same_key(one: Any, other: Any) -> bool:
    return _spki(one) == _spki(other)


def _spki(key: Any) -> bytes:
    form = serialization.PublicFormat.SubjectPublicKeyInfo
    found: bytes = key.public_bytes(serialization.Encoding.DER, form)
    return found
