"""Reads the signature of a claim: who signed, with what, what was stapled to it, and whether it holds.

    COSE_Sign1 = [protected header, unprotected header, payload (null), signature]
                  algorithm, x5chain  sigTst(2), rVals

Source: RFC 9052, 4.2 to 4.4 (COSE_Sign1); RFC 9360, 2 (x5chain); C2PA 2.4, 10.3.2.5 (time-stamps) and
15.9.1 (stapled revocation).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from cryptography import x509

from post.errors import SourceError
from provenance.formats import cbor
from provenance.signing.cose import verify_cose
from provenance.verify.signer.cert_path import UNREADABLE, read_certificate

_CHAIN = (33, "x5chain")
_ALGORITHM = 1
_MAX_CERTIFICATES = 16
_MAX_STAPLED = 16
_WHERE = "c2pa.signature"


@dataclass(frozen=True, slots=True)
class TimeStampToken:
    """An RFC 3161 time-stamp. token: DER; stamped: the bytes it must have been made over."""

    token: bytes
    stamped: bytes


@dataclass(frozen=True, slots=True)
class ClaimSignature:
    """A claim's signature taken apart.

    chain: the certificates, leaf first; value: the signature's own bytes; stamps: the time-stamps beside
    it; stapled: OCSP responses (DER); holds: whether it is the leaf's signature over the claim, None where
    its algorithm is not known here.
    """

    chain: tuple[x509.Certificate, ...]
    value: bytes
    stamps: tuple[TimeStampToken, ...]
    stapled: tuple[bytes, ...]
    holds: bool | None

    @property
    def leaf(self) -> x509.Certificate:
        """The signer's own certificate."""
        return self.chain[0]

    def with_stapled(self, more: tuple[bytes, ...]) -> ClaimSignature:
        """Returns the same signature with further OCSP responses."""
        return replace(self, stapled=self.stapled + more)


def read(data: bytes, claim: bytes) -> ClaimSignature:
    """Reads a COSE_Sign1 and checks its signature over a claim.

    Raises SourceError where the bytes are no COSE_Sign1, or name no certificate that can be read.
    """
    match cbor.decode(data):
        case [bytes(protected), dict(unprotected), _, bytes(value)]:
            pass
        case _:
            raise SourceError("the signature is no COSE_Sign1", where=_WHERE)
    signed = cbor.decode(protected) if protected else {}
    header: dict[Any, Any] = {**unprotected, **(signed if isinstance(signed, dict) else {})}
    chain = tuple(_certificates(next((header[key] for key in _CHAIN if key in header), None)))
    if not chain:
        raise SourceError("the signature names no certificate", where=_WHERE)
    return ClaimSignature(
        chain,
        value,
        tuple(_stamps(unprotected, protected, value, claim)),
        tuple(_byte_strings(unprotected.get("rVals"), "ocspVals"))[:_MAX_STAPLED],
        _holds(chain[0], header.get(_ALGORITHM), value, cbor.encode(["Signature1", protected, b"", claim])),
    )


def read_stapled(assertions: Sequence[Any]) -> tuple[bytes, ...]:
    """Returns the OCSP responses in certificate-status assertions (C2PA 2.4, 18.22).

    assertions: each as read from its CBOR, which may hold anything.
    """
    found = [der for each in assertions for der in _byte_strings(each, "ocspVals")]
    return tuple(found[:_MAX_STAPLED])


def _certificates(held: Any) -> Iterator[x509.Certificate]:
    for der in (held if isinstance(held, list) else [held])[:_MAX_CERTIFICATES]:
        if isinstance(der, bytes):
            try:
                yield read_certificate(der)
            except ValueError as exc:
                raise SourceError("a certificate cannot be read", where=_WHERE) from exc


def _stamps(
    unprotected: Mapping[Any, Any], protected: bytes, value: bytes, claim: bytes
) -> Iterator[TimeStampToken]:
    """Yields the time-stamps: version 2 is over the signature, version 1 was over the claim (10.3.2.5)."""
    for header, over in (("sigTst", claim), ("sigTst2", cbor.encode(value))):
        held = unprotected.get(header)
        tokens = held.get("tstTokens") if isinstance(held, dict) else None
        stamped = cbor.encode(["CounterSignature", protected, b"", over])
        for token in (tokens if isinstance(tokens, list) else [])[:_MAX_STAPLED]:
            if isinstance(token, dict) and isinstance(token.get("val"), bytes):
                yield TimeStampToken(token["val"], stamped)


def _byte_strings(held: Any, name: str) -> Iterator[bytes]:
    found = held.get(name) if isinstance(held, dict) else None
    yield from (each for each in found if isinstance(each, bytes)) if isinstance(found, list) else ()


def _holds(leaf: x509.Certificate, algorithm: Any, value: bytes, data: bytes) -> bool | None:
    try:
        return verify_cose(leaf.public_key(), algorithm, value, data)
    except UNREADABLE:
        return None
