"""Builds a path from a certificate to a trust anchor, and checks what a certificate may be used for.

    leaf ---> issuer ---> ... ---> anchor
    (sent with the signature)      (on a trust list)

Source: RFC 5280, 6.1 (path validation), as far as signers of claims and time-stamps need it: names and
signatures, validity at a stated time, authority, path length and key usage. Revocation is checked in
`revocation`.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.padding import PSS
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.utils import CryptographyDeprecationWarning
from cryptography.x509.oid import ExtendedKeyUsageOID, ObjectIdentifier

from post.errors import SourceError
from provenance.formats import printable_names
from provenance.signing.profile import PURPOSES
from provenance.verify.signer.x509_signature import check_signature

CertPath = tuple[x509.Certificate, ...]
_MAX_LENGTH = 8
_MAX_STEPS = 200  # certificates looked at: a chain that runs in a circle ends
# The extended key usages of a signer of claims, and of a time-stamping authority.
SIGNING = frozenset(PURPOSES)
STAMPING = frozenset((ExtendedKeyUsageOID.TIME_STAMPING,))


@dataclass(frozen=True, slots=True)
class CertPool:
    """The certificates to look for issuers in. anchors: trusted; others: sent along, not trusted."""

    anchors: Sequence[x509.Certificate]
    others: Sequence[x509.Certificate] = ()


# All the errors by which the library says that bytes are no certificate, OCSP response or list.
UNREADABLE = (
    ValueError,
    TypeError,
    UnsupportedAlgorithm,
    x509.InvalidVersion,
    x509.DuplicateExtension,
    x509.UnsupportedGeneralNameType,
)


def read_certificate(der: bytes) -> x509.Certificate:
    """Reads a certificate and every part of it that is used here.

    The library reads each part only when it is asked for, and would raise in the middle of a
    verification. Raises ValueError where a part cannot be read.
    """
    try:
        with warnings.catch_warnings():
            # About a serial number below zero, for example: it is still read, and the user cannot mend it.
            warnings.simplefilter("ignore", CryptographyDeprecationWarning)
            return _with_all_parts(_load(der))
    except (SourceError, *UNREADABLE) as exc:
        raise ValueError(str(exc)) from exc


def _load(der: bytes) -> x509.Certificate:
    """Loads a certificate, whatever letters its names hold (see `printable_names`)."""
    try:
        found = x509.load_der_x509_certificate(der)
    except ValueError:
        retagged = printable_names.retag_names(der)
        if not retagged:
            raise
        return x509.load_der_x509_certificate(retagged)
    if printable_names.read_received(der):
        raise ValueError("it holds another certificate in the place of its signature")
    return found


def _with_all_parts(certificate: x509.Certificate) -> x509.Certificate:
    _ = (
        certificate.issuer,
        certificate.subject,
        certificate.serial_number,
        certificate.not_valid_before_utc,
        certificate.not_valid_after_utc,
    )
    return certificate


def find_path(leaf: x509.Certificate, pool: CertPool, at: datetime) -> CertPath:
    """Returns the path from a leaf to an anchor, both included; () where none is valid at that time."""
    anchors = {_fingerprint(each) for each in pool.anchors}
    steps = _MAX_STEPS
    waiting: list[CertPath] = [(leaf,)] if is_valid_at(leaf, at) else []
    while waiting and steps > 0:
        path = waiting.pop()
        if _fingerprint(path[-1]) in anchors:
            return path
        steps -= 1
        if len(path) < _MAX_LENGTH:
            waiting += [(*path, each) for each in _issuers(path, pool, at)]
    return ()


def is_valid_at(certificate: x509.Certificate, at: datetime) -> bool:
    """Whether a time lies in a certificate's validity, both ends included."""
    return certificate.not_valid_before_utc <= at <= certificate.not_valid_after_utc


def is_fit_for(leaf: x509.Certificate, purposes: frozenset[ObjectIdentifier]) -> bool:
    """Whether a leaf may be used for one of some purposes.

    It must be no authority, its key must be for signatures, and it must name a purpose (extended key usage).
    """
    usage = read_extension(leaf, x509.KeyUsage)
    named = read_extension(leaf, x509.ExtendedKeyUsage)
    limits = read_extension(leaf, x509.BasicConstraints)
    if limits is not None and limits.ca:
        return False
    signs = usage is None or usage.digital_signature
    return signs and named is not None and bool(purposes & set(named))


def is_issued_by(certificate: x509.Certificate, issuer: x509.Certificate) -> bool:
    """Whether an issuer's name and key are those that a certificate was signed under."""
    try:
        certificate.verify_directly_issued_by(issuer)
    except InvalidSignature:
        return certificate.issuer == issuer.subject and _signed_as_received(certificate, issuer)
    except UNREADABLE:
        return False
    return True


def _signed_as_received(certificate: x509.Certificate, issuer: x509.Certificate) -> bool:
    """Whether an issuer signed a certificate, whose names were retagged here, as it was received."""
    received = printable_names.read_received(certificate.public_bytes(Encoding.DER))
    if received is None:
        return False
    try:
        pss = isinstance(certificate.signature_algorithm_parameters, PSS)
        check_signature(issuer, received.signature, received.tbs, certificate.signature_hash_algorithm, pss)
    except (InvalidSignature, *UNREADABLE):
        return False
    return True


def _issuers(path: CertPath, pool: CertPool, at: datetime) -> Iterator[x509.Certificate]:
    """Yields who may have issued the last certificate of a path. Anchors come last: `find_path` takes
    the last one first."""
    for each in (*pool.others, *pool.anchors):
        if each in path or each.subject != path[-1].issuer:
            continue
        if is_valid_at(each, at) and _may_issue(each, len(path) - 1) and is_issued_by(path[-1], each):
            yield each


def _may_issue(issuer: x509.Certificate, below: int) -> bool:
    """Whether a certificate is an authority's. below: authorities between it and the leaf (RFC 5280, 4.2.1.9)."""
    limits, usage = read_extension(issuer, x509.BasicConstraints), read_extension(issuer, x509.KeyUsage)
    if limits is None or not limits.ca:
        return False
    short_enough = limits.path_length is None or below <= limits.path_length
    return short_enough and (usage is None or usage.key_cert_sign)


ExtensionKind = TypeVar("ExtensionKind", bound=x509.ExtensionType)


def read_extension(certificate: x509.Certificate, kind: type[ExtensionKind]) -> ExtensionKind | None:
    """Returns a certificate's extension of a kind; None where there is none, or it cannot be read."""
    try:
        return certificate.extensions.get_extension_for_class(kind).value
    except (x509.ExtensionNotFound, *UNREADABLE):
        return None


def _fingerprint(certificate: x509.Certificate) -> bytes:
    return certificate.fingerprint(SHA256())
