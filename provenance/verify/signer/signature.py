"""A claim's signature taken apart: who signed, with what, and what was stapled to it.

Source: RFC 9052, 4.2 to 4.4 (COSE_Sign1); RFC 9053, 2 and RFC 8230 (algorithms); RFC 9360, 2 (x5chain);
C2PA 2.4, 10.3.2.5 (time-stamps) and 15.9.1 (stapled revocation).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature

from post.errors import SourceError
from provenance.formats import cbor
from provenance.verify.signer import cert_path

_CHAIN = (33, "x5chain")
_MAX_CERTIFICATES = 16
_MAX_STAPLED = 16
_DIGESTS: dict[int, Callable[[], hashes.HashAlgorithm]] = {
    **dict.fromkeys((-7, -37), hashes.SHA256),
    **dict.fromkeys((-35, -38), hashes.SHA384),
    **dict.fromkeys((-36, -39), hashes.SHA512),
}
_EDDSA = -8


@dataclass(frozen=True, slots=True)
class Stamp:
    """A time-stamp token (DER), and what its imprint must be of."""

    token: bytes
    over: bytes


@dataclass(frozen=True, slots=True)
class Signature:
    """chain: leaf first; value: the signature itself; stamps: the time-stamps beside it;
    stapled: OCSP responses (DER); holds: whether it is the leaf's signature over the claim, None where
    its algorithm is not known here."""

    chain: tuple[x509.Certificate, ...]
    value: bytes
    stamps: tuple[Stamp, ...]
    stapled: tuple[bytes, ...]
    holds: bool | None

    @property
    def leaf(self) -> x509.Certificate:
        return self.chain[0]

    def with_stapled(self, more: tuple[bytes, ...]) -> Signature:
        return replace(self, stapled=self.stapled + more)


def read(data: bytes, claim: bytes) -> Signature:
    """A COSE_Sign1 over a claim. Raises SourceError where it is none, or names no certificate."""
    match cbor.decode(data):
        case [bytes(protected), dict(loose), _, bytes(value)]:
            pass
        case _:
            raise SourceError("a signature is no COSE_Sign1", where="c2pa.signature")
    signed = cbor.decode(protected) if protected else {}
    header: dict[Any, Any] = {**loose, **(signed if isinstance(signed, dict) else {})}
    chain = tuple(_certificates(next((header[key] for key in _CHAIN if key in header), None)))
    if not chain:
        raise SourceError("a signature names no certificate", where="c2pa.signature")
    # A countersignature over the signature (C2PA 2.4, 10.3.2.5); those of version 1 were over the claim.
    after, before = (
        cbor.encode(["CounterSignature", protected, b"", each]) for each in (cbor.encode(value), claim)
    )
    return Signature(
        chain,
        value,
        tuple(_stamps(loose, {"sigTst": before, "sigTst2": after})),
        tuple(_listed(loose.get("rVals"), "ocspVals"))[:_MAX_STAPLED],
        _holds(chain[0], header.get(1), value, cbor.encode(["Signature1", protected, b"", claim])),
    )


def _certificates(found: Any) -> Iterator[x509.Certificate]:
    for der in (found if isinstance(found, list) else [found])[:_MAX_CERTIFICATES]:
        if isinstance(der, bytes):
            try:
                yield cert_path.certificate(der)
            except ValueError as exc:
                raise SourceError("a certificate cannot be read", where="c2pa.signature") from exc


def _stamps(loose: Mapping[Any, Any], made_over: Mapping[str, bytes]) -> Iterator[Stamp]:
    for header, over in made_over.items():
        held = loose.get(header)
        tokens = held.get("tstTokens") if isinstance(held, dict) else None
        for token in (tokens if isinstance(tokens, list) else [])[:_MAX_STAPLED]:
            if isinstance(token, dict) and isinstance(token.get("val"), bytes):
                yield Stamp(token["val"], over)


def _listed(held: Any, name: str) -> Iterator[bytes]:
    found = held.get(name) if isinstance(held, dict) else None
    yield from (each for each in found if isinstance(each, bytes)) if isinstance(found, list) else ()


def _holds(leaf: x509.Certificate, algorithm: Any, value: bytes, data: bytes) -> bool | None:
    try:
        key = leaf.public_key()
    except cert_path.UNREADABLE:
        return None
    digest = _DIGESTS.get(algorithm) if isinstance(algorithm, int) else None
    try:
        if isinstance(key, ed25519.Ed25519PublicKey) and algorithm == _EDDSA:
            key.verify(value, data)
        elif isinstance(key, ec.EllipticCurvePublicKey) and digest:
            key.verify(_der(value), data, ec.ECDSA(digest()))
        elif isinstance(key, rsa.RSAPublicKey) and digest:
            rule = digest()
            key.verify(value, data, padding.PSS(padding.MGF1(rule), rule.digest_size), rule)
        else:
            return None
    except (InvalidSignature, ValueError):  # a key too short for the digest is a ValueError
        return False
    return True


def _der(value: bytes) -> bytes:
    half = len(value) // 2
    return encode_dss_signature(int.from_bytes(value[:half], "big"), int.from_bytes(value[half:], "big"))


def stapled_in(assertions: Sequence[Any]) -> tuple[bytes, ...]:
    """OCSP responses in certificate-status assertions (C2PA 2.4, 18.22), as read from their CBOR."""
    found = [der for each in assertions for der in _listed(each, "ocspVals")]
    return tuple(found[:_MAX_STAPLED])
