"""A claim's signature is judged by who certified it for what, and by when it was revoked."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from asn1crypto import tsp
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.x509.ocsp import OCSPCertStatus
from cryptography.x509.oid import ExtendedKeyUsageOID, ObjectIdentifier

from provenance.signing.certificates import CLAIM_SIGNING, Authority
from provenance.trust.lists import Anchors
from provenance.verify.signer.credentials import JudgedSignature, TrustContext, judge
from provenance.verify.signer.revocation import RevocationStatus
from provenance.verify.signer.signature import ClaimSignature, TimeStampToken
from tests.provenance.signing.tsa import Tsa
from tests.provenance.verify.party import OcspStatus, Party, make_ocsp_response, make_party

VALUE = b"\x17" * 64  # of a signature, which a late time-stamp is made over


@pytest.fixture(scope="module")
def them() -> Party:
    return make_party()


@pytest.fixture
def tsa() -> Iterator[Tsa]:
    """An authority whose stamps are made here, without asking it over HTTP."""
    with Tsa() as made:
        yield made


def certified_for(tsa: Tsa, purpose: ObjectIdentifier) -> None:
    """Gives the authority another certificate for the same key, by the same root, for one purpose."""
    old = tsa.own.certificate
    made = x509.CertificateBuilder(
        old.issuer, old.subject, old.public_key(), old.serial_number, old.not_valid_before_utc, old.not_valid_after_utc,
        [each for each in old.extensions if each.oid != x509.ExtendedKeyUsage.oid],
    )  # fmt: skip
    made = made.add_extension(x509.ExtendedKeyUsage([purpose]), critical=True)
    tsa.own = Authority(made.sign(tsa.root.key, hashes.SHA384()), tsa.own.key)


def token(tsa: Tsa) -> TimeStampToken:
    imprint = {"hash_algorithm": {"algorithm": "sha256"}, "hashed_message": hashlib.sha256(VALUE).digest()}
    request = tsp.TimeStampReq({"version": 1, "message_imprint": imprint, "cert_req": True}).dump()
    return TimeStampToken(tsa._stamp(request).dump(), VALUE)


def judged(them: Party, tsa: Tsa, *stapled: bytes) -> JudgedSignature:
    chain = (them.leaf.certificate, them.issuer.certificate)
    lists = (them.anchors(), Anchors("authorities", tsa.pem, "2026-11-01", 1, "tsa"))
    trust = TrustContext(lists, datetime.now(UTC))
    return judge("film", ClaimSignature(chain, VALUE, (), stapled, True), [token(tsa)], trust)


@pytest.mark.parametrize(
    ("purpose", "time"),
    [
        (ExtendedKeyUsageOID.TIME_STAMPING, "trusted"),
        (CLAIM_SIGNING, "untrusted"),
        (ExtendedKeyUsageOID.EMAIL_PROTECTION, "untrusted"),
        (ExtendedKeyUsageOID.SERVER_AUTH, "untrusted"),
    ],
)
def test_the_time_is_trusted_only_from_a_certificate_for_time_stamping(
    purpose: ObjectIdentifier, time: str, them: Party, tsa: Tsa
) -> None:
    certified_for(tsa, purpose)
    found = judged(them, tsa)
    assert (found.time, found.signer) == (time, "trusted")
    assert ("timeStamp.untrusted" in {each.code for each in found.findings}) == (time == "untrusted")


def test_a_revocation_after_a_trusted_time_stamp_is_a_finding_and_does_not_count(
    them: Party, tsa: Tsa
) -> None:
    later = make_ocsp_response(them, OcspStatus(OCSPCertStatus.REVOKED, revoked=timedelta(minutes=5)))
    found = judged(them, tsa, later)
    assert (found.signer, found.revocation) == ("trusted", "good")
    assert "revocation.later" in {each.code for each in found.findings}


def test_what_was_never_revoked_is_not_reported_as_revoked_later(them: Party, tsa: Tsa) -> None:
    found = judged(them, tsa, make_ocsp_response(them, OcspStatus()))
    assert found.revocation == "good"
    assert "revocation.later" not in {each.code for each in found.findings}


def test_revoked_later_is_decided_by_the_time_and_not_by_the_text() -> None:
    status = RevocationStatus("good", "revoked, so says the text")
    assert not status.revoked_later
    assert replace(status, why="no such words", revoked_at=datetime.now(UTC)).revoked_later


@pytest.mark.parametrize(
    ("listed", "state", "codes"),
    [
        (True, "expired", ["claimSignature.outsideValidity"]),
        (False, "untrusted", ["signingCredential.untrusted", "claimSignature.outsideValidity"]),
    ],
)
def test_a_certificate_that_expired_and_that_no_list_vouches_for_is_reported_as_both(
    listed: bool, state: str, codes: list[str], them: Party
) -> None:
    chain = (them.leaf.certificate, them.issuer.certificate)
    after = them.leaf.certificate.not_valid_after_utc + timedelta(days=1)
    found = judge(
        "label",
        ClaimSignature(chain, VALUE, (), (), True),
        (),
        TrustContext((them.anchors(),) if listed else (), after),
    )
    said = [each.code for each in found.findings if not each.code.startswith("revocation")]
    assert (found.signer, said) == (state, codes)


def test_a_certificate_that_no_list_vouches_for_and_that_is_valid_is_not_reported_as_expired(
    them: Party,
) -> None:
    chain = (them.leaf.certificate, them.issuer.certificate)
    found = judge(
        "label", ClaimSignature(chain, VALUE, (), (), True), (), TrustContext((), datetime.now(UTC))
    )
    assert "claimSignature.outsideValidity" not in {each.code for each in found.findings}
