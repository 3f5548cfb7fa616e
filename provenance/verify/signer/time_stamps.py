"""Reads a time-stamp and checks that it holds: when it was made, by whom, and over which bytes.

Which trust list vouches for the authority is judged in `credentials`: authorities have lists of their own,
and a list of signers vouches for none of them (C2PA 2.4, 14.4.2).
Source: RFC 3161, 2.4.2 (TSTInfo); RFC 5652, 5 (SignedData).
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes

from post.errors import SourceError
from provenance.formats import der, printable_names
from provenance.formats.der import DerValue
from provenance.signing.certificates import common_name
from provenance.verify.signer.cert_path import UNREADABLE, read_certificate, read_extension
from provenance.verify.signer.signature import TimeStampToken
from provenance.verify.signer.x509_signature import check_signature, hash_bytes

_SIGNED_DATA, _TST_INFO = "1.2.840.113549.1.7.2", "1.2.840.113549.1.9.16.1.4"
_MESSAGE_DIGEST = "1.2.840.113549.1.9.4"
_PSS = "1.2.840.113549.1.1.10"
_CERTIFICATES, _ATTRIBUTES, _KEY_ID, _CONTENT = 0xA0, 0xA0, 0x80, 0xA0
_MAX_TOKEN_BYTES = 1 << 20
_MAX_CERTIFICATES = 16
_DIGESTS: dict[str, Callable[[], hashes.HashAlgorithm]] = {
    "2.16.840.1.101.3.4.2.1": hashes.SHA256,
    "2.16.840.1.101.3.4.2.2": hashes.SHA384,
    "2.16.840.1.101.3.4.2.3": hashes.SHA512,
}


class OtherClaimError(SourceError):
    """A time-stamp that is whole, and was made over other bytes."""


@dataclass(frozen=True, slots=True)
class TimeStamp:
    """What a time-stamp says. when: in UTC; authority: the certificate of who made it; others: the
    certificates sent along with it."""

    when: datetime
    authority: x509.Certificate
    others: tuple[x509.Certificate, ...]

    @property
    def authority_name(self) -> str:
        """The common name of who made it."""
        return common_name(self.authority)


def read(token: TimeStampToken) -> TimeStamp:
    """Reads a time-stamp and checks its signature and the bytes it was made over.

    Raises OtherClaimError where it is over other bytes, SourceError where it does not hold or is none.
    """
    signed = _signed_data(token.token)
    content, signer = _content(signed), signed[-1].at(0, der.SEQUENCE)
    certificates = _certificates(signed)
    authority = _authority(signer, certificates)
    _check_signer(signer, content, authority)
    info = der.decode(content)
    _check_imprint(info.at(2, der.SEQUENCE), token.stamped)
    return TimeStamp(_time(info.at(4, der.GENERALIZED_TIME)), authority, certificates)


def _signed_data(token: bytes) -> tuple[DerValue, ...]:
    """Returns the parts of the SignedData, from a bare token or from a whole TimeStampResp (sigTst)."""
    if len(token) > _MAX_TOKEN_BYTES:
        raise _malformed(f"it has more than {_MAX_TOKEN_BYTES} bytes")
    outer = der.decode(token)
    parts = outer.inside()
    if parts and parts[0].tag == der.SEQUENCE:
        outer = outer.at(1, der.SEQUENCE)
    if outer.at(0, der.OID).oid != _SIGNED_DATA:
        raise _malformed("it is no SignedData")
    found = outer.at(1, _CONTENT).at(0, der.SEQUENCE).inside()
    if len(found) < 4 or found[-1].tag != der.SET:
        raise _malformed("it has no signature")
    return found


def _content(signed: tuple[DerValue, ...]) -> bytes:
    held = signed[2]
    if held.at(0, der.OID).oid != _TST_INFO:
        raise _malformed("its content is no TSTInfo")
    return held.at(1, _CONTENT).at(0, der.OCTETS).body


def _certificates(signed: tuple[DerValue, ...]) -> tuple[x509.Certificate, ...]:
    """Returns the certificates that can be read."""
    held = next((part for part in signed[3:-1] if part.tag == _CERTIFICATES), None)
    found = []
    for part in held.inside()[:_MAX_CERTIFICATES] if held else ():
        with suppress(ValueError):
            found.append(read_certificate(part.whole))
    return tuple(found)


def _authority(signer: DerValue, certificates: tuple[x509.Certificate, ...]) -> x509.Certificate:
    """Returns the certificate that the SignerInfo names."""
    parts = signer.inside()
    if len(parts) < 2:
        raise _malformed("its SignerInfo names nobody")
    sid = parts[1]
    found = next((each for each in certificates if _is_named(each, sid)), None)
    if found is None:
        raise _malformed("its authority's certificate cannot be read")
    return found


def _is_named(certificate: x509.Certificate, sid: DerValue) -> bool:
    """Whether a SignerIdentifier names a certificate (RFC 5652, 5.3)."""
    if sid.tag == _KEY_ID:
        key_id = read_extension(certificate, x509.SubjectKeyIdentifier)
        return key_id is not None and key_id.digest == sid.body
    return (
        printable_names.retag_name(sid.at(0, der.SEQUENCE).whole) == certificate.issuer.public_bytes()
        and sid.at(1, der.INTEGER).number == certificate.serial_number
    )


def _check_signer(signer: DerValue, content: bytes, authority: x509.Certificate) -> None:
    """Checks the signature over the attributes, as a SET, and the content's digest in them (RFC 5652, 5.4)."""
    digest = _digest(signer.at(2, der.SEQUENCE))
    attributes = signer.at(3, _ATTRIBUTES)
    rows = {each.at(0, der.OID).oid: each.at(1, der.SET) for each in attributes.inside()}
    stated = rows.get(_MESSAGE_DIGEST)
    if stated is None or stated.at(0, der.OCTETS).body != hash_bytes(digest, content):
        raise _malformed("its content is not what was signed")
    data = bytes([der.SET]) + attributes.whole[1:]
    pss = signer.at(4, der.SEQUENCE).at(0, der.OID).oid == _PSS
    try:
        check_signature(authority, signer.at(5, der.OCTETS).body, data, digest, pss)
    except (InvalidSignature, *UNREADABLE) as exc:
        raise _malformed("its signature does not hold") from exc


def _check_imprint(imprint: DerValue, stamped: bytes) -> None:
    digest = _digest(imprint.at(0, der.SEQUENCE))
    if imprint.at(1, der.OCTETS).body != hash_bytes(digest, stamped):
        raise OtherClaimError("the time-stamp is of another claim", where="time-stamp")


def _digest(algorithm: DerValue) -> hashes.HashAlgorithm:
    found = _DIGESTS.get(algorithm.at(0, der.OID).oid)
    if found is None:
        raise _malformed("its digest is none of SHA-256, SHA-384 and SHA-512")
    return found()


def _time(node: DerValue) -> datetime:
    """Reads YYYYMMDDhhmmss[.f]Z to the second (RFC 3161, 2.4.2)."""
    try:
        return datetime.strptime(node.body.decode("ascii")[:14], "%Y%m%d%H%M%S").replace(tzinfo=UTC)
    except ValueError as exc:
        raise _malformed("it holds no time") from exc


def _malformed(why: str) -> SourceError:
    return SourceError(f"the time-stamp is malformed: {why}", where="time-stamp")
