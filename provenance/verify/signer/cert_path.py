"""Who vouches for a certificate: a path from it to a list of anchors.

Source: RFC 5280, 6.1 (path validation), as far as signers of claims and time-stamps go: names and
signatures, validity at a stated time, authority and path length, key usage. Revocation is another matter.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.utils import CryptographyDeprecationWarning
from cryptography.x509.oid import ExtendedKeyUsageOID, ObjectIdentifier

from provenance.signing.certificates import CLAIM_SIGNING

Certificate = x509.Certificate
Path = tuple[Certificate, ...]
_MAX_PATH = 8
_MAX_STEPS = 200  # of comparing names and signatures: a chain that goes in circles ends
# What a signer of claims may be certified for (C2PA 2.4, 14.5.1; the SDK's own default list).
SIGNING = frozenset(
    (
        CLAIM_SIGNING,
        ExtendedKeyUsageOID.EMAIL_PROTECTION,
        ObjectIdentifier("1.3.6.1.5.5.7.3.36"),  # documentSigning, RFC 9336
        ObjectIdentifier("1.3.6.1.4.1.311.76.59.1.9"),  # Microsoft's C2PA signing
    )
)
STAMPING = frozenset((ExtendedKeyUsageOID.TIME_STAMPING,))


@dataclass(frozen=True, slots=True)
class Bag:
    """Certificates to find issuers among. others: sent along, trusted by nobody."""

    anchors: Sequence[Certificate]
    others: Sequence[Certificate] = ()


# Of what is no certificate, answer or list the library says so in all these ways.
UNREADABLE = (
    ValueError,
    TypeError,
    UnsupportedAlgorithm,
    x509.InvalidVersion,
    x509.DuplicateExtension,
    x509.UnsupportedGeneralNameType,
)


def certificate(der: bytes) -> Certificate:
    """A certificate whose every part can be read: the library reads each when it is asked for, and would
    raise in the middle of a verification. Raises ValueError where one cannot be."""
    try:
        with warnings.catch_warnings():
            # Of a serial number below zero, say: it is read today, and the user can do nothing about it.
            warnings.simplefilter("ignore", CryptographyDeprecationWarning)
            return _whole(x509.load_der_x509_certificate(der))
    except UNREADABLE as exc:
        raise ValueError(str(exc)) from exc


def _whole(found: Certificate) -> Certificate:
    _ = (
        found.issuer,
        found.subject,
        found.serial_number,
        found.not_valid_before_utc,
        found.not_valid_after_utc,
    )
    return found


def path(leaf: Certificate, bag: Bag, at: datetime) -> Path:
    """From a leaf to an anchor, both ends in it; () where there is none that is valid at a time."""
    known = {_print(each) for each in bag.anchors}
    budget = _MAX_STEPS
    waiting: list[Path] = [(leaf,)] if current(leaf, at) else []
    while waiting and budget > 0:
        found = waiting.pop()
        if _print(found[-1]) in known:
            return found
        budget -= 1
        if len(found) < _MAX_PATH:
            waiting += [(*found, each) for each in _issuers(found, bag, at)]
    return ()


def current(found: Certificate, at: datetime) -> bool:
    return found.not_valid_before_utc <= at <= found.not_valid_after_utc


def fit_for(leaf: Certificate, purposes: frozenset[ObjectIdentifier]) -> bool:
    """Whether a leaf may be used so: no authority, a key for signatures, and a purpose it names."""
    usage = extension(leaf, x509.KeyUsage)
    purpose = extension(leaf, x509.ExtendedKeyUsage)
    limits = extension(leaf, x509.BasicConstraints)
    if limits is not None and limits.ca:
        return False
    signs = usage is None or usage.digital_signature
    return signs and purpose is not None and bool(purposes & set(purpose))


def issued_by(found: Certificate, issuer: Certificate) -> bool:
    """Whether one certificate's key signed another."""
    try:
        found.verify_directly_issued_by(issuer)
    except (InvalidSignature, *UNREADABLE):
        return False
    return True


def _issuers(found: Path, bag: Bag, at: datetime) -> Iterator[Certificate]:
    """Anchors last, so that they are looked at first."""
    for each in (*bag.others, *bag.anchors):
        if each in found or each.subject != found[-1].issuer:
            continue
        if current(each, at) and _may_issue(each, len(found) - 1) and issued_by(found[-1], each):
            yield each


def _may_issue(issuer: Certificate, below: int) -> bool:
    """below: authorities between this one and the leaf (RFC 5280, 4.2.1.9)."""
    limits, usage = extension(issuer, x509.BasicConstraints), extension(issuer, x509.KeyUsage)
    if limits is None or not limits.ca:
        return False
    room = limits.path_length is None or below <= limits.path_length
    return room and (usage is None or usage.key_cert_sign)


Kind = TypeVar("Kind", bound=x509.ExtensionType)


def extension(found: Certificate, kind: type[Kind]) -> Kind | None:
    """A certificate's extension of a kind; None where it has none that can be read."""
    try:
        return found.extensions.get_extension_for_class(kind).value
    except (x509.ExtensionNotFound, *UNREADABLE):
        return None


def _print(found: Certificate) -> bytes:
    return found.fingerprint(SHA256())
