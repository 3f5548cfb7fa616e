"""Who else stands by a film: named, and trusted only by a list of identities."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from provenance.signing.signer import SignerWithIdentity
from provenance.trust.lists import Anchors, Role
from provenance.verify import verify
from provenance.verify.signer.identity import read_identities
from tests.provenance.made import House, vendor
from tests.provenance.verify.party import make_party

URL = "self#jumbf=/c2pa/a/c2pa.assertions/cawg.identity"


@pytest.fixture(scope="module")
def endorsed(film: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Anchors, Anchors]:
    """A film an organisation stands by; the list of its signer, and the organisation's."""
    room = tmp_path_factory.mktemp("endorsed")
    signer, organisation = make_party().house(room / "signer"), make_party().house(room / "organisation")
    both = SignerWithIdentity(signer.signer, organisation.signer, ("cawg.publisher",))
    lists = (*signer.anchors, *organisation.anchors)
    return vendor(film, room / "f.mp4", House(both, lists)), lists[0], lists[1]


def test_an_organisation_is_named_and_trusted_by_a_list_of_identities_alone(
    endorsed: tuple[Path, Anchors, Anchors],
) -> None:
    film, signers, organisation = endorsed
    states: dict[Role, str] = {"identity": "trusted", "signer": "untrusted", "tsa": "untrusted"}
    for role, state in states.items():
        report = verify(film, (signers, replace(organisation, name="partners", role=role)))
        assert (report.integrity, report.signer) == ("intact", "trusted")
        (found,) = report.identity
        assert (found.kind, found.state) == ("cawg.x509.cose", state)
        assert found.names[0] == "Party signer"
        assert found.vouched_by == (("partners",) if state == "trusted" else ())


def test_a_list_of_identities_vouches_for_no_signer(endorsed: tuple[Path, Anchors, Anchors]) -> None:
    film, signers, _ = endorsed
    assert verify(film, (replace(signers, role="identity"),)).signer == "untrusted"


@pytest.mark.parametrize(
    ("failed", "passed", "by", "state"),
    [
        (["cawg.x509.credential.untrusted"], ["cawg.x509.signature.validated"], ("l",), "trusted"),
        (["cawg.x509.credential.untrusted"], ["cawg.x509.signature.validated"], (), "untrusted"),
        (["cawg.x509.credential.untrusted"], [], ("l",), "untrusted"),
        (["cawg.identity.mismatch"], ["cawg.x509.signature.validated"], ("l",), "invalid"),
        (["cawg.ica.did_unavailable"], [], (), "unknown"),
        ([], [], ("l",), "unknown"),
    ],
)
def test_an_identity_that_was_not_checked_is_no_pass(
    failed: list[str], passed: list[str], by: tuple[str, ...], state: str
) -> None:
    results = {"failure": [{"code": code, "url": URL} for code in failed]}
    results["success"] = [{"code": code, "url": URL} for code in passed]
    manifest = {"assertions": {"cawg.identity": {}}, "validationResults": results}
    (found,) = read_identities(manifest, {"cawg.identity": by})
    assert found.state == state


@pytest.mark.parametrize("held", [None, [], 5, "x", {}])
def test_assertions_that_are_none_hold_no_identity(held: object) -> None:
    assert read_identities({"assertions": held}, {}) == ()


@pytest.mark.parametrize(
    "data",
    [
        5,
        {"signature": [1], "signer_payload": "x"},
        {"signature": {"certificateInfo": {"subject": ["CN"]}}},
        {"signature": {"verifiedIdentities": [None, 3, {"name": ""}]}},
    ],
)
def test_a_malformed_identity_is_reported_without_a_name(data: object) -> None:
    (found,) = read_identities({"assertions": {"cawg.identity": data}}, {})
    assert (found.names, found.state) == ((), "unknown")
