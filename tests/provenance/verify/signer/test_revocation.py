"""Whether a signer's certificate was taken back: by what is stapled, by lists, and by nothing else."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.x509.ocsp import OCSPCertStatus
from cryptography.x509.oid import ExtendedKeyUsageOID

from provenance.report import Report
from provenance.trust.lists import Anchors
from provenance.verify import VerifyOptions, online, verify
from provenance.verify.signer.revocation import RevocationData, SigningTime, check_revocation, read_lists
from tests.provenance.made import House, vendor
from tests.provenance.signing.tsa import Tsa
from tests.provenance.verify.party import (
    DAY,
    OcspStatus,
    Party,
    make_ocsp_response,
    make_party,
    make_responder,
    make_revocation_list,
    staple,
)

GOOD, REVOKED, UNKNOWN = OCSPCertStatus.GOOD, OCSPCertStatus.REVOKED, OCSPCertStatus.UNKNOWN
HOUR = timedelta(hours=1)


@pytest.fixture(scope="module")
def them() -> Party:
    return make_party()


@pytest.fixture(scope="module")
def house(them: Party, tmp_path_factory: pytest.TempPathFactory) -> House:
    return them.house(tmp_path_factory.mktemp("party"))


@pytest.fixture(scope="module")
def signed(film: Path, house: House, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A film without a time-stamp."""
    return vendor(film, tmp_path_factory.mktemp("signed") / "signed.mp4", house)


def told(signed: Path, out: Path, house: House, response: bytes) -> Report:
    return house.verify(staple(signed, out, response))


def test_nothing_stapled_is_unknown_and_never_good(signed: Path, house: House) -> None:
    report = house.verify(signed)
    assert (report.signer, report.revocation) == ("trusted", "unknown")
    assert "revocation.unknown" in {found.code for found in report.findings}
    assert report.exit_code == 0


@pytest.mark.parametrize(
    ("said", "revocation", "signer"),
    [
        (OcspStatus(GOOD), "good", "trusted"),
        (OcspStatus(GOOD, algorithm=hashes.SHA256), "good", "trusted"),
        (OcspStatus(GOOD, by=make_responder), "good", "trusted"),
        (OcspStatus(GOOD, since=-9 * DAY, until=-5 * DAY), "unknown", "trusted"),
        (OcspStatus(GOOD, since=-9 * DAY, until=None), "unknown", "trusted"),
        (OcspStatus(GOOD, since=2 * DAY, until=3 * DAY), "unknown", "trusted"),
        (OcspStatus(GOOD, by=lambda _: make_party().issuer), "unknown", "trusted"),
        (OcspStatus(GOOD, by=lambda them: make_responder(them, ExtendedKeyUsageOID.SERVER_AUTH)), "unknown", "trusted"),
        (OcspStatus(GOOD, by=lambda _: make_responder(make_party())), "unknown", "trusted"),
        (OcspStatus(GOOD, about=lambda _: make_party().leaf.certificate), "unknown", "trusted"),
        (OcspStatus(UNKNOWN), "unknown", "trusted"),
        (OcspStatus(REVOKED, revoked=-HOUR), "revoked", "revoked"),
        (OcspStatus(REVOKED, since=-9 * DAY, until=-5 * DAY, revoked=-10 * DAY), "revoked", "revoked"),
        (OcspStatus(REVOKED, by=lambda _: make_party().issuer, revoked=-HOUR), "unknown", "trusted"),
    ],
    ids=[
        "good", "good by sha256", "good by a delegate", "good but stale", "good, no next update", "not yet",
        "by a stranger", "by no responder", "by another's delegate", "about another", "not known",
        "revoked", "revoked, stale", "revoked by a stranger",
    ],
)  # fmt: skip
def test_a_stapled_answer_counts_only_from_its_issuer_about_it_and_in_time(
    said: OcspStatus, revocation: str, signer: str, signed: Path, house: House, them: Party, tmp_path: Path
) -> None:
    report = told(signed, tmp_path / "f.mp4", house, make_ocsp_response(them, said))
    assert (report.revocation, report.signer) == (revocation, signer)
    assert report.integrity == "intact"
    assert report.unhashed == ()
    assert report.exit_code == (6 if signer == "revoked" else 0)


