"""Checks that a certificate chain can sign claims, and gives one reason if it cannot.

The SDK itself only reports "the certificate is invalid", and does so after the film was hashed.

Source: C2PA 2.4, 14.5.1 (certificate profile); RFC 5280, 4.2.1 and 6.1.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from itertools import pairwise
from typing import TypeVar

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.x509.oid import ExtendedKeyUsageOID, ObjectIdentifier

from post.errors import ProvenanceError
from provenance.signing.certificates import CLAIM_SIGNING, check_current, common_name, read_chain

_DOCUMENT_SIGNING = ObjectIdentifier("1.3.6.1.5.5.7.3.36")  # RFC 9336
_MICROSOFT_C2PA = ObjectIdentifier("1.3.6.1.4.1.311.76.59.1.9")
_ANY = ExtendedKeyUsageOID.ANY_EXTENDED_KEY_USAGE
PURPOSES = {
    CLAIM_SIGNING: "c2pa-kp-claimSigning",
    ExtendedKeyUsageOID.EMAIL_PROTECTION: "emailProtection",
    _DOCUMENT_SIGNING: "documentSigning",
    _MICROSOFT_C2PA: "C2PA signing (Microsoft)",
}

Chain = Sequence[x509.Certificate]
Fault = tuple[str, str]  # what is wrong, and what to do about it
E_ = TypeVar("E_", bound=x509.ExtensionType)


def check_signing(pem: str, where: str, at: datetime | None = None) -> None:
    """Raises ProvenanceError, with the first reason found, if a chain cannot sign claims.

    pem: leaf first, root left out; where: named in the error; at: the time of signing, now unless given.
    """
    chain = read_chain(pem, where)
    try:
        fault = next(filter(None, (check(chain) for check in _CHECKS)), None)
    except ValueError as exc:  # an extension that cannot be decoded
        raise ProvenanceError("the signing certificate is malformed", where=where, got=str(exc)) from exc
    if fault:
        what, fix = fault
        raise ProvenanceError(what, where=where, got=common_name(chain[0]), fix=fix)
    check_current(pem, where, at)


def _find_self_signed(chain: Chain) -> Fault | None:
    if not _is_self_signed(chain[0]):
        return None
    return "the signing certificate is self-signed", "have an authority issue one: answerprint keys request"


def _find_authority(chain: Chain) -> Fault | None:
    limits = _extension(chain[0], x509.BasicConstraints)
    if limits is None or not limits.ca:
        return None
    return "the first certificate is an authority's, not a signer's", "put the signer's own first"


def _find_wrong_use(chain: Chain) -> Fault | None:
    usage = _extension(chain[0], x509.KeyUsage)
    if usage is not None and usage.digital_signature:
        return None
    return "the certificate is not for digital signatures", "ask for one with key usage digitalSignature"


def _find_wrong_purpose(chain: Chain) -> Fault | None:
    found = _extension(chain[0], x509.ExtendedKeyUsage)
    wanted = " or ".join(PURPOSES.values())
    if found is None:
        return "the certificate names no extended key usage", f"ask for one with {wanted}"
    if _ANY in found:
        return "the certificate is for any use at all, which C2PA forbids", f"ask for one with {wanted}"
    if not any(purpose in found for purpose in PURPOSES):
        named = ", ".join(purpose.dotted_string for purpose in found)
        return f"the certificate is for other uses ({named})", f"ask for one with {wanted}"
    return None


def _find_unnamed_issuer(chain: Chain) -> Fault | None:
    if _extension(chain[0], x509.AuthorityKeyIdentifier) is not None:
        return None
    return "the certificate does not name its issuer's key", "ask for one with an authority key identifier"


def _find_root(chain: Chain) -> Fault | None:
    if len(chain) == 1 or not _is_self_signed(chain[-1]):
        return None
    return "the chain includes the root, which verifiers hold themselves", "leave the last certificate out"


def _find_broken_link(chain: Chain) -> Fault | None:
    for child, parent in pairwise(chain):
        if not _is_issued_by(child, parent):
            what = f"the chain does not link: {common_name(parent)} did not issue {common_name(child)}"
            return what, "put each certificate before its issuer's, none missing between"
    return None


# In this order: a self-signed certificate fails later checks as well, with a less useful reason.
_CHECKS: tuple[Callable[[Chain], Fault | None], ...] = (
    _find_self_signed, _find_authority, _find_wrong_use, _find_wrong_purpose, _find_unnamed_issuer, _find_root,
    _find_broken_link,
)  # fmt: skip


def _is_self_signed(certificate: x509.Certificate) -> bool:
    return certificate.issuer == certificate.subject and _is_issued_by(certificate, certificate)


def _is_issued_by(child: x509.Certificate, parent: x509.Certificate) -> bool:
    try:
        child.verify_directly_issued_by(parent)
    except (InvalidSignature, ValueError, TypeError):
        return False
    return True


def _extension(certificate: x509.Certificate, kind: type[E_]) -> E_ | None:
    try:
        return certificate.extensions.get_extension_for_class(kind).value
    except x509.ExtensionNotFound:
        return None
