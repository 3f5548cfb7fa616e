"""Time-stamps judged: when, by whom, over what, and which list of authorities vouches.

Source: RFC 3161, 2.4.2 (TSTInfo); RFC 5652, 5 (SignedData); C2PA 2.4, 14.4.2: authorities have a trust
list of their own, and a list of signers vouches for none of them.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa

from post.errors import SourceError
from provenance.formats import der
from provenance.formats.der import DerValue
from provenance.signing.certificates import common_name
from provenance.verify.signer import cert_path
from provenance.verify.signer.signature import Stamp

_SIGNED_DATA, _TST_INFO = "1.2.840.113549.1.7.2", "1.2.840.113549.1.9.16.1.4"
_MESSAGE_DIGEST = "1.2.840.113549.1.9.4"
_PSS = "1.2.840.113549.1.1.10"
_CERTIFICATES, _ATTRIBUTES, _KEY_ID, _CONTENT = 0xA0, 0xA0, 0x80, 0xA0
_MAX_TOKEN = 1 << 20
_MAX_CERTIFICATES = 16
_DIGESTS: dict[str, Callable[[], hashes.HashAlgorithm]] = {
    "2.16.840.1.101.3.4.2.1": hashes.SHA256,
    "2.16.840.1.101.3.4.2.2": hashes.SHA384,
    "2.16.840.1.101.3.4.2.3": hashes.SHA512,
}


class OtherClaimError(SourceError):
    """A time-stamp that is one, of something else."""


@dataclass(frozen=True, slots=True)
class Stamped:
    """What a time-stamp says. when: UTC; authority: its certificate; others: sent along with it."""

    when: datetime
    authority: x509.Certificate
    others: tuple[x509.Certificate, ...]

    @property
    def name(self) -> str:
        return common_name(self.authority)


def read(stamp: Stamp) -> Stamped:
    """A time-stamp that holds: over these very bytes, signed by the certificate it names.

    Raises OtherClaimError where it is over other bytes, SourceError where it does not hold or is no time-stamp.
    """
    signed = _signed_data(stamp.token)
    content, signer = _content(signed), signed[-1].at(0, der.SEQUENCE)
    certificates = _certificates(signed)
    authority = _named(signer, certificates)
    _check_signature(signer, content, authority)
    info = der.decode(content)
    _check_imprint(info.at(2, der.SEQUENCE), stamp.over)
    return Stamped(_time(info.at(4, der.GENERALIZED_TIME)), authority, certificates)


def _signed_data(token: bytes) -> tuple[DerValue, ...]:
    """The parts of the SignedData, whether the token came alone or in a whole response (sigTst)."""
    if len(token) > _MAX_TOKEN:
        raise _wrong("a time-stamp is too large")
    outer = der.decode(token)
    parts = outer.inside()
    if parts and parts[0].tag == der.SEQUENCE:
        outer = outer.at(1, der.SEQUENCE)
    if outer.at(0, der.OID).oid != _SIGNED_DATA:
        raise _wrong("a time-stamp of no kind")
    found = outer.at(1, _CONTENT).at(0, der.SEQUENCE).inside()
    if len(found) < 4 or found[-1].tag != der.SET:
        raise _wrong("a time-stamp without a signature")
    return found


def _content(signed: tuple[DerValue, ...]) -> bytes:
    held = signed[2]
    if held.at(0, der.OID).oid != _TST_INFO:
        raise _wrong("a time-stamp of something else")
    return held.at(1, _CONTENT).at(0, der.OCTETS).body


def _certificates(signed: tuple[DerValue, ...]) -> tuple[x509.Certificate, ...]:
    """Those that can be read: real authorities are about whose names hold letters DER forbids there."""
    held = next((part for part in signed[3:-1] if part.tag == _CERTIFICATES), None)
    found = []
    for part in held.inside()[:_MAX_CERTIFICATES] if held else ():
        with suppress(ValueError):
            found.append(cert_path.certificate(part.whole))
    return tuple(found)


def _named(signer: DerValue, certificates: tuple[x509.Certificate, ...]) -> x509.Certificate:
    sid = signer.inside()[1]
    found = next((each for each in certificates if _is(each, sid)), None)
    if found is None:
        raise _wrong("a time-stamp whose authority's certificate cannot be read")
    return found


def _is(found: x509.Certificate, sid: DerValue) -> bool:
    if sid.tag == _KEY_ID:
        known = cert_path.extension(found, x509.SubjectKeyIdentifier)
        return known is not None and known.digest == sid.body
    return (
        sid.at(0, der.SEQUENCE).whole == found.issuer.public_bytes()
        and sid.at(1, der.INTEGER).number == found.serial_number
    )


def _check_signature(signer: DerValue, content: bytes, authority: x509.Certificate) -> None:
    """RFC 5652, 5.4: what is signed is the attributes, as a SET, and they name the content's digest."""
    parts = signer.inside()
    digest = _digest(signer.at(2, der.SEQUENCE))
    attributes = signer.at(3, _ATTRIBUTES)
    told = {each.at(0, der.OID).oid: each.at(1, der.SET) for each in attributes.inside()}
    stated = told.get(_MESSAGE_DIGEST)
    if stated is None or stated.at(0, der.OCTETS).body != _hash(digest, content):
        raise _wrong("a time-stamp's content is not what was signed")
    data = bytes([der.SET]) + attributes.whole[1:]
    pss = parts[4].at(0, der.OID).oid == _PSS
    try:
        _verify(authority, signer.at(5, der.OCTETS).body, data, digest, pss)
    except (InvalidSignature, *cert_path.UNREADABLE) as exc:
        raise _wrong("a time-stamp's signature does not hold") from exc


def _verify(
    authority: x509.Certificate, value: bytes, data: bytes, digest: hashes.HashAlgorithm, pss: bool
) -> None:
    key = authority.public_key()
    if isinstance(key, rsa.RSAPublicKey):
        pad = padding.PSS(padding.MGF1(digest), padding.PSS.AUTO) if pss else padding.PKCS1v15()
        key.verify(value, data, pad, digest)
    elif isinstance(key, ec.EllipticCurvePublicKey):
        key.verify(value, data, ec.ECDSA(digest))
    elif isinstance(key, ed25519.Ed25519PublicKey):
        key.verify(value, data)
    else:
        raise UnsupportedAlgorithm(type(key).__name__)


def _check_imprint(imprint: DerValue, over: bytes) -> None:
    digest = _digest(imprint.at(0, der.SEQUENCE))
    if imprint.at(1, der.OCTETS).body != _hash(digest, over):
        raise OtherClaimError("a time-stamp of another claim", where="time-stamp")


def _digest(algorithm: DerValue) -> hashes.HashAlgorithm:
    found = _DIGESTS.get(algorithm.at(0, der.OID).oid)
    if found is None:
        raise _wrong("a time-stamp's digest is of no kind known here")
    return found()


def _hash(digest: hashes.HashAlgorithm, data: bytes) -> bytes:
    made = hashes.Hash(digest)
    made.update(data)
    return made.finalize()


def _time(node: DerValue) -> datetime:
    """RFC 3161, 2.4.2: YYYYMMDDhhmmss[.f]Z."""
    try:
        return datetime.strptime(node.body.decode("ascii")[:14], "%Y%m%d%H%M%S").replace(tzinfo=UTC)
    except ValueError as exc:
        raise _wrong("a time-stamp without a time") from exc


def _wrong(what: str) -> SourceError:
    return SourceError(what, where="time-stamp")