@pytest.mark.parametrize("response", [b"", b"\x30\x00", b"\x30\x84\xff\xff\xff\xff", bytes(300)])
def test_an_unreadable_answer_leaves_revocation_unknown(
    response: bytes, signed: Path, house: House, tmp_path: Path
) -> None:
    report = told(signed, tmp_path / "f.mp4", house, response)
    assert (report.revocation, report.signer) == ("unknown", "trusted")


@pytest.mark.parametrize(("revoked", "signer"), [(-HOUR, "revoked"), (HOUR, "trusted")])
def test_a_trusted_time_stamp_decides_whether_the_revocation_came_first(
    revoked: timedelta, signer: str, them: Party, film: Path, tmp_path: Path
) -> None:
    with Tsa() as tsa:
        house = them.house(tmp_path / "party", tsa.url)
        lists = (*house.anchors, Anchors("tsa", tsa.pem, "2026-11-01", 1, "tsa"))
        signed = vendor(film, tmp_path / "signed.mp4", House(house.signer, lists))
    late = make_ocsp_response(them, OcspStatus(REVOKED, revoked=revoked))
    report = verify(staple(signed, tmp_path / "f.mp4", late), lists)
    assert (report.time, report.signer) == ("trusted", signer)
    # Nobody vouches for the authority: then nothing shows that the revocation came later.
    assert verify(tmp_path / "f.mp4", house.anchors).signer == "revoked"


@pytest.mark.parametrize("asking", [False, True])  # there is nobody to ask: the certificate names no address
@pytest.mark.parametrize(("since", "revocation"), [(-DAY, "revoked"), (None, "good")])
def test_a_revocation_list_that_was_given_counts(
    since: timedelta | None,
    revocation: str,
    asking: bool,
    signed: Path,
    house: House,
    them: Party,
    tmp_path: Path,
) -> None:
    at = datetime.now(UTC) + since if since else None
    (tmp_path / "issuer.crl").write_bytes(make_revocation_list(them, at))
    report = verify(signed, house.anchors, options=VerifyOptions(lists=read_lists(tmp_path), online=asking))
    assert report.revocation == revocation
    assert report.signer == ("revoked" if revocation == "revoked" else "trusted")


def test_an_old_list_and_a_list_of_another_issuer_leave_it_unknown(
    signed: Path, house: House, them: Party
) -> None:
    old = make_revocation_list(them, None, datetime.now(UTC) - 30 * DAY)
    strange = make_revocation_list(make_party(), datetime.now(UTC) - DAY)
    lists = tuple(x509.load_der_x509_crl(each) for each in (old, strange))
    assert verify(signed, house.anchors, options=VerifyOptions(lists=lists)).revocation == "unknown"


@pytest.mark.parametrize(("drawn", "state"), [(-15, "good"), (-5, "unknown")])
def test_a_list_from_after_the_certificates_end_does_not_show_that_it_was_good(
    drawn: int, state: str
) -> None:
    """An issuer may drop an expired certificate from its lists, revoked or not (RFC 5280, 3.3)."""
    now = datetime.now(UTC)
    them = make_party(until=now - 10 * DAY, since=now - 100 * DAY)
    data = RevocationData(
        lists=(x509.load_der_x509_crl(make_revocation_list(them, None, now + drawn * DAY)),)
    )
    signed = SigningTime(now - 20 * DAY, True)
    found = check_revocation(them.leaf.certificate, them.issuer.certificate, data, signed)
    assert found.state == state


def test_revoked_by_any_counts_over_good_by_another(them: Party) -> None:
    both = RevocationData(
        (
            make_ocsp_response(them, OcspStatus(GOOD)),
            make_ocsp_response(them, OcspStatus(REVOKED, revoked=-HOUR)),
        )
    )
    signed = SigningTime(datetime.now(UTC), False)
    assert check_revocation(them.leaf.certificate, them.issuer.certificate, both, signed).state == "revoked"


def test_issuers_are_asked_only_with_online(
    signed: Path, house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[object] = []

    def ask(paths: object, _: object) -> tuple[RevocationData, tuple[()]]:
        asked.append(paths)
        return RevocationData(), ()

    monkeypatch.setattr(online, "fetch_revocation_data", ask)
    house.verify(signed)
    assert asked == []
    verify(signed, house.anchors, options=VerifyOptions(online=True))
    assert len(asked) == 1
    verify(signed, (), options=VerifyOptions(online=True))
    assert asked[1] == [()]  # and of nobody's certificate is anybody asked
