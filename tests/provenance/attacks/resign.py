"""Signs a signed film again in place with other certificates: over the same claim, nothing else changes.

Source: RFC 9052, 4.4 (Sig_structure); RFC 9360, 2 (x5chain).
"""

from __future__ import annotations

import struct
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import ObjectIdentifier

from provenance.signing import certificates
from provenance.signing.certificates import Authority, common_name
from provenance.trust.lists import Anchors
from tests.provenance.attacks.reel import Reel

# Algorithms as CBOR writes them (RFC 9053, 2.1): -7 and -36.
ES256, ES512 = b"\x26", b"\x38\x23"
DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)
CODE_SIGNING = x509.ObjectIdentifier("1.3.6.1.5.5.7.3.3")
TLS_SERVER = x509.ObjectIdentifier("1.3.6.1.5.5.7.3.1")


@dataclass(frozen=True)
class Office:
    """A root, an issuer under it, and the list that trusts the root."""

    root: Authority
    issuer: Authority

    @property
    def anchors(self) -> tuple[Anchors, ...]:
        pem = certificates.to_pem(self.root.certificate)
        return (Anchors("an office", pem, f"{datetime.now(UTC):%Y-%m-%d}", 1),)

    def leaf(self) -> Authority:
        return certificates.make_leaf("A signer", self.issuer, 10)


def office(name: str) -> Office:
    root = certificates.make_root(f"{name} root", 100)
    return Office(root, certificates.make_intermediate(f"{name} issuer", root, 50))


def altered(
    made: Authority,
    issuer: Authority,
    valid: tuple[datetime, datetime] | None = None,
    purposes: Sequence[ObjectIdentifier] | None = None,
    ca: bool = False,
) -> Authority:
    """Returns the same certificate, valid at another time, for other purposes, or as an authority's."""
    old = made.certificate
    start, stop = valid or (old.not_valid_before_utc, old.not_valid_after_utc)
    builder = x509.CertificateBuilder(
        old.issuer, old.subject, made.key.public_key(), x509.random_serial_number(), start, stop
    )
    for each in old.extensions:
        value: Any = each.value
        if isinstance(value, x509.ExtendedKeyUsage) and purposes is not None:
            if not purposes:
                continue
            value = x509.ExtendedKeyUsage(purposes)
        if isinstance(value, x509.BasicConstraints) and ca:
            value = x509.BasicConstraints(ca=True, path_length=None)
        builder = builder.add_extension(value, each.critical)
    return Authority(builder.sign(issuer.key, hashes.SHA256()), made.key)


def broken_name(at: Office) -> x509.Certificate:
    """Returns a leaf certificate whose issuer's name is no valid text."""
    der = at.leaf().certificate.public_bytes(Encoding.DER)
    name = common_name(at.issuer.certificate).encode()
    return x509.load_der_x509_certificate(der.replace(name, b"\xff" * len(name), 1))


def resigned(
    reel: Reel,
    by: ec.EllipticCurvePrivateKey,
    chain: Sequence[x509.Certificate],
    alg: bytes = ES256,
    beside: bytes = b"",
) -> bytes:
    """Returns the film with another chain of certificates and another signature.

    alg: the algorithm stated; beside: an entry for the header that is not signed.
    """
    found = reel.super("c2pa.signature")
    start = reel.content(found) + 8
    protected = _protected(chain, alg)
    claim = _claim(reel)
    signature = _side_by_side(
        by.sign(
            _array(_text("Signature1"), _bytes(protected), _bytes(b""), _bytes(claim)),
            ec.ECDSA(hashes.SHA256()),
        )
    )
    count = b"\xa2" if beside else b"\xa1"
    head = b"\xd2\x84" + _bytes(protected) + count + beside + _text("pad")
    tail = b"\xf6" + _bytes(signature)
    room = found.stop - start - len(head) - len(tail) - 3
    assert room >= 256, "no room"
    return reel.write(start, head + b"\x59" + struct.pack(">H", room) + bytes(room) + tail)


def _claim(reel: Reel) -> bytes:
    found = reel.super("c2pa.claim.v2")
    return reel.data[reel.content(found) + 8 : found.stop]


def _protected(chain: Sequence[x509.Certificate], alg: bytes) -> bytes:
    ders = [_bytes(each.public_bytes(Encoding.DER)) for each in chain]
    certificates_ = _array(*ders) if len(ders) > 1 else ders[0]
    return b"\xa2\x01" + alg + b"\x18\x21" + certificates_


def _side_by_side(der: bytes) -> bytes:
    return b"".join(part.to_bytes(32, "big") for part in decode_dss_signature(der))


def _array(*items: bytes) -> bytes:
    return bytes([0x80 + len(items)]) + b"".join(items)


def _text(value: str) -> bytes:
    return bytes([0x60 + len(value)]) + value.encode()


def _bytes(value: bytes) -> bytes:
    if len(value) < 24:
        return bytes([0x40 + len(value)]) + value
    if len(value) < 256:
        return b"\x58" + bytes([len(value)]) + value
    return b"\x59" + struct.pack(">H", len(value)) + value
