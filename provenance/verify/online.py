"""Addresses asked, only when told to: a manifest's own, and about revocation those of certificates that a
list vouches for.

An address in a certificate nobody vouches for is a stranger's: asking it would tell them who looks.
Source: RFC 6960, A.1 (OCSP over HTTP); RFC 5280, 4.2.1.13 and 4.2.2.1 (addresses).
"""

from __future__ import annotations

import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from urllib.parse import urlsplit

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import ocsp
from cryptography.x509.oid import AuthorityInformationAccessOID

from post.values.claim import Finding
from provenance.verify.signer.cert_path import UNREADABLE, Path, extension
from provenance.verify.signer.revocation import Evidence

_TIMEOUT_S = 10
_LIMIT = 16 << 20
_MOST = 8  # addresses asked in one verification


def evidence(paths: Sequence[Path]) -> tuple[Evidence, tuple[Finding, ...]]:
    """What the issuers of vouched-for certificates answer now, and what could not be asked."""
    found, asked = Evidence(), 0
    told: list[Finding] = []
    for path in dict.fromkeys(each for each in paths if len(each) > 1):
        for url, body in _questions(path[0], path[1]):
            asked += 1
            if asked > _MOST:
                return found, (*told, Finding("online.bound", "signer", url, f"only {_MOST} addresses asked"))
            try:
                found += _read(fetch(url, _LIMIT, body), body is not None)
            except (OSError, *UNREADABLE) as exc:
                told.append(Finding("online.failed", "signer", url, f"no answer that can be read: {exc}"))
    return found, tuple(told)


def _questions(leaf: x509.Certificate, issuer: x509.Certificate) -> Iterator[tuple[str, bytes | None]]:
    """OCSP responders with what to ask them, then lists."""
    # SHA-1 here only names an issuer; most responders know no other (RFC 6960, 4.3).
    asked = ocsp.OCSPRequestBuilder().add_certificate(leaf, issuer, hashes.SHA1()).build()
    for url in _responders(leaf):
        yield url, asked.public_bytes(Encoding.DER)
    for url in _lists(leaf):
        yield url, None


def _responders(leaf: x509.Certificate) -> Iterator[str]:
    for each in extension(leaf, x509.AuthorityInformationAccess) or ():
        place = each.access_location
        if each.access_method == AuthorityInformationAccessOID.OCSP and isinstance(
            place, x509.UniformResourceIdentifier
        ):
            yield place.value


def _lists(leaf: x509.Certificate) -> Iterator[str]:
    for point in extension(leaf, x509.CRLDistributionPoints) or ():
        for place in point.full_name or ():
            if isinstance(place, x509.UniformResourceIdentifier):
                yield place.value


def fetch(url: str, limit: int, body: bytes | None = None) -> bytes:
    """What an address answers, asked with a body where there is one. Raises OSError or ValueError where
    it gives no answer, or one of more than `limit` bytes."""
    if urlsplit(url).scheme not in ("http", "https"):
        raise ValueError("not an address of the web")
    head = {"Content-Type": "application/ocsp-request"} if body else {}
    request = urllib.request.Request(url, body, head)
    with urllib.request.urlopen(request, timeout=_TIMEOUT_S) as response:
        data: bytes = response.read(limit + 1)
    if len(data) > limit:
        raise ValueError(f"more than {limit} bytes")
    return data


def _read(data: bytes, answer: bool) -> Evidence:
    return Evidence(answers=(data,)) if answer else Evidence(lists=(x509.load_der_x509_crl(data),))
