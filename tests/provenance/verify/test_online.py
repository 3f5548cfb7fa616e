"""What --online asks for: revocation of certificates that a list vouches for, and a remote manifest."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.ocsp import OCSPCertStatus
from cryptography.x509.oid import AuthorityInformationAccessOID

from provenance.public_addresses import HostPolicy
from provenance.signing.certificates import Authority
from provenance.verify import VerifyOptions, online, verify
from tests.provenance.made import vendor
from tests.provenance.signing.serving import Answer, Served
from tests.provenance.signing.serving import Asked as Request
from tests.provenance.verify.party import (
    OcspStatus,
    Party,
    make_ocsp_response,
    make_party,
    make_revocation_list,
)

# This machine's issuers are hosts that the user named.
ONLINE = VerifyOptions(online=True, hosts=HostPolicy(("127.0.0.1",)))


@pytest.fixture(autouse=True)
def time_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    """The answers come at once; a busy machine may need longer than the bound."""
    monkeypatch.setattr(online, "_MAX_SECONDS", 300.0)


class Issuer(Served):
    """Answers about revocation by OCSP, or hands out a list."""

    def __init__(self, them: Party, said: OcspStatus, lists: bool = False) -> None:
        super().__init__()
        self.lists = lists
        self.them, self.said = self._naming(them), said

    def answer(self, asked: Request) -> Answer:
        if asked.method == "GET":
            return Answer(200, make_revocation_list(self.them, datetime.now(UTC) - timedelta(days=1)))
        return Answer(
            200, make_ocsp_response(self.them, self.said), {"Content-Type": "application/ocsp-response"}
        )

    def _naming(self, them: Party) -> Party:
        """The same party, its signer's certificate naming this address."""
        old, key = them.leaf.certificate, them.issuer.key
        place = x509.UniformResourceIdentifier(self.url)
        responder = x509.AccessDescription(AuthorityInformationAccessOID.OCSP, place)
        point = x509.DistributionPoint([place], None, None, None)
        more: x509.ExtensionType = (
            x509.CRLDistributionPoints([point])
            if self.lists
            else x509.AuthorityInformationAccess([responder])
        )
        extensions = [*old.extensions, x509.Extension(more.oid, False, more)]
        made = x509.CertificateBuilder(
            old.issuer, old.subject, old.public_key(), old.serial_number,
            old.not_valid_before_utc, old.not_valid_after_utc, extensions,
        )  # fmt: skip
        assert isinstance(key, ec.EllipticCurvePrivateKey)
        return Party(them.root, them.issuer, Authority(made.sign(key, hashes.SHA256()), them.leaf.key))


def test_a_responder_is_asked_only_with_online_and_only_about_a_vouched_for_certificate(
    film: Path, tmp_path: Path
) -> None:
    with Issuer(make_party(), OcspStatus()) as issuer:
        house = issuer.them.house(tmp_path / "party")
        signed = vendor(film, tmp_path / "f.mp4", house)
        assert house.verify(signed).revocation == "unknown"
        verify(signed, (), options=ONLINE)
        assert issuer.seen == []
        assert verify(signed, house.anchors, options=ONLINE).revocation == "good"
        assert [each.method for each in issuer.seen] == ["POST"]


def test_a_revocation_that_a_responder_reports_now_counts(film: Path, tmp_path: Path) -> None:
    gone = OcspStatus(OCSPCertStatus.REVOKED, revoked=-timedelta(hours=1))
    with Issuer(make_party(), gone) as issuer:
        house = issuer.them.house(tmp_path / "party")
        signed = vendor(film, tmp_path / "f.mp4", house)
        report = verify(signed, house.anchors, options=ONLINE)
        assert (report.revocation, report.signer) == ("revoked", "revoked")


def test_a_revocation_list_is_fetched_from_the_address_in_the_certificate(film: Path, tmp_path: Path) -> None:
    with Issuer(make_party(), OcspStatus(), lists=True) as issuer:
        house = issuer.them.house(tmp_path / "party")
        signed = vendor(film, tmp_path / "f.mp4", house)
        assert verify(signed, house.anchors, options=ONLINE).signer == "revoked"


def test_a_responder_without_a_readable_answer_leaves_revocation_unknown(film: Path, tmp_path: Path) -> None:
    with Issuer(make_party(), OcspStatus()) as issuer:
        house = issuer.them.house(tmp_path / "party")
        signed = vendor(film, tmp_path / "f.mp4", house)
        issuer.fault = Answer(503)
        report = verify(signed, house.anchors, options=ONLINE)
        assert (report.revocation, report.signer) == ("unknown", "trusted")
        assert "online.failed" in {found.code for found in report.findings}
        issuer.fault = Answer(200, b"<html>")
        assert verify(signed, house.anchors, options=ONLINE).revocation == "unknown"


def test_a_certificate_cannot_make_this_machine_ask_itself(film: Path, tmp_path: Path) -> None:
    with Issuer(make_party(), OcspStatus()) as issuer:
        house = issuer.them.house(tmp_path / "party")
        signed = vendor(film, tmp_path / "f.mp4", house)
        report = verify(signed, house.anchors, options=VerifyOptions(online=True))
        (found,) = [each for each in report.findings if each.code == "online.failed"]
        assert "no public address of 127.0.0.1" in found.why
        assert (report.revocation, issuer.seen) == ("unknown", [])
