"""When something was signed: by whom that is said, and which list vouches for them."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from provenance.formats import jumbf, manifest_store
from provenance.manifest.update import stamp
from provenance.trust.lists import Anchors
from provenance.verify import VerifyOptions, examine, verify
from provenance.verify.signer import signature, time_stamps
from tests.provenance.expiry import sign_and_wait
from tests.provenance.made import House, flipped, vendor
from tests.provenance.signing.tsa import Tsa
from tests.provenance.verify.party import DAY, Party, make_party


def tsa_list(tsa: Tsa) -> Anchors:
    return Anchors("authorities", tsa.pem, "2026-11-01", 1, "tsa")


@pytest.fixture(scope="module")
def them() -> Party:
    return make_party()


@pytest.fixture(scope="module")
def stamped(
    them: Party, film: Path, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Path, Anchors, Anchors]:
    """A film with a time-stamp, the list of its signer, the list of its authority."""
    folder = tmp_path_factory.mktemp("stamped")
    with Tsa() as tsa:
        house = them.house(folder / "party", tsa.url)
        lists = (*house.anchors, tsa_list(tsa))
        return vendor(film, folder / "f.mp4", House(house.signer, lists)), lists[0], lists[1]


def test_each_list_vouches_for_its_own_and_for_no_other(stamped: tuple[Path, Anchors, Anchors]) -> None:
    film, signers, authorities = stamped
    report = verify(film, (signers, authorities))
    assert (report.signer, report.time) == ("trusted", "trusted")
    assert (report.vouched_by, report.time_vouched_by) == (("the party's",), ("authorities",))
    swapped = (replace(signers, role="tsa"), replace(authorities, role="signer"))
    report = verify(film, swapped)
    assert (report.signer, report.time) == ("untrusted", "untrusted")
    assert (report.integrity, report.vouched_by, report.time_vouched_by) == ("intact", (), ())
    assert report.exit_code == 6


@pytest.mark.parametrize("role", ["signer", "tsa"])
def test_a_list_of_one_role_does_not_vouch_for_the_other(
    role: str, stamped: tuple[Path, Anchors, Anchors]
) -> None:
    film, *lists = stamped
    report = verify(film, [each for each in lists if each.role == role])
    wanted = ("trusted", "untrusted") if role == "signer" else ("untrusted", "trusted")
    assert (report.signer, report.time) == wanted


def test_a_certificate_that_expired_since_counts_only_with_a_trusted_time_stamp(
    film: Path, tmp_path: Path
) -> None:
    with Tsa() as tsa:

        def sign(room: Path, until: datetime) -> tuple[Path, Anchors, Anchors]:
            house = make_party(until=until).house(room / "party", tsa.url)
            lists = (*house.anchors, tsa_list(tsa))
            return vendor(film, room / "f.mp4", House(house.signer, lists)), lists[0], lists[1]

        signed, signers, authorities = sign_and_wait(sign, tmp_path)
    assert verify(signed, (signers, authorities)).signer == "trusted"
    report = verify(signed, (signers,))
    assert (report.integrity, report.signer, report.time) == ("intact", "expired", "untrusted")
    # The SDK, given one list for both, would let a signers' list vouch for the time.
    both = (replace(authorities, role="signer"), signers)
    assert verify(signed, both).signer == "expired"


@pytest.mark.parametrize(
    ("after", "signer"), [(timedelta(days=1), "trusted"), (100 * DAY, "expired"), (-30 * DAY, "expired")]
)
def test_a_file_can_be_judged_as_at_another_time(
    after: timedelta, signer: str, film: Path, tmp_path: Path
) -> None:
    house = make_party().house(tmp_path / "party")
    signed = vendor(film, tmp_path / "f.mp4", house)
    at = datetime.now(UTC) + after
    done = examine(signed, house.anchors, options=VerifyOptions(at=at))
    assert (done.report.integrity, done.report.signer) == ("intact", signer)
    results = done.reading.manifests[0]["validationResults"]
    assert results["validationTime"] == at.isoformat()
    assert done.report.judged_at == f"{at:%Y-%m-%dT%H:%M:%SZ}"


def test_what_the_sdk_calls_expired_today_counts_as_at_the_time_it_was_valid(
    film: Path, tmp_path: Path
) -> None:
    started = datetime.now(UTC)

    def sign(room: Path, until: datetime) -> tuple[Path, House]:
        house = make_party(until=until, since=until - 9 * DAY).house(room / "party")
        return vendor(film, room / "f.mp4", house), house

    signed, house = sign_and_wait(sign, tmp_path)
    assert house.verify(signed).signer == "expired"
    earlier = VerifyOptions(at=started - timedelta(minutes=30))
    assert verify(signed, house.anchors, options=earlier).signer == "trusted"


def test_a_time_stamp_added_later_counts_for_the_claim_it_is_of(
    them: Party, film: Path, tmp_path: Path
) -> None:
    house = them.house(tmp_path / "party")
    signed = vendor(film, tmp_path / "f.mp4", house)
    assert house.verify(signed).time == "none"
    with Tsa() as tsa:
        timed = them.house(tmp_path / "party", tsa.url)
        lists = (*house.anchors, tsa_list(tsa))
        pem = "".join(each.pem for each in lists)
        stamp(signed, timed.signer, pem, ("answerprint", "0"))
    report = verify(signed, lists)
    assert (report.integrity, report.signer, report.time) == ("intact", "trusted", "trusted")
    assert [each.updates for each in report.manifests] == [True, False]
    assert [each.time_state for each in report.manifests][1] == "trusted"
    assert report.unhashed == ()
    # Without its list it is a time-stamp nobody vouches for; and it is none for a claim it is not of.
    assert verify(signed, house.anchors).time == "untrusted"


def test_a_spoilt_time_stamp_is_not_trusted(stamped: tuple[Path, Anchors, Anchors], tmp_path: Path) -> None:
    film, *lists = stamped
    data = film.read_bytes()
    at = data.rindex(b"Test TSA")  # in the authority's certificate, inside the token
    spoilt = tmp_path / "f.mp4"
    spoilt.write_bytes(flipped(data, at + 40))
    report = verify(spoilt, lists)
    assert report.time == "untrusted"
    assert {"timeStamp.malformed", "timeStamp.untrusted"} & {found.code for found in report.findings}


@pytest.mark.parametrize(("days", "warned"), [(179, False), (181, True)])
def test_a_list_over_180_days_old_is_a_finding(
    days: int, warned: bool, stamped: tuple[Path, Anchors, Anchors]
) -> None:
    film, *lists = stamped
    dated = f"{datetime.now(UTC) - timedelta(days=days):%Y-%m-%d}"
    report = verify(film, [replace(each, dated=dated) for each in lists])
    assert ("trust.old" in {found.code for found in report.findings}) == warned
    assert {each.old for each in report.trust_lists} == {warned}


def test_a_time_stamp_of_another_claim_is_refused(stamped: tuple[Path, Anchors, Anchors]) -> None:
    (found,) = jumbf.read_manifests(manifest_store.read_stores(stamped[0], "video/mp4")[0])
    assert found.signature is not None
    signed = signature.read(found.signature.data, found.claim)
    (stamp_of,) = signed.stamps
    assert time_stamps.read(stamp_of).authority_name == "Test TSA"
    with pytest.raises(time_stamps.OtherClaimError, match="another claim"):
        time_stamps.read(replace(stamp_of, stamped=stamp_of.stamped + b"x"))
