"""A time-stamp whose SignerInfo has fewer parts than RFC 5652, 5.3 asks for is refused, wherever it ends."""

from __future__ import annotations

from hashlib import sha256

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from post.errors import SourceError
from provenance.signing import certificates
from provenance.verify.signer import time_stamps
from provenance.verify.signer.signature import TimeStampToken

INTEGER_ONE, SHA256 = bytes.fromhex("020101"), bytes.fromhex("300b0609608648016503040201")
SIGNED_DATA, TST_INFO = bytes.fromhex("06092a864886f70d010702"), bytes.fromhex("060b2a864886f70d0109100104")
MESSAGE_DIGEST, ECDSA = bytes.fromhex("06092a864886f70d010904"), bytes.fromhex("300a06082a8648ce3d040302")
SEQUENCE, SET, OCTETS, TAGGED = 0x30, 0x31, 0x04, 0xA0


def value(tag: int, *parts: bytes) -> bytes:
    body = b"".join(parts)
    size = len(body)
    return bytes([tag, size] if size < 128 else [tag, 0x82, size >> 8, size & 0xFF]) + body


CONTENT = value(SEQUENCE, INTEGER_ONE)


@pytest.fixture(scope="module")
def authority() -> x509.Certificate:
    return certificates.make_root("Authority", 30).certificate


def token(authority: x509.Certificate, count: int) -> bytes:
    """A token with the first `count` parts of its SignerInfo, which are all in order but for the signature."""
    name = value(SEQUENCE, authority.issuer.public_bytes(), serial(authority))
    digest = value(SEQUENCE, MESSAGE_DIGEST, value(SET, value(OCTETS, sha256(CONTENT).digest())))
    parts = (INTEGER_ONE, name, SHA256, value(TAGGED, digest), ECDSA, value(OCTETS, bytes(64)))
    return value(
        SEQUENCE,
        SIGNED_DATA,
        value(
            TAGGED,
            value(
                SEQUENCE,
                INTEGER_ONE,
                value(SET, SHA256),
                value(SEQUENCE, TST_INFO, value(TAGGED, value(OCTETS, CONTENT))),
                value(TAGGED, authority.public_bytes(Encoding.DER)),
                value(SET, value(SEQUENCE, *parts[:count])),
            ),
        ),
    )


def serial(authority: x509.Certificate) -> bytes:
    number = authority.serial_number
    return value(0x02, number.to_bytes(number.bit_length() // 8 + 1, "big"))


@pytest.mark.parametrize("count", range(7))
def test_a_signer_info_that_ends_anywhere_is_a_source_error(authority: x509.Certificate, count: int) -> None:
    why = "its signature does not hold" if count == 6 else "malformed"
    with pytest.raises(SourceError, match=why):
        time_stamps.read(TimeStampToken(token(authority, count), b"claim"))
