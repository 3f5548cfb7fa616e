"""Checks whether a certificate was revoked, from OCSP responses and lists at hand.

Without a response or list that counts, the answer is "unknown", and never "good".
Source: RFC 6960, 3.2 and 4.2 (OCSP); RFC 5280, 5 (lists); C2PA 2.4, 15.9 (stapled responses).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from cryptography.x509 import ocsp
from cryptography.x509.oid import ExtendedKeyUsageOID

from post.atomic import read_bounded
from post.errors import JobError
from post.os_faults import retry_of
from provenance.formats import der
from provenance.report import Revocation
from provenance.verify.signer.cert_path import UNREADABLE, is_issued_by, is_valid_at, read_extension
from provenance.verify.signer.x509_signature import check_signature, hash_bytes

# A response that names no next update counts for a day (as in c2pa-rs; RFC 6960, 4.2.2.1 leaves it open).
_UNSTATED = timedelta(days=1)
_CLOCK_SLACK = timedelta(minutes=15)  # clocks of responders and of time-stamping authorities differ
_MAX_ANSWERS = 100
MAX_BYTES = 64 << 20  # of a list: the largest public ones have some 30 MB
_LIST_SUFFIXES = (".crl", ".pem")


@dataclass(frozen=True, slots=True)
class RevocationData:
    """What issuers said about revocation. answers: OCSP responses (DER); lists: revocation lists (CRLs)."""

    answers: tuple[bytes, ...] = ()
    lists: tuple[x509.CertificateRevocationList, ...] = ()

    def __add__(self, other: RevocationData) -> RevocationData:
        return RevocationData(self.answers + other.answers, self.lists + other.lists)


@dataclass(frozen=True, slots=True)
class SigningTime:
    """When a certificate had to be good. proven: whether a trusted time-stamp says so.

    Without a trusted time-stamp a signature may be younger than it says, and any revocation counts.
    """

    when: datetime
    proven: bool

    def counts(self, revoked_at: datetime) -> bool:
        """Whether a revocation at a time makes the signature worthless."""
        return not self.proven or revoked_at <= self.when


@dataclass(frozen=True, slots=True)
class RevocationStatus:
    """What was found about one certificate. why: for people; revoked_at: when it was revoked, also where
    that came too late to count (the state is then "good"), None where it was not."""

    state: Revocation
    why: str
    revoked_at: datetime | None = None

    @property
    def revoked_later(self) -> bool:
        """Whether it was revoked only after the signature."""
        return self.state == "good" and self.revoked_at is not None


def read_lists(place: Path) -> tuple[x509.CertificateRevocationList, ...]:
    """Reads the revocation list in a file (DER or PEM), or those in all *.crl and *.pem of a folder.

    Returns () where the place does not exist. Raises JobError where a file is no list.
    """
    if place.is_dir() or not place.exists():
        files = [path for suffix in _LIST_SUFFIXES for path in sorted(place.glob(f"*{suffix}"))]
        return tuple(each for path in files for each in read_lists(path))
    try:
        data = read_bounded(place, MAX_BYTES)
        is_pem = data.lstrip().startswith(b"-----BEGIN")
        return (x509.load_pem_x509_crl(data) if is_pem else x509.load_der_x509_crl(data),)
    except (OSError, *UNREADABLE) as exc:
        raise (
            retry_of(exc, str(place))
            or JobError(
                "the revocation list cannot be read",
                where=str(place),
                expected="a CRL, DER or PEM",
                fix="check the path",
            )
        ) from exc


def check_revocation(
    certificate: x509.Certificate, issuer: x509.Certificate, data: RevocationData, signed: SigningTime
) -> RevocationStatus:
    """Returns "revoked" where anything says so, else "good" where anything does, else "unknown"."""
    found = [
        *_by_answers(certificate, issuer, data.answers, signed),
        *_by_lists(certificate, issuer, data.lists, signed),
    ]
    for state in ("revoked", "good"):
        for each in found:
            if each.state == state:
                return each
    if not data.answers and not data.lists:
        return RevocationStatus(
            "unknown", "no OCSP response is stapled to the signature, and no list is given"
        )
    why = found[0].why if found else "no OCSP response and no list is about this certificate"
    return RevocationStatus("unknown", why)


def _by_answers(
    certificate: x509.Certificate, issuer: x509.Certificate, answers: Sequence[bytes], signed: SigningTime
) -> Iterator[RevocationStatus]:
    for data in answers[:_MAX_ANSWERS]:
        try:
            answer = ocsp.load_der_ocsp_response(data)
            if answer.response_status is not ocsp.OCSPResponseStatus.SUCCESSFUL:
                yield RevocationStatus("unknown", "the OCSP responder refused to answer")
            elif not _is_authentic(answer, issuer):
                yield RevocationStatus("unknown", "an OCSP response is not signed by the issuer")
            else:
                rows = (each for each in answer.responses if _is_about(each, certificate, issuer))
                yield from (_by_answer(each, signed) for each in rows)
        except UNREADABLE:
            yield RevocationStatus("unknown", "an OCSP response cannot be read")


def _is_authentic(answer: ocsp.OCSPResponse, issuer: x509.Certificate) -> bool:
    """Whether the issuer signed a response, or a delegate certified for just that (RFC 6960, 4.2.2.2)."""
    sent = answer.certificates[:8]
    delegates = (each for each in sent if _is_delegate(each, issuer, answer.produced_at_utc))
    return any(_is_signed_by(answer, each) for each in (issuer, *delegates))


def _is_delegate(found: x509.Certificate, issuer: x509.Certificate, at: datetime) -> bool:
    purposes = read_extension(found, x509.ExtendedKeyUsage) or ()
    return (
        ExtendedKeyUsageOID.OCSP_SIGNING in purposes
        and is_valid_at(found, at)
        and is_issued_by(found, issuer)
    )


def _is_signed_by(answer: ocsp.OCSPResponse, signer: x509.Certificate) -> bool:
    try:
        digest = answer.signature_hash_algorithm
        check_signature(signer, answer.signature, answer.tbs_response_bytes, digest)
    except (InvalidSignature, UnsupportedAlgorithm):
        return False
    return True


def _is_about(row: ocsp.OCSPSingleResponse, certificate: x509.Certificate, issuer: x509.Certificate) -> bool:
    """Whether a row of a response names this very certificate (RFC 6960, 4.1.1: CertID)."""
    info = issuer.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    key = der.decode(info).inside()[1].body[1:]  # a BIT STRING, after its count of unused bits
    return (
        row.serial_number == certificate.serial_number
        and row.issuer_name_hash == hash_bytes(row.hash_algorithm, issuer.subject.public_bytes())
        and row.issuer_key_hash == hash_bytes(row.hash_algorithm, key)
    )


def _by_answer(row: ocsp.OCSPSingleResponse, signed: SigningTime) -> RevocationStatus:
    if row.certificate_status is ocsp.OCSPCertStatus.REVOKED:
        assert row.revocation_time_utc is not None
        return _revoked(row.revocation_time_utc, row.revocation_reason, signed)
    if row.certificate_status is not ocsp.OCSPCertStatus.GOOD:
        return RevocationStatus("unknown", "the OCSP responder does not know the certificate")
    until = row.next_update_utc or row.this_update_utc + _UNSTATED
    if row.this_update_utc - _CLOCK_SLACK <= signed.when <= until + _CLOCK_SLACK:
        why = f"an OCSP response of {row.this_update_utc:%Y-%m-%d %H:%M} UTC says that it is not revoked"
        return RevocationStatus("good", why)
    why = f"an OCSP response counts until {until:%Y-%m-%d}, and the time judged at is {signed.when:%Y-%m-%d}"
    return RevocationStatus("unknown", why)


def _by_lists(
    certificate: x509.Certificate,
    issuer: x509.Certificate,
    lists: Sequence[x509.CertificateRevocationList],
    signed: SigningTime,
) -> Iterator[RevocationStatus]:
    for each in lists:
        if each.issuer != issuer.subject or not _is_list_of(each, issuer):
            continue
        named = f"the issuer's revocation list of {each.last_update_utc:%Y-%m-%d}"
        entry = each.get_revoked_certificate_by_serial_number(certificate.serial_number)
        if entry is not None:
            yield _revoked(entry.revocation_date_utc, _reason(entry), signed)
        elif _covers(each, certificate, signed.when):
            yield RevocationStatus("good", f"{named} does not name it")
        else:
            yield RevocationStatus("unknown", f"{named} does not cover the time judged at")


def _covers(given: x509.CertificateRevocationList, certificate: x509.Certificate, when: datetime) -> bool:
    """Whether a list that does not name a certificate says anything about a time.

    A list from after that time does too, unless it is also from after the certificate's end: an issuer
    may drop expired certificates from its lists (RFC 5280, 3.3).
    """
    until = given.next_update_utc or given.last_update_utc + _UNSTATED
    return when <= until + _CLOCK_SLACK and given.last_update_utc <= certificate.not_valid_after_utc


def _is_list_of(given: x509.CertificateRevocationList, issuer: x509.Certificate) -> bool:
    try:
        return given.is_signature_valid(issuer.public_key())  # type: ignore[arg-type]  # TypeError is caught
    except UNREADABLE:
        return False


def _reason(entry: x509.RevokedCertificate) -> x509.ReasonFlags | None:
    try:
        return entry.extensions.get_extension_for_class(x509.CRLReason).value.reason
    except (x509.ExtensionNotFound, *UNREADABLE):
        return None


def _revoked(at: datetime, reason: x509.ReasonFlags | None, signed: SigningTime) -> RevocationStatus:
    why = f"revoked on {at:%Y-%m-%d %H:%M} UTC" + (f" ({reason.value})" if reason else "")
    if signed.counts(at):
        return RevocationStatus("revoked", why, at)
    later = f"{why}, after a trusted time-stamp of {signed.when:%Y-%m-%d %H:%M} UTC"
    return RevocationStatus("good", later, at)
