"""Asks the issuers of vouched-for certificates about revocation. Runs only with `--online`.

An address in a certificate that no list vouches for is a stranger's, and is not asked: asking would tell
the stranger who verifies the file.
Source: RFC 6960, A.1 (OCSP over HTTP); RFC 5280, 4.2.1.13 and 4.2.2.1 (addresses in certificates).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import ocsp
from cryptography.x509.oid import AuthorityInformationAccessOID

from post.values.claim import Finding
from provenance.download import DOWNLOAD_ERRORS, Download, Downloads
from provenance.verify.signer.cert_path import UNREADABLE, CertPath, read_extension
from provenance.verify.signer.revocation import RevocationData

_MAX_BYTES = 16 << 20
_MAX_SECONDS = 10.0  # for each address
_MAX_ADDRESSES = 8  # in one verification


def fetch_revocation_data(
    paths: Sequence[CertPath], downloads: Downloads
) -> tuple[RevocationData, tuple[Finding, ...]]:
    """Returns what the issuers of certificates answer now, and a finding for each address that failed.

    paths: of each certificate to its anchor, leaf first; a path shorter than 2 names no issuer; downloads: of
    this verification.
    """
    data, count = RevocationData(), 0
    findings: list[Finding] = []
    for path in dict.fromkeys(each for each in paths if len(each) > 1):
        for asked in _requests(path[0], path[1]):
            count += 1
            if count > _MAX_ADDRESSES:
                why = f"only {_MAX_ADDRESSES} addresses were asked"
                return data, (*findings, Finding("online.bound", "signer", asked.url, why))
            try:
                data += _read(downloads.get(asked), is_ocsp=bool(asked.body))
            except (*DOWNLOAD_ERRORS, *UNREADABLE) as exc:
                why = f"no answer that can be read: {exc}"
                findings.append(Finding("online.failed", "signer", asked.url, why))
    return data, tuple(findings)


def _requests(leaf: x509.Certificate, issuer: x509.Certificate) -> Iterator[Download]:
    """Yields one request for each OCSP responder, then for each revocation list, that a certificate names."""
    # SHA-1 only names the issuer here; most responders know no other digest (RFC 6960, 4.3).
    query = ocsp.OCSPRequestBuilder().add_certificate(leaf, issuer, hashes.SHA1()).build()
    body = query.public_bytes(Encoding.DER)
    for url in _responder_urls(leaf):
        yield Download(url, _MAX_BYTES, _MAX_SECONDS, body=body, content_type="application/ocsp-request")
    for url in _list_urls(leaf):
        yield Download(url, _MAX_BYTES, _MAX_SECONDS)


def _responder_urls(leaf: x509.Certificate) -> Iterator[str]:
    for each in read_extension(leaf, x509.AuthorityInformationAccess) or ():
        place = each.access_location
        if each.access_method == AuthorityInformationAccessOID.OCSP and isinstance(
            place, x509.UniformResourceIdentifier
        ):
            yield place.value


def _list_urls(leaf: x509.Certificate) -> Iterator[str]:
    for point in read_extension(leaf, x509.CRLDistributionPoints) or ():
        for place in point.full_name or ():
            if isinstance(place, x509.UniformResourceIdentifier):
                yield place.value


def _read(answer: bytes, *, is_ocsp: bool) -> RevocationData:
    if is_ocsp:
        return RevocationData(answers=(answer,))
    return RevocationData(lists=(x509.load_der_x509_crl(answer),))
