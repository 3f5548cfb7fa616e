"""Whether a signer's certificate was taken back, from what is at hand. Nothing at hand is "unknown".

Source: RFC 6960, 3.2 and 4.2 (OCSP); RFC 5280, 5 (lists); C2PA 2.4, 15.9 (stapled answers).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from cryptography.x509 import ocsp
from cryptography.x509.oid import ExtendedKeyUsageOID

from post.errors import JobError
from provenance.formats import der
from provenance.report import Revocation
from provenance.verify.signer.cert_path import UNREADABLE, current, extension, issued_by

# An answer that names no next one is good for a day (as in c2pa-rs; RFC 6960, 4.2.2.1 leaves it open).
_UNSTATED = timedelta(days=1)
_SLACK = timedelta(minutes=15)  # clocks of responders and of authorities differ
_MAX_ANSWERS = 100
_LIST_NAMES = (".crl", ".pem")


@dataclass(frozen=True, slots=True)
class Evidence:
    """What speaks of revocation. answers: OCSP responses (DER); lists: CRLs."""

    answers: tuple[bytes, ...] = ()
    lists: tuple[x509.CertificateRevocationList, ...] = ()

    def __add__(self, other: Evidence) -> Evidence:
        return Evidence(self.answers + other.answers, self.lists + other.lists)


def given(place: Path) -> tuple[x509.CertificateRevocationList, ...]:
    """The revocation lists in a file (DER or PEM), or in every *.crl and *.pem of a folder; none where the
    place is not there. Raises JobError where a file is no list."""
    if not place.is_file():
        return tuple(
            each for name in _LIST_NAMES for path in sorted(place.glob(f"*{name}")) for each in given(path)
        )
    try:
        data = place.read_bytes()
        pem = data.lstrip().startswith(b"-----BEGIN")
        return (x509.load_pem_x509_crl(data) if pem else x509.load_der_x509_crl(data),)
    except (OSError, *UNREADABLE) as exc:
        raise JobError(
            "no revocation list", where=str(place), expected="a CRL, DER or PEM", fix="check the path"
        ) from exc


@dataclass(frozen=True, slots=True)
class Moment:
    """When the certificate had to be good. proven: whether a trusted time-stamp says so; without one a
    signature may be younger than it says, and any revocation counts."""

    when: datetime
    proven: bool

    def after(self, revoked: datetime) -> bool:
        return not self.proven or revoked <= self.when


@dataclass(frozen=True, slots=True)
class Standing:
    """What the evidence came to, and why."""

    state: Revocation
    why: str


def standing(
    found: x509.Certificate, issuer: x509.Certificate, evidence: Evidence, moment: Moment
) -> Standing:
    """Revoked where anything says so, else good where anything does, else unknown."""
    told = [*_answered(found, issuer, evidence.answers, moment), *_listed(found, issuer, evidence, moment)]
    for state in ("revoked", "good"):
        for each in told:
            if each.state == state:
                return each
    at_hand = len(evidence.answers) + len(evidence.lists)
    why = told[0].why if told else "nothing at hand speaks of this certificate"
    return Standing("unknown", why if at_hand else "no answer is stapled to the signature, and no list given")


def _answered(
    found: x509.Certificate, issuer: x509.Certificate, answers: Sequence[bytes], moment: Moment
) -> Iterator[Standing]:
    for data in answers[:_MAX_ANSWERS]:
        try:
            answer = ocsp.load_der_ocsp_response(data)
            if answer.response_status is not ocsp.OCSPResponseStatus.SUCCESSFUL:
                yield Standing("unknown", "an OCSP answer is a refusal")
            elif not _signed(answer, issuer):
                yield Standing("unknown", "an OCSP answer is not its issuer's")
            else:
                yield from (_single(one, moment) for one in answer.responses if _about(one, found, issuer))
        except UNREADABLE:
            yield Standing("unknown", "an OCSP answer cannot be read")


def _signed(answer: ocsp.OCSPResponse, issuer: x509.Certificate) -> bool:
    """By the issuer itself, or by whom it certified for just that (RFC 6960, 4.2.2.2)."""
    delegates = (each for each in answer.certificates[:8] if _delegate(each, issuer, answer.produced_at_utc))
    return any(_holds(answer, each) for each in (issuer, *delegates))


def _delegate(found: x509.Certificate, issuer: x509.Certificate, at: datetime) -> bool:
    purposes = extension(found, x509.ExtendedKeyUsage) or ()
    return ExtendedKeyUsageOID.OCSP_SIGNING in purposes and current(found, at) and issued_by(found, issuer)


def _holds(answer: ocsp.OCSPResponse, signer: x509.Certificate) -> bool:
    key, digest = signer.public_key(), answer.signature_hash_algorithm
    try:
        if isinstance(key, ec.EllipticCurvePublicKey) and digest:
            key.verify(answer.signature, answer.tbs_response_bytes, ec.ECDSA(digest))
        elif isinstance(key, rsa.RSAPublicKey) and digest:
            key.verify(answer.signature, answer.tbs_response_bytes, padding.PKCS1v15(), digest)
        elif isinstance(key, ed25519.Ed25519PublicKey):
            key.verify(answer.signature, answer.tbs_response_bytes)
        else:
            return False
    except InvalidSignature:
        return False
    return True


def _about(one: ocsp.OCSPSingleResponse, found: x509.Certificate, issuer: x509.Certificate) -> bool:
    """Whether an answer is about this very certificate (RFC 6960, 4.1.1: CertID)."""
    info = issuer.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    key = der.decode(info).inside()[1].body[1:]  # a BIT STRING, after its count of unused bits
    return (
        one.serial_number == found.serial_number
        and one.issuer_name_hash == _hash(one.hash_algorithm, issuer.subject.public_bytes())
        and one.issuer_key_hash == _hash(one.hash_algorithm, key)
    )


def _single(one: ocsp.OCSPSingleResponse, moment: Moment) -> Standing:
    if one.certificate_status is ocsp.OCSPCertStatus.REVOKED:
        assert one.revocation_time_utc is not None
        return _revoked(one.revocation_time_utc, one.revocation_reason, moment)
    if one.certificate_status is not ocsp.OCSPCertStatus.GOOD:
        return Standing("unknown", "the responder does not know the certificate")
    until = one.next_update_utc or one.this_update_utc + _UNSTATED
    if one.this_update_utc - _SLACK <= moment.when <= until + _SLACK:
        return Standing("good", f"an OCSP answer of {one.this_update_utc:%Y-%m-%d %H:%M} UTC says so")
    return Standing(
        "unknown", f"an OCSP answer was good until {until:%Y-%m-%d}, not on {moment.when:%Y-%m-%d}"
    )


def _listed(
    found: x509.Certificate, issuer: x509.Certificate, evidence: Evidence, moment: Moment
) -> Iterator[Standing]:
    for each in evidence.lists:
        if each.issuer != issuer.subject or not _list_holds(each, issuer):
            continue
        entry = each.get_revoked_certificate_by_serial_number(found.serial_number)
        if entry is not None:
            yield _revoked(entry.revocation_date_utc, _reason(entry), moment)
        elif _covers(each, found, moment.when):
            yield Standing("good", f"the issuer's list of {each.last_update_utc:%Y-%m-%d} does not name it")
        else:
            yield Standing("unknown", f"the issuer's list of {each.last_update_utc:%Y-%m-%d} is too old")


def _covers(given: x509.CertificateRevocationList, found: x509.Certificate, when: datetime) -> bool:
    """A list younger than the moment covers it too, unless it may have dropped what had run out."""
    until = given.next_update_utc or given.last_update_utc + _UNSTATED
    return when <= until + _SLACK and given.last_update_utc <= found.not_valid_after_utc


def _list_holds(given: x509.CertificateRevocationList, issuer: x509.Certificate) -> bool:
    try:
        return given.is_signature_valid(issuer.public_key())  # type: ignore[arg-type]  # TypeError is caught
    except UNREADABLE:
        return False


def _reason(entry: x509.RevokedCertificate) -> x509.ReasonFlags | None:
    try:
        return entry.extensions.get_extension_for_class(x509.CRLReason).value.reason
    except (x509.ExtensionNotFound, *UNREADABLE):
        return None


def _revoked(at: datetime, reason: x509.ReasonFlags | None, moment: Moment) -> Standing:
    why = f"revoked on {at:%Y-%m-%d %H:%M} UTC" + (f" ({reason.value})" if reason else "")
    if moment.after(at):
        return Standing("revoked", why)
    return Standing("good", f"{why}, after a trusted time-stamp of {moment.when:%Y-%m-%d %H:%M} UTC")


def _hash(algorithm: hashes.HashAlgorithm, data: bytes) -> bytes:
    made = hashes.Hash(algorithm)
    made.update(data)
    return made.finalize()
