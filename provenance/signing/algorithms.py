"""The algorithms that C2PA allows for signing a claim, and what each needs.

Source: C2PA 2.4, 13.2.1; RFC 9053, 2 (COSE).
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Any

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa, utils

from post.errors import ProvenanceError
from provenance.signing import cose

PublicKey = ec.EllipticCurvePublicKey | ed25519.Ed25519PublicKey | rsa.RSAPublicKey


@dataclass(frozen=True, slots=True)
class Algorithm:
    """A signature algorithm.

    name: as C2PA writes it; digest: of the data, None for an algorithm that signs the data itself; width: bytes of r,
    and of s, in an ECDSA signature, 0 for any other algorithm.
    """

    name: str
    digest: type[hashes.SHA256] | type[hashes.SHA384] | type[hashes.SHA512] | None
    width: int = 0

    def hash(self, data: bytes) -> bytes:
        """Returns the digest of `data`. Only for an algorithm that has a digest."""
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
RSA_BITS = range(2048, 16385)  # C2PA 2.4, 13.2.1: shorter is refused, longer need not be accepted


def find_algorithm(key: Any, where: str) -> Algorithm:
    """Returns the algorithm that a public key signs with. Raises ProvenanceError if C2PA does not allow the key.

    where: named in the error.
    """
    if isinstance(key, ec.EllipticCurvePublicKey) and key.curve.name in ALGORITHMS:
        return ALGORITHMS[key.curve.name]
    if isinstance(key, ed25519.Ed25519PublicKey):
        return ALGORITHMS["ed25519"]
    if isinstance(key, rsa.RSAPublicKey) and key.key_size in RSA_BITS:
        return ALGORITHMS["rsa"]
    raise ProvenanceError("C2PA cannot use this kind of key", where=where, expected=", ".join(ALGORITHMS))


def check_public_key(key: object, where: str) -> PublicKey:
    """Returns a public key that came from another place. Raises ProvenanceError if C2PA cannot use its kind."""
    if isinstance(key, ec.EllipticCurvePublicKey | ed25519.Ed25519PublicKey | rsa.RSAPublicKey):
        return key
    raise ProvenanceError(
        "C2PA cannot use this kind of key",
        where=where,
        expected=", ".join(ALGORITHMS),
        got=type(key).__name__,
    )


def ecdsa_der_to_raw(signature: bytes, algorithm: Algorithm) -> bytes:
    """Returns an ECDSA signature as COSE has it, r then s, each of full width, from DER.

    Raises ValueError if it is no such signature. Source: RFC 9053, 2.1.
    """
    r, s = utils.decode_dss_signature(signature)
    try:
        return r.to_bytes(algorithm.width, "big") + s.to_bytes(algorithm.width, "big")
    except OverflowError as exc:
        raise ValueError("r and s of another curve") from exc


def pss_padding(algorithm: Algorithm) -> padding.PSS:
    """Returns RSA-PSS as COSE has it: the salt is as long as the digest. Source: RFC 8230, 2."""
    assert algorithm.digest is not None
    return cose.pss_padding(algorithm.digest())


def verifies(key: Any, signature: bytes, data: bytes) -> bool:
    """Returns whether a signature in COSE's form is the key's own over `data`.

    Raises ProvenanceError if C2PA does not allow the key.
    """
    algorithm = cose.find_id(find_algorithm(key, "").name)
    return cose.verify_cose(key, algorithm, signature, data) is True


def is_same_key(one: Any, other: Any) -> bool:
    """Returns whether two public keys are equal, by their encoding (SubjectPublicKeyInfo, RFC 5280, 4.1)."""
    return _encode(one) == _encode(other)


def _encode(key: Any) -> bytes:
    form = serialization.PublicFormat.SubjectPublicKeyInfo
    encoded: bytes = key.public_bytes(serialization.Encoding.DER, form)
    return encoded
